/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-diff-picker"

#include "config.h"

#include "ui/scope-diff-picker.h"

#include <glib/gi18n.h>

#include "session/scope-members-then.h"
#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

#define MAX_PREVIOUS 15
#define MAX_MARKS 50

struct _ScopeDiffPicker
{
  GtkPopover parent_instance;

  GtkEditable *number;
  GtkLabel *problem;
  GtkWidget *scrolled;
  GtkListBox *list;
  GtkButton *unmark;

  ScopeEventItem *item;   /* nullable */
  ScopeEventItem *marked; /* nullable */
};

enum
{
  PICKED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeDiffPicker, scope_diff_picker, GTK_TYPE_POPOVER)

static void
diff_picker_pick (ScopeDiffPicker *self,
                  ScopeEventItem  *item)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[PICKED], 0, item);
}

/* ---- the list ---- */

static GtkWidget *
diff_picker_create_label (const char *text,
                          const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static char *
diff_picker_dup_kind (ScopeDiffPicker *self,
                      ScopeEventItem  *item)
{
  g_autofree char *count = scope_format_count (scope_event_item_get_sequence (item));
  g_autofree char *bookmark = scope_format_bookmark (item);

  if (scope_event_item_is_same_event (self->marked, item))
    return g_strdup_printf (_("No. %s · %s"), count, _("Marked for Comparison"));
  if (bookmark != NULL)
    return g_strdup_printf (_("No. %s · %s"), count, bookmark);
  return g_strdup_printf (_("No. %s"), count);
}

static void
diff_picker_add (ScopeDiffPicker *self,
                 ScopeEventItem  *item)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *place = scope_format_row_place (item);
  g_autofree char *kind = diff_picker_dup_kind (self, item);
  g_autofree char *name = g_strdup_printf ("%s, %s", kind, place);

  gtk_box_append (GTK_BOX (box), diff_picker_create_label (place, "numeric"));
  gtk_box_append (GTK_BOX (box), diff_picker_create_label (kind, "dim-label"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_tooltip_text (row, name);
  g_object_set_data_full (G_OBJECT (row), "scope-item", g_object_ref (item), g_object_unref);
  scope_ui_set_label (row, name);
  gtk_list_box_append (self->list, row);
}

static void
diff_picker_add_previous (ScopeDiffPicker *self)
{
  g_autoptr (ScopeEventItem) item = g_object_ref (self->item);

  for (guint i = 0; i < MAX_PREVIOUS; i++)
    {
      ScopeEventItem *before = scope_event_item_dup_previous (item);

      if (before == NULL)
        return;
      if (!scope_event_item_is_same_event (self->marked, before))
        diff_picker_add (self, before);
      g_object_unref (item);
      item = before;
    }
}

static void
diff_picker_add_marks (ScopeDiffPicker *self)
{
  ScopeMarkList *marks = scope_event_item_get_marks (self->item);
  guint n = marks != NULL ? g_list_model_get_n_items (G_LIST_MODEL (marks)) : 0;

  for (guint i = 0; i < MIN (n, MAX_MARKS); i++)
    {
      guint64 sequence = scope_mark_list_get_sequence (marks, i);
      g_autoptr (ScopeEventItem) other = scope_event_item_dup_other (self->item, sequence);

      if (other != NULL && !scope_event_item_is_same_event (other, self->item)
          && !scope_event_item_is_same_event (self->marked, other))
        diff_picker_add (self, other);
    }
}

static void
diff_picker_fill (ScopeDiffPicker *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  if (self->item != NULL)
    {
      if (self->marked != NULL && !scope_event_item_is_same_event (self->marked, self->item))
        diff_picker_add (self, self->marked);
      diff_picker_add_marks (self);
      diff_picker_add_previous (self);
    }
  gtk_widget_set_visible (self->scrolled, gtk_list_box_get_row_at_index (self->list, 0) != NULL);
}

static void
diff_picker_update_unmark (ScopeDiffPicker *self)
{
  g_autofree char *count = NULL;
  g_autofree char *label = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->unmark), self->marked != NULL);
  if (self->marked == NULL)
    return;
  count = scope_format_count (scope_event_item_get_sequence (self->marked));
  /* Translators: %s is the number of the event that is marked for comparison */
  label = g_strdup_printf (_("Unmark No. %s"), count);
  gtk_button_set_label (self->unmark, label);
}

