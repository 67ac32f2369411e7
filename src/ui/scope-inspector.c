/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-inspector"

#include "config.h"

#include "ui/scope-inspector.h"

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

#include "base/scope-text.h"
#include "ui/scope-format.h"
#include "ui/scope-payload.h"
#include "ui/scope-raw-view.h"
#include "ui/scope-text-find.h"
#include "ui/scope-shape-bar.h"
#include "ui/scope-ui-util.h"

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
  GtkLabel *note;
  GtkStack *stack;
  GtkTextView *payload_view;
  ScopeRawView *raw_view;
  ScopeRawView *frame_view;
  GtkGrid *details;

  ScopeEventItem *item;
  ScopeTextFind *find;
};

G_DEFINE_FINAL_TYPE (ScopeInspector, scope_inspector, ADW_TYPE_BIN)

static GtkSourceBuffer *
scope_inspector_get_buffer (ScopeInspector *self)
{
  return GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (self->payload_view));
}

static void
scope_inspector_update_scheme (ScopeInspector *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleSchemeManager *manager = gtk_source_style_scheme_manager_get_default ();

  gtk_source_buffer_set_style_scheme (
      scope_inspector_get_buffer (self),
      gtk_source_style_scheme_manager_get_scheme (manager, dark ? "Adwaita-dark" : "Adwaita"));
}

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
  if (record->size > 0)
    {
      g_autofree char *size = scope_text_format_size (record->size);

      g_string_append_printf (subtitle, " · %s", size);
    }
  gtk_label_set_text (self->title, event != NULL ? event : "");
  gtk_label_set_text (self->subtitle, subtitle->str);
}

/* Entries that are no events are said in words first. */
static void
scope_inspector_update_summary (ScopeInspector *self,
                                ScopeEntry     *entry)
{
  gboolean is_event = scope_event_item_get_record (self->item)->kind == SCOPE_ENTRY_EVENT;
  g_autofree char *words = NULL;

  if (entry == NULL)
    words = g_strdup (scope_event_item_get_preview (self->item));
  else if (!is_event)
    words = scope_entry_dup_preview (entry, 2000);
  gtk_label_set_text (self->summary, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->summary), words != NULL && *words != '\0');
}

static void
scope_inspector_update_payload (ScopeInspector *self,
                                ScopeEntry     *entry)
{
  GtkSourceBuffer *buffer = scope_inspector_get_buffer (self);
  g_autoptr (ScopePayload) payload = entry != NULL ? scope_payload_new (entry) : NULL;
  const char *note = payload != NULL ? payload->note : NULL;
  GtkTextIter start;

  gtk_source_buffer_set_highlight_syntax (buffer, payload != NULL && payload->is_json);
  scope_ui_set_exact_text (GTK_TEXT_BUFFER (buffer), payload != NULL ? payload->text : "");
  gtk_text_buffer_get_start_iter (GTK_TEXT_BUFFER (buffer), &start);
  gtk_text_buffer_place_cursor (GTK_TEXT_BUFFER (buffer), &start);
  gtk_text_view_scroll_to_iter (self->payload_view, &start, 0, TRUE, 0, 0);
  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
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
scope_inspector_dup_payload_size (ScopeEntry *entry)
{
  g_autoptr (GBytes) raw = entry != NULL ? scope_entry_dup_raw (entry, NULL) : NULL;

  return raw != NULL ? scope_format_size_share (g_bytes_get_size (raw)) : NULL;
}

static void
scope_inspector_update_details (ScopeInspector *self,
                                ScopeEntry     *entry)
{
  const ScopeRecord *record = scope_event_item_get_record (self->item);
  gint64 delta_usec = scope_event_item_get_delta_usec (self->item);
  g_autofree char *time = scope_format_day_time (record->time_usec);
  g_autofree char *delta = delta_usec >= 0 ? scope_text_format_delta (delta_usec) : NULL;
  g_autofree char *payload_size = scope_inspector_dup_payload_size (entry);
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

static void
scope_inspector_update_copy (ScopeInspector *self)
{
  const char *shown = gtk_stack_get_visible_child_name (self->stack);
  const char *label = _("Copy Payload");

  if (g_strcmp0 (shown, "raw") == 0)
    label = _("Copy Raw Payload");
  else if (g_strcmp0 (shown, "frame") == 0)
    label = _("Copy Frame");
  gtk_widget_set_tooltip_text (self->copy, label);
  scope_ui_set_label (self->copy, label);
}

static void
scope_inspector_update (ScopeInspector *self)
{
  ScopeEntry *entry = scope_event_item_get_entry (self->item);
  g_autoptr (GBytes) raw = entry != NULL ? scope_entry_dup_raw (entry, NULL) : NULL;

  scope_inspector_update_title (self);
  scope_inspector_update_summary (self, entry);
  scope_shape_bar_set_sequence (self->shape_bar, scope_event_item_get_sequence (self->item));
  scope_inspector_update_lock (self);
  scope_inspector_update_payload (self, entry);
  scope_inspector_update_details (self, entry);
  scope_raw_view_set_bytes (self->raw_view, raw, _("No payload came with this."));
  scope_raw_view_set_bytes (self->frame_view, entry != NULL ? entry->frame : NULL,
                            _("No frame came for this: the program found it out itself."));
}

/* The clipboard gets the bytes. Only text that is none goes through the text view's eyes. */
static void
scope_inspector_copy_bytes (ScopeInspector *self,
                            GBytes         *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (GdkContentProvider) provider = NULL;
  g_autofree char *copy = NULL;

  if (length == 0 || g_utf8_validate_len (text, length, NULL))
    {
      copy = g_strndup (length > 0 ? text : "", length);
      scope_ui_copy (GTK_WIDGET (self), copy);
      return;
    }
  provider = gdk_content_provider_new_for_bytes ("text/plain;charset=utf-8", bytes);
  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), provider);
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
    scope_inspector_copy (self, gtk_stack_get_visible_child_name (self->stack));
}

