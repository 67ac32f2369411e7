/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-raw-page"

#include "config.h"

#include "ui/scope-raw-page.h"

#include <glib/gi18n.h>

#include "ui/scope-format.h"
#include "ui/scope-raw-view.h"
#include "ui/scope-ui-util.h"

/* what is larger is decoded and looked through on a worker thread */
#define WORKER_BYTES (128 * 1024)

/* what a worker finds out of an entry */
typedef struct
{
  ScopeEntry *entry;
  GBytes *raw; /* nullable */
  gboolean raw_is_text;
  gboolean frame_is_text;
} Reading;

struct _ScopeRawPage
{
  AdwBin parent_instance;

  GtkToggleButton *frame_button;
  GtkLabel *direction;
  GtkToggleButton *hex_button;
  GtkStack *stack;
  ScopeRawView *raw_view;
  ScopeRawView *frame_view;

  GBinding *hex; /* of the view that is shown */
  GCancellable *reading;
};

enum
{
  PROP_0,
  PROP_SHOWN,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeRawPage, scope_raw_page, ADW_TYPE_BIN)

static void
scope_raw_page_show_cb (ScopeRawPage *self)
{
  gboolean frame = gtk_toggle_button_get_active (self->frame_button);

  g_clear_pointer (&self->hex, g_binding_unbind);
  gtk_stack_set_visible_child_name (self->stack, frame ? "frame" : "raw");
  self->hex = g_object_bind_property (frame ? self->frame_view : self->raw_view, "hex",
                                      self->hex_button, "active",
                                      G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWN]);
}

/* ---- large entries ---- */

static void
reading_free (gpointer data)
{
  Reading *self = data;

  g_clear_pointer (&self->raw, g_bytes_unref);
  scope_entry_unref (self->entry);
  g_free (self);
}

static void
scope_raw_page_read_thread (GTask        *task,
                            gpointer      source,
                            gpointer      task_data,
                            GCancellable *cancellable)
{
  Reading *reading = task_data;

  reading->raw = scope_entry_dup_raw (reading->entry, NULL);
  reading->raw_is_text = reading->raw != NULL && scope_raw_view_is_text (reading->raw);
  reading->frame_is_text =
      reading->entry->frame != NULL && scope_raw_view_is_text (reading->entry->frame);
  g_task_return_boolean (task, TRUE);
}

static void
scope_raw_page_show_raw (ScopeRawPage *self,
                         GBytes       *raw)
{
  scope_raw_view_set_bytes (self->raw_view, raw, _("No payload came with this."));
}

static void
scope_raw_page_show_frame (ScopeRawPage *self,
                           GBytes       *frame)
{
  scope_raw_view_set_bytes (self->frame_view, frame,
                            _("No frame came for this: the program found it out itself."));
}

static void
scope_raw_page_read_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  ScopeRawPage *self = SCOPE_RAW_PAGE (source);
  Reading *reading = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return;
  if (reading->raw != NULL)
    scope_raw_view_set_known (self->raw_view, reading->raw, reading->raw_is_text);
  else
    scope_raw_page_show_raw (self, NULL);
  if (reading->entry->frame != NULL)
    scope_raw_view_set_known (self->frame_view, reading->entry->frame, reading->frame_is_text);
  else
    scope_raw_page_show_frame (self, NULL);
}

static void
scope_raw_page_read (ScopeRawPage *self,
                     ScopeEntry   *entry)
{
  g_autoptr (GTask) task = NULL;
  Reading *reading = g_new0 (Reading, 1);

  scope_raw_view_set_bytes (self->raw_view, NULL, _("Reading the payload…"));
  scope_raw_view_set_bytes (self->frame_view, NULL, _("Reading the payload…"));
  reading->entry = scope_entry_ref (entry);
  self->reading = g_cancellable_new ();
  task = g_task_new (self, self->reading, scope_raw_page_read_cb, NULL);
  g_task_set_source_tag (task, scope_raw_page_read);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, scope_raw_page_read_thread);
}

static void
scope_raw_page_cancel (ScopeRawPage *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

/* ---- class ---- */

static void
scope_raw_page_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SHOWN:
      g_value_set_string (value, scope_raw_page_get_shown (SCOPE_RAW_PAGE (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_raw_page_dispose (GObject *object)
{
  scope_raw_page_cancel (SCOPE_RAW_PAGE (object));
  g_clear_pointer (&SCOPE_RAW_PAGE (object)->hex, g_binding_unbind);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_RAW_PAGE);

  G_OBJECT_CLASS (scope_raw_page_parent_class)->dispose (object);
}

static void
scope_raw_page_class_init (ScopeRawPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_raw_page_dispose;
  object_class->get_property = scope_raw_page_get_property;

  properties[PROP_SHOWN] = g_param_spec_string (
      "shown", NULL, NULL, "raw",
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SCOPE_TYPE_RAW_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-raw-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeRawPage, frame_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeRawPage, direction);
  gtk_widget_class_bind_template_child (widget_class, ScopeRawPage, hex_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeRawPage, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeRawPage, raw_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeRawPage, frame_view);
}

static void
scope_raw_page_init (ScopeRawPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->frame_button, "toggled", G_CALLBACK (scope_raw_page_show_cb), self,
                           G_CONNECT_SWAPPED);
  scope_raw_page_show_cb (self);
}

/**
 * scope_raw_page_set_entry:
 * @entry: (nullable): what to show
 */
void
scope_raw_page_set_entry (ScopeRawPage *self,
                          ScopeEntry   *entry)
{
  g_autoptr (GBytes) raw = NULL;

  g_return_if_fail (SCOPE_IS_RAW_PAGE (self));

  scope_raw_page_cancel (self);
  gtk_label_set_text (self->direction, entry != NULL ? scope_format_direction (entry->direction) : "");
  if (entry != NULL && scope_entry_get_frame_size (entry) > WORKER_BYTES)
    {
      scope_raw_page_read (self, entry);
      return;
    }
  raw = entry != NULL ? scope_entry_dup_raw (entry, NULL) : NULL;
  scope_raw_page_show_raw (self, raw);
  scope_raw_page_show_frame (self, entry != NULL ? entry->frame : NULL);
}

/**
 * scope_raw_page_set_note:
 * @note: (nullable): what to say instead of bytes
 */
void
scope_raw_page_set_note (ScopeRawPage *self,
                         const char   *note)
{
  g_return_if_fail (SCOPE_IS_RAW_PAGE (self));

  scope_raw_page_cancel (self);
  gtk_label_set_text (self->direction, "");
  scope_raw_view_set_bytes (self->raw_view, NULL, note);
  scope_raw_view_set_bytes (self->frame_view, NULL, note);
}

/**
 * scope_raw_page_set_find:
 * @needle: (nullable): what to highlight; %NULL: nothing
 * @case_sensitive: whether capitals matter
 */
void
scope_raw_page_set_find (ScopeRawPage *self,
                         const char   *needle,
                         gboolean      case_sensitive)
{
  g_return_if_fail (SCOPE_IS_RAW_PAGE (self));

  scope_raw_view_set_find (self->raw_view, needle, case_sensitive);
  scope_raw_view_set_find (self->frame_view, needle, case_sensitive);
}

/**
 * scope_raw_page_get_shown:
 *
 * Returns: (transfer none): "raw" or "frame"
 */
const char *
scope_raw_page_get_shown (ScopeRawPage *self)
{
  g_return_val_if_fail (SCOPE_IS_RAW_PAGE (self), "raw");

  return gtk_toggle_button_get_active (self->frame_button) ? "frame" : "raw";
}
