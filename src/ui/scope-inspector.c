/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-inspector"

#include "config.h"

#include "ui/scope-inspector.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "session/scope-members-then.h"
#include "ui/scope-diff-mark.h"
#include "ui/scope-diff-view.h"
#include "ui/scope-entry-copy.h"
#include "ui/scope-event-facts.h"
#include "ui/scope-format.h"
#include "ui/scope-json-tree.h"
#include "ui/scope-payload.h"
#include "ui/scope-payload-view.h"
#include "ui/scope-raw-page.h"
#include "ui/scope-shape-bar.h"
#include "ui/scope-ui-util.h"

/* how long a row is read before that is said */
#define LASTING_MSEC 150

/* what the stack can show, as bits: what is not shown is only filled when it is */
typedef enum
{
  PAGE_PAYLOAD = 1 << 0,
  PAGE_TREE = 1 << 1,
  PAGE_RAW = 1 << 2,
  PAGE_DIFF = 1 << 3,
  PAGE_DETAILS = 1 << 4,
  PAGE_ALL = (1 << 5) - 1,
} Page;

struct _ScopeInspector
{
  AdwBin parent_instance;

  GtkWidget *back;
  GtkWidget *close;
  GtkWidget *copy;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *summary;
  GtkWidget *hidden_box;
  ScopeShapeBar *shape_bar;
  GtkWidget *lock_box;
  GtkImage *lock_icon;
  GtkLabel *lock_label;
  ScopeEventFacts *facts;
  ScopeDiffMark *mark;
  GtkStack *stack;
  ScopePayloadView *payload;
  ScopeJsonTree *tree;
  ScopeRawPage *raw;
  ScopeDiffView *diff;
  GtkGrid *details;

  ScopeEventItem *item;
  ScopeEntry *entry;      /* of the item; NULL: it is being read, or can't be */
  char *problem;          /* why it can't be */
  GCancellable *reading;  /* NULL: it was read */
  guint lasting_id;       /* until that it is being read is said */
  gboolean lasts;
  GCancellable *copying;
  ScopeEventItem *marked; /* to compare others with */
  guint stale;            /* of Page */
  gboolean turning;       /* to another page, which the user did not ask for */
};

G_DEFINE_FINAL_TYPE (ScopeInspector, scope_inspector, ADW_TYPE_BIN)

static void
scope_inspector_update_title (ScopeInspector *self)
{
  const ScopeRecord *record = scope_event_item_get_record (self->item);
  const char *channel = scope_event_item_get_channel (self->item);
  const char *event = scope_event_item_get_event (self->item);
  g_autofree char *clock = scope_text_format_clock (record->time_usec);
  g_autoptr (GString) subtitle = g_string_new (channel);

  if (subtitle->len > 0)
    g_string_append (subtitle, " · ");
  g_string_append (subtitle, clock);
  gtk_label_set_text (self->title, event != NULL ? event : "");
  gtk_label_set_text (self->subtitle, subtitle->str);
}

/* Entries that are no events are said in words first. */
static void
scope_inspector_update_summary (ScopeInspector *self)
{
  gboolean is_event = scope_event_item_get_record (self->item)->kind == SCOPE_ENTRY_EVENT;
  g_autofree char *words = g_strdup (self->problem);

  if (self->entry != NULL && !is_event)
    words = scope_entry_dup_preview (self->entry, 2000);
  gtk_label_set_text (self->summary, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->summary), words != NULL && *words != '\0');
}

static void
scope_inspector_add_detail (ScopeInspector *self,
                            int            *row,
                            const char     *label,
                            const char     *value)
{
  GtkWidget *name;
  GtkWidget *text;

  if (value == NULL || *value == '\0')
    return;

  name = gtk_label_new (label);
  gtk_label_set_xalign (GTK_LABEL (name), 1);
  gtk_label_set_yalign (GTK_LABEL (name), 0);
  gtk_widget_add_css_class (name, "dim-label");

  text = gtk_label_new (value);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  scope_ui_set_exact_label (GTK_LABEL (text));
  gtk_widget_set_hexpand (text, TRUE);
  gtk_widget_add_css_class (text, "numeric");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name,
                                  NULL, -1);

  gtk_grid_attach (self->details, name, 0, *row, 1, 1);
  gtk_grid_attach (self->details, text, 1, *row, 1, 1);
  *row += 1;
}

