/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter-completion"

#include "config.h"

#include "ui/scope-filter-completion.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/scope-text.h"
#include "session/scope-filter-suggestions.h"
#include "session/scope-rule-suggestions.h"
#include "ui/scope-completion-list.h"
#include "ui/scope-filter-shelf.h"

#define MIN_WIDTH 280

typedef enum
{
  COMPLETION_FILTER,
  COMPLETION_PATH,   /* of a payload */
  COMPLETION_NUMBER, /* one that leads to a number */
  COMPLETION_RULE,   /* of a redaction */
} CompletionKind;

struct _ScopeFilterCompletion
{
  GObject parent_instance;

  GtkWidget *parent; /* owns us */
  GtkEditable *entry; /* NULL: view */
  GtkTextView *view;  /* its line where the cursor stands is completed */
  ScopeCompletionList *list;

  ScopeVocabulary *vocabulary;
  GSignalGroup *vocabulary_signals;
  GPtrArray *suggestions; /* of ScopeSuggestion, as the rows */
  CompletionKind kind;
  gboolean scrolled;  /* since it was asked to show all */
  gboolean quiet;     /* the text is not being typed */
  gboolean on_demand; /* it was asked for */
  gboolean wanted;    /* typed or asked for, and not closed since */
};

G_DEFINE_FINAL_TYPE (ScopeFilterCompletion, scope_filter_completion, G_TYPE_OBJECT)

static GtkWidget *
completion_get_field (ScopeFilterCompletion *self)
{
  return self->view != NULL ? GTK_WIDGET (self->view) : GTK_WIDGET (self->entry);
}

static void
completion_popdown (ScopeFilterCompletion *self)
{
  self->on_demand = FALSE;
  scope_completion_list_close (self->list);
}

/* It does not come back by itself. */
static void
completion_dismiss (ScopeFilterCompletion *self)
{
  self->wanted = FALSE;
  completion_popdown (self);
}

/* ---- rows ---- */

static void
completion_add_row (ScopeFilterCompletion *self,
                    const ScopeSuggestion *suggestion)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *label = scope_text_for_display (suggestion->label, -1, 200);
  g_autofree char *detail = NULL;
  g_autofree char *name = NULL;

  gtk_box_append (GTK_BOX (box), scope_completion_list_create_label (label, "monospace"));
  if (suggestion->detail != NULL)
    {
      GtkWidget *end;

      detail = scope_text_for_display (suggestion->detail, -1, 200);
      end = scope_completion_list_create_label (detail, "dim-label");
      gtk_widget_set_hexpand (end, TRUE);
      gtk_label_set_xalign (GTK_LABEL (end), 1);
      gtk_box_append (GTK_BOX (box), end);
    }
  name = detail != NULL ? g_strdup_printf ("%s, %s", label, detail) : g_strdup (label);
  scope_completion_list_append (self->list, box, name);
}

static void
completion_fill (ScopeFilterCompletion *self)
{
  g_autofree char *note
      = self->vocabulary != NULL ? scope_vocabulary_dup_note (self->vocabulary) : NULL;

  scope_completion_list_clear (self->list);
  for (guint i = 0; i < self->suggestions->len; i++)
    completion_add_row (self, self->suggestions->pdata[i]);
  if (note == NULL && self->suggestions->len >= 50)
    note = g_strdup (_("There are more: type on to see them."));
  scope_completion_list_set_note (self->list, note);
}

/* ---- what stands there ---- */

static void
completion_get_line (ScopeFilterCompletion *self,
                     GtkTextIter           *start,
                     GtkTextIter           *cursor,
                     GtkTextIter           *end)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);

  gtk_text_buffer_get_iter_at_mark (buffer, cursor, gtk_text_buffer_get_insert (buffer));
  *start = *end = *cursor;
  gtk_text_iter_set_line_offset (start, 0);
  if (!gtk_text_iter_ends_line (end))
    gtk_text_iter_forward_to_line_end (end);
}

/* cursor: in bytes */
static char *
completion_dup_text (ScopeFilterCompletion *self,
                     gsize                 *cursor)
{
  GtkTextIter start, at, end;
  const char *text;

  if (self->view != NULL)
    {
      completion_get_line (self, &start, &at, &end);
      *cursor = gtk_text_iter_get_line_index (&at);
      return gtk_text_iter_get_text (&start, &end);
    }
  text = gtk_editable_get_text (self->entry);
  *cursor = g_utf8_offset_to_pointer (text, gtk_editable_get_position (self->entry)) - text;
  return g_strdup (text);
}

