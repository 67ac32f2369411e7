/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-diff-view"

#include "config.h"

#include "ui/scope-diff-view.h"

#include <glib/gi18n.h>

#include "capture/scope-json-diff.h"
#include "ui/scope-diff-item.h"
#include "ui/scope-diff-picker.h"
#include "ui/scope-diff-row.h"
#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"
#include "ui/scope-whole-view.h"

struct _ScopeDiffView
{
  AdwBin parent_instance;

  GtkLabel *title;
  GtkLabel *verdict;
  GtkCheckButton *only_changes;
  ScopeDiffPicker *picker;
  GtkWidget *show;
  GtkWidget *forget;
  GtkStack *stack;
  GtkListView *list_view;
  ScopeWholeView *whole;

  GListStore *store;
  GtkSingleSelection *selection;
  GPtrArray *items; /* of ScopeDiffItem: also those that are not shown */
  GCancellable *cancellable; /* of a comparison under way */
  ScopeEntry *after;         /* while the other one is read */
};

/* What the worker thread compares, and what it found. */
typedef struct
{
  ScopeEntry *entries[2];
  GBytes *texts[2];
  ScopeJsonDiff *diff;
} Comparison;

enum
{
  PICKED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeDiffView, scope_diff_view, ADW_TYPE_BIN)

static void
comparison_free (gpointer data)
{
  Comparison *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (self->entries); i++)
    {
      scope_entry_unref (self->entries[i]);
      g_clear_pointer (&self->texts[i], g_bytes_unref);
    }
  scope_json_diff_free (self->diff);
  g_free (self);
}

/* --- on the worker thread --- */

static gboolean
comparison_is_json (GBytes *text)
{
  gsize length;
  const char *json = g_bytes_get_data (text, &length);

  return length > 0 && scope_json_check (json, length, NULL, NULL);
}

static void
comparison_thread (GTask        *task,
                   gpointer      source,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  Comparison *self = task_data;
  const char *texts[2];
  gsize lengths[2];

  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    {
      self->texts[i] = scope_entry_dup_data (self->entries[i], NULL);
      if (self->texts[i] == NULL)
        self->texts[i] = g_bytes_new (NULL, 0);
      texts[i] = g_bytes_get_data (self->texts[i], &lengths[i]);
      texts[i] = texts[i] != NULL ? texts[i] : "";
    }
  if (comparison_is_json (self->texts[0]) && comparison_is_json (self->texts[1]))
    self->diff = scope_json_diff_new (texts[0], lengths[0], texts[1], lengths[1], "data");
  else
    self->diff = scope_json_diff_new_lines (texts[0], lengths[0], texts[1], lengths[1]);
  g_task_return_boolean (task, TRUE);
}

/* --- the list --- */

static void
scope_diff_view_fill (ScopeDiffView *self)
{
  gboolean only_changes = gtk_check_button_get_active (self->only_changes);
  g_autoptr (GPtrArray) shown = g_ptr_array_new ();

  for (guint i = 0; self->items != NULL && i < self->items->len; i++)
    if (!only_changes || scope_diff_item_get_kind (self->items->pdata[i]) != SCOPE_JSON_SAME)
      g_ptr_array_add (shown, self->items->pdata[i]);
  g_list_store_splice (self->store, 0, g_list_model_get_n_items (G_LIST_MODEL (self->store)),
                       shown->pdata, shown->len);
}

static GBytes *
diff_dup_part (GBytes          *text,
               const ScopeSpan *span)
{
  return span->length > 0 ? g_bytes_new_from_bytes (text, span->offset, span->length) : NULL;
}

static char *
diff_dup_path (ScopeJsonDiff   *diff,
               ScopeJsonChange *change)
{
  if (!diff->is_lines)
    return g_strdup (change->path);
  /* Translators: %s is the number of a line */
  return g_strdup_printf (_("line %s"), change->path);
}

static GPtrArray *
diff_make_items (Comparison *comparison)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < comparison->diff->changes->len; i++)
    {
      ScopeJsonChange *change = g_ptr_array_index (comparison->diff->changes, i);
      g_autoptr (GBytes) before = diff_dup_part (comparison->texts[0], &change->before);
      g_autoptr (GBytes) after = diff_dup_part (comparison->texts[1], &change->after);
      g_autofree char *path = diff_dup_path (comparison->diff, change);

      g_ptr_array_add (items, scope_diff_item_new (change->kind, path, before, after));
    }
  return items;
}

static void
diff_append (GString *words,
             char    *text)
{
  g_string_append_printf (words, "%s%s", words->len > 0 ? " · " : "", text);
  g_free (text);
}

