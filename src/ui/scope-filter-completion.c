/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter-completion"

#include "config.h"

#include "ui/scope-filter-completion.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "session/scope-filter-suggestions.h"
#include "ui/scope-filter-shelf.h"
#include "ui/scope-ui-util.h"

#define MIN_WIDTH 280
#define MAX_HEIGHT 260
#define MAX_CHARS 44

struct _ScopeFilterCompletion
{
  GObject parent_instance;

  GtkWidget *parent; /* owns us */
  GtkEditable *entry;
  GtkWidget *popover;
  GtkListBox *list;
  GtkLabel *note;

  ScopeVocabulary *vocabulary;
  GSignalGroup *vocabulary_signals;
  GPtrArray *suggestions; /* of ScopeSuggestion, as the rows */
  guint update_id;
  gboolean quiet;     /* the text is not being typed */
  gboolean on_demand; /* it was asked for */
  gboolean wanted;    /* typed or asked for, and not closed since */
};

G_DEFINE_FINAL_TYPE (ScopeFilterCompletion, scope_filter_completion, G_TYPE_OBJECT)

static gboolean
completion_is_open (ScopeFilterCompletion *self)
{
  return self->popover != NULL && gtk_widget_get_visible (self->popover);
}

static GtkWidget *
completion_get_text (ScopeFilterCompletion *self)
{
  return GTK_WIDGET (gtk_editable_get_delegate (self->entry));
}

static void
completion_popdown (ScopeFilterCompletion *self)
{
  g_clear_handle_id (&self->update_id, g_source_remove);
  self->on_demand = FALSE;
  if (completion_is_open (self))
    gtk_popover_popdown (GTK_POPOVER (self->popover));
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->entry),
                                 GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT);
}

/* It does not come back by itself. */
static void
completion_dismiss (ScopeFilterCompletion *self)
{
  self->wanted = FALSE;
  completion_popdown (self);
}

/* ---- rows ---- */

static GtkWidget *
completion_create_label (const char *text,
                         const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
completion_create_row (const ScopeSuggestion *suggestion)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *label = scope_text_for_display (suggestion->label, -1, 200);
  g_autofree char *detail = NULL;
  g_autofree char *name = NULL;

  gtk_box_append (GTK_BOX (box), completion_create_label (label, "monospace"));
  if (suggestion->detail != NULL)
    {
      GtkWidget *end;

      detail = scope_text_for_display (suggestion->detail, -1, 200);
      end = completion_create_label (detail, "dim-label");
      gtk_widget_set_hexpand (end, TRUE);
      gtk_label_set_xalign (GTK_LABEL (end), 1);
      gtk_box_append (GTK_BOX (box), end);
    }
  name = detail != NULL ? g_strdup_printf ("%s, %s", label, detail) : g_strdup (label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_focusable (row, FALSE);
  gtk_widget_set_tooltip_text (row, name);
  scope_ui_set_label (row, name);
  return row;
}

static void
completion_fill (ScopeFilterCompletion *self)
{
  GtkListBoxRow *row;
  g_autofree char *note
      = self->vocabulary != NULL ? scope_vocabulary_dup_note (self->vocabulary) : NULL;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < self->suggestions->len; i++)
    gtk_list_box_append (self->list, completion_create_row (self->suggestions->pdata[i]));
  if (note == NULL && self->suggestions->len >= 50)
    note = g_strdup (_("There are more: type on to see them."));
  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
}

static void
completion_point (ScopeFilterCompletion *self)
{
  GtkWidget *text = completion_get_text (self);
  graphene_rect_t cursor;
  graphene_point_t place;
  GdkRectangle rectangle;

  gtk_text_compute_cursor_extents (GTK_TEXT (text), gtk_editable_get_position (self->entry), &cursor,
                                   NULL);
  if (!gtk_widget_compute_point (text, self->parent, &cursor.origin, &place))
    return;
  rectangle = (GdkRectangle){ (int) place.x, (int) place.y, 1, (int) cursor.size.height + 6 };
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &rectangle);
}

/* ---- what stands there ---- */

static void
completion_update (ScopeFilterCompletion *self)
{
  const char *text = gtk_editable_get_text (self->entry);
  gsize cursor = g_utf8_offset_to_pointer (text, gtk_editable_get_position (self->entry)) - text;
  g_autoptr (GVariant) saved = scope_filter_shelf_get_saved ();

  g_clear_pointer (&self->suggestions, g_ptr_array_unref);
  self->suggestions =
      scope_filter_suggest (text, cursor, self->vocabulary, saved, self->on_demand);
  if (self->suggestions->len == 0)
    {
      completion_popdown (self);
      return;
    }
  completion_fill (self);
  completion_point (self);
  if (!completion_is_open (self))
    gtk_popover_popup (GTK_POPOVER (self->popover));
}

static gboolean
completion_update_cb (gpointer user_data)
{
  ScopeFilterCompletion *self = user_data;

  self->update_id = 0;
  if (gtk_widget_has_focus (completion_get_text (self)))
    completion_update (self);
  return G_SOURCE_REMOVE;
}

