/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-channel-row"

#include "config.h"

#include "ui/scope-channel-row.h"

#include <glib/gi18n.h>

#include "ui/scope-format.h"
#include "ui/scope-sparkline.h"
#include "ui/scope-ui-util.h"

/* Counts change with every frame; a person reads four a second. */
#define COUNT_INTERVAL_MSEC 250

struct _ScopeChannelRow
{
  AdwBin parent_instance;

  GtkImage *kind_icon;
  GtkLabel *name;
  GtkImage *status_icon;
  GtkLabel *status;
  ScopeSparkline *sparkline;
  GtkLabel *rate;
  GtkWidget *error_box;
  GtkLabel *error;
  GtkMenuButton *problem_button;
  GtkLabel *problem_label;
  GtkActionable *again_button;
  GtkActionable *explain_button;
  GtkWidget *muted_icon;
  GtkLabel *events;
  GtkWidget *members_box;
  GtkLabel *members;

  ScopeChannel *channel;
  GSignalGroup *signals;
  GSignalGroup *mute_signals;
  gint64 updated_usec;
  guint update_id;
};

enum
{
  PROP_0,
  PROP_CHANNEL,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeChannelRow, scope_channel_row, ADW_TYPE_BIN)

static char *
scope_channel_row_dup_status_text (ScopeChannelRow *self)
{
  char *text = NULL;

  g_object_get (self->channel, "status-text", &text, NULL);
  return text != NULL ? text : g_strdup ("");
}

/* members of a presence channel, else the server's count of subscriptions; -1: not known, as always
 * while not subscribed */
static gint64
scope_channel_row_count_people (ScopeChannelRow *self)
{
  if (!scope_channel_get_watched (self->channel))
    return -1;
  if (scope_channel_kind_is_presence (scope_channel_get_kind (self->channel)))
    return scope_channel_get_member_count (self->channel);
  return scope_channel_get_subscription_count (self->channel);
}

static gboolean
scope_channel_row_is_muted (ScopeChannelRow *self)
{
  g_autoptr (ScopeMutes) mutes = g_signal_group_dup_target (self->mute_signals);

  return mutes != NULL && scope_mutes_contains (mutes, scope_channel_get_name (self->channel));
}

/* Lists of GTK 4.8 have no name for a row: the row widget, our parent, is given one. */
static void
scope_channel_row_update_name (ScopeChannelRow *self,
                               const char      *status,
                               const char      *n_events)
{
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));
  const char *error = scope_channel_get_error_text (self->channel);
  gint64 n_people = scope_channel_row_count_people (self);
  g_autoptr (GString) name = g_string_new (scope_channel_get_name (self->channel));

  g_string_append_printf (name, ", %s, %s",
                          scope_channel_kind_to_text (scope_channel_get_kind (self->channel)),
                          status);
  g_string_append (name, ", ");
  g_string_append_printf (name,
                          g_dngettext (GETTEXT_PACKAGE, "%s event", "%s events",
                                       (gulong) scope_channel_get_event_count (self->channel)),
                          n_events);
  if (n_people >= 0)
    {
      g_string_append (name, ", ");
      g_string_append_printf (
          name, g_dngettext (GETTEXT_PACKAGE, "%d member", "%d members", (gulong) n_people),
          (int) n_people);
    }
  if (scope_channel_row_is_muted (self))
    g_string_append_printf (name, ", %s", _("Muted"));
  if (error != NULL)
    g_string_append_printf (name, ", %s", error);
  if (row != NULL)
    scope_ui_set_label (row, name->str);
}

/* The server's words tell what it took; the channel is told with them. */
static void
scope_channel_row_update_explain (ScopeChannelRow *self,
                                  const char      *error)
{
  const char *name = scope_channel_get_name (self->channel);
  gboolean is_signed = scope_channel_kind_needs_auth (scope_channel_get_kind (self->channel));
  g_autofree char *paste = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->explain_button), is_signed && error != NULL);
  if (!is_signed || error == NULL)
    return;
  paste = g_strdup_printf ("channel_name=%s\n%s", name, error);
  gtk_actionable_set_action_target (self->explain_button, "s", paste);
  gtk_actionable_set_action_name (self->explain_button, "win.explain");
}

