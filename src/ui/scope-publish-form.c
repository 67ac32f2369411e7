/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-publish-form"

#include "config.h"

#include "ui/scope-publish-form.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "protocol/scope-channel-name.h"
#include "protocol/scope-signature.h"
#include "ui/scope-channels-completion.h"
#include "ui/scope-field-note.h"
#include "ui/scope-json-editor.h"
#include "ui/scope-ui-util.h"

struct _ScopePublishForm
{
  AdwPreferencesGroup parent_instance;

  GtkEditable *channels_row;
  ScopeFieldNote *channels_note;
  GtkEditable *event_row;
  ScopeFieldNote *event_note;
  ScopeJsonEditor *editor;
  ScopeFieldNote *data_note;
  AdwExpanderRow *options_row;
  AdwComboRow *exclude_row;
  GtkEditable *socket_row;
  ScopeFieldNote *socket_note;
  GtkSwitch *users_switch;
  GtkSwitch *subscriptions_switch;

  ScopeChannelsCompletion *completion;
  gboolean has_master_key; /* or it is not known yet */
  char *problem;
  gboolean quiet; /* it is filled, not typed */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopePublishForm, scope_publish_form, ADW_TYPE_PREFERENCES_GROUP)

static ScopeExclude
scope_publish_form_get_exclude (ScopePublishForm *self)
{
  return (ScopeExclude) MIN (adw_combo_row_get_selected (self->exclude_row), SCOPE_EXCLUDE_SOCKET);
}

/* (transfer full) */
static char *
scope_publish_form_dup_info (ScopePublishForm *self)
{
  gboolean users = gtk_switch_get_active (self->users_switch);
  gboolean subscriptions = gtk_switch_get_active (self->subscriptions_switch);

  if (users && subscriptions)
    return g_strdup ("user_count,subscription_count");
  return users ? g_strdup ("user_count") : subscriptions ? g_strdup ("subscription_count") : NULL;
}

/* What is wrong with each field; NULL: nothing. A field that is still empty gets a hint, not a reproach. */

static char *
form_check_channel (ScopePublishForm *self,
                    const char       *channel,
                    guint             n_channels)
{
  g_autoptr (GError) error = NULL;

  if (scope_template_has_variables (channel) || g_str_has_prefix (channel, "#server-to-user-"))
    return NULL;
  if (!scope_channel_name_check (channel, NULL, &error))
    return g_strdup (error->message);
  if (!scope_channel_kind_is_encrypted (scope_channel_name_get_kind (channel)))
    return NULL;
  if (n_channels > 1)
    return g_strdup_printf (_("“%s” is encrypted: such an event goes to one channel, because each has a key of its "
                              "own."), channel);
  if (!self->has_master_key)
    return g_strdup_printf (_("“%s” is encrypted, and the profile has no encryption master key: enter it in the "
                              "profile's settings, then events are encrypted here before they leave."), channel);
  return NULL;
}

static char *
form_check_channels (ScopePublishForm *self,
                     char            **channels)
{
  guint n = g_strv_length (channels);

  if (n == 0)
    return g_strdup (_("Type a channel's name, or several with blanks between them."));
  if (n > SCOPE_LIMIT_EVENT_CHANNELS)
    return g_strdup_printf (_("An event goes to at most %d channels, these are %u."), SCOPE_LIMIT_EVENT_CHANNELS, n);
  for (guint i = 0; i < n; i++)
    {
      char *problem = form_check_channel (self, channels[i], n);

      if (problem != NULL)
        return problem;
    }
  return NULL;
}

static char *
form_check_event (ScopePublishForm *self)
{
  gsize length = strlen (gtk_editable_get_text (self->event_row));

  if (length == 0)
    return g_strdup (_("The event needs a name."));
  if (length > SCOPE_LIMIT_EVENT_NAME_BYTES)
    return g_strdup_printf (_("A name has at most %d bytes."), SCOPE_LIMIT_EVENT_NAME_BYTES);
  return NULL;
}

static char *
form_check_socket (ScopePublishForm *self)
{
  if (scope_publish_form_get_exclude (self) != SCOPE_EXCLUDE_SOCKET
      || scope_socket_id_check (gtk_editable_get_text (self->socket_row)))
    return NULL;
  return g_strdup (_("A socket id is two numbers and a dot, like 123.456."));
}

