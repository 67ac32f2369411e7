/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter-completion"

#include "config.h"

#include "ui/scope-filter-completion.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "session/scope-filter-suggestions.h"
#include "ui/scope-completion-list.h"
#include "ui/scope-filter-shelf.h"

#define MIN_WIDTH 280

struct _ScopeFilterCompletion
{
  GObject parent_instance;

  GtkWidget *parent; /* owns us */
  GtkEditable *entry;
  ScopeCompletionList *list;

  ScopeVocabulary *vocabulary;
  GSignalGroup *vocabulary_signals;
  GPtrArray *suggestions; /* of ScopeSuggestion, as the rows */
  gboolean path;      /* it is no filter, but a payload path */
  gboolean number;    /* one that leads to a number */
  gboolean quiet;     /* the text is not being typed */
  gboolean on_demand; /* it was asked for */
  gboolean wanted;    /* typed or asked for, and not closed since */
};

G_DEFINE_FINAL_TYPE (ScopeFilterCompletion, scope_filter_completion, G_TYPE_OBJECT)

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

/* below the cursor */
static void
completion_open (ScopeFilterCompletion *self)
{
  GtkWidget *text = GTK_WIDGET (gtk_editable_get_delegate (self->entry));
  graphene_rect_t cursor;
  graphene_point_t place;
  GdkRectangle rectangle;

  gtk_text_compute_cursor_extents (GTK_TEXT (text), gtk_editable_get_position (self->entry), &cursor,
                                   NULL);
  if (gtk_widget_compute_point (text, self->parent, &cursor.origin, &place))
    {
      rectangle = (GdkRectangle){ (int) place.x, (int) place.y, 1, (int) cursor.size.height + 6 };
      scope_completion_list_open (self->list, &rectangle);
    }
  else
    scope_completion_list_open (self->list, NULL);
}

/* ---- what stands there ---- */

static GPtrArray *
completion_find (ScopeFilterCompletion *self)
{
  const char *text = gtk_editable_get_text (self->entry);
  gsize cursor = g_utf8_offset_to_pointer (text, gtk_editable_get_position (self->entry)) - text;
  g_autoptr (GVariant) saved = NULL;

  if (self->path)
    return scope_path_suggest (text, *text != '\0' || self->on_demand ? self->vocabulary : NULL,
                               self->number);
  saved = scope_filter_shelf_get_saved ();
  return scope_filter_suggest (text, cursor, self->vocabulary, saved, self->on_demand);
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
  const char *text = gtk_editable_get_text (self->entry);

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
  g_autofree char *text = NULL;
  guint cursor;
  int end = 0;

  if (index >= self->suggestions->len)
    return;
  text = scope_suggestion_apply (self->suggestions->pdata[index], gtk_editable_get_text (self->entry),
                                 &cursor);
  completion_dismiss (self);
  /* never empty in between: that would be no filter at all */
  gtk_editable_insert_text (self->entry, text, -1, &end);
  gtk_editable_delete_text (self->entry, end, -1);
  gtk_editable_set_position (self->entry, cursor);
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
  self->list = scope_completion_list_new (self->parent, self->entry, _("Suggestions"), MIN_WIDTH);
  g_signal_connect_object (self->list, "update", G_CALLBACK (completion_update_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "taken", G_CALLBACK (completion_taken_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "dismissed", G_CALLBACK (completion_dismiss), self,
                           G_CONNECT_SWAPPED);
}

static void
completion_watch_entry (ScopeFilterCompletion *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (completion_key_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "enter", G_CALLBACK (completion_enter_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (completion_leave_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), focus);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (completion_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "notify::cursor-position", G_CALLBACK (completion_moved_cb),
                           self, G_CONNECT_SWAPPED);
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
  completion_watch_entry (self);
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

  self->path = TRUE;
  self->number = number;
}

/**
 * scope_filter_completion_show:
 *
 * Moves the focus into the entry and suggests all that could stand there.
 */
void
scope_filter_completion_show (ScopeFilterCompletion *self)
{
  g_return_if_fail (SCOPE_IS_FILTER_COMPLETION (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  completion_ask (self);
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