static void
scope_channel_row_update_error (ScopeChannelRow *self)
{
  const char *name = scope_channel_get_name (self->channel);
  const char *error = scope_channel_get_error_text (self->channel);
  g_autofree char *label = g_strdup_printf (_("Details of the problem with %s"), name);

  gtk_label_set_text (self->error, error != NULL ? error : "");
  gtk_label_set_text (self->problem_label, error != NULL ? error : "");
  gtk_widget_set_visible (self->error_box, error != NULL && *error != '\0');
  scope_ui_set_tooltip (self->error, error);
  gtk_actionable_set_action_target (self->again_button, "s", name);
  gtk_actionable_set_action_name (self->again_button, "win.resubscribe"); /* not without a target */
  scope_ui_set_label (self->problem_button, label);
  scope_channel_row_update_explain (self, error);
}

static void
scope_channel_row_again_cb (ScopeChannelRow *self)
{
  gtk_menu_button_popdown (self->problem_button);
}

static void
scope_channel_row_copy_cb (ScopeChannelRow *self)
{
  if (self->channel != NULL && scope_channel_get_error_text (self->channel) != NULL)
    scope_ui_copy (GTK_WIDGET (self), scope_channel_get_error_text (self->channel));
}

/* An icon that is set again is made anew. */
static void
scope_channel_row_set_icon (GtkImage   *image,
                            const char *name)
{
  if (g_strcmp0 (gtk_image_get_icon_name (image), name) != 0)
    gtk_image_set_from_icon_name (image, name);
}

static void
scope_channel_row_update (ScopeChannelRow *self)
{
  ScopeChannelKind kind;
  ScopeSubscriptionStatus status;
  g_autofree char *status_text = NULL;
  g_autofree char *rate = NULL;
  g_autofree char *n_events = NULL;
  g_autofree char *n_people = NULL;

  g_clear_handle_id (&self->update_id, g_source_remove);
  if (self->channel == NULL)
    return;

  self->updated_usec = g_get_monotonic_time ();
  kind = scope_channel_get_kind (self->channel);
  status = scope_channel_get_status (self->channel);
  status_text = scope_channel_row_dup_status_text (self);
  n_events = scope_format_count (scope_channel_get_event_count (self->channel));
  n_people = scope_format_count (MAX (0, scope_channel_row_count_people (self)));
  g_object_get (self->channel, "rate-text", &rate, NULL);

  scope_channel_row_set_icon (self->kind_icon, scope_format_channel_icon (kind));
  scope_ui_set_tooltip (self->kind_icon, scope_channel_kind_to_text (kind));
  gtk_label_set_text (self->name, scope_channel_get_name (self->channel));
  scope_ui_set_tooltip (self->name, scope_channel_get_name (self->channel));
  scope_channel_row_set_icon (self->status_icon,
                              scope_channel_get_unseen (self->channel) &&
                                      scope_channel_get_watched (self->channel)
                                  ? "view-conceal-symbolic"
                                  : scope_format_status_icon (status));
  scope_ui_set_class (self->status_icon, "success", status == SCOPE_SUBSCRIPTION_SUBSCRIBED);
  scope_ui_set_class (self->status_icon, "error", status == SCOPE_SUBSCRIPTION_ERROR);
  gtk_label_set_text (self->status, status_text);
  scope_ui_set_tooltip (self->status, status_text);
  gtk_label_set_text (self->rate, rate != NULL ? rate : "");
  /* both keep their place while no event comes, so that all rows' stand below each other */
  gtk_widget_set_visible (GTK_WIDGET (self->rate), status == SCOPE_SUBSCRIPTION_SUBSCRIBED);
  gtk_widget_set_visible (GTK_WIDGET (self->sparkline), status == SCOPE_SUBSCRIPTION_SUBSCRIBED);
  gtk_widget_set_visible (self->muted_icon, scope_channel_row_is_muted (self));
  gtk_label_set_text (self->events, n_events);
  gtk_label_set_text (self->members, n_people);
  gtk_widget_set_visible (self->members_box, scope_channel_row_count_people (self) >= 0);
  scope_channel_row_update_error (self);
  scope_channel_row_update_name (self, status_text, n_events);
}

static gboolean
scope_channel_row_update_cb (gpointer user_data)
{
  ScopeChannelRow *self = user_data;

  self->update_id = 0;
  scope_channel_row_update (self);
  return G_SOURCE_REMOVE;
}

