/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-publish-client"

#include "config.h"

#include "ui/scope-publish-client.h"

#include <glib/gi18n-lib.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "net/scope-rate-limit.h"
#include "session/scope-channel.h"
#include "ui/scope-field-note.h"
#include "ui/scope-publish-check.h"
#include "ui/scope-sent-event.h"
#include "ui/scope-sent-row.h"
#include "ui/scope-ui-util.h"
#include "ui/scope-unlock-dialog.h"

/* One very long line blocks a text view's layout; nothing near this size could be sent anyway. */
#define MAX_TYPED_BYTES (3 * SCOPE_LIMIT_DATA_BYTES)
#define MAX_HISTORY 50
/* how often it is told how many events may be sent, until it is all of them again */
#define RATE_INTERVAL_MSEC 200

struct _ScopePublishClient
{
  ScopeSessionView parent_instance;

  GtkStack *stack;
  AdwStatusPage *status_page;
  GtkButton *status_button;
  GtkWidget *read_only_label;
  AdwComboRow *channel_row;
  ScopeFieldNote *channel_note;
  GtkWidget *event_row;
  GtkWidget *prefix_button;
  ScopeFieldNote *event_note;
  GtkTextView *data_view;
  GtkLabel *size_label;
  ScopeFieldNote *data_note;
  GtkLabel *reason_label;
  GtkLabel *rate_label;
  GtkWidget *result_box;
  GtkImage *result_icon;
  GtkLabel *result_label;
  GtkWidget *history_group;
  GtkListBox *history_list;

  ScopeSession *session; /* as the parent class has it */
  GSignalGroup *session_signals;
  GSignalGroup *channel_signals; /* of the one chosen */
  GtkFilterListModel *channels;
  GListStore *history;          /* ScopeSentEvent, the newest first */
  ScopeRateLimit rate;          /* as the connection's own, which refuses what is too much */
  guint rate_source;
  char *unfit_channel;          /* asked for, but no client event can go there; NULL: none */
};

G_DEFINE_FINAL_TYPE (ScopePublishClient, scope_publish_client, SCOPE_TYPE_SESSION_VIEW)

static gboolean
scope_publish_client_match_channel (gpointer item,
                                    gpointer user_data)
{
  return scope_channel_kind_allows_client_events (scope_channel_get_kind (item));
}

/* (transfer full) */
static char *
scope_publish_client_dup_data (ScopePublishClient *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->data_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static const char *
scope_publish_client_get_event (ScopePublishClient *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->event_row));
}

static gboolean
scope_publish_client_is_locked (ScopePublishClient *self)
{
  return self->session != NULL && !scope_session_get_may_write (self->session);
}

static gsize
scope_publish_client_get_max_data (ScopePublishClient *self)
{
  const ScopeConnectionOptions *options =
      self->session != NULL ? scope_session_get_options (self->session) : NULL;
  gsize max_data = options != NULL ? options->max_data : 0;

  return max_data != 0 ? max_data : SCOPE_LIMIT_DATA_BYTES;
}

/* The rate: what a server accepts in a second (protocol.md §6) */

static guint
scope_publish_client_count_allowed (ScopePublishClient *self)
{
  double seconds =
      MAX (0, g_get_monotonic_time () - self->rate.at_usec) / (double) G_USEC_PER_SEC;

  return (guint) MIN (self->rate.capacity, self->rate.tokens + seconds * self->rate.per_second);
}

static void
scope_publish_client_reset_rate (ScopePublishClient *self)
{
  scope_rate_limit_init (&self->rate, SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND,
                         SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND, g_get_monotonic_time ());
}

static const char *
scope_publish_client_get_obstacle (ScopePublishClient *self)
{
  ScopeChannel *channel = adw_combo_row_get_selected_item (self->channel_row);

  if (self->session == NULL || scope_session_get_state (self->session) != SCOPE_STATE_CONNECTED)
    return _("Not connected: nothing can be sent now.");
  if (channel == NULL)
    return _("Choose a channel.");
  if (scope_channel_get_unseen (channel))
    return _("The channel is watched unseen: only its members can send client events.");
  if (scope_channel_get_status (channel) != SCOPE_SUBSCRIPTION_SUBSCRIBED)
    return _("The channel is not subscribed to yet.");
  if (scope_publish_client_count_allowed (self) == 0)
    return _("Servers accept 10 client events a second: wait a moment.");
  return NULL;
}

