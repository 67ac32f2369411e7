/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-publish-view"

#include "config.h"

#include "ui/scope-publish-view.h"

#include <glib/gi18n-lib.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "session/scope-channel.h"
#include "ui/scope-accessible.h"
#include "ui/scope-field-note.h"
#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

/* One very long line blocks a text view's layout; nothing near this size could be sent anyway. */
#define MAX_TYPED_BYTES (3 * SCOPE_LIMIT_DATA_BYTES)
#define EVENT_PREFIX "client-"

struct _ScopePublishView
{
  ScopeSessionView parent_instance;

  GtkStack *stack;
  AdwStatusPage *status_page;
  GtkButton *status_button;
  GtkWidget *read_only_label;
  AdwComboRow *channel_row;
  GtkWidget *event_row;
  ScopeFieldNote *event_note;
  GtkTextView *data_view;
  GtkLabel *size_label;
  ScopeFieldNote *data_note;
  GtkLabel *reason_label;
  GtkWidget *result_box;
  GtkImage *result_icon;
  GtkLabel *result_label;

  ScopeSession *session; /* as the parent class has it */
  GSignalGroup *session_signals;
  GSignalGroup *channel_signals; /* of the one chosen */
  GtkFilterListModel *channels;
  gboolean unlocked; /* a read-only profile: the user allowed publishing in this session */
};

G_DEFINE_FINAL_TYPE (ScopePublishView, scope_publish_view, SCOPE_TYPE_SESSION_VIEW)

static gboolean
scope_publish_view_match_channel (gpointer item,
                                  gpointer user_data)
{
  return scope_channel_kind_allows_client_events (scope_channel_get_kind (item));
}

/* (transfer full) */
static char *
scope_publish_view_dup_data (ScopePublishView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->data_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static const char *
scope_publish_view_get_event (ScopePublishView *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->event_row));
}

static gboolean
scope_publish_view_is_locked (ScopePublishView *self)
{
  ScopeProfile *profile = self->session != NULL ? scope_session_get_profile (self->session) : NULL;
  gboolean read_only = FALSE;

  if (profile != NULL)
    g_object_get (profile, "read-only", &read_only, NULL);
  return read_only && !self->unlocked;
}

/* Checking: each returns what is wrong (transfer full), or NULL */

static char *
scope_publish_view_check_event (const char *event)
{
  if (!g_str_has_prefix (event, EVENT_PREFIX))
    return g_strdup_printf (_("The name of a client event begins with %s."), EVENT_PREFIX);
  if (strlen (event) == strlen (EVENT_PREFIX))
    return g_strdup_printf (_("Something has to follow %s."), EVENT_PREFIX);
  if (strlen (event) > SCOPE_LIMIT_EVENT_NAME_BYTES)
    return g_strdup_printf (_("A name has at most %d bytes."), SCOPE_LIMIT_EVENT_NAME_BYTES);
  return NULL;
}

/* People look for a line and a column, not for a byte. */
static char *
scope_publish_view_describe_problem (const char             *data,
                                     const ScopeJsonProblem *problem)
{
  g_autofree char *what = scope_json_problem_to_text (problem);
  gsize line = 1;
  const char *line_start = data;

  for (const char *p = data; p < data + problem->offset && *p != '\0'; p++)
    if (*p == '\n')
      {
        line++;
        line_start = p + 1;
      }
  return g_strdup_printf (_("Not JSON: %s (line %zu, column %ld)."), what, line,
                          g_utf8_pointer_to_offset (line_start, data + problem->offset) + 1);
}

static char *
scope_publish_view_check_data (const char *data)
{
  gsize length = strlen (data);
  ScopeJsonProblem problem;

  if (length == 0)
    return NULL;
  if (!scope_json_check (data, length, NULL, &problem))
    return scope_publish_view_describe_problem (data, &problem);
  if (length > SCOPE_LIMIT_DATA_BYTES)
    return g_strdup (_("This is more than the 10 kB a server accepts."));
  return NULL;
}

static const char *
scope_publish_view_get_obstacle (ScopePublishView *self)
{
  ScopeChannel *channel = adw_combo_row_get_selected_item (self->channel_row);

  if (self->session == NULL || scope_session_get_state (self->session) != SCOPE_STATE_CONNECTED)
    return _("Not connected: nothing can be sent now.");
  if (channel == NULL)
    return _("Choose a channel.");
  if (scope_channel_get_status (channel) != SCOPE_SUBSCRIPTION_SUBSCRIBED)
    return _("The channel is not subscribed to yet.");
  return NULL;
}

