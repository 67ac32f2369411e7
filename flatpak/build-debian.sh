#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build-debian.sh [WORK]: the Flatpak without a remote to take a runtime from. Makes a Platform and
# an Sdk from the files of Debian packages installed on this machine, builds the release manifest
# on them, installs the result into a private place below WORK (build-flatpak/ unless given) and
# starts it on a virtual display, where its window must open and connect to the sandbox.
# What is left in WORK/channelscope.flatpak installs anywhere that has the two runtimes of WORK/repo.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(realpath -m "${1:-$here/../build-flatpak}")
id=io.github.channelscope.Channelscope
platform=io.github.channelscope.DebianPlatform
sdk=io.github.channelscope.DebianSdk
arch=$(uname -m)
libdir=usr/lib/$arch-linux-gnu
# shellcheck source=/dev/null
branch=$(. /etc/os-release && echo "$VERSION_CODENAME")
repo=$work/repo

runtime_packages=(base-files bash coreutils dash sed grep libc-bin libgtk-4-1 libadwaita-1-0
  libsoup-3.0-0 libsecret-1-0 libjson-glib-1.0-0 libgtksourceview-5-0 libsqlite3-0 libsodium23 glib-networking
  gsettings-desktop-schemas dconf-gsettings-backend adwaita-icon-theme hicolor-icon-theme
  fonts-cantarell fonts-dejavu-core shared-mime-info ca-certificates xkb-data libglib2.0-bin
  librsvg2-common)
sdk_packages=(gcc libc6-dev make meson ninja-build pkg-config pkgconf gettext desktop-file-utils
  appstream appstream-util libgtk-4-dev libadwaita-1-dev libsoup-3.0-dev libsysprof-4-dev
  libsecret-1-dev libjson-glib-dev libgtksourceview-5-dev libsqlite3-dev libsodium-dev libgtk-4-bin
  libxml2-utils git tar xz-utils gzip diffutils findutils mawk perl-base python3-minimal
  libpython3-stdlib python3-distutils patch elfutils)
say() { echo "build-debian: $*" >&2; }

# ---- the runtimes ---------------------------------------------------------------------------

# with_dependencies PACKAGE...: these and all that they depend on, of what is installed
with_dependencies() {
  apt-cache --installed --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances depends --recurse "$@" 2>/dev/null | grep -E '^[a-z0-9]' | sort -u
}

# shipped PACKAGE...: their files that belong into a runtime, below /usr (merged) or /etc.
# Left out is what only people read, and the bulk that nothing here uses: LLVM and DRI drivers (the
# window is drawn by cairo), the C++ compiler, link-time optimization, sanitizers.
shipped() {
  { dpkg -L "$@" 2>/dev/null || true; } |
    grep -E '^/(usr|bin|sbin|lib|lib64|etc)/' |
    grep -vE '^/usr/share/(doc|man|info|locale|gtk-doc|lintian|bug|gir-1\.0|vulkan)/|^/usr/local/' |
    grep -vE '/dri/|/libLLVM|/libz3|/libicu.*\.a$|/(cc1plus|lto1|lto-dump|lib[a-z]*san)[^/]*$' |
    sed -E 's#^/(bin|sbin|lib|lib64)/#/usr/\1/#; s#^/##' | sort -u |
    while IFS= read -r file; do
      if [ -f "/$file" ] || [ -L "/$file" ]; then printf '%s\0' "$file"; fi
    done
}

# triggered: files that package triggers made and no package lists
triggered() {
  local link
  cd /
  find usr/share/mime usr/share/glib-2.0/schemas/gschemas.compiled usr/share/icons/*/icon-theme.cache \
    "$libdir"/gio/modules/giomodule.cache "$libdir"/gdk-pixbuf-2.0/*/loaders.cache \
    etc/ssl/certs etc/alternatives etc/fonts etc/ld.so.conf etc/ld.so.conf.d \
    \( -type f -o -type l \) -print0 2>/dev/null || true
  for link in etc/alternatives/*; do
    if [ -L "usr/bin/${link##*/}" ]; then printf '%s\0' "usr/bin/${link##*/}"; fi
  done
}

