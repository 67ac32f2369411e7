#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test-mime.sh FILE: the description of captures is one the desktop takes.
set -eu
command -v update-mime-database >/dev/null || { echo "update-mime-database is not installed" >&2; exit 1; }
XDG_DATA_HOME=$(mktemp -d)
export XDG_DATA_HOME
trap 'rm -rf "$XDG_DATA_HOME"' EXIT
mkdir -p "$XDG_DATA_HOME/mime/packages"
cp "$1" "$XDG_DATA_HOME/mime/packages/"
problems=$(update-mime-database "$XDG_DATA_HOME/mime" 2>&1)
[ -z "$problems" ] || { echo "$problems" >&2; exit 1; }
grep -q '^application/x-channelscope-capture:\*\.channelscope$' "$XDG_DATA_HOME/mime/globs"
grep -q -a 'SCPE' "$XDG_DATA_HOME/mime/magic"
