#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# fresh.sh DIR [COMMAND...]: runs COMMAND (./dev test unless given) in a clean checkout of HEAD on a
# fresh, minimal Debian 12 that has git and CA certificates and nothing else prepared.
#
# DIR holds the system; it is made if it does not exist and used again, with what was installed by
# then, if it does. Needs root and mmdebstrap. SUITE=trixie and the like try another release.
set -euo pipefail
[ $# -ge 1 ] || { sed -n 's/^# //; 4,5p' "$0" >&2; exit 2; }
dir=$(realpath -m "$1")
shift
[ $# -gt 0 ] || set -- ./dev test
repository=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
suite=${SUITE:-bookworm}

mirror() { # the machine's own Debian mirror
  awk '/^URIs:/ { print $2; exit } /^deb / { for (i = 2; i <= NF; i++) if ($i ~ /^[a-z]+:/) { print $i; exit } }' \
    /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null
}

if ! [ -d "$dir" ]; then
  mirror=$(mirror)
  mmdebstrap --quiet --variant=minbase --include=git,ca-certificates "$suite" "$dir" \
    "deb $mirror $suite main"
fi
cp -L /etc/resolv.conf /etc/hosts "$dir/etc/" 2>/dev/null || true

# A machine behind an inspecting proxy has a certificate of its own.
variables=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin CI=true)
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
  cp "$NODE_EXTRA_CA_CERTS" "$dir/etc/ssl/machine.crt"
  variables+=(NODE_EXTRA_CA_CERTS=/etc/ssl/machine.crt)
fi

rm -rf "$dir/root/channelscope"
git clone --quiet --no-local "$repository" "$dir/root/channelscope"

# The namespaces end with the command, and with them its mounts and whatever it left running.
# shellcheck disable=SC2016  # expanded by the inner shells
exec unshare --mount --pid --fork --kill-child bash -euc '
  dir=$1
  shift
  mount -t proc proc "$dir/proc"
  mount --rbind /dev "$dir/dev"
  exec chroot "$dir" env -i "${@:2:$1}" bash -c '\''cd /root/channelscope && exec "$@"'\'' bash "${@:$1 + 2}"
' bash "$dir" "${#variables[@]}" "${variables[@]}" "$@" </dev/null
