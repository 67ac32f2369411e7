/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_FIELD_NOTE (scope_field_note_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFieldNote, scope_field_note, SCOPE, FIELD_NOTE, AdwPreferencesRow)

typedef enum
{
  SCOPE_NOTE_NONE,
  SCOPE_NOTE_HINT,
  SCOPE_NOTE_WARNING,
  SCOPE_NOTE_ERROR,
} ScopeNoteKind;

/**
 * ScopeFieldNote:
 *
 * The row below a form field that says what is wrong with it, or what it means. Property `field`:
 * the entry row, switch or text view it speaks about; its accessible description and validity
 * follow the note. Property `reserve-space`: one line is always there, so that nothing below moves
 * while somebody types; what is longer is cut, and whole in the tooltip.
 */
GtkWidget    *scope_field_note_new      (void);
void          scope_field_note_set_field (ScopeFieldNote *self,
                                          GtkWidget      *field);
/* text NULL or "": nothing to say */
void          scope_field_note_set      (ScopeFieldNote *self,
                                         ScopeNoteKind   kind,
                                         const char     *text);
/* what is wrong with a field of JSON that may be empty; NULL: nothing (transfer full) */
char         *scope_field_note_check_json (const char     *text);

/* the icon and the style class that go with a kind, for notes that stand elsewhere */
const char   *scope_note_kind_to_icon   (ScopeNoteKind kind);

G_END_DECLS
