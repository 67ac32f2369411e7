/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-event-list.h"

G_BEGIN_DECLS

/**
 * ScopeWord:
 *
 * Something the log holds that a filter may speak of.
 */
typedef struct
{
  char *text;    /* a name as it is; a payload path; of a path's values the JSON token */
  char *example; /* of a path: one of its values, a JSON token. NULL: none */
  guint count;   /* how often it was met; of paths and their values, in the sample */

  /*< private >*/
  guint rank;
} ScopeWord;

void             scope_word_free               (ScopeWord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeWord, scope_word_free)

#define SCOPE_TYPE_VOCABULARY (scope_vocabulary_get_type ())

G_DECLARE_FINAL_TYPE (ScopeVocabulary, scope_vocabulary, SCOPE, VOCABULARY, GObject)

/**
 * ScopeVocabulary:
 *
 * What a log is made of: its channels, events and users with their numbers, and the paths of its
 * payloads with examples. It is learnt while somebody wants to know: in short slices, from the
 * records, and from a few payloads of each event's name.
 *
 * Signal `changed ()`: it knows more.
 */
ScopeVocabulary *scope_vocabulary_new          (ScopeEventList  *list);
/* one more or one less wants to know: it goes on learning, also from what comes; with nobody left it
 * rests, and costs nothing */
void             scope_vocabulary_set_active   (ScopeVocabulary *self,
                                                gboolean         active);
/* TRUE: there are rows it has not looked at */
gboolean         scope_vocabulary_get_behind   (ScopeVocabulary *self);
/* of ScopeWord: values of a field or a payload path that hold needle in whatever case, best first;
 * for text, size and time there are none (transfer full) */
GPtrArray       *scope_vocabulary_find         (ScopeVocabulary *self,
                                                const char      *field,
                                                const char      *needle,
                                                guint            max);
/* payload paths, "data.total", likewise (transfer full) */
GPtrArray       *scope_vocabulary_find_paths   (ScopeVocabulary *self,
                                                const char      *needle,
                                                guint            max);
/* a sentence about a bound that was reached, translated; NULL: none was (transfer full) */
char            *scope_vocabulary_dup_note     (ScopeVocabulary *self);

G_END_DECLS