static void
diff_picker_activated_cb (ScopeDiffPicker *self,
                          GtkListBoxRow   *row)
{
  diff_picker_pick (self, g_object_get_data (G_OBJECT (row), "scope-item"));
}

/* ---- a number ---- */

static void
diff_picker_tell (ScopeDiffPicker *self,
                  const char      *problem)
{
  scope_ui_show_text (self->problem, problem);
}

static void
diff_picker_entered_cb (ScopeDiffPicker *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (self->number));
  g_autoptr (ScopeEventItem) other = NULL;
  guint64 sequence = 0;

  if (self->item == NULL)
    return;
  if (g_ascii_string_to_unsigned (g_strstrip (text), 10, 1, G_MAXUINT32, &sequence, NULL))
    other = scope_event_item_dup_other (self->item, sequence);
  if (other == NULL)
    diff_picker_tell (self, _("There is no event of this number"));
  else if (scope_event_item_is_same_event (other, self->item))
    diff_picker_tell (self, _("This is the event itself"));
  else
    diff_picker_pick (self, other);
}

static void
diff_picker_typed_cb (ScopeDiffPicker *self)
{
  diff_picker_tell (self, NULL);
}

/* ---- class ---- */

static void
scope_diff_picker_show (GtkWidget *widget)
{
  ScopeDiffPicker *self = SCOPE_DIFF_PICKER (widget);

  gtk_editable_set_text (self->number, "");
  diff_picker_tell (self, NULL);
  diff_picker_update_unmark (self);
  diff_picker_fill (self);

  GTK_WIDGET_CLASS (scope_diff_picker_parent_class)->show (widget);
  gtk_widget_grab_focus (GTK_WIDGET (self->number));
}

static void
scope_diff_picker_dispose (GObject *object)
{
  g_clear_object (&SCOPE_DIFF_PICKER (object)->item);
  g_clear_object (&SCOPE_DIFF_PICKER (object)->marked);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_DIFF_PICKER);

  G_OBJECT_CLASS (scope_diff_picker_parent_class)->dispose (object);
}

static void
scope_diff_picker_class_init (ScopeDiffPickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_diff_picker_dispose;
  widget_class->show = scope_diff_picker_show;

  signals[PICKED] = g_signal_new ("picked", SCOPE_TYPE_DIFF_PICKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, SCOPE_TYPE_EVENT_ITEM);

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-diff-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffPicker, number);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffPicker, problem);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffPicker, scrolled);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffPicker, list);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffPicker, unmark);
  gtk_widget_class_bind_template_callback (widget_class, diff_picker_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, diff_picker_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, diff_picker_typed_cb);
}

static void
scope_diff_picker_init (ScopeDiffPicker *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->unmark, "clicked", G_CALLBACK (gtk_popover_popdown), self, G_CONNECT_SWAPPED);
}

/**
 * scope_diff_picker_set_item:
 * @item: (nullable): the event that is compared
 */
void
scope_diff_picker_set_item (ScopeDiffPicker *self,
                            ScopeEventItem  *item)
{
  g_return_if_fail (SCOPE_IS_DIFF_PICKER (self));
  g_return_if_fail (item == NULL || SCOPE_IS_EVENT_ITEM (item));

  g_set_object (&self->item, item);
}

/**
 * scope_diff_picker_set_marked:
 * @marked: (nullable): the event that is marked for comparison
 */
void
scope_diff_picker_set_marked (ScopeDiffPicker *self,
                              ScopeEventItem  *marked)
{
  g_return_if_fail (SCOPE_IS_DIFF_PICKER (self));
  g_return_if_fail (marked == NULL || SCOPE_IS_EVENT_ITEM (marked));

  g_set_object (&self->marked, marked);
}