/* It is never empty in between: that would be no filter at all. */
static void
completion_replace_text (ScopeFilterCompletion *self,
                         const char            *text,
                         guint                  cursor)
{
  int end = 0;

  gtk_editable_insert_text (self->entry, text, -1, &end);
  gtk_editable_delete_text (self->entry, end, -1);
  gtk_editable_set_position (self->entry, cursor);
}

static void
completion_replace_line (ScopeFilterCompletion *self,
                         const char            *text,
                         guint                  cursor)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter start, at, end;
  int line;

  completion_get_line (self, &start, &at, &end);
  line = gtk_text_iter_get_line (&start);
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, text, -1);
  gtk_text_buffer_get_iter_at_line_offset (buffer, &at, line, cursor);
  gtk_text_buffer_place_cursor (buffer, &at);
  gtk_text_buffer_end_user_action (buffer);
}

static gboolean
completion_locate_cursor (ScopeFilterCompletion *self,
                          GdkRectangle          *place)
{
  GtkWidget *field = GTK_WIDGET (self->view);
  graphene_rect_t cursor;
  graphene_point_t at;
  GtkTextIter start, here, end;

  if (self->view != NULL)
    {
      completion_get_line (self, &start, &here, &end);
      gtk_text_view_get_iter_location (self->view, &here, place);
      gtk_text_view_buffer_to_window_coords (self->view, GTK_TEXT_WINDOW_WIDGET, place->x, place->y,
                                             &place->x, &place->y);
      graphene_rect_init (&cursor, place->x, place->y, 1, place->height);
    }
  else
    {
      field = GTK_WIDGET (gtk_editable_get_delegate (self->entry));
      gtk_text_compute_cursor_extents (GTK_TEXT (field), gtk_editable_get_position (self->entry), &cursor,
                                       NULL);
    }
  if (!gtk_widget_compute_point (field, self->parent, &cursor.origin, &at))
    return FALSE;
  *place = (GdkRectangle){ (int) at.x, (int) at.y, 1, (int) cursor.size.height + 6 };
  return TRUE;
}

/* below the cursor */
static void
completion_open (ScopeFilterCompletion *self)
{
  GdkRectangle place;

  scope_completion_list_open (self->list, completion_locate_cursor (self, &place) ? &place : NULL);
}

static GPtrArray *
completion_find (ScopeFilterCompletion *self)
{
  gsize cursor;
  g_autofree char *text = completion_dup_text (self, &cursor);
  gboolean is_begun = *text != '\0' || self->on_demand;
  g_autoptr (GVariant) saved = NULL;

  switch (self->kind)
    {
    case COMPLETION_PATH:
    case COMPLETION_NUMBER:
      return scope_path_suggest (text, is_begun ? self->vocabulary : NULL, self->kind == COMPLETION_NUMBER);
    case COMPLETION_RULE:
      return scope_rule_suggest (text, cursor, self->vocabulary, self->on_demand);
    case COMPLETION_FILTER:
    default:
      saved = scope_filter_shelf_get_saved ();
      return scope_filter_suggest (text, cursor, self->vocabulary, saved, self->on_demand);
    }
}

static void
completion_update_cb (ScopeFilterCompletion *self)
{
  if (!scope_completion_list_has_focus (self->list))
    return;
  g_clear_pointer (&self->suggestions, g_ptr_array_unref);
  self->suggestions = completion_find (self);
  if (self->suggestions->len == 0)
    {
      scope_completion_list_close (self->list); /* asked for, it may open when more is known */
      return;
    }
  completion_fill (self);
  completion_open (self);
}

static void
completion_changed_cb (ScopeFilterCompletion *self)
{
  if (self->quiet)
    {
      completion_dismiss (self);
      return;
    }
  self->on_demand = FALSE;
  if (!scope_completion_list_has_focus (self->list))
    return;
  self->wanted = TRUE;
  scope_completion_list_queue (self->list);
}

static void
completion_moved_cb (ScopeFilterCompletion *self)
{
  if (scope_completion_list_is_open (self->list))
    scope_completion_list_queue (self->list);
}

static void
completion_learnt_cb (ScopeFilterCompletion *self)
{
  gsize cursor;
  g_autofree char *text = completion_dup_text (self, &cursor);

  if (!self->wanted || (*text == '\0' && !self->on_demand))
    return;
  /* a list that somebody chooses from does not change under the hand */
  if (!scope_completion_list_is_open (self->list) || !scope_completion_list_has_choice (self->list))
    scope_completion_list_queue (self->list);
}