static void
scope_publish_client_update_rate (ScopePublishClient *self)
{
  guint allowed = scope_publish_client_count_allowed (self);
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u of %d event can be sent at once now",
                                 "%u of %d events can be sent at once now", allowed),
                       allowed, SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND);

  gtk_label_set_text (self->rate_label, text);
}

static void
scope_publish_client_update_channel_note (ScopePublishClient *self)
{
  g_autofree char *text = NULL;

  if (self->unfit_channel != NULL)
    text = g_strdup_printf (_("“%s” takes no client events now: only private and presence channels "
                              "that are subscribed to do, and no encrypted ones."),
                            self->unfit_channel);
  scope_field_note_set (self->channel_note, SCOPE_NOTE_WARNING, text);
}

static void
scope_publish_client_update_event (ScopePublishClient *self,
                                   const char         *problem)
{
  const char *event = scope_publish_client_get_event (self);
  gboolean pristine = g_str_equal (event, SCOPE_CLIENT_EVENT_PREFIX);

  scope_field_note_set (self->event_note, pristine ? SCOPE_NOTE_HINT : SCOPE_NOTE_ERROR, problem);
  gtk_widget_set_visible (self->prefix_button,
                          !g_str_has_prefix (event, SCOPE_CLIENT_EVENT_PREFIX));
}

static void
scope_publish_client_update_form (ScopePublishClient *self)
{
  gsize max_data = scope_publish_client_get_max_data (self);
  g_autofree char *data = scope_publish_client_dup_data (self);
  g_autofree char *size = scope_publish_describe_data (data, max_data);
  g_autofree char *event_problem =
    scope_publish_check_event (scope_publish_client_get_event (self));
  g_autofree char *data_problem = scope_publish_check_data (data, max_data);
  const char *obstacle = scope_publish_client_get_obstacle (self);

  scope_publish_client_update_channel_note (self);
  scope_publish_client_update_event (self, event_problem);
  scope_field_note_set (self->data_note, SCOPE_NOTE_ERROR, data_problem);
  gtk_label_set_text (self->size_label, size);
  scope_ui_show_text (self->reason_label, obstacle);
  gtk_widget_set_visible (self->read_only_label, scope_publish_client_is_locked (self));
  scope_publish_client_update_rate (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "publish.format",
                                 *data != '\0' && data_problem == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "publish.send",
                                 obstacle == NULL && event_problem == NULL &&
                                   data_problem == NULL);
}

static gboolean
scope_publish_client_rate_cb (gpointer user_data)
{
  ScopePublishClient *self = user_data;

  scope_publish_client_update_form (self);
  if (scope_publish_client_count_allowed (self) < SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND)
    return G_SOURCE_CONTINUE;
  self->rate_source = 0;
  return G_SOURCE_REMOVE;
}

static void
scope_publish_client_take_from_rate (ScopePublishClient *self)
{
  scope_rate_limit_take (&self->rate, g_get_monotonic_time ());
  if (self->rate_source == 0)
    self->rate_source = g_timeout_add (RATE_INTERVAL_MSEC, scope_publish_client_rate_cb, self);
  scope_publish_client_update_form (self);
}

static void
scope_publish_client_show_status (ScopePublishClient *self,
                                  const char         *title,
                                  const char         *text,
                                  gboolean            subscribe)
{
  adw_status_page_set_title (self->status_page, title);
  adw_status_page_set_description (self->status_page, text);
  gtk_widget_set_visible (GTK_WIDGET (self->status_button), subscribe);
  gtk_stack_set_visible_child_name (self->stack, "status");
}

static void
scope_publish_client_update (ScopePublishClient *self)
{
  g_signal_group_set_target (self->channel_signals,
                             adw_combo_row_get_selected_item (self->channel_row));
  scope_publish_client_update_form (self);
  if (self->session != NULL && scope_session_get_offline (self->session))
    scope_publish_client_show_status (self, _("Nothing to Publish To"),
                                    _("A capture is open: there is no connection."), FALSE);
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->channels)) == 0)
    scope_publish_client_show_status (
      self, _("No Channel to Send To"),
      _("Client events go to private and presence channels that are subscribed to. "
        "The HTTP API reaches every channel."),
      TRUE);
  else
    gtk_stack_set_visible_child_name (self->stack, "form");
}