static void
scope_publish_view_update_form (ScopePublishView *self)
{
  g_autofree char *data = scope_publish_view_dup_data (self);
  g_autofree char *size = scope_format_size_share (strlen (data));
  g_autofree char *event_problem =
    scope_publish_view_check_event (scope_publish_view_get_event (self));
  g_autofree char *data_problem = scope_publish_view_check_data (data);
  const char *obstacle = scope_publish_view_get_obstacle (self);
  gboolean pristine = g_str_equal (scope_publish_view_get_event (self), EVENT_PREFIX);

  scope_field_note_set (self->event_note, pristine ? SCOPE_NOTE_HINT : SCOPE_NOTE_ERROR,
                        event_problem);
  scope_field_note_set (self->data_note, SCOPE_NOTE_ERROR, data_problem);
  gtk_label_set_text (self->size_label, *data != '\0' ? size : _("Empty: no data is sent"));
  gtk_label_set_text (self->reason_label, obstacle != NULL ? obstacle : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason_label), obstacle != NULL);
  gtk_widget_set_visible (self->read_only_label, scope_publish_view_is_locked (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "publish.send",
                                 obstacle == NULL && event_problem == NULL &&
                                   data_problem == NULL);
}

static void
scope_publish_view_show_status (ScopePublishView *self,
                                const char       *title,
                                const char       *text,
                                gboolean          subscribe)
{
  adw_status_page_set_title (self->status_page, title);
  adw_status_page_set_description (self->status_page, text);
  gtk_widget_set_visible (GTK_WIDGET (self->status_button), subscribe);
  gtk_stack_set_visible_child_name (self->stack, "status");
}

static void
scope_publish_view_update (ScopePublishView *self)
{
  g_signal_group_set_target (self->channel_signals,
                             adw_combo_row_get_selected_item (self->channel_row));
  scope_publish_view_update_form (self);
  if (self->session != NULL && scope_session_get_offline (self->session))
    scope_publish_view_show_status (self, _("Nothing to Publish To"),
                                    _("A capture is open: there is no connection."), FALSE);
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->channels)) == 0)
    scope_publish_view_show_status (
      self, _("No Channel to Send To"),
      _("Client events go to private and presence channels that are subscribed to. "
        "Publishing over the HTTP API, which reaches every channel, is not there yet."),
      TRUE);
  else
    gtk_stack_set_visible_child_name (self->stack, "form");
}

/* Sending */

static void
scope_publish_view_show_result (ScopePublishView *self,
                                gboolean          sent,
                                const char       *text)
{
  const char *classes[] = { sent ? "success" : "error", NULL };

  gtk_image_set_from_icon_name (self->result_icon,
                                sent ? "emblem-ok-symbolic" : "dialog-error-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->result_icon), classes);
  gtk_label_set_text (self->result_label, text);
  gtk_widget_set_visible (self->result_box, TRUE);
}

static void
scope_publish_view_send (ScopePublishView *self)
{
  ScopeChannel *channel = adw_combo_row_get_selected_item (self->channel_row);
  const char *event = scope_publish_view_get_event (self);
  g_autofree char *data = scope_publish_view_dup_data (self);
  g_autofree char *time = scope_text_format_clock (g_get_real_time ());
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (channel == NULL || self->session == NULL)
    return;

  if (!scope_session_send_event (self->session, scope_channel_get_name (channel), event,
                                 *data != '\0' ? data : NULL, &error))
    {
      scope_publish_view_show_result (self, FALSE, error->message);
      return;
    }

  /* Translators: time, event, channel */
  text = g_strdup_printf (_("%s: sent %s to %s. Servers answer only if they refuse it; that would "
                            "stand in the log."),
                          time, event, scope_channel_get_name (channel));
  scope_publish_view_show_result (self, TRUE, text);
}

static void
scope_publish_view_unlock_cb (AdwMessageDialog *dialog,
                              const char       *response,
                              ScopePublishView *self)
{
  if (!g_str_equal (response, "allow"))
    return;

  self->unlocked = TRUE;
  scope_publish_view_update (self);
  scope_publish_view_send (self);
}

static void
scope_publish_view_ask_to_unlock (ScopePublishView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  ScopeProfile *profile = scope_session_get_profile (self->session);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
    GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, _("Publish from a Read-Only Profile?"), NULL));

  adw_message_dialog_format_body (dialog,
                                  _("“%s” is read-only. If you allow it, events are sent to "
                                    "everybody in the channel until this window is closed."),
                                  scope_profile_get_name (profile));
  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), "allow",
                                    _("Allow Publishing"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "allow", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (scope_publish_view_unlock_cb), self, 0);
  scope_accessible_name_parts (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
scope_publish_view_send_cb (GtkWidget  *widget,
                            const char *action,
                            GVariant   *parameter)
{
  ScopePublishView *self = SCOPE_PUBLISH_VIEW (widget);

  if (scope_publish_view_is_locked (self))
    scope_publish_view_ask_to_unlock (self);
  else
    scope_publish_view_send (self);
}

/* What was said about the last event is not about this one. */
static void
scope_publish_view_edited_cb (ScopePublishView *self)
{
  gtk_widget_set_visible (self->result_box, FALSE);
  scope_publish_view_update_form (self);
}

static void
scope_publish_view_insert_cb (ScopePublishView *self,
                              GtkTextIter      *location,
                              char             *text,
                              int               length,
                              GtkTextBuffer    *buffer)
{
  gsize bytes = length >= 0 ? (gsize) length : strlen (text);

  if (bytes + (gsize) gtk_text_buffer_get_char_count (buffer) <= MAX_TYPED_BYTES)
    return;

  g_signal_stop_emission_by_name (buffer, "insert-text");
  scope_publish_view_show_result (self, FALSE,
                                  _("Not inserted: it is far more than a server accepts (10 kB)."));
}

static void
scope_publish_view_session_changed (ScopeSessionView *view)
{
  ScopePublishView *self = SCOPE_PUBLISH_VIEW (view);
  ScopeSession *session = scope_session_view_get_session (view);

  self->session = session;
  self->unlocked = FALSE;
  g_signal_group_set_target (self->session_signals, session);
  gtk_filter_list_model_set_model (self->channels,
                                   session != NULL ? scope_session_get_channels (session) : NULL);
  gtk_widget_set_visible (self->result_box, FALSE);
  scope_publish_view_update (self);
}

/* Class */

static void
scope_publish_view_dispose (GObject *object)
{
  ScopePublishView *self = SCOPE_PUBLISH_VIEW (object);

  if (self->session_signals != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->channels, scope_publish_view_update, self);
      g_signal_handlers_disconnect_by_func (self->channel_row, scope_publish_view_update, self);
      scope_session_view_set_session (SCOPE_SESSION_VIEW (self), NULL);
      g_signal_group_set_target (self->channel_signals, NULL);
    }
  g_clear_object (&self->session_signals);
  g_clear_object (&self->channel_signals);
  /* Not gtk_widget_dispose_template(): it would take the stack from under AdwBin, which then does
   * so again. */
  adw_bin_set_child (ADW_BIN (self), NULL);

  G_OBJECT_CLASS (scope_publish_view_parent_class)->dispose (object);
}