static void
scope_inspector_clear_details (ScopeInspector *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->details))) != NULL)
    gtk_grid_remove (self->details, child);
}

static char *
scope_inspector_dup_payload_size (ScopeInspector *self)
{
  gint64 size = scope_event_item_get_payload_size (self->item, self->entry);

  return size >= 0 ? scope_format_size_share (size) : NULL;
}

static void
scope_inspector_update_details (ScopeInspector *self)
{
  const ScopeRecord *record = scope_event_item_get_record (self->item);
  gint64 delta_usec = scope_event_item_get_delta_usec (self->item);
  g_autofree char *time = scope_format_day_time (record->time_usec);
  g_autofree char *delta = delta_usec >= 0 ? scope_text_format_delta (delta_usec) : NULL;
  g_autofree char *payload_size = scope_inspector_dup_payload_size (self);
  g_autofree char *frame_size = record->size > 0 ? scope_text_format_size (record->size) : NULL;
  g_autofree char *number = scope_format_count (scope_event_item_get_sequence (self->item));
  int row = 0;

  scope_inspector_clear_details (self);
  scope_inspector_add_detail (self, &row, _("Time"), time);
  scope_inspector_add_detail (self, &row, _("After the Row Before"), delta);
  scope_inspector_add_detail (self, &row, _("Channel"), scope_event_item_get_channel (self->item));
  scope_inspector_add_detail (self, &row, _("Event"), scope_event_item_get_event (self->item));
  scope_inspector_add_detail (self, &row, _("User"), scope_event_item_get_user (self->item));
  scope_inspector_add_detail (self, &row, _("Direction"),
                              scope_format_direction_word (record->direction));
  scope_inspector_add_detail (self, &row, _("Payload"), payload_size);
  scope_inspector_add_detail (self, &row, _("Frame"), frame_size);
  scope_inspector_add_detail (self, &row, _("Encryption"), scope_format_lock_word (record->flags));
  scope_inspector_add_detail (self, &row, _("Number"), number);
}

static void
scope_inspector_update_lock (ScopeInspector *self)
{
  ScopeEntryFlags flags = scope_event_item_get_record (self->item)->flags;
  const char *text = scope_format_encryption (flags);

  gtk_widget_set_visible (self->lock_box, text != NULL);
  if (text == NULL)
    return;
  gtk_image_set_from_icon_name (self->lock_icon, scope_format_lock_icon (flags));
  gtk_label_set_text (self->lock_label, text);
}

/* what the copy button copies: "payload", "raw" or "frame" */
static const char *
scope_inspector_get_copied (ScopeInspector *self)
{
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "raw") == 0)
    return scope_raw_page_get_shown (self->raw);
  return "payload";
}

static void
scope_inspector_update_copy (ScopeInspector *self)
{
  const char *copied = scope_inspector_get_copied (self);
  const char *label = _("Copy Payload");

  if (g_str_equal (copied, "raw"))
    label = _("Copy Raw Payload");
  else if (g_str_equal (copied, "frame"))
    label = _("Copy Frame");
  gtk_widget_set_tooltip_text (self->copy, label);
  scope_ui_set_label (self->copy, label);
}

/* --- comparing --- */

static char *
inspector_describe_previous (ScopeInspector *self,
                             ScopeEventItem *other)
{
  gint64 usec = scope_event_item_get_record (self->item)->time_usec
                - scope_event_item_get_record (other)->time_usec;
  g_autofree char *count = scope_format_count (scope_event_item_get_sequence (other));
  g_autofree char *duration = scope_text_format_duration (MAX (usec, 0));

  /* Translators: the number of an event, a duration: “Compared with the one before, No. 12, 14 s earlier.” */
  return g_strdup_printf (_("Compared with the one before on this channel: No. %s, %s earlier."),
                          count, duration);
}

static char *
inspector_describe_none (guint64 sequence)
{
  g_autofree char *count = scope_format_count (SCOPE_MAX_PREVIOUS_ENTRIES);

  if (sequence <= SCOPE_MAX_PREVIOUS_ENTRIES + 1)
    return g_strdup (_("There is none before it on this channel with this name."));
  /* Translators: %s is a large number */
  return g_strdup_printf (_("There is none on this channel with this name among the %s events before "
                            "it."),
                          count);
}

