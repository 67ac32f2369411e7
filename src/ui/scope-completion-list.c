/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-completion-list"

#include "config.h"

#include "ui/scope-completion-list.h"

#include "ui/scope-ui-util.h"

#define MAX_HEIGHT 260
#define MAX_CHARS 44

struct _ScopeCompletionList
{
  GObject parent_instance;

  GtkWidget *field; /* a GtkEditable, or a GtkTextView */
  GtkWidget *popover; /* NULL: destroyed */
  GtkListBox *list;
  GtkLabel *note;
  guint update_id;
};

enum
{
  UPDATE,
  TAKEN,
  DISMISSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeCompletionList, scope_completion_list, G_TYPE_OBJECT)

static GtkWidget *
completion_list_get_text (ScopeCompletionList *self)
{
  return GTK_IS_EDITABLE (self->field) ? GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (self->field)))
                                       : self->field;
}

static void
completion_list_forget_choice (ScopeCompletionList *self)
{
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->field),
                                 GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT);
}

static gboolean
scope_completion_list_update_cb (gpointer user_data)
{
  ScopeCompletionList *self = user_data;

  self->update_id = 0;
  g_signal_emit (self, signals[UPDATE], 0);
  return G_SOURCE_REMOVE;
}

static void
scope_completion_list_activated_cb (ScopeCompletionList *self,
                                    GtkListBoxRow       *row)
{
  g_signal_emit (self, signals[TAKEN], 0, (guint) gtk_list_box_row_get_index (row));
}

static void
completion_list_show_row (ScopeCompletionList *self,
                          GtkListBoxRow       *row)
{
  GtkWidget *viewport = gtk_widget_get_parent (GTK_WIDGET (self->list));
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (viewport));
  graphene_rect_t place;

  if (gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self->list), &place))
    gtk_adjustment_clamp_page (adjustment, place.origin.y, place.origin.y + place.size.height);
}

/* From the last one it goes on with the first. */
static void
completion_list_choose (ScopeCompletionList *self,
                        gboolean             next)
{
  GtkWidget *last = gtk_widget_get_last_child (GTK_WIDGET (self->list));
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (last == NULL)
    return;
  if (row != NULL)
    row = gtk_list_box_get_row_at_index (self->list,
                                         gtk_list_box_row_get_index (row) + (next ? 1 : -1));
  if (row == NULL)
    row = next ? gtk_list_box_get_row_at_index (self->list, 0) : GTK_LIST_BOX_ROW (last);
  gtk_list_box_select_row (self->list, row);
  completion_list_show_row (self, row);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->field),
                                  GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT, row, -1);
}

/* Without a choice Return is the entry's. */
static gboolean
completion_list_take (ScopeCompletionList *self,
                      gboolean             or_first)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row == NULL && or_first)
    row = gtk_list_box_get_row_at_index (self->list, 0);
  if (row != NULL)
    scope_completion_list_activated_cb (self, row);
  else
    g_signal_emit (self, signals[DISMISSED], 0);
  return row != NULL ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

static void
scope_completion_list_dispose (GObject *object)
{
  scope_completion_list_destroy (SCOPE_COMPLETION_LIST (object));

  G_OBJECT_CLASS (scope_completion_list_parent_class)->dispose (object);
}

static void
scope_completion_list_class_init (ScopeCompletionListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_completion_list_dispose;

  signals[UPDATE] = g_signal_new ("update", SCOPE_TYPE_COMPLETION_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[TAKEN] = g_signal_new ("taken", SCOPE_TYPE_COMPLETION_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[DISMISSED] = g_signal_new ("dismissed", SCOPE_TYPE_COMPLETION_LIST, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
scope_completion_list_init (ScopeCompletionList *self)
{
}

static GtkWidget *
completion_list_create_content (ScopeCompletionList *self,
                                int                  width)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MAX_HEIGHT);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_widget_set_size_request (scrolled, width, -1);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->note));
  return box;
}

