#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Checks po/ and speaks TAP: POTFILES names every file that has strings to translate and no other,
# in order, each language of LINGUAS is complete against a template extracted just now, and has none
# of the forms that its po/LANGUAGE.rejected lists.
#
#   check-translations.sh            check
#   check-translations.sh --update   rewrite po/POTFILES, merge the new strings into po/*.po and
#                                    print what is left to translate
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# The files with translatable strings, as POTFILES should list them.
expected() {
  {
    find src data -name '*.[ch]' -exec grep -lE '(^|[^[:alnum:]_])(N?C?_|ngettext|g_dngettext|g_dpgettext2?) ?\(' {} +
    find src -name '*.ui' -exec grep -l 'translatable="yes"' {} +
    find data -name '*.desktop.in' -o -name '*.metainfo.xml.in' -o -name '*.gschema.xml.in'
  } | sort -u
}

extract() {
  xgettext --add-location=file --files-from=po/POTFILES --output="$work/new.pot" --package-name=channelscope \
    --msgid-bugs-address=https://github.com/channelscope/channelscope/issues \
    --from-code=UTF-8 --add-comments=Translators \
    --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 --keyword=ngettext:1,2 \
    --keyword=g_dcgettext:2 --keyword=g_dngettext:2,3 --keyword=g_dpgettext2:2c,3 \
    --flag=N_:1:pass-c-format --flag=C_:2:pass-c-format --flag=NC_:2:pass-c-format \
    --flag=g_dngettext:2:pass-c-format --flag=g_strdup_printf:1:c-format \
    --flag=g_string_printf:2:c-format --flag=g_string_append_printf:2:c-format \
    --flag=g_error_new:3:c-format --flag=g_set_error:4:c-format 2>"$work/xgettext"
}

if [ "${1:-}" = --update ]; then
  expected >"$work/potfiles" && cat "$work/potfiles" >po/POTFILES
  extract
  status=$?
  cat "$work/xgettext" >&2
  [ $status -eq 0 ] || exit 1
  while read -r language; do
    msgmerge --quiet --update --backup=none --no-fuzzy-matching "po/$language.po" "$work/new.pot"
    msgattrib --no-obsolete --output-file="po/$language.po" "po/$language.po"
    msgattrib --untranslated --no-wrap "po/$language.po"
  done <po/LINGUAS
  exit 0
fi

number=0
failed=0
report() { # report STATUS NAME FILE: one result, with FILE as its explanation when it failed
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $number $2"
  else
    failed=1
    echo "not ok $number $2"
    sed 's/^/# /' "$3"
  fi
}

for tool in xgettext msgmerge msgfmt msgattrib; do
  command -v $tool >/dev/null || {
    echo "Bail out! $tool is not installed"
    exit 1
  }
done

echo "1..$((3 + 2 * $(grep -c . po/LINGUAS)))"
expected >"$work/expected"
sort -u po/POTFILES >"$work/listed"
diff "$work/listed" "$work/expected" >"$work/out"
report $? "POTFILES lists exactly the files with strings" "$work/out"
sort -c po/POTFILES 2>"$work/out"
report $? "POTFILES is sorted" "$work/out"
extract && [ ! -s "$work/xgettext" ]
report $? "the template is extracted without a warning" "$work/xgettext"
while read -r language; do
  {
    msgmerge --quiet --no-fuzzy-matching --output-file="$work/$language.po" "po/$language.po" "$work/new.pot" &&
      msgfmt --check --statistics --output-file=/dev/null "$work/$language.po" &&
      msgfmt --check --statistics --output-file=/dev/null "po/$language.po"
    echo "status $?"
    msgattrib --untranslated --no-wrap --no-location "$work/$language.po"
    msgattrib --only-fuzzy --no-wrap --no-location "po/$language.po"
  } >"$work/out" 2>&1
  grep -qx 'status 0' "$work/out" && ! grep -qE '(untranslated|fuzzy)' "$work/out"
  report $? "$language is complete" "$work/out"

  sed '/^#/d; /^$/d' "po/$language.rejected" >"$work/rejected"
  msgattrib --no-wrap --no-location "po/$language.po" | grep '^msgstr' | grep -nE -f "$work/rejected" >"$work/out"
  [ ! -s "$work/out" ] && [ -s "$work/rejected" ]
  status=$?
  echo "po/$language.rejected names the word to use instead" >>"$work/out"
  [ $status -eq 0 ]
  report $? "$language has one word for each thing" "$work/out"
done <po/LINGUAS
exit $failed