static char *
inspector_describe_marked (ScopeEventItem *marked)
{
  const char *event = scope_event_item_get_event (marked);
  g_autofree char *count = scope_format_count (scope_event_item_get_sequence (marked));
  g_autofree char *clock
      = scope_text_format_clock (scope_event_item_get_record (marked)->time_usec);

  /* Translators: the number of an event, its name, a time */
  return g_strdup_printf (_("Compared with the marked event: No. %s, %s, %s."), count,
                          event != NULL ? event : "", clock);
}

static void
scope_inspector_update_diff (ScopeInspector *self)
{
  gboolean by_mark = self->marked != NULL && !scope_event_item_is_same_event (self->marked, self->item);
  g_autoptr (ScopeEventItem) other = NULL;
  g_autofree char *title = NULL;

  scope_diff_view_set_item (self->diff, self->item);
  scope_diff_view_set_marked (self->diff, self->marked);
  if (by_mark)
    {
      other = g_object_ref (self->marked);
      title = inspector_describe_marked (other);
    }
  else if (self->marked != NULL)
    {
      title = g_strdup (_("This event is marked. Select another one to compare the two."));
    }
  else
    {
      other = scope_event_item_dup_previous (self->item);
      title = other != NULL ? inspector_describe_previous (self, other)
                            : inspector_describe_none (scope_event_item_get_sequence (self->item));
    }
  scope_diff_view_compare (self->diff, title, other, self->entry);
}

static void scope_inspector_fill_page (ScopeInspector *self);

/* The page of differences says it itself. */
static void
scope_inspector_update_mark (ScopeInspector *self)
{
  gboolean said = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "diff") == 0;

  scope_diff_mark_set (self->mark, said ? NULL : self->marked, self->item);
}

static void
scope_inspector_set_marked (ScopeInspector *self,
                            ScopeEventItem *marked)
{
  g_set_object (&self->marked, marked);
  scope_inspector_update_mark (self);
  self->stale |= PAGE_DIFF;
  scope_inspector_fill_page (self);
}

static void
scope_inspector_toggle_mark_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  ScopeInspector *self = SCOPE_INSPECTOR (widget);

  if (self->item != NULL)
    scope_inspector_set_marked (self, scope_event_item_is_same_event (self->marked, self->item) ? NULL : self->item);
}

static void
scope_inspector_mark_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  ScopeInspector *self = SCOPE_INSPECTOR (widget);

  scope_inspector_set_marked (self, g_str_equal (action_name, "inspector.mark-diff") ? self->item : NULL);
}

/* What was picked is marked: it is what the next one is compared with, too. */
static void
scope_inspector_picked_cb (ScopeInspector *self,
                           ScopeEventItem *other)
{
  scope_inspector_set_marked (self, other);
}

static void
scope_inspector_show_marked_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  ScopeInspector *self = SCOPE_INSPECTOR (widget);

  if (self->marked != NULL)
    gtk_widget_activate_action (widget, "win.show-event", "t",
                                scope_event_item_get_sequence (self->marked));
}

/* --- pages --- */

static Page
scope_inspector_get_page (ScopeInspector *self)
{
  static const char * const names[] = { "payload", "tree", "raw", "diff", "details" };
  const char *shown = gtk_stack_get_visible_child_name (self->stack);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (shown, names[i]) == 0)
      return 1 << i;
  return PAGE_PAYLOAD;
}

/* While the row is read: nothing of the one before, and what is going on once that lasts. */
static void
scope_inspector_show_reading (ScopeInspector *self,
                              Page            page)
{
  const char *note = self->lasts ? _("Reading the payload…") : "";

  if (page == PAGE_TREE)
    scope_json_tree_set_note (self->tree, note);
  else if (page == PAGE_RAW)
    scope_raw_page_set_note (self->raw, note);
  else if (page == PAGE_DIFF)
    scope_diff_view_set_note (self->diff, note);
  else if (page == PAGE_DETAILS)
    scope_inspector_update_details (self);
  else
    scope_payload_view_set_note (self->payload, self->lasts ? note : NULL);
}