static void
form_note (ScopeFieldNote *note,
           const char     *problem,
           gboolean        is_empty)
{
  scope_field_note_set (note, is_empty ? SCOPE_NOTE_HINT : SCOPE_NOTE_ERROR, problem);
}

static void
scope_publish_form_note_channels (ScopePublishForm *self,
                                  char            **channels,
                                  const char       *problem)
{
  guint n = g_strv_length (channels);
  g_autofree char *count = NULL;

  if (problem == NULL && n > 1)
    count = g_strdup_printf (ngettext ("%u channel", "%u channels", n), n);
  if (count != NULL)
    scope_field_note_set (self->channels_note, SCOPE_NOTE_HINT, count);
  else
    form_note (self->channels_note, problem, n == 0);
}

static void
scope_publish_form_update (ScopePublishForm *self)
{
  g_auto (GStrv) channels = scope_outgoing_split_channels (gtk_editable_get_text (self->channels_row));
  g_autofree char *channels_problem = form_check_channels (self, channels);
  g_autofree char *event_problem = form_check_event (self);
  g_autofree char *socket_problem = form_check_socket (self);
  const char *data_problem = scope_json_editor_get_problem (self->editor);
  const char *problem = channels_problem != NULL ? channels_problem
                        : event_problem != NULL  ? event_problem
                        : data_problem != NULL   ? data_problem
                                                 : socket_problem;

  if (self->quiet)
    return;
  scope_publish_form_note_channels (self, channels, channels_problem);
  form_note (self->event_note, event_problem, *gtk_editable_get_text (self->event_row) == '\0');
  form_note (self->data_note, data_problem, FALSE);
  form_note (self->socket_note, socket_problem, *gtk_editable_get_text (self->socket_row) == '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->socket_row),
                          scope_publish_form_get_exclude (self) == SCOPE_EXCLUDE_SOCKET);
  scope_set_str (&self->problem, problem);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
scope_publish_form_dispose (GObject *object)
{
  ScopePublishForm *self = SCOPE_PUBLISH_FORM (object);

  if (self->completion != NULL)
    scope_channels_completion_close (self->completion);
  g_clear_object (&self->completion);

  G_OBJECT_CLASS (scope_publish_form_parent_class)->dispose (object);
}

static void
scope_publish_form_finalize (GObject *object)
{
  ScopePublishForm *self = SCOPE_PUBLISH_FORM (object);

  g_free (self->problem);

  G_OBJECT_CLASS (scope_publish_form_parent_class)->finalize (object);
}

static void
scope_publish_form_class_init (ScopePublishFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_publish_form_dispose;
  object_class->finalize = scope_publish_form_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_PUBLISH_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  g_type_ensure (SCOPE_TYPE_JSON_EDITOR);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-publish-form.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, channels_row);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, channels_note);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, event_row);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, event_note);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, editor);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, data_note);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, options_row);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, exclude_row);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, socket_row);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, socket_note);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, users_switch);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishForm, subscriptions_switch);
}