static void
completion_taken_cb (ScopeFilterCompletion *self,
                     guint                  index)
{
  gsize at;
  g_autofree char *before = completion_dup_text (self, &at);
  g_autofree char *text = NULL;
  guint cursor;

  /* the cursor may have come to another line since */
  if (index >= self->suggestions->len
      || ((ScopeSuggestion *) self->suggestions->pdata[index])->end > strlen (before))
    return;
  text = scope_suggestion_apply (self->suggestions->pdata[index], before, &cursor);
  completion_dismiss (self);
  if (self->view != NULL)
    completion_replace_line (self, text, cursor);
  else
    completion_replace_text (self, text, cursor);
}

/* ---- keys ---- */

static void
completion_ask (ScopeFilterCompletion *self)
{
  self->on_demand = TRUE;
  self->wanted = TRUE;
  scope_completion_list_queue (self->list);
}

static gboolean
completion_key_cb (ScopeFilterCompletion *self,
                   guint                  key,
                   guint                  code,
                   GdkModifierType        modifiers)
{
  modifiers &= GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK;
  if (scope_completion_list_is_open (self->list) && self->suggestions->len > 0)
    return scope_completion_list_handle_key (self->list, key, modifiers);
  if (key == GDK_KEY_Escape || key == GDK_KEY_Return || key == GDK_KEY_KP_Enter
      || key == GDK_KEY_ISO_Enter)
    completion_dismiss (self);
  if (key != GDK_KEY_space || modifiers != GDK_CONTROL_MASK)
    return GDK_EVENT_PROPAGATE;
  completion_ask (self);
  return GDK_EVENT_STOP;
}

static void
completion_enter_cb (ScopeFilterCompletion *self)
{
  if (self->vocabulary != NULL)
    scope_vocabulary_set_active (self->vocabulary, TRUE);
}

static void
completion_leave_cb (ScopeFilterCompletion *self)
{
  completion_dismiss (self);
  if (self->vocabulary != NULL)
    scope_vocabulary_set_active (self->vocabulary, FALSE);
}

/* ---- class ---- */

static void
scope_filter_completion_dispose (GObject *object)
{
  ScopeFilterCompletion *self = SCOPE_FILTER_COMPLETION (object);

  if (self->list != NULL)
    scope_filter_completion_close (self);
  g_clear_object (&self->list);
  g_clear_object (&self->vocabulary_signals);
  g_clear_object (&self->vocabulary);

  G_OBJECT_CLASS (scope_filter_completion_parent_class)->dispose (object);
}

static void
scope_filter_completion_finalize (GObject *object)
{
  g_clear_pointer (&SCOPE_FILTER_COMPLETION (object)->suggestions, g_ptr_array_unref);

  G_OBJECT_CLASS (scope_filter_completion_parent_class)->finalize (object);
}

static void
scope_filter_completion_class_init (ScopeFilterCompletionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_filter_completion_dispose;
  object_class->finalize = scope_filter_completion_finalize;
}

static void
scope_filter_completion_init (ScopeFilterCompletion *self)
{
  self->suggestions = g_ptr_array_new ();
  self->vocabulary_signals = g_signal_group_new (SCOPE_TYPE_VOCABULARY);
  g_signal_group_connect_swapped (self->vocabulary_signals, "changed",
                                  G_CALLBACK (completion_learnt_cb), self);
}