static void
diff_append_counts (GString       *words,
                    ScopeJsonDiff *diff)
{
  g_autofree char *added = scope_format_count (diff->n_added);
  g_autofree char *removed = scope_format_count (diff->n_removed);
  g_autofree char *changed = scope_format_count (diff->n_changed);

  /* Translators: numbers of differences between two payloads */
  if (diff->n_added > 0)
    diff_append (words, g_strdup_printf (ngettext ("+ %s added", "+ %s added", diff->n_added), added));
  if (diff->n_removed > 0)
    diff_append (words, g_strdup_printf (ngettext ("− %s removed", "− %s removed", diff->n_removed), removed));
  if (diff->n_changed > 0)
    diff_append (words, g_strdup_printf (ngettext ("~ %s changed", "~ %s changed", diff->n_changed), changed));
}

/* "+ 1 added · ~ 2 changed", and what is left out */
static char *
diff_dup_verdict (ScopeJsonDiff *diff)
{
  g_autoptr (GString) words = g_string_new (NULL);

  if (scope_json_diff_is_equal (diff))
    return g_strdup (_("The payloads are equal."));
  diff_append_counts (words, diff);
  if (diff->n_left_out > 0)
    {
      g_autofree char *count = scope_format_count (diff->n_left_out);

      g_string_append (words, ". ");
      /* Translators: a number of differences */
      g_string_append_printf (words, ngettext ("%s of them is not listed.", "%s of them are not listed.",
                                               diff->n_left_out),
                              count);
    }
  if (diff->is_coarse)
    g_string_append_printf (words, ". %s", _("Not everything was compared in detail: it is too much."));
  return g_strndup (words->str, words->len);
}

static void
scope_diff_view_set_items (ScopeDiffView *self,
                           GPtrArray     *items,
                           const char    *verdict)
{
  g_clear_pointer (&self->items, g_ptr_array_unref);
  self->items = items;
  gtk_label_set_text (self->verdict, verdict);
  scope_ui_show_page (self->stack, "list");
  scope_diff_view_fill (self);
}

static void
scope_diff_view_compared_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  ScopeDiffView *self = SCOPE_DIFF_VIEW (source);
  Comparison *comparison = g_task_get_task_data (G_TASK (result));
  g_autofree char *verdict = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return;
  verdict = diff_dup_verdict (comparison->diff);
  scope_diff_view_set_items (self, diff_make_items (comparison), verdict);
}

static void
scope_diff_view_setup_cb (GtkSignalListItemFactory *factory,
                          GtkListItem              *list_item)
{
  gtk_list_item_set_child (list_item, scope_diff_row_new ());
}

static void
scope_diff_view_bind_cb (GtkSignalListItemFactory *factory,
                         GtkListItem              *list_item)
{
  GtkWidget *row = gtk_list_item_get_child (list_item);
  ScopeDiffItem *item = gtk_list_item_get_item (list_item);
  g_autofree char *name = scope_diff_row_dup_name (item);
  GtkWidget *parent = gtk_widget_get_parent (row);

  scope_diff_row_set_item (SCOPE_DIFF_ROW (row), item);
  scope_ui_set_label (row, name);
  if (parent != NULL)
    scope_ui_set_label (parent, name);
}

static void
scope_diff_view_activate_cb (ScopeDiffView *self,
                             guint          position)
{
  g_autoptr (ScopeDiffItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), position);

  if (item == NULL)
    return;
  scope_ui_show_page (self->stack, "whole");
  scope_whole_view_show (self->whole, scope_diff_item_get_path (item),
                         scope_diff_item_get_before (item), scope_diff_item_get_after (item));
}

static void
scope_diff_view_whole_closed_cb (ScopeDiffView *self)
{
  scope_ui_show_page (self->stack, "list");
  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
}

static void
scope_diff_view_picked_cb (ScopeDiffView  *self,
                           ScopeEventItem *item)
{
  g_signal_emit (self, signals[PICKED], 0, item);
}

static void
scope_diff_view_cancel (ScopeDiffView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->after, scope_entry_unref);
}

static void
scope_diff_view_dispose (GObject *object)
{
  ScopeDiffView *self = SCOPE_DIFF_VIEW (object);

  scope_diff_view_cancel (self);
  scope_ui_dispose_bin (ADW_BIN (object), SCOPE_TYPE_DIFF_VIEW);
  g_clear_object (&self->selection);
  g_clear_object (&self->store);
  g_clear_pointer (&self->items, g_ptr_array_unref);

  G_OBJECT_CLASS (scope_diff_view_parent_class)->dispose (object);
}

