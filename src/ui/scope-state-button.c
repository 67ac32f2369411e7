/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-state-button"

#include "config.h"

#include "ui/scope-state-button.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "ui/scope-format.h"
#include "ui/scope-hint.h"
#include "ui/scope-ui-util.h"

struct _ScopeStateButton
{
  AdwBin parent_instance;

  GtkMenuButton *button;
  GtkImage *icon;
  GtkLabel *state_label;
  GtkLabel *trip_label;
  GtkPopover *popover;
  GtkLabel *heading;
  GtkLabel *detail;
  GtkLabel *facts;
  GtkWidget *more;

  ScopeSession *session;
  GSignalGroup *signals;
  guint countdown_id;
  gboolean compact;
};

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_COMPACT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeStateButton, scope_state_button, ADW_TYPE_BIN)

static char *
scope_state_button_dup_state_text (ScopeStateButton *self)
{
  char *text = NULL;

  if (self->session == NULL)
    return g_strdup (scope_state_to_text (SCOPE_STATE_INITIALIZED));
  if (scope_session_get_offline (self->session))
    return g_strdup (_("Capture File"));
  g_object_get (self->session, "state-text", &text, NULL);
  return text != NULL ? text
                      : g_strdup (scope_state_to_text (scope_session_get_state (self->session)));
}

static ScopeState
scope_state_button_get_state (ScopeStateButton *self)
{
  return self->session != NULL ? scope_session_get_state (self->session) : SCOPE_STATE_INITIALIZED;
}

static char *
scope_state_button_dup_round_trip (ScopeStateButton *self)
{
  gint64 usec = -1;

  if (self->session == NULL || scope_state_button_get_state (self) != SCOPE_STATE_CONNECTED)
    return NULL;
  g_object_get (self->session, "round-trip-usec", &usec, NULL);
  return usec >= 0 ? scope_text_format_duration (usec) : NULL;
}

static void
scope_state_button_update_look (ScopeStateButton *self)
{
  static const char * const classes[] = { "success", "warning", "error" };
  gboolean offline = self->session != NULL && scope_session_get_offline (self->session);
  ScopeState state = scope_state_button_get_state (self);
  const char *css_class = offline ? NULL : scope_format_state_class (state);

  gtk_image_set_from_icon_name (self->icon, offline ? "document-open-symbolic"
                                                    : scope_format_state_icon (state));
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    scope_ui_set_class (self->icon, classes[i], g_strcmp0 (css_class, classes[i]) == 0);
}

static void
scope_state_button_update_label (ScopeStateButton *self)
{
  g_autofree char *state = scope_state_button_dup_state_text (self);
  g_autofree char *trip = scope_state_button_dup_round_trip (self);
  g_autofree char *name = g_strdup_printf (_("Connection state: %s"), state);

  gtk_label_set_text (self->state_label, state);
  gtk_label_set_text (self->trip_label, trip != NULL ? trip : "");
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), !self->compact);
  gtk_widget_set_visible (GTK_WIDGET (self->trip_label), !self->compact && trip != NULL);
  gtk_label_set_text (self->heading, name);
  scope_ui_set_tooltip (self->button, name);
  scope_ui_set_label (self->button, name);
}

static void
scope_state_button_append_fact (GString    *facts,
                                const char *format,
                                const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  if (facts->len > 0)
    g_string_append_c (facts, '\n');
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_string_append_printf (facts, format, value);
#pragma GCC diagnostic pop
}

static char *
scope_state_button_dup_facts (ScopeStateButton *self)
{
  GString *facts = g_string_new (NULL);
  ScopeProfile *profile = scope_session_get_profile (self->session);
  g_autofree char *place = profile != NULL ? scope_profile_dup_place (profile) : NULL;
  g_autofree char *trip = scope_state_button_dup_round_trip (self);
  g_autofree char *socket_id = NULL;
  g_autofree char *recording = NULL;
  g_autofree char *problem = NULL;
  g_autofree char *transport = NULL;
  g_autofree char *user_id = NULL;
  g_autofree char *user_problem = NULL;

  g_object_get (self->session, "socket-id", &socket_id, "recording-text", &recording,
                "recording-problem", &problem, "transport", &transport, "user-id", &user_id,
                "user-problem", &user_problem, NULL);
  scope_state_button_append_fact (facts, _("Server: %s"), place);
  scope_state_button_append_fact (facts, _("Transport: %s"), transport);
  scope_state_button_append_fact (facts, _("Socket ID: %s"), socket_id);
  scope_state_button_append_fact (facts, _("Signed in as %s"), user_id);
  scope_state_button_append_fact (facts, _("Not signed in: %s"), user_problem);
  scope_state_button_append_fact (facts, _("Round trip: %s"), trip);
  scope_state_button_append_fact (facts, _("Recording: %s"), recording);
  scope_state_button_append_fact (facts, _("Not recording: %s"), problem);
  return g_string_free (facts, FALSE);
}