static void
completion_create_list (ScopeFilterCompletion *self)
{
  self->list = scope_completion_list_new (self->parent, completion_get_field (self), _("Suggestions"), MIN_WIDTH);
  g_signal_connect_object (self->list, "update", G_CALLBACK (completion_update_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "taken", G_CALLBACK (completion_taken_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "dismissed", G_CALLBACK (completion_dismiss), self,
                           G_CONNECT_SWAPPED);
}

static void
completion_watch_field (ScopeFilterCompletion *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  gpointer text = self->entry;

  if (self->view != NULL)
    text = gtk_text_view_get_buffer (self->view);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (completion_key_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "enter", G_CALLBACK (completion_enter_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (completion_leave_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (completion_get_field (self), keys);
  gtk_widget_add_controller (completion_get_field (self), focus);
  g_signal_connect_object (text, "changed", G_CALLBACK (completion_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (text, "notify::cursor-position", G_CALLBACK (completion_moved_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * scope_filter_completion_new:
 * @parent: what holds the popover
 * @entry: where the filter is typed, inside of @parent
 *
 * Returns: (transfer full): what completes it
 */
ScopeFilterCompletion *
scope_filter_completion_new (GtkWidget   *parent,
                             GtkEditable *entry)
{
  ScopeFilterCompletion *self;

  g_return_val_if_fail (GTK_IS_WIDGET (parent), NULL);
  g_return_val_if_fail (GTK_IS_EDITABLE (entry), NULL);

  self = g_object_new (SCOPE_TYPE_FILTER_COMPLETION, NULL);
  self->parent = parent;
  self->entry = entry;
  completion_create_list (self);
  completion_watch_field (self);
  return self;
}

/**
 * scope_filter_completion_new_for_lines:
 * @parent: what holds the popover
 * @view: where lines are typed, inside of @parent
 *
 * Returns: (transfer full): what completes the line with the cursor
 */
ScopeFilterCompletion *
scope_filter_completion_new_for_lines (GtkWidget   *parent,
                                       GtkTextView *view)
{
  ScopeFilterCompletion *self;

  g_return_val_if_fail (GTK_IS_WIDGET (parent), NULL);
  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view), NULL);

  self = g_object_new (SCOPE_TYPE_FILTER_COMPLETION, NULL);
  self->parent = parent;
  self->view = view;
  completion_create_list (self);
  completion_watch_field (self);
  return self;
}

/**
 * scope_filter_completion_set_path:
 * @number: whether it has to lead to a number
 *
 * Completes the path of a payload's value instead of a filter.
 */
void
scope_filter_completion_set_path (ScopeFilterCompletion *self,
                                  gboolean               number)
{
  g_return_if_fail (SCOPE_IS_FILTER_COMPLETION (self));

  self->kind = number ? COMPLETION_NUMBER : COMPLETION_PATH;
}

/**
 * scope_filter_completion_set_rule:
 *
 * Completes a redaction rule instead of a filter.
 */
void
scope_filter_completion_set_rule (ScopeFilterCompletion *self)
{
  g_return_if_fail (SCOPE_IS_FILTER_COMPLETION (self));

  self->kind = COMPLETION_RULE;
}

/* The last line, which is empty then. */
static void
completion_begin_line (ScopeFilterCompletion *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  if (!gtk_text_iter_starts_line (&end))
    gtk_text_buffer_insert (buffer, &end, "\n", 1);
  gtk_text_buffer_place_cursor (buffer, &end);
}

/* The first frame brings the field into sight, where the list is to hang. */
static gboolean
completion_show_cb (GtkWidget     *field,
                    GdkFrameClock *clock,
                    gpointer       user_data)
{
  ScopeFilterCompletion *self = user_data;

  if (!self->scrolled)
    {
      self->scrolled = TRUE;
      return G_SOURCE_CONTINUE;
    }
  if (scope_completion_list_has_focus (self->list))
    completion_ask (self);
  return G_SOURCE_REMOVE;
}

/**
 * scope_filter_completion_show:
 *
 * Moves the focus into the entry and suggests all that could stand there; of lines, on a new one.
 */
void
scope_filter_completion_show (ScopeFilterCompletion *self)
{
  g_return_if_fail (SCOPE_IS_FILTER_COMPLETION (self));

  if (self->view != NULL)
    completion_begin_line (self);
  gtk_widget_grab_focus (completion_get_field (self));
  self->scrolled = FALSE;
  gtk_widget_add_tick_callback (completion_get_field (self), completion_show_cb, g_object_ref (self),
                                g_object_unref);
}

/**
 * scope_filter_completion_set_vocabulary:
 * @vocabulary: (nullable): what the log holds
 */
void
scope_filter_completion_set_vocabulary (ScopeFilterCompletion *self,
                                        ScopeVocabulary       *vocabulary)
{
  g_return_if_fail (SCOPE_IS_FILTER_COMPLETION (self));

  g_set_object (&self->vocabulary, vocabulary);
  g_signal_group_set_target (self->vocabulary_signals, vocabulary);
  if (vocabulary != NULL && scope_completion_list_has_focus (self->list))
    scope_vocabulary_set_active (vocabulary, TRUE);
}

/**
 * scope_filter_completion_hush:
 * @hush: whether changes of the text are not typed
 */
void
scope_filter_completion_hush (ScopeFilterCompletion *self,
                              gboolean               hush)
{
  g_return_if_fail (SCOPE_IS_FILTER_COMPLETION (self));

  self->quiet = hush;
  if (hush)
    completion_dismiss (self);
}

/**
 * scope_filter_completion_is_open:
 *
 * Returns: whether suggestions are shown
 */
gboolean
scope_filter_completion_is_open (ScopeFilterCompletion *self)
{
  g_return_val_if_fail (SCOPE_IS_FILTER_COMPLETION (self), FALSE);

  return scope_completion_list_is_open (self->list);
}

/**
 * scope_filter_completion_close:
 *
 * Gives the popover back.
 */
void
scope_filter_completion_close (ScopeFilterCompletion *self)
{
  g_return_if_fail (SCOPE_IS_FILTER_COMPLETION (self));

  scope_completion_list_destroy (self->list);
}