static void
scope_channel_row_count_cb (ScopeChannelRow *self)
{
  gint64 since = g_get_monotonic_time () - self->updated_usec;

  if (since >= COUNT_INTERVAL_MSEC * G_TIME_SPAN_MILLISECOND)
    scope_channel_row_update (self);
  else if (self->update_id == 0)
    self->update_id = g_timeout_add (COUNT_INTERVAL_MSEC - since / G_TIME_SPAN_MILLISECOND,
                                     scope_channel_row_update_cb, self);
}

static void
scope_channel_row_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  ScopeChannelRow *self = SCOPE_CHANNEL_ROW (object);

  switch (prop_id)
    {
    case PROP_CHANNEL:
      g_value_set_object (value, self->channel);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_channel_row_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  ScopeChannelRow *self = SCOPE_CHANNEL_ROW (object);

  switch (prop_id)
    {
    case PROP_CHANNEL:
      scope_channel_row_set_channel (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_channel_row_dispose (GObject *object)
{
  ScopeChannelRow *self = SCOPE_CHANNEL_ROW (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->mute_signals);
  g_clear_object (&self->channel);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_CHANNEL_ROW);

  G_OBJECT_CLASS (scope_channel_row_parent_class)->dispose (object);
}

static void
scope_channel_row_class_init (ScopeChannelRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_channel_row_dispose;
  object_class->get_property = scope_channel_row_get_property;
  object_class->set_property = scope_channel_row_set_property;

  properties[PROP_CHANNEL] = g_param_spec_object ("channel", NULL, NULL, SCOPE_TYPE_CHANNEL,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                  G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SCOPE_TYPE_SPARKLINE);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-channel-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, kind_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, name);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, status_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, status);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, sparkline);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, rate);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, error_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, error);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, problem_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, again_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, explain_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, muted_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, events);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, members_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelRow, members);
  gtk_widget_class_bind_template_callback (widget_class, scope_channel_row_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_channel_row_copy_cb);
}

static void
scope_channel_row_init (ScopeChannelRow *self)
{
  static const char * const watched[] =
      { "notify::status", "notify::status-text", "notify::error-text", "notify::unseen",
        "notify::watched" };
  static const char * const counts[] =
      { "notify::event-count", "notify::member-count", "notify::subscription-count",
        "notify::rate-text" };

  gtk_widget_init_template (GTK_WIDGET (self));
  scope_ui_set_exact_label (self->error);
  scope_ui_set_exact_label (self->problem_label);

  self->mute_signals = g_signal_group_new (SCOPE_TYPE_MUTES);
  g_signal_group_connect_swapped (self->mute_signals, "changed",
                                  G_CALLBACK (scope_channel_row_update), self);
  self->signals = g_signal_group_new (SCOPE_TYPE_CHANNEL);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_group_connect_swapped (self->signals, watched[i],
                                    G_CALLBACK (scope_channel_row_update), self);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    g_signal_group_connect_swapped (self->signals, counts[i],
                                    G_CALLBACK (scope_channel_row_count_cb), self);
}

/**
 * scope_channel_row_new:
 *
 * Returns: a row without a channel
 */
GtkWidget *
scope_channel_row_new (void)
{
  return g_object_new (SCOPE_TYPE_CHANNEL_ROW, NULL);
}

/**
 * scope_channel_row_set_channel:
 * @channel: (nullable): what to show
 */
void
scope_channel_row_set_channel (ScopeChannelRow *self,
                               ScopeChannel    *channel)
{
  g_return_if_fail (SCOPE_IS_CHANNEL_ROW (self));
  g_return_if_fail (channel == NULL || SCOPE_IS_CHANNEL (channel));

  if (!g_set_object (&self->channel, channel))
    return;

  g_signal_group_set_target (self->signals, channel);
  scope_sparkline_set_channel (self->sparkline, channel);
  scope_channel_row_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHANNEL]);
}

/**
 * scope_channel_row_set_mutes:
 * @mutes: (nullable): the channels that stay out of the log
 */
void
scope_channel_row_set_mutes (ScopeChannelRow *self,
                             ScopeMutes      *mutes)
{
  g_return_if_fail (SCOPE_IS_CHANNEL_ROW (self));

  g_signal_group_set_target (self->mute_signals, mutes);
  scope_channel_row_update (self);
}