static void
scope_publish_view_finalize (GObject *object)
{
  ScopePublishView *self = SCOPE_PUBLISH_VIEW (object);

  g_clear_object (&self->channels);

  G_OBJECT_CLASS (scope_publish_view_parent_class)->finalize (object);
}

static void
scope_publish_view_bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, status_page);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, status_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, read_only_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, channel_row);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, event_row);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, event_note);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, data_view);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, size_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, data_note);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, reason_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, result_box);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, result_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, result_label);
}

static void
scope_publish_view_class_init (ScopePublishViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ScopeSessionViewClass *view_class = SCOPE_SESSION_VIEW_CLASS (klass);

  object_class->dispose = scope_publish_view_dispose;
  object_class->finalize = scope_publish_view_finalize;
  view_class->session_changed = scope_publish_view_session_changed;

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  g_type_ensure (SCOPE_TYPE_CHANNEL); /* named in the template */
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-publish-view.ui");
  scope_publish_view_bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "publish.send", NULL, scope_publish_view_send_cb);
}

static void
scope_publish_view_init (ScopePublishView *self)
{
  GtkTextBuffer *buffer;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->channels = gtk_filter_list_model_new (
    NULL, GTK_FILTER (gtk_custom_filter_new (scope_publish_view_match_channel, NULL, NULL)));
  adw_combo_row_set_model (self->channel_row, G_LIST_MODEL (self->channels));

  buffer = gtk_text_view_get_buffer (self->data_view);
  g_signal_connect_object (buffer, "insert-text", G_CALLBACK (scope_publish_view_insert_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (scope_publish_view_edited_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->event_row, "changed", G_CALLBACK (scope_publish_view_edited_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->channels, "items-changed", G_CALLBACK (scope_publish_view_update),
                           self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->channel_row, "notify::selected-item",
                           G_CALLBACK (scope_publish_view_update), self, G_CONNECT_SWAPPED);

  self->session_signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::state",
                                  G_CALLBACK (scope_publish_view_update), self);
  self->channel_signals = g_signal_group_new (SCOPE_TYPE_CHANNEL);
  g_signal_group_connect_swapped (self->channel_signals, "notify::status",
                                  G_CALLBACK (scope_publish_view_update_form), self);
  scope_publish_view_update (self);
}

/**
 * scope_publish_view_new:
 *
 * Returns: (transfer floating): a view without a session
 */
GtkWidget *
scope_publish_view_new (void)
{
  return g_object_new (SCOPE_TYPE_PUBLISH_VIEW, NULL);
}