static void
scope_publish_client_chosen_cb (ScopePublishClient *self)
{
  g_clear_pointer (&self->unfit_channel, g_free);
  scope_publish_client_update (self);
}

/* Sending */

static void
scope_publish_client_show_result (ScopePublishClient *self,
                                  gboolean            sent,
                                  const char         *text)
{
  const char *classes[] = { sent ? "success" : "error", NULL };

  gtk_image_set_from_icon_name (self->result_icon,
                                sent ? "emblem-ok-symbolic" : "dialog-error-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->result_icon), classes);
  gtk_label_set_text (self->result_label, text);
  gtk_widget_set_visible (self->result_box, TRUE);
}

static void
scope_publish_client_remember (ScopePublishClient *self,
                               ScopeSentEvent     *event)
{
  guint n;

  g_list_store_insert (self->history, 0, event);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->history));
  if (n > MAX_HISTORY)
    g_list_store_remove (self->history, n - 1);
  gtk_widget_set_visible (self->history_group, TRUE);
}

/* The connection looks at everything once more, and has the last word. */
static void
scope_publish_client_send_event (ScopePublishClient *self,
                                 const char         *channel,
                                 const char         *event,
                                 const char         *data)
{
  gint64 now_usec = g_get_real_time ();
  g_autofree char *time = scope_text_format_clock (now_usec);
  g_autofree char *text = NULL;
  g_autoptr (ScopeSentEvent) sent = NULL;
  g_autoptr (GError) error = NULL;

  if (scope_session_send_event (self->session, channel, event, *data != '\0' ? data : NULL, &error))
    {
      scope_publish_client_take_from_rate (self);
      /* Translators: time, event, channel */
      text = g_strdup_printf (_("%s: sent %s to %s. Servers answer only if they refuse it; that "
                                "would stand in the log."),
                              time, event, channel);
    }
  sent = scope_sent_event_new (now_usec, channel, event, data,
                               error != NULL ? error->message : NULL);
  scope_publish_client_remember (self, sent);
  scope_publish_client_show_result (self, error == NULL, error != NULL ? error->message : text);
}

static void
scope_publish_client_send (ScopePublishClient *self)
{
  ScopeChannel *channel = adw_combo_row_get_selected_item (self->channel_row);
  g_autofree char *data = scope_publish_client_dup_data (self);

  if (channel != NULL && self->session != NULL)
    scope_publish_client_send_event (self, scope_channel_get_name (channel),
                                   scope_publish_client_get_event (self), data);
}

static void
scope_publish_client_allowed_cb (GObject      *object,
                                 GAsyncResult *result,
                                 gpointer      user_data)
{
  if (scope_unlock_ask_finish (result))
    scope_publish_client_send (SCOPE_PUBLISH_CLIENT (object));
}

static void
scope_publish_client_send_cb (GtkWidget  *widget,
                              const char *action,
                              GVariant   *parameter)
{
  ScopePublishClient *self = SCOPE_PUBLISH_CLIENT (widget);

  if (self->session != NULL)
    scope_unlock_ask_async (widget, self->session, scope_publish_client_allowed_cb, NULL);
}

/* Fills the form; the channel too, if it can be sent to */

static void
scope_publish_client_choose_channel (ScopePublishClient *self,
                                     const char         *name)
{
  GListModel *channels = G_LIST_MODEL (self->channels);

  g_clear_pointer (&self->unfit_channel, g_free);
  if (name == NULL || *name == '\0')
    return;

  for (guint i = 0; i < g_list_model_get_n_items (channels); i++)
    {
      g_autoptr (ScopeChannel) channel = g_list_model_get_item (channels, i);

      if (g_str_equal (scope_channel_get_name (channel), name))
        {
          adw_combo_row_set_selected (self->channel_row, i);
          return;
        }
    }
  self->unfit_channel = g_strdup (name);
}