static void
scope_publish_form_connect_inputs (ScopePublishForm *self)
{
  const struct
  {
    gpointer object;
    const char *signal;
  } inputs[] = {
    { self->channels_row, "changed" },
    { self->event_row, "changed" },
    { self->editor, "changed" },
    { self->socket_row, "changed" },
    { self->exclude_row, "notify::selected" },
    { self->users_switch, "notify::active" },
    { self->subscriptions_switch, "notify::active" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    g_signal_connect_object (inputs[i].object, inputs[i].signal, G_CALLBACK (scope_publish_form_update), self,
                             G_CONNECT_SWAPPED);
}

static void
scope_publish_form_init (ScopePublishForm *self)
{
  self->has_master_key = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_publish_form_connect_inputs (self);
  self->completion = scope_channels_completion_new (self->channels_row);
  scope_publish_form_update (self);
}

/**
 * scope_publish_form_set_session:
 * @session: (nullable): whose channels are offered
 */
void
scope_publish_form_set_session (ScopePublishForm *self,
                                ScopeSession     *session)
{
  g_return_if_fail (SCOPE_IS_PUBLISH_FORM (self));

  scope_channels_completion_set_session (self->completion, session);
}

/**
 * scope_publish_form_set_options:
 * @options: (nullable): of the app; `NULL`: not known yet
 */
void
scope_publish_form_set_options (ScopePublishForm             *self,
                                const ScopeConnectionOptions *options)
{
  gsize max_data = options != NULL ? options->max_data : 0;
  gboolean has_master_key = options == NULL || options->master_key != NULL;

  g_return_if_fail (SCOPE_IS_PUBLISH_FORM (self));

  scope_json_editor_set_max_bytes (self->editor, max_data != 0 ? max_data : SCOPE_LIMIT_DATA_BYTES);
  if (self->has_master_key == has_master_key)
    return;
  self->has_master_key = has_master_key;
  scope_publish_form_update (self);
}

/**
 * scope_publish_form_get_problem:
 *
 * Returns: (transfer none) (nullable): why it can't be published as it stands
 */
const char *
scope_publish_form_get_problem (ScopePublishForm *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISH_FORM (self), NULL);

  return self->problem;
}

/**
 * scope_publish_form_dup_outgoing:
 *
 * Returns: (transfer full): the event as it stands, right or wrong
 */
ScopeOutgoing *
scope_publish_form_dup_outgoing (ScopePublishForm *self)
{
  g_auto (GStrv) channels = NULL;
  g_autofree char *text = NULL;
  g_autofree char *info = NULL;
  ScopeExclude exclude;

  g_return_val_if_fail (SCOPE_IS_PUBLISH_FORM (self), NULL);

  channels = scope_outgoing_split_channels (gtk_editable_get_text (self->channels_row));
  text = scope_json_editor_dup_text (self->editor);
  info = scope_publish_form_dup_info (self);
  exclude = scope_publish_form_get_exclude (self);
  return scope_outgoing_new ((const char * const *) channels, gtk_editable_get_text (self->event_row), text,
                             scope_json_editor_get_is_text (self->editor), exclude,
                             exclude == SCOPE_EXCLUDE_SOCKET ? gtk_editable_get_text (self->socket_row) : NULL, info);
}

static gboolean
info_has (const char *info,
          const char *name)
{
  g_auto (GStrv) names = g_strsplit (info != NULL ? info : "", ",", -1);

  return g_strv_contains ((const char * const *) names, name);
}

/**
 * scope_publish_form_set_outgoing:
 *
 * Fills the form, for the user to look at.
 */
void
scope_publish_form_set_outgoing (ScopePublishForm *self,
                                 ScopeOutgoing    *outgoing)
{
  g_autofree char *channels = NULL;
  const char *socket_id;
  const char *info;

  g_return_if_fail (SCOPE_IS_PUBLISH_FORM (self) && SCOPE_IS_OUTGOING (outgoing));

  self->quiet = TRUE;
  channels = g_strjoinv (" ", (char **) scope_outgoing_get_channels (outgoing));
  socket_id = scope_outgoing_get_socket_id (outgoing);
  info = scope_outgoing_get_info (outgoing);
  gtk_editable_set_text (self->channels_row, channels);
  gtk_editable_set_text (self->event_row, scope_outgoing_get_event (outgoing));
  scope_json_editor_set_text (self->editor, scope_outgoing_get_text (outgoing),
                              scope_outgoing_get_is_text (outgoing));
  adw_combo_row_set_selected (self->exclude_row, scope_outgoing_get_exclude (outgoing));
  gtk_editable_set_text (self->socket_row, socket_id != NULL ? socket_id : "");
  gtk_switch_set_active (self->users_switch, info_has (info, "user_count"));
  gtk_switch_set_active (self->subscriptions_switch, info_has (info, "subscription_count"));
  /* nothing that counts is out of sight */
  if (scope_outgoing_get_exclude (outgoing) != SCOPE_EXCLUDE_NOBODY || info != NULL)
    adw_expander_row_set_expanded (self->options_row, TRUE);
  self->quiet = FALSE;
  scope_publish_form_update (self);
}

/**
 * scope_publish_form_focus_event:
 *
 * Moves the focus into the event's name.
 */
void
scope_publish_form_focus_event (ScopePublishForm *self)
{
  g_return_if_fail (SCOPE_IS_PUBLISH_FORM (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->event_row));
}