static void
scope_inspector_fill_page (ScopeInspector *self)
{
  Page page = scope_inspector_get_page (self);

  if (self->item == NULL || !(self->stale & page))
    return;
  self->stale &= ~page;
  if (self->reading != NULL)
    scope_inspector_show_reading (self, page);
  else if (page == PAGE_TREE)
    scope_json_tree_set_entry (self->tree, self->entry, scope_event_item_get_event (self->item));
  else if (page == PAGE_RAW)
    scope_raw_page_set_entry (self->raw, self->entry);
  else if (page == PAGE_DIFF)
    scope_inspector_update_diff (self);
  else if (page == PAGE_DETAILS)
    scope_inspector_update_details (self);
  else
    scope_payload_view_set_entry (self->payload, self->entry);
}

static void
scope_inspector_refill (ScopeInspector *self)
{
  self->stale = PAGE_ALL;
  scope_inspector_fill_page (self);
}

static void
scope_inspector_page_cb (ScopeInspector *self)
{
  GSettings *settings = scope_ui_get_settings ();
  const char *shown = gtk_stack_get_visible_child_name (self->stack);

  scope_inspector_update_copy (self);
  scope_inspector_update_mark (self);
  scope_inspector_fill_page (self);
  if (settings != NULL && shown != NULL && !self->turning)
    g_settings_set_string (settings, "inspector-page", shown);
}

/* the next or the previous page, around the ends */
static void
scope_inspector_step_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  ScopeInspector *self = SCOPE_INSPECTOR (widget);
  g_autoptr (GtkSelectionModel) pages = gtk_stack_get_pages (self->stack);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (pages));
  guint step = g_str_equal (action_name, "inspector.next-page") ? 1 : n - 1;

  for (guint i = 0; i < n; i++)
    if (gtk_selection_model_is_selected (pages, i))
      {
        gtk_selection_model_select_item (pages, (i + step) % n, TRUE);
        return;
      }
}

/* --- reading --- */

static gboolean
scope_inspector_lasts_cb (gpointer user_data)
{
  ScopeInspector *self = user_data;

  self->lasting_id = 0;
  self->lasts = TRUE;
  scope_inspector_refill (self);
  return G_SOURCE_REMOVE;
}

static void
scope_inspector_stop_reading (ScopeInspector *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_handle_id (&self->lasting_id, g_source_remove);
  self->lasts = FALSE;
}

static void
scope_inspector_show_entry (ScopeInspector *self)
{
  scope_inspector_update_summary (self);
  scope_event_facts_set_entry (self->facts, self->item, self->entry);
  scope_inspector_refill (self);
}

static void
scope_inspector_read_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr (ScopeInspector) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeEntry) entry = scope_event_item_read_finish (SCOPE_EVENT_ITEM (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  scope_inspector_stop_reading (self);
  self->entry = g_steal_pointer (&entry);
  if (error != NULL)
    self->problem = g_strdup_printf (_("Can’t be read: %s"), error->message);
  scope_inspector_show_entry (self);
}

/* A row that can be felt is read on a worker thread. */
static void
scope_inspector_read (ScopeInspector *self)
{
  ScopeEntry *entry;

  scope_inspector_stop_reading (self);
  g_clear_pointer (&self->entry, scope_entry_unref);
  g_clear_pointer (&self->problem, g_free);
  if (scope_event_item_is_long (self->item))
    {
      self->reading = g_cancellable_new ();
      self->lasting_id = g_timeout_add (LASTING_MSEC, scope_inspector_lasts_cb, self);
      scope_event_item_read_async (self->item, self->reading, scope_inspector_read_cb, g_object_ref (self));
      return;
    }
  entry = scope_event_item_get_entry (self->item);
  if (entry != NULL)
    self->entry = scope_entry_ref (entry);
  else
    self->problem = g_strdup (scope_event_item_get_preview (self->item));
}

static void
scope_inspector_update (ScopeInspector *self)
{
  scope_inspector_read (self);
  scope_inspector_update_title (self);
  scope_shape_bar_set_sequence (self->shape_bar, scope_event_item_get_sequence (self->item));
  scope_inspector_update_lock (self);
  scope_inspector_update_mark (self);
  scope_event_facts_set_item (self->facts, self->item);
  scope_inspector_show_entry (self);
}

static void
scope_inspector_copy_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  ScopeInspector *self = SCOPE_INSPECTOR (widget);

  if (parameter != NULL)
    scope_inspector_copy (self, g_variant_get_string (parameter, NULL));
  else
    scope_inspector_copy (self, scope_inspector_get_copied (self));
}