static void
completion_list_create_popover (ScopeCompletionList *self,
                                GtkWidget           *parent,
                                const char          *label,
                                int                  width)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  scope_ui_set_label (self->list, label);
  gtk_widget_set_can_focus (GTK_WIDGET (self->list), FALSE);
  g_signal_connect_object (self->list, "row-activated",
                           G_CALLBACK (scope_completion_list_activated_cb), self, G_CONNECT_SWAPPED);
  self->note = GTK_LABEL (scope_completion_list_create_label ("", "caption"));
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);

  self->popover = gtk_popover_new ();
  gtk_popover_set_autohide (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_set_can_focus (self->popover, FALSE);
  gtk_widget_add_css_class (self->popover, "menu");
  gtk_widget_add_css_class (self->popover, "scope-suggestions");
  gtk_popover_set_child (GTK_POPOVER (self->popover), completion_list_create_content (self, width));
  gtk_widget_set_parent (self->popover, parent);
}

/**
 * scope_completion_list_new:
 * @parent: what holds the popover
 * @field: where is typed, @parent or inside of it: a #GtkEditable or a #GtkTextView
 * @label: the list's accessible name
 * @width: pixels it has at least
 *
 * Returns: (transfer full): an empty list, closed
 */
ScopeCompletionList *
scope_completion_list_new (GtkWidget   *parent,
                           GtkWidget   *field,
                           const char  *label,
                           int          width)
{
  ScopeCompletionList *self;

  g_return_val_if_fail (GTK_IS_WIDGET (parent), NULL);
  g_return_val_if_fail (GTK_IS_EDITABLE (field) || GTK_IS_TEXT_VIEW (field), NULL);

  self = g_object_new (SCOPE_TYPE_COMPLETION_LIST, NULL);
  self->field = field;
  completion_list_create_popover (self, parent, label, width);
  return self;
}

/**
 * scope_completion_list_destroy:
 *
 * Gives the popover back. Nothing is shown or told after it.
 */
void
scope_completion_list_destroy (ScopeCompletionList *self)
{
  g_return_if_fail (SCOPE_IS_COMPLETION_LIST (self));

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
}

/**
 * scope_completion_list_queue:
 *
 * Asks for `update` when the entry has settled: text and cursor change one after the other.
 */
void
scope_completion_list_queue (ScopeCompletionList *self)
{
  g_return_if_fail (SCOPE_IS_COMPLETION_LIST (self));

  if (self->update_id == 0 && self->popover != NULL)
    self->update_id =
        g_idle_add_full (G_PRIORITY_HIGH_IDLE, scope_completion_list_update_cb, self, NULL);
}

/**
 * scope_completion_list_clear:
 *
 * Takes all rows out.
 */
void
scope_completion_list_clear (ScopeCompletionList *self)
{
  GtkListBoxRow *row;

  g_return_if_fail (SCOPE_IS_COMPLETION_LIST (self));

  completion_list_forget_choice (self);
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

/**
 * scope_completion_list_append:
 * @child: what the row shows
 * @name: its accessible name and tooltip
 */
void
scope_completion_list_append (ScopeCompletionList *self,
                              GtkWidget           *child,
                              const char          *name)
{
  GtkWidget *row = gtk_list_box_row_new ();

  g_return_if_fail (SCOPE_IS_COMPLETION_LIST (self));

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), child);
  gtk_widget_set_focusable (row, FALSE);
  gtk_widget_set_tooltip_text (row, name);
  scope_ui_set_label (row, name);
  gtk_list_box_append (self->list, row);
}

/**
 * scope_completion_list_set_note:
 * @note: (nullable): what stands below the rows
 */
void
scope_completion_list_set_note (ScopeCompletionList *self,
                                const char          *note)
{
  g_return_if_fail (SCOPE_IS_COMPLETION_LIST (self));

  scope_ui_show_text (self->note, note);
}

/* What may scroll is never lower than its scroll bar: a single row would stand above a blank. */
static void
completion_list_fit (ScopeCompletionList *self)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (GTK_WIDGET (self->list), GTK_TYPE_SCROLLED_WINDOW);
  int height;

  gtk_widget_measure (GTK_WIDGET (self->list), GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  height > MAX_HEIGHT ? GTK_POLICY_AUTOMATIC : GTK_POLICY_NEVER);
}

