/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Redaction of lines that leave the program (cli-contract.md, "Redaction rules"), one rule a line:
 *
 *   field NAME                    the value of every key NAME, at any depth
 *   path data.customer.email      the value at a path, written as in the filter language
 *   regex EXPRESSION              what it matches in any string
 *
 * The same value becomes the same placeholder (email-1, text-7) as long as the object lives: one for a whole file. A
 * string that holds JSON is looked into as well, because payloads are often encoded twice. `time`, `type`, `direction`
 * and `size` of a line stay. Not thread-safe. */

typedef struct _ScopeRedaction ScopeRedaction;

/* path: where it stood, as the filter language writes it, but with [] for every index; value: as it was */
typedef void (*ScopeRedactionFunc) (const char *path,
                                    const char *value,
                                    const char *placeholder,
                                    gpointer    user_data);

/* SCOPE_ERROR_USAGE: names the line of the rules and what is allowed. Empty lines and lines that begin with # are nothing. */
ScopeRedaction *scope_redaction_new       (const char     *rules,
                                           GError        **error);
void            scope_redaction_free      (ScopeRedaction *self);
/* Tells of each value that is replaced, for a preview; of `raw`, which says `data` once more, nothing is told. */
void            scope_redaction_watch     (ScopeRedaction    *self,
                                           ScopeRedactionFunc func,
                                           gpointer           user_data);
/* Appends an object redacted, as a line, but without that key and without a line break */
guint           scope_redaction_append_object (ScopeRedaction *self,
                                               GString        *out,
                                               const char     *object,
                                               gsize           length);
/* Appends line (one checked JSON object, with or without its line break) redacted; a changed line gets the key
 * "redacted": how many values were replaced. Tokens that stay are copied byte for byte. Returns that number. */
guint           scope_redaction_append_line (ScopeRedaction *self,
                                             GString        *out,
                                             const char     *line,
                                             gsize           length);
/* different placeholders so far */
guint           scope_redaction_get_distinct (ScopeRedaction *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeRedaction, scope_redaction_free)

G_END_DECLS