static void
scope_inspector_dispose (GObject *object)
{
  ScopeInspector *self = SCOPE_INSPECTOR (object);

  scope_inspector_stop_reading (self);
  g_cancellable_cancel (self->copying);
  g_clear_object (&self->copying);
  g_clear_pointer (&self->entry, scope_entry_unref);
  g_clear_pointer (&self->problem, g_free);
  g_clear_object (&self->item);
  g_clear_object (&self->marked);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_INSPECTOR);

  G_OBJECT_CLASS (scope_inspector_parent_class)->dispose (object);
}

static void
scope_inspector_class_init (ScopeInspectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_inspector_dispose;

  g_type_ensure (SCOPE_TYPE_DIFF_MARK);
  g_type_ensure (SCOPE_TYPE_DIFF_VIEW);
  g_type_ensure (SCOPE_TYPE_EVENT_FACTS);
  g_type_ensure (SCOPE_TYPE_JSON_TREE);
  g_type_ensure (SCOPE_TYPE_PAYLOAD_VIEW);
  g_type_ensure (SCOPE_TYPE_RAW_PAGE);
  g_type_ensure (SCOPE_TYPE_SHAPE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, back);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, close);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, copy);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, title);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, subtitle);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, summary);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, hidden_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, shape_bar);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, lock_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, lock_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, lock_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, facts);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, mark);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, payload);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, tree);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, raw);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, diff);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, details);
  gtk_widget_class_install_action (widget_class, "inspector.copy", "s", scope_inspector_copy_cb);
  gtk_widget_class_install_action (widget_class, "inspector.copy-shown", NULL,
                                   scope_inspector_copy_cb);
  gtk_widget_class_install_action (widget_class, "inspector.mark-diff", NULL,
                                   scope_inspector_mark_cb);
  gtk_widget_class_install_action (widget_class, "inspector.show-marked", NULL,
                                   scope_inspector_show_marked_cb);
  gtk_widget_class_install_action (widget_class, "inspector.forget-diff", NULL,
                                   scope_inspector_mark_cb);
  gtk_widget_class_install_action (widget_class, "inspector.toggle-mark", NULL,
                                   scope_inspector_toggle_mark_cb);
  gtk_widget_class_install_action (widget_class, "inspector.next-page", NULL,
                                   scope_inspector_step_cb);
  gtk_widget_class_install_action (widget_class, "inspector.previous-page", NULL,
                                   scope_inspector_step_cb);
}

static gboolean
scope_inspector_page_key_cb (GtkWidget *widget,
                             GVariant  *args,
                             gpointer   user_data)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  return gtk_widget_activate_action (widget, user_data, NULL);
}