static void
scope_publish_client_fill (ScopePublishClient *self,
                           const char         *channel,
                           const char         *event,
                           const char         *data)
{
  gtk_editable_set_text (GTK_EDITABLE (self->event_row), event);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->data_view), data, -1);
  scope_publish_client_choose_channel (self, channel);
  scope_publish_client_update (self);
}

static void
scope_publish_client_edit_cb (ScopePublishClient *self,
                              ScopeSentEvent     *event)
{
  scope_publish_client_fill (self, scope_sent_event_get_channel (event),
                           scope_sent_event_get_event (event), scope_sent_event_get_data (event));
  gtk_widget_grab_focus (GTK_WIDGET (self->data_view));
}

/* Through the form: what is sent is what is seen, and it is asked for where that is due. */
static void
scope_publish_client_again_cb (ScopePublishClient *self,
                               ScopeSentEvent     *event)
{
  scope_publish_client_fill (self, scope_sent_event_get_channel (event),
                           scope_sent_event_get_event (event), scope_sent_event_get_data (event));
  /* its channel may be gone: nothing goes to the one that happens to be chosen */
  if (self->unfit_channel == NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "publish.send", NULL);
}

static GtkWidget *
scope_publish_client_create_row_cb (gpointer item,
                                    gpointer user_data)
{
  ScopePublishClient *self = user_data;
  GtkWidget *row = scope_sent_row_new (item);

  g_signal_connect_object (row, "edit", G_CALLBACK (scope_publish_client_edit_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "again", G_CALLBACK (scope_publish_client_again_cb), self,
                           G_CONNECT_SWAPPED);
  return row;
}

static void
scope_publish_client_prefix_cb (ScopePublishClient *self)
{
  g_autofree char *event = scope_publish_dup_event (scope_publish_client_get_event (self));

  gtk_editable_set_text (GTK_EDITABLE (self->event_row), event);
  gtk_widget_grab_focus (self->event_row);
}

static void
scope_publish_client_format_cb (GtkWidget  *widget,
                                const char *action,
                                GVariant   *parameter)
{
  ScopePublishClient *self = SCOPE_PUBLISH_CLIENT (widget);
  g_autofree char *data = scope_publish_client_dup_data (self);
  g_autofree char *pretty = scope_publish_dup_data (data, strlen (data));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->data_view), pretty, -1);
}

/* What was said about the last event is not about this one. */
static void
scope_publish_client_edited_cb (ScopePublishClient *self)
{
  gtk_widget_set_visible (self->result_box, FALSE);
  scope_publish_client_update_form (self);
}

static void
scope_publish_client_insert_cb (ScopePublishClient *self,
                                GtkTextIter        *location,
                                char               *text,
                                int                 length,
                                GtkTextBuffer      *buffer)
{
  gsize bytes = length >= 0 ? (gsize) length : strlen (text);

  if (bytes + (gsize) gtk_text_buffer_get_char_count (buffer) <= MAX_TYPED_BYTES)
    return;

  g_signal_stop_emission_by_name (buffer, "insert-text");
  scope_publish_client_show_result (self, FALSE,
                                  _("Not inserted: it is far more than a server accepts (10 kB)."));
}

static void
scope_publish_client_session_changed (ScopeSessionView *view)
{
  ScopePublishClient *self = SCOPE_PUBLISH_CLIENT (view);
  ScopeSession *session = scope_session_view_get_session (view);

  self->session = session;
  g_clear_pointer (&self->unfit_channel, g_free);
  g_list_store_remove_all (self->history);
  gtk_widget_set_visible (self->history_group, FALSE);
  scope_publish_client_reset_rate (self);
  g_signal_group_set_target (self->session_signals, session);
  gtk_filter_list_model_set_model (self->channels,
                                   session != NULL ? scope_session_get_channels (session) : NULL);
  gtk_widget_set_visible (self->result_box, FALSE);
  scope_publish_client_update (self);
}

/* Class */

