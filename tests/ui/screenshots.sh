#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# screenshots.sh BUILDDIR [NAME...]: makes data/screenshots/NAME.png from the program in BUILDDIR, in a
# desktop session of its own. Without names, all of them.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
shift
export CHANNELSCOPE=$build/src/ui/channelscope CHANNELSCOPE_CLI=$build/src/cli/channelscope-cli
export GSETTINGS_SCHEMA_DIR=$build/data SCOPE_UI_BUILD_DIR=$build PYTHONDONTWRITEBYTECODE=1
export SCOPE_UI_SCREENSHOTS=$here/../../data/screenshots
mkdir -p "$SCOPE_UI_SCREENSHOTS"
exec "$here/session.sh" --compositor /usr/bin/python3 "$here/screenshots.py" "$@"