# make_runtime ID PACKAGE...: exports a runtime of these packages, unless the same is there
make_runtime() {
  local name=$1 dir=$work/$1 packages stamp
  shift
  packages=$(with_dependencies "$@")
  # shellcheck disable=SC2086
  stamp=$({ dpkg-query -W $packages 2>/dev/null || true; } | cat - "$0" | sha256sum)
  if [ "$(cat "$dir.stamp" 2>/dev/null)" = "$stamp" ]; then
    return 0
  fi
  rm -rf "$dir"
  mkdir -p "$dir/files" "$dir/usr/etc"
  # shellcheck disable=SC2086
  { shipped $packages; (triggered); } | sort -zu >"$work/files"
  tar -C / --null --no-recursion --files-from="$work/files" -cf - | tar -C "$dir" -xf -
  cp -a "$dir/etc/." "$dir/usr/etc/"
  rm -rf "${dir:?}/etc" "$dir"/usr/etc/{passwd,group,machine-id,resolv.conf,hosts,hostname}
  if [ "$arch" = x86_64 ] && ! [ -e "$dir/usr/lib64" ]; then
    mkdir -p "$dir/usr/lib64"
    ln -s "/$libdir/ld-linux-x86-64.so.2" "$dir/usr/lib64/"
  fi
  printf '[Runtime]\nname=%s\nruntime=%s\nsdk=%s\n' "$name" "$platform/$arch/$branch" \
    "$sdk/$arch/$branch" >"$dir/metadata"
  flatpak build-export --disable-fsync --runtime --arch="$arch" "$repo" "$dir" "$branch" >/dev/null
  rm -rf "$dir" "$work/files"
  echo "$stamp" >"$dir.stamp"
  # shellcheck disable=SC2086
  say "$name: $(wc -w <<<$packages) packages"
}

make_runtimes() {
  if ! [ -d "$repo/objects" ]; then
    mkdir -p "$repo"
    ostree --repo="$repo" init --mode=archive-z2
    ostree --repo="$repo" config set archive.zlib-level 1
  fi
  make_runtime "$platform" "${runtime_packages[@]}"
  make_runtime "$sdk" "${runtime_packages[@]}" "${sdk_packages[@]}"
}

# ---- the program ----------------------------------------------------------------------------

# The release manifest on our runtimes. libsodium is in them, its source would need a download.
rewrite_manifest() {
  flatpak-builder --show-manifest "$here/$id.json" >"$work/manifest.json" 2>"$work/manifest.log"
  if grep -q 'Unknown property' "$work/manifest.log"; then
    cat "$work/manifest.log" >&2
    return 1
  fi
  jq --arg platform "$platform" --arg sdk "$sdk" --arg branch "$branch" --arg source "$here/.." '
    .runtime = $platform | .sdk = $sdk | .["runtime-version"] = $branch
    | del (.modules[] | select (.name == "libsodium"))
    | .modules[].sources[].path = $source' "$work/manifest.json" >"$work/$id.json"
}

build() {
  export FLATPAK_USER_DIR=$work/installation
  flatpak --user remote-add --if-not-exists --no-gpg-verify local "file://$repo"
  flatpak --user install -y --noninteractive --or-update local "$platform//$branch" "$sdk//$branch"
  (cd "$work" && flatpak-builder --user --force-clean --disable-updates --disable-rofiles-fuse \
    --state-dir="$work/state" --repo="$repo" "$work/build" "$work/$id.json")
  flatpak --user install -y --noninteractive --or-update local "$id"
  flatpak build-bundle "$repo" "$work/channelscope.flatpak" "$id"
}

# ---- the check ------------------------------------------------------------------------------

# A home, a display and a bus of its own. The bus starts nothing but the accessibility bus.
check() {
  local home=$work/home
  rm -rf "$home"
  mkdir -p "$home/services"
  mkdir -m 700 "$home/run"
  ln -s /usr/share/dbus-1/services/org.a11y.Bus.service "$home/services/"
  cat >"$home/bus.conf" <<EOF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=$home/run</listen>
  <auth>EXTERNAL</auth>
  <servicedir>$home/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
EOF
  env -u WAYLAND_DISPLAY -u XDG_CONFIG_HOME -u XDG_DATA_HOME -u XDG_CACHE_HOME HOME="$home" \
    XDG_RUNTIME_DIR="$home/run" GDK_BACKEND=x11 LC_ALL=C.UTF-8 \
    xvfb-run --auto-servernum --server-args='-screen 0 1280x800x24 -nolisten tcp -noreset' \
    dbus-run-session --config-file="$home/bus.conf" -- \
    /usr/bin/python3 "$here/check-window.py" \
    flatpak run --user --env=GSK_RENDERER=cairo --env=LC_ALL=C.UTF-8 "$id" --demo
}

"$here/../dev" deps flatpak
mkdir -p "$work"
make_runtimes
rewrite_manifest
build
check
say "built, installed and started: $work/channelscope.flatpak"