/* What was scrolled out of sight has its list at the window's edge. */
static void
completion_list_point_to (ScopeCompletionList *self,
                          const GdkRectangle  *at)
{
  GtkWidget *parent = gtk_widget_get_parent (self->popover);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (parent));
  GdkRectangle place = *at;
  graphene_point_t top;

  if (window != NULL && gtk_widget_compute_point (parent, window, &GRAPHENE_POINT_INIT (0, 0), &top))
    {
      int lowest = MAX (gtk_widget_get_height (window) - at->height, 0);

      place.y = CLAMP (at->y + (int) top.y, 0, lowest) - (int) top.y;
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &place);
}

/**
 * scope_completion_list_open:
 * @at: (nullable): what it hangs below, in the parent's coordinates
 */
void
scope_completion_list_open (ScopeCompletionList *self,
                            const GdkRectangle  *at)
{
  g_return_if_fail (SCOPE_IS_COMPLETION_LIST (self));

  if (self->popover == NULL)
    return;
  if (at != NULL)
    completion_list_point_to (self, at);
  completion_list_fit (self);
  if (!scope_completion_list_is_open (self))
    gtk_popover_popup (GTK_POPOVER (self->popover));
}

/**
 * scope_completion_list_close:
 *
 * Hides it; an `update` that was asked for does not come any more.
 */
void
scope_completion_list_close (ScopeCompletionList *self)
{
  g_return_if_fail (SCOPE_IS_COMPLETION_LIST (self));

  g_clear_handle_id (&self->update_id, g_source_remove);
  if (scope_completion_list_is_open (self))
    gtk_popover_popdown (GTK_POPOVER (self->popover));
  completion_list_forget_choice (self);
}

/**
 * scope_completion_list_is_open:
 *
 * Returns: whether it is shown
 */
gboolean
scope_completion_list_is_open (ScopeCompletionList *self)
{
  g_return_val_if_fail (SCOPE_IS_COMPLETION_LIST (self), FALSE);

  return self->popover != NULL && gtk_widget_get_visible (self->popover);
}

/**
 * scope_completion_list_has_choice:
 *
 * Returns: whether a row is chosen
 */
gboolean
scope_completion_list_has_choice (ScopeCompletionList *self)
{
  g_return_val_if_fail (SCOPE_IS_COMPLETION_LIST (self), FALSE);

  return gtk_list_box_get_selected_row (self->list) != NULL;
}

/**
 * scope_completion_list_has_focus:
 *
 * Returns: whether the entry has it
 */
gboolean
scope_completion_list_has_focus (ScopeCompletionList *self)
{
  g_return_val_if_fail (SCOPE_IS_COMPLETION_LIST (self), FALSE);

  return gtk_widget_has_focus (completion_list_get_text (self));
}

/**
 * scope_completion_list_handle_key:
 * @key: that was pressed in the entry while the list is open
 * @modifiers: Ctrl, Shift and Alt
 *
 * Returns: whether it is the list's own key
 */
gboolean
scope_completion_list_handle_key (ScopeCompletionList *self,
                                  guint                key,
                                  GdkModifierType      modifiers)
{
  g_return_val_if_fail (SCOPE_IS_COMPLETION_LIST (self), GDK_EVENT_PROPAGATE);

  if (modifiers != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      completion_list_choose (self, key == GDK_KEY_Down || key == GDK_KEY_KP_Down);
      return GDK_EVENT_STOP;
    case GDK_KEY_Tab:
    case GDK_KEY_KP_Tab:
      return completion_list_take (self, TRUE);
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      return completion_list_take (self, FALSE);
    case GDK_KEY_Escape:
      g_signal_emit (self, signals[DISMISSED], 0);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/**
 * scope_completion_list_create_label:
 * @text: one line
 * @css_class: how it looks
 *
 * Returns: (transfer floating): a label that is cut at its end
 */
GtkWidget *
scope_completion_list_create_label (const char *text,
                                    const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_widget_add_css_class (label, css_class);
  return label;
}