static void
scope_inspector_dispose (GObject *object)
{
  ScopeInspector *self = SCOPE_INSPECTOR (object);

  g_clear_object (&self->item);
  g_clear_object (&self->find);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_INSPECTOR);

  G_OBJECT_CLASS (scope_inspector_parent_class)->dispose (object);
}

static void
scope_inspector_class_init (ScopeInspectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_inspector_dispose;

  g_type_ensure (SCOPE_TYPE_RAW_VIEW);
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
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, note);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, payload_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, raw_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, frame_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeInspector, details);
  gtk_widget_class_install_action (widget_class, "inspector.copy", "s", scope_inspector_copy_cb);
  gtk_widget_class_install_action (widget_class, "inspector.copy-shown", NULL,
                                   scope_inspector_copy_cb);
}

static void
scope_inspector_init (ScopeInspector *self)
{
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_source_buffer_set_language (scope_inspector_get_buffer (self),
                                  gtk_source_language_manager_get_language (languages, "json"));
  gtk_source_buffer_set_highlight_matching_brackets (scope_inspector_get_buffer (self), FALSE);
  scope_ui_set_exact_label (self->summary);
  self->find = scope_text_find_new (self->payload_view);
  scope_inspector_update_scheme (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (scope_inspector_update_scheme), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stack, "notify::visible-child",
                           G_CALLBACK (scope_inspector_update_copy), self, G_CONNECT_SWAPPED);
  scope_inspector_update_copy (self);
}

/**
 * scope_inspector_new:
 *
 * Returns: an empty inspector
 */
GtkWidget *
scope_inspector_new (void)
{
  return g_object_new (SCOPE_TYPE_INSPECTOR, NULL);
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
  ScopeEntry *entry;
  g_autoptr (GBytes) bytes = NULL;

  g_return_if_fail (SCOPE_IS_INSPECTOR (self));

  entry = self->item != NULL ? scope_event_item_get_entry (self->item) : NULL;
  if (entry == NULL)
    return;

  if (g_strcmp0 (what, "frame") == 0)
    bytes = entry->frame != NULL ? g_bytes_ref (entry->frame) : NULL;
  else if (g_strcmp0 (what, "raw") == 0)
    bytes = scope_entry_dup_raw (entry, NULL);
  else
    bytes = scope_payload_dup_copy (entry);
  if (bytes != NULL)
    scope_inspector_copy_bytes (self, bytes);
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

  scope_text_find_set_needle (self->find, needle, case_sensitive);
  scope_raw_view_set_find (self->raw_view, needle, case_sensitive);
  scope_raw_view_set_find (self->frame_view, needle, case_sensitive);
}