static void
scope_diff_view_class_init (ScopeDiffViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_diff_view_dispose;

  signals[PICKED] = g_signal_new ("picked", SCOPE_TYPE_DIFF_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, SCOPE_TYPE_EVENT_ITEM);

  g_type_ensure (SCOPE_TYPE_DIFF_PICKER);
  g_type_ensure (SCOPE_TYPE_WHOLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-diff-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffView, title);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffView, verdict);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffView, only_changes);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffView, picker);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffView, show);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffView, forget);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffView, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffView, list_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffView, whole);
}

static void
scope_diff_view_init (ScopeDiffView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->picker, "picked", G_CALLBACK (scope_diff_view_picked_cb), self,
                           G_CONNECT_SWAPPED);

  g_signal_connect (factory, "setup", G_CALLBACK (scope_diff_view_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (scope_diff_view_bind_cb), NULL);
  self->store = g_list_store_new (SCOPE_TYPE_DIFF_ITEM);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->store)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->list_view, "activate", G_CALLBACK (scope_diff_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->only_changes, "toggled", G_CALLBACK (scope_diff_view_fill), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->whole, "closed", G_CALLBACK (scope_diff_view_whole_closed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
scope_diff_view_start (ScopeDiffView *self,
                       ScopeEntry    *before,
                       ScopeEntry    *after)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, scope_diff_view_compared_cb, NULL);
  Comparison *comparison = g_new0 (Comparison, 1);

  comparison->entries[0] = scope_entry_ref (before);
  comparison->entries[1] = scope_entry_ref (after);
  g_task_set_source_tag (task, scope_diff_view_start);
  g_task_set_task_data (task, comparison, comparison_free);
  g_task_run_in_thread (task, comparison_thread);
}

static void
scope_diff_view_fail (ScopeDiffView *self,
                      const char    *reason)
{
  /* Translators: why the event that another is compared with could not be read */
  g_autofree char *text = g_strdup_printf (_("The event it is compared with can’t be read: %s"), reason);

  gtk_label_set_text (self->verdict, text);
}

static void
scope_diff_view_read_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr (ScopeDiffView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeEntry) before = scope_event_item_read_finish (SCOPE_EVENT_ITEM (source), result, &error);

  if (before != NULL)
    scope_diff_view_start (self, before, self->after);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    scope_diff_view_fail (self, error->message);
}

/**
 * scope_diff_view_compare:
 * @title: what is compared with what
 * @before: (nullable): the one event
 * @after: (nullable): the other
 *
 * JSON is compared place by place, other text line by line. A comparison under way is given up.
 */
void
scope_diff_view_compare (ScopeDiffView  *self,
                         const char     *title,
                         ScopeEventItem *before,
                         ScopeEntry     *after)
{
  ScopeEntry *entry;

  g_return_if_fail (SCOPE_IS_DIFF_VIEW (self));
  g_return_if_fail (before == NULL || SCOPE_IS_EVENT_ITEM (before));

  scope_diff_view_cancel (self);
  gtk_label_set_text (self->title, title);
  gtk_widget_set_visible (GTK_WIDGET (self->title), *title != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->only_changes), before != NULL && after != NULL);
  /* what differs from another event is not shown beneath this title */
  scope_diff_view_set_items (self, NULL, before != NULL && after != NULL ? _("Comparing…") : "");
  if (before == NULL || after == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  self->after = scope_entry_ref (after);
  if (scope_event_item_is_long (before))
    {
      scope_event_item_read_async (before, self->cancellable, scope_diff_view_read_cb, g_object_ref (self));
      return;
    }
  entry = scope_event_item_get_entry (before);
  if (entry != NULL)
    scope_diff_view_start (self, entry, after);
  else
    gtk_label_set_text (self->verdict, scope_event_item_get_preview (before));
}

/**
 * scope_diff_view_set_note:
 * @note: what to say instead of a comparison
 */
void
scope_diff_view_set_note (ScopeDiffView *self,
                          const char    *note)
{
  g_return_if_fail (SCOPE_IS_DIFF_VIEW (self));

  scope_diff_view_compare (self, note, NULL, NULL);
}

/**
 * scope_diff_view_set_marked:
 * @marked: (nullable): the event that is remembered to compare with
 */
void
scope_diff_view_set_marked (ScopeDiffView  *self,
                            ScopeEventItem *marked)
{
  g_return_if_fail (SCOPE_IS_DIFF_VIEW (self));

  gtk_widget_set_visible (self->forget, marked != NULL);
  gtk_widget_set_visible (self->show, marked != NULL);
  scope_diff_picker_set_marked (self->picker, marked);
}

/**
 * scope_diff_view_set_item:
 * @item: (nullable): the event that is compared
 */
void
scope_diff_view_set_item (ScopeDiffView  *self,
                          ScopeEventItem *item)
{
  g_return_if_fail (SCOPE_IS_DIFF_VIEW (self));

  scope_diff_picker_set_item (self->picker, item);
}
