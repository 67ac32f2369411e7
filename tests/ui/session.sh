#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# session.sh [--keyring unlocked|locked|none] [--compositor] COMMAND...
#
# Runs COMMAND in a desktop session of its own: a private HOME with its XDG directories, Xvfb on a
# free display, a window manager, and a D-Bus session bus that can start the keyring and the
# accessibility bus and nothing else. The keyring's password is "test". With "none" there is no
# Secret Service at all. Everything that was started here is ended with COMMAND.
set -eu

keyring=unlocked compositor=off
while [ $# -gt 0 ]; do
  case $1 in
    --keyring) keyring=$2; shift 2 ;;
    --compositor) compositor=on; shift ;;
    *) break ;;
  esac
done
case $keyring in
  unlocked | locked | none) ;;
  *) echo "session.sh: no such keyring: $keyring" >&2; exit 2 ;;
esac

session=$(mktemp -d "${TMPDIR:-/tmp}/channelscope-ui.XXXXXX")
xvfb=
end_session() {
  [ -z "$xvfb" ] || kill "$xvfb" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$session"
}
trap end_session EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

export HOME=$session/home XDG_RUNTIME_DIR=$session/run
export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share
export XDG_CACHE_HOME=$HOME/.cache XDG_STATE_HOME=$HOME/.local/state
mkdir -m 700 -p "$HOME" "$XDG_RUNTIME_DIR" "$session/services"
mkdir -p "$XDG_CONFIG_HOME/gtk-4.0" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
cat >"$XDG_CONFIG_HOME/gtk-4.0/settings.ini" <<X
[Settings]
gtk-font-name=Cantarell 11
gtk-decoration-layout=:close
gtk-enable-animations=false
X

services='org.a11y.Bus'
[ "$keyring" = none ] || services+=' org.freedesktop.secrets org.gnome.keyring
  org.gnome.keyring.SystemPrompter org.gnome.keyring.PrivatePrompter'
for service in $services; do
  file=/usr/share/dbus-1/services/$service.service
  [ ! -e "$file" ] || ln -s "$file" "$session/services/"
done
cat >"$session/bus.conf" <<X
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=$XDG_RUNTIME_DIR</listen>
  <auth>EXTERNAL</auth>
  <servicedir>$session/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
X

# Without -noreset the server starts over when its last client leaves, and drops whoever is just
# coming: the window manager, when the wait for it below asks at that moment.
exec {ready}<> <(:)
Xvfb -displayfd "$ready" -screen 0 1280x900x24 -nolisten tcp -noreset >"$session/xvfb.log" 2>&1 &
xvfb=$!
if ! read -r -t 30 -u "$ready" display; then
  cat "$session/xvfb.log" >&2
  echo "session.sh: Xvfb did not start" >&2
  exit 1
fi

unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS GTK_THEME GTK_A11Y LANGUAGE
unset CHANNELSCOPE_SECRET CHANNELSCOPE_ENCRYPTION_KEY SECRET_BACKEND http_proxy https_proxy all_proxy
export DISPLAY=:$display GDK_BACKEND=x11 GSK_RENDERER=cairo ADW_DISABLE_PORTAL=1 NO_AT_BRIDGE=0
export GSETTINGS_BACKEND=keyfile LC_ALL=${SCOPE_UI_LOCALE:-C.UTF-8} NO_PROXY='*'
export SCOPE_UI_KEYRING=$keyring SCOPE_UI_COMPOSITOR=$compositor SCOPE_UI_WM_LOG=$session/wm.log

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export SCOPE_UI_DIR=$here
status=0
exec 3>&1 # for COMMAND alone: what the bus starts prints too
# shellcheck disable=SC2016  # expanded inside the session
dbus-run-session --config-file="$session/bus.conf" -- bash -c '
  pids=()
  trap "kill \"\${pids[@]}\" 2>/dev/null; wait" EXIT
  trap "exit 143" TERM
  xfwm4 --compositor="$SCOPE_UI_COMPOSITOR" --vblank=off >"$SCOPE_UI_WM_LOG" 2>&1 &
  pids+=($!)
  if [ "$SCOPE_UI_KEYRING" != none ]; then
    printf test | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
    pids+=($!)
    gdbus wait --session --timeout 30 org.freedesktop.secrets || exit 1
  fi
  if [ "$SCOPE_UI_KEYRING" = locked ]; then
    /usr/bin/python3 "$SCOPE_UI_DIR/keyring.py" lock || exit 1
  fi
  for i in {1..300}; do
    xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q "window id" && break
    sleep 0.1
  done
  if [ "$i" = 300 ]; then
    cat "$SCOPE_UI_WM_LOG" >&2
    echo "session.sh: the window manager did not start" >&2
    exit 1
  fi
  "$@" >&3 3>&- &
  pids+=($!)
  wait $!
' bash "$@" >&2 || status=$?
exit $status