static void
scope_publish_client_dispose (GObject *object)
{
  ScopePublishClient *self = SCOPE_PUBLISH_CLIENT (object);

  g_clear_handle_id (&self->rate_source, g_source_remove);
  if (self->session_signals != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->channels, scope_publish_client_update, self);
      g_signal_handlers_disconnect_by_func (self->channel_row, scope_publish_client_chosen_cb, self);
      scope_session_view_set_session (SCOPE_SESSION_VIEW (self), NULL);
      g_signal_group_set_target (self->channel_signals, NULL);
    }
  g_clear_object (&self->session_signals);
  g_clear_object (&self->channel_signals);
  /* Not gtk_widget_dispose_template(): it would take the stack from under AdwBin, which then does
   * so again. */
  adw_bin_set_child (ADW_BIN (self), NULL);

  G_OBJECT_CLASS (scope_publish_client_parent_class)->dispose (object);
}

static void
scope_publish_client_finalize (GObject *object)
{
  ScopePublishClient *self = SCOPE_PUBLISH_CLIENT (object);

  g_clear_object (&self->channels);
  g_clear_object (&self->history);
  g_free (self->unfit_channel);

  G_OBJECT_CLASS (scope_publish_client_parent_class)->finalize (object);
}

static void
scope_publish_client_bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, status_page);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, status_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, read_only_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, channel_row);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, channel_note);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, event_row);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, prefix_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, event_note);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, data_view);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, size_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, data_note);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, reason_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, rate_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, result_box);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, result_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, result_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, history_group);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishClient, history_list);
  gtk_widget_class_bind_template_callback (widget_class, scope_publish_client_prefix_cb);
}

static void
scope_publish_client_class_init (ScopePublishClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ScopeSessionViewClass *view_class = SCOPE_SESSION_VIEW_CLASS (klass);

  object_class->dispose = scope_publish_client_dispose;
  object_class->finalize = scope_publish_client_finalize;
  view_class->session_changed = scope_publish_client_session_changed;

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  g_type_ensure (SCOPE_TYPE_CHANNEL); /* named in the template */
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-publish-client.ui");
  scope_publish_client_bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "publish.send", NULL, scope_publish_client_send_cb);
  gtk_widget_class_install_action (widget_class, "publish.format", NULL,
                                   scope_publish_client_format_cb);
}

static void
scope_publish_client_init (ScopePublishClient *self)
{
  GtkTextBuffer *buffer;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->channels = gtk_filter_list_model_new (
    NULL, GTK_FILTER (gtk_custom_filter_new (scope_publish_client_match_channel, NULL, NULL)));
  adw_combo_row_set_model (self->channel_row, G_LIST_MODEL (self->channels));

  scope_publish_client_reset_rate (self);
  self->history = g_list_store_new (SCOPE_TYPE_SENT_EVENT);
  gtk_list_box_bind_model (self->history_list, G_LIST_MODEL (self->history),
                           scope_publish_client_create_row_cb, self, NULL);

  buffer = gtk_text_view_get_buffer (self->data_view);
  g_signal_connect_object (buffer, "insert-text", G_CALLBACK (scope_publish_client_insert_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (scope_publish_client_edited_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->event_row, "changed", G_CALLBACK (scope_publish_client_edited_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->channels, "items-changed", G_CALLBACK (scope_publish_client_update),
                           self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->channel_row, "notify::selected-item",
                           G_CALLBACK (scope_publish_client_chosen_cb), self, G_CONNECT_SWAPPED);

  self->session_signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::state",
                                  G_CALLBACK (scope_publish_client_update), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::may-write",
                                  G_CALLBACK (scope_publish_client_update), self);
  self->channel_signals = g_signal_group_new (SCOPE_TYPE_CHANNEL);
  g_signal_group_connect_swapped (self->channel_signals, "notify::status",
                                  G_CALLBACK (scope_publish_client_update_form), self);
  scope_publish_client_update (self);
}

/**
 * scope_publish_client_compose:
 * @channel: (nullable): where to
 * @event: (nullable): a name, with or without `client-`
 * @data: (nullable): what came with it, JSON or not
 *
 * Fills the form, for the user to look at and to send.
 */
void
scope_publish_client_compose (ScopePublishClient *self,
                              const char         *channel,
                              const char         *event,
                              const char         *data)
{
  g_autofree char *name = scope_publish_dup_event (event);
  g_autofree char *json = scope_publish_dup_data (data, data != NULL ? strlen (data) : 0);

  g_return_if_fail (SCOPE_IS_PUBLISH_CLIENT (self));

  scope_publish_client_fill (self, channel, name, json);
  gtk_widget_grab_focus (self->event_row);
}