/* Text and cursor change one after the other. */
static void
completion_queue (ScopeFilterCompletion *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, completion_update_cb, self, NULL);
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
  if (!gtk_widget_has_focus (completion_get_text (self)))
    return;
  self->wanted = TRUE;
  completion_queue (self);
}

static void
completion_moved_cb (ScopeFilterCompletion *self)
{
  if (completion_is_open (self))
    completion_queue (self);
}

static void
completion_learnt_cb (ScopeFilterCompletion *self)
{
  const char *text = gtk_editable_get_text (self->entry);

  if (!self->wanted || *text == '\0')
    return;
  /* a list that somebody chooses from does not change under the hand */
  if (!completion_is_open (self) || gtk_list_box_get_selected_row (self->list) == NULL)
    completion_queue (self);
}

static void
completion_take (ScopeFilterCompletion *self,
                 guint                  index)
{
  g_autofree char *text = NULL;
  guint cursor;

  if (index >= self->suggestions->len)
    return;
  text = scope_suggestion_apply (self->suggestions->pdata[index], gtk_editable_get_text (self->entry),
                                 &cursor);
  completion_dismiss (self);
  gtk_editable_set_text (self->entry, text);
  gtk_editable_set_position (self->entry, cursor);
}

static void
completion_activated_cb (ScopeFilterCompletion *self,
                         GtkListBoxRow         *row)
{
  completion_take (self, gtk_list_box_row_get_index (row));
}

/* ---- keys ---- */

static void
completion_choose (ScopeFilterCompletion *self,
                   int                    step)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int n = self->suggestions->len;
  int index = row != NULL ? gtk_list_box_row_get_index (row) + step : step > 0 ? 0 : n - 1;
  GtkWidget *viewport = gtk_widget_get_parent (GTK_WIDGET (self->list));
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (viewport));
  graphene_rect_t place;

  row = gtk_list_box_get_row_at_index (self->list, (index + n) % n);
  gtk_list_box_select_row (self->list, row);
  if (gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self->list), &place))
    gtk_adjustment_clamp_page (adjustment, place.origin.y, place.origin.y + place.size.height);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT, row, -1);
}

static gboolean
completion_take_chosen (ScopeFilterCompletion *self,
                        gboolean               or_first)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row == NULL && !or_first)
    {
      completion_dismiss (self);
      return GDK_EVENT_PROPAGATE;
    }
  completion_take (self, row != NULL ? gtk_list_box_row_get_index (row) : 0);
  return GDK_EVENT_STOP;
}

static gboolean
completion_open_key (ScopeFilterCompletion *self,
                     guint                  key,
                     GdkModifierType        modifiers)
{
  if (modifiers != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      completion_choose (self, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      completion_choose (self, -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Tab:
    case GDK_KEY_KP_Tab:
      return completion_take_chosen (self, TRUE);
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      return completion_take_chosen (self, FALSE);
    case GDK_KEY_Escape:
      completion_dismiss (self);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static gboolean
completion_key_cb (ScopeFilterCompletion *self,
                   guint                  key,
                   guint                  code,
                   GdkModifierType        modifiers)
{
  modifiers &= GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK;
  if (completion_is_open (self) && self->suggestions->len > 0)
    return completion_open_key (self, key, modifiers);
  if (key == GDK_KEY_Escape || key == GDK_KEY_Return || key == GDK_KEY_KP_Enter
      || key == GDK_KEY_ISO_Enter)
    completion_dismiss (self);
  if (key != GDK_KEY_space || modifiers != GDK_CONTROL_MASK)
    return GDK_EVENT_PROPAGATE;
  self->on_demand = TRUE;
  self->wanted = TRUE;
  completion_queue (self);
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

  scope_filter_completion_close (self);
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
completion_create_popover (ScopeFilterCompletion *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->note = GTK_LABEL (completion_create_label ("", "caption"));
  scope_ui_set_label (self->list, _("Suggestions"));
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_SINGLE);
  gtk_widget_set_can_focus (GTK_WIDGET (self->list), FALSE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MAX_HEIGHT);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_widget_set_size_request (scrolled, MIN_WIDTH, -1);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->note));

  self->popover = gtk_popover_new ();
  gtk_popover_set_autohide (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_set_can_focus (self->popover, FALSE);
  gtk_widget_add_css_class (self->popover, "menu");
  gtk_widget_add_css_class (self->popover, "scope-suggestions");
  gtk_popover_set_child (GTK_POPOVER (self->popover), box);
  gtk_widget_set_parent (self->popover, self->parent);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (completion_activated_cb), self,
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
  completion_create_popover (self);
  completion_watch_entry (self);
  return self;
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
  if (vocabulary != NULL && gtk_widget_has_focus (completion_get_text (self)))
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
 * scope_filter_completion_close:
 *
 * Gives the popover back.
 */
void
scope_filter_completion_close (ScopeFilterCompletion *self)
{
  g_return_if_fail (SCOPE_IS_FILTER_COMPLETION (self));

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
}