static void
scope_state_button_update_popover (ScopeStateButton *self)
{
  g_autofree char *detail = NULL;
  g_autofree char *countdown = NULL;
  g_autofree char *both = NULL;
  g_autofree char *facts = NULL;

  if (self->session == NULL)
    return;

  g_object_get (self->session, "state-detail", &detail, NULL);
  countdown = scope_hint_dup_countdown (self->session);
  both = g_strjoin (" ", detail != NULL ? detail : "", countdown != NULL ? countdown : "", NULL);
  g_strstrip (both);
  facts = scope_state_button_dup_facts (self);

  gtk_label_set_text (self->detail, both);
  gtk_widget_set_visible (GTK_WIDGET (self->detail), *both != '\0');
  gtk_label_set_text (self->facts, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->facts), *facts != '\0');
  gtk_widget_set_visible (self->more, !scope_session_get_offline (self->session));
}

static gboolean
scope_state_button_countdown_cb (gpointer user_data)
{
  ScopeStateButton *self = user_data;

  scope_state_button_update_popover (self);
  return G_SOURCE_CONTINUE;
}

/* The countdown runs only where someone can see it. */
static void
scope_state_button_popover_visible_cb (ScopeStateButton *self)
{
  gboolean visible = gtk_widget_get_visible (GTK_WIDGET (self->popover));

  g_clear_handle_id (&self->countdown_id, g_source_remove);
  if (!visible)
    return;
  scope_state_button_update_popover (self);
  self->countdown_id = g_timeout_add_seconds (1, scope_state_button_countdown_cb, self);
}

static void
scope_state_button_update (ScopeStateButton *self)
{
  scope_state_button_update_look (self);
  scope_state_button_update_label (self);
  if (gtk_widget_get_visible (GTK_WIDGET (self->popover)))
    scope_state_button_update_popover (self);
  /* always there; without a session there is nothing more to tell */
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), self->session != NULL);
}

static void
scope_state_button_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  ScopeStateButton *self = SCOPE_STATE_BUTTON (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_COMPACT:
      g_value_set_boolean (value, self->compact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_state_button_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  ScopeStateButton *self = SCOPE_STATE_BUTTON (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      scope_state_button_set_session (self, g_value_get_object (value));
      break;
    case PROP_COMPACT:
      scope_state_button_set_compact (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_state_button_dispose (GObject *object)
{
  ScopeStateButton *self = SCOPE_STATE_BUTTON (object);

  g_clear_handle_id (&self->countdown_id, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  /* no gtk_widget_dispose_template(): it would take the bin's child from under it */

  G_OBJECT_CLASS (scope_state_button_parent_class)->dispose (object);
}

static void
scope_state_button_class_init (ScopeStateButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = scope_state_button_dispose;
  object_class->get_property = scope_state_button_get_property;
  object_class->set_property = scope_state_button_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SCOPE_TYPE_SESSION, flags);
  properties[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-state-button.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeStateButton, button);
  gtk_widget_class_bind_template_child (widget_class, ScopeStateButton, icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeStateButton, state_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeStateButton, trip_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeStateButton, popover);
  gtk_widget_class_bind_template_child (widget_class, ScopeStateButton, heading);
  gtk_widget_class_bind_template_child (widget_class, ScopeStateButton, detail);
  gtk_widget_class_bind_template_child (widget_class, ScopeStateButton, facts);
  gtk_widget_class_bind_template_child (widget_class, ScopeStateButton, more);
}

static void
scope_state_button_init (ScopeStateButton *self)
{
  static const char * const watched[] =
      { "notify::state",          "notify::state-text",       "notify::state-detail",
          "notify::retry-at-usec",  "notify::round-trip-usec",  "notify::socket-id",
          "notify::recording-text", "notify::recording-problem" };

  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_group_connect_swapped (self->signals, watched[i],
                                    G_CALLBACK (scope_state_button_update), self);
  g_signal_connect_object (self->popover, "notify::visible",
                           G_CALLBACK (scope_state_button_popover_visible_cb), self,
                           G_CONNECT_SWAPPED);
  scope_state_button_update (self);
}

/**
 * scope_state_button_set_session:
 * @session: (nullable): whose state to show
 */
void
scope_state_button_set_session (ScopeStateButton *self,
                                ScopeSession     *session)
{
  g_return_if_fail (SCOPE_IS_STATE_BUTTON (self));
  g_return_if_fail (session == NULL || SCOPE_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  g_signal_group_set_target (self->signals, session);
  scope_state_button_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

/**
 * scope_state_button_set_compact:
 * @compact: whether there is room for the icon only
 */
void
scope_state_button_set_compact (ScopeStateButton *self,
                                gboolean          compact)
{
  g_return_if_fail (SCOPE_IS_STATE_BUTTON (self));

  if (self->compact == compact)
    return;

  self->compact = compact;
  scope_state_button_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
}