/* Ctrl+Page Up and Down turn the pages, and Ctrl+Shift+M marks, wherever in the window the focus is. */
static void
scope_inspector_init_keys (ScopeInspector *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  static const struct
  {
    guint key;
    GdkModifierType modifiers;
    const char *action;
  } turns[] = {
    { GDK_KEY_Page_Down, GDK_CONTROL_MASK, "inspector.next-page" },
    { GDK_KEY_Page_Up, GDK_CONTROL_MASK, "inspector.previous-page" },
    { GDK_KEY_m, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "inspector.toggle-mark" },
  };

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_MANAGED);
  for (gsize i = 0; i < G_N_ELEMENTS (turns); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (keys),
        gtk_shortcut_new (gtk_keyval_trigger_new (turns[i].key, turns[i].modifiers),
                          gtk_callback_action_new (scope_inspector_page_key_cb,
                                                   (gpointer) turns[i].action, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void
scope_inspector_init (ScopeInspector *self)
{
  GSettings *settings = scope_ui_get_settings ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->diff, "picked", G_CALLBACK (scope_inspector_picked_cb), self,
                           G_CONNECT_SWAPPED);

  scope_ui_set_exact_label (self->summary);
  if (settings != NULL)
    {
      g_autofree char *page = g_settings_get_string (settings, "inspector-page");

      gtk_stack_set_visible_child_name (self->stack, page);
    }
  g_signal_connect_object (self->stack, "notify::visible-child",
                           G_CALLBACK (scope_inspector_page_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->raw, "notify::shown", G_CALLBACK (scope_inspector_update_copy), self,
                           G_CONNECT_SWAPPED);
  scope_inspector_init_keys (self);
  scope_inspector_update_copy (self);
}

/**
 * scope_inspector_set_item:
 * @item: (nullable): the row to show; NULL keeps what is shown
 */
void
scope_inspector_set_item (ScopeInspector *self,
                          ScopeEventItem *item)
{
  g_return_if_fail (SCOPE_IS_INSPECTOR (self));
  g_return_if_fail (item == NULL || SCOPE_IS_EVENT_ITEM (item));

  if (g_set_object (&self->item, item) && item != NULL)
    scope_inspector_update (self);
}

/**
 * scope_inspector_copy:
 * @what: "payload" (indented if JSON), "raw", "frame"; anything else: the payload
 *
 * Copies the whole of it, however much of it is shown.
 */
void
scope_inspector_copy (ScopeInspector *self,
                      const char     *what)
{
  g_return_if_fail (SCOPE_IS_INSPECTOR (self));

  if (self->item == NULL)
    return;
  /* what is asked for last is what is to be in the clipboard */
  g_cancellable_cancel (self->copying);
  g_clear_object (&self->copying);
  self->copying = g_cancellable_new ();
  scope_entry_copy (GTK_WIDGET (self), self->item, self->entry, what, self->copying);
}

/**
 * scope_inspector_set_narrow:
 * @narrow: whether it stands alone in the window
 */
void
scope_inspector_set_narrow (ScopeInspector *self,
                            gboolean        narrow)
{
  g_return_if_fail (SCOPE_IS_INSPECTOR (self));

  gtk_widget_set_visible (self->back, narrow);
  gtk_widget_set_visible (self->close, !narrow);
}

/**
 * scope_inspector_set_hidden:
 * @hidden: whether the filter hides the row that is shown
 *
 * Says so: what is read here is not in the log beside it.
 */
void
scope_inspector_set_hidden (ScopeInspector *self,
                            gboolean        hidden)
{
  g_return_if_fail (SCOPE_IS_INSPECTOR (self));

  gtk_widget_set_visible (self->hidden_box, hidden);
}

/**
 * scope_inspector_set_find:
 * @needle: (nullable): what to highlight; %NULL: nothing
 * @case_sensitive: whether capitals matter
 *
 * Whatever is shown from now on is looked through likewise.
 */
void
scope_inspector_set_find (ScopeInspector *self,
                          const char     *needle,
                          gboolean        case_sensitive)
{
  g_return_if_fail (SCOPE_IS_INSPECTOR (self));

  scope_payload_view_set_find (self->payload, needle, case_sensitive);
  scope_raw_page_set_find (self->raw, needle, case_sensitive);
}

/**
 * scope_inspector_show_found:
 *
 * Turns to a page that highlights what scope_inspector_set_find() was told, unless one is shown. The
 * page that the user chose is opened with next time all the same.
 */
void
scope_inspector_show_found (ScopeInspector *self)
{
  gboolean is_long;

  g_return_if_fail (SCOPE_IS_INSPECTOR (self));

  if (self->item == NULL || scope_inspector_get_page (self) & (PAGE_PAYLOAD | PAGE_RAW))
    return;
  is_long = scope_event_item_get_payload_size (self->item, self->entry) > SCOPE_PAYLOAD_PRETTY_BYTES;
  self->turning = TRUE;
  gtk_stack_set_visible_child_name (self->stack, is_long ? "raw" : "payload");
  self->turning = FALSE;
}

/**
 * scope_inspector_mark_diff:
 *
 * Remembers the entry that is shown, and compares those selected from now on with it.
 */
void
scope_inspector_mark_diff (ScopeInspector *self)
{
  g_return_if_fail (SCOPE_IS_INSPECTOR (self));

  gtk_widget_activate_action (GTK_WIDGET (self), "inspector.mark-diff", NULL);
  gtk_stack_set_visible_child_name (self->stack, "diff");
}
