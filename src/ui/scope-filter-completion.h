/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-vocabulary.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_FILTER_COMPLETION (scope_filter_completion_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFilterCompletion, scope_filter_completion, SCOPE, FILTER_COMPLETION, GObject)

/**
 * ScopeFilterCompletion:
 *
 * Below a filter's entry, or a line of a text: how it can go on. It takes keys only while it is open: Up and Down choose,
 * Tab takes, Return takes what was chosen, Escape closes. Ctrl+Space opens it.
 */
/* belongs to parent, which has to call scope_filter_completion_close() when it goes */
ScopeFilterCompletion *scope_filter_completion_new (GtkWidget             *parent,
                                                    GtkEditable           *entry);
/* of the line of view where the cursor stands, likewise */
ScopeFilterCompletion *scope_filter_completion_new_for_lines (GtkWidget       *parent,
                                                              GtkTextView     *view);
/* the entry holds the path of a payload's value, of a number only, and no filter */
void                   scope_filter_completion_set_path (ScopeFilterCompletion *self,
                                                         gboolean               number);
/* a redaction rule, and no filter */
void                   scope_filter_completion_set_rule (ScopeFilterCompletion *self);
/* shows all that could stand there, as Ctrl+Space does; of lines, on a new one */
void                   scope_filter_completion_show (ScopeFilterCompletion *self);
/* nullable */
void                   scope_filter_completion_set_vocabulary (ScopeFilterCompletion *self,
                                                               ScopeVocabulary       *vocabulary);
/* while the text is changed by something else than typing */
void                   scope_filter_completion_hush (ScopeFilterCompletion *self,
                                                     gboolean               hush);
gboolean               scope_filter_completion_is_open (ScopeFilterCompletion *self);
void                   scope_filter_completion_close (ScopeFilterCompletion *self);

G_END_DECLS
