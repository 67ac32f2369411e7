/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-subscribe-dialog"

#include "config.h"

#include "ui/scope-subscribe-dialog.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "protocol/scope-channel-name.h"
#include "ui/scope-field-note.h"
#include "ui/scope-format.h"
#include "ui/scope-join-dialog.h"
#include "ui/scope-quit.h"
#include "ui/scope-ui-util.h"

/* More names than these are counted, not shown. */
#define MAX_ROWS 50

struct _ScopeSubscribeDialog
{
  AdwWindow parent_instance;

  GtkWidget *entry;
  GtkWidget *subscribe_button;
  ScopeFieldNote *note;
  GtkWidget *names_box;
  GtkListBox *names_list;
  GtkLabel *more_label;
  GtkWidget *settings_button;
  GtkWidget *offline_label;

  ScopeSession *session;
  GHashTable *refusals; /* name → why the session refused it */
};

/* What is known about one name before it is asked for. */
typedef struct
{
  ScopeNoteKind kind;
  const char *icon;
  char *text;
  gboolean incomplete; /* something that the profile could have is missing */
  gboolean can_join;   /* a presence channel: as whom may be chosen */
} NameVerdict;

G_DEFINE_FINAL_TYPE (ScopeSubscribeDialog, scope_subscribe_dialog, ADW_TYPE_WINDOW)

static void
name_verdict_clear (NameVerdict *verdict)
{
  g_free (verdict->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NameVerdict, name_verdict_clear)

/* Names are legal with commas and almost all else, but not with white space. */
static char **
scope_subscribe_dialog_dup_names (ScopeSubscribeDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0' && g_hash_table_add (seen, words[i]))
      g_strv_builder_add (names, words[i]);
  return g_strv_builder_end (names);
}

/* Who says that the channel may be joined (protocol.md §4): the endpoint goes before the secret.
 * TRUE if there is somebody. */
static gboolean
scope_subscribe_dialog_append_authority (ScopeSubscribeDialog *self,
                                         GString              *text)
{
  const ScopeConnectionOptions *options = scope_session_get_options (self->session);

  if (options != NULL && options->channel_auth.endpoint != NULL)
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text, _("Authorized by the endpoint %s."),
                              options->channel_auth.endpoint);
    }
  else if (options != NULL && options->secret != NULL)
    g_string_append_printf (text, "\n%s", _("Authorized here: signed with the app secret."));
  else
    {
      g_string_append_printf (text, "\n%s",
                              _("Nothing is known that could authorize it: add the app secret or "
                                "an authorization endpoint in the profile’s settings. The server "
                                "refuses it otherwise."));
      return FALSE;
    }
  return TRUE;
}

/* An endpoint hands out the key of an encrypted channel too (protocol.md §5). TRUE if there is a
 * key, or may be. */
static gboolean
scope_subscribe_dialog_append_key (ScopeSubscribeDialog *self,
                                   GString              *text)
{
  const ScopeConnectionOptions *options = scope_session_get_options (self->session);

  if (options != NULL && options->channel_auth.endpoint != NULL)
    return TRUE;
  if (options != NULL && options->master_key != NULL)
    {
      g_string_append_printf (text, "\n%s",
                              _("Unlocked here: the key comes from the encryption master key."));
      return TRUE;
    }
  g_string_append_printf (text, "\n%s",
                          _("Events stay locked: that takes the encryption master key, or an "
                            "authorization endpoint."));
  return FALSE;
}

/* The default where it can be: subscribing to it then changes nothing for those who are there. */
static gboolean
scope_subscribe_dialog_is_unseen (ScopeSubscribeDialog *self,
                                  ScopeChannelKind      kind)
{
  return scope_channel_kind_is_presence (kind) && scope_session_get_api (self->session, NULL) != NULL;
}

static void
scope_subscribe_dialog_append_unseen (ScopeSubscribeDialog *self,
                                      GString              *text)
{
  ScopeFootprint *footprint = scope_session_get_footprint (self->session);
  gint64 min_usec;
  gint64 max_usec;
  double a_day;
  g_autofree char *shortest = NULL;
  g_autofree char *longest = NULL;
  g_autofree char *requests = NULL;
  g_autofree char *share = NULL;
  guint64 plan = scope_footprint_get_plan (footprint);

  scope_session_get_unseen_interval (self->session, &min_usec, &max_usec);
  a_day = 86400.0 * G_USEC_PER_SEC / max_usec;
  shortest = scope_text_format_duration (min_usec);
  longest = scope_text_format_duration (max_usec);
  requests = scope_footprint_dup_about_text (a_day);
  g_string_append_printf (text, "\n%s",
                          _("Watched unseen: nobody there is told. The HTTP API is asked who is in it, "
                            "and gives ids without names."));
  g_string_append_c (text, '\n');
  share = plan > 0 ? scope_footprint_dup_share_text (a_day, plan) : NULL;
  if (share != NULL)
    /* Translators: two durations, a number of requests, a percentage */
    g_string_append_printf (text, _("Every %s while people come and go, every %s in calm, which makes %s "
                                    "requests a day: %s of the plan."), shortest, longest, requests, share);
  else
    g_string_append_printf (text, _("Every %s while people come and go, every %s in calm, which makes %s "
                                    "requests a day."), shortest, longest, requests);
}

/* What this kind of channel needs, and what subscribing to it does. TRUE if nothing is missing. */
static gboolean
scope_subscribe_dialog_append_needs (ScopeSubscribeDialog *self,
                                     ScopeChannelKind      kind,
                                     GString              *text)
{
  gboolean complete = TRUE;

  if (scope_subscribe_dialog_is_unseen (self, kind))
    {
      scope_subscribe_dialog_append_unseen (self, text);
      return TRUE;
    }
  if (scope_channel_kind_needs_auth (kind))
    complete = scope_subscribe_dialog_append_authority (self, text);
  else if (kind == SCOPE_CHANNEL_SERVER_TO_USER)
    g_string_append_printf (text, "\n%s", _("Only for the user of that id, once signed in."));
  else
    g_string_append_printf (text, "\n%s", _("Open to everybody: no authorization."));
  if (scope_channel_kind_is_encrypted (kind))
    complete = scope_subscribe_dialog_append_key (self, text) && complete;
  if (scope_channel_kind_is_presence (kind))
    g_string_append_printf (text, "\n%s",
                            _("You join it: everybody in the channel sees you come and go. To see who "
                              "is there without that, the HTTP API would have to be known: it takes the "
                              "app id and the app secret."));
  if (scope_channel_kind_is_cache (kind))
    g_string_append_printf (text, "\n%s", _("The server sends the last event again at once."));
  return complete;
}

static void
scope_subscribe_dialog_judge (ScopeSubscribeDialog *self,
                              const char           *name,
                              NameVerdict          *verdict)
{
  const char *refusal = g_hash_table_lookup (self->refusals, name);
  ScopeChannelKind kind = scope_channel_name_get_kind (name);
  g_autoptr (GString) text = NULL;
  g_autofree char *warning = NULL;
  g_autoptr (GError) error = NULL;

  verdict->kind = SCOPE_NOTE_ERROR;
  verdict->icon = scope_note_kind_to_icon (SCOPE_NOTE_ERROR);
  if (!scope_channel_name_check (name, &warning, &error) || refusal != NULL)
    {
      verdict->text = g_strdup (error != NULL ? error->message : refusal);
      return;
    }

  verdict->kind = SCOPE_NOTE_HINT;
  verdict->icon = scope_format_channel_icon (kind);
  text = g_string_new (scope_channel_kind_to_text (kind));
  if (scope_session_find_channel (self->session, name) != NULL)
    {
      verdict->kind = SCOPE_NOTE_NONE;
      g_string_append_printf (text, "\n%s", _("Already in the list of channels."));
    }
  else
    {
      verdict->can_join = scope_channel_kind_is_presence (kind);
      verdict->incomplete = !scope_subscribe_dialog_append_needs (self, kind, text);
      if (verdict->incomplete)
        verdict->kind = SCOPE_NOTE_WARNING;
    }

  if (warning != NULL)
    {
      verdict->kind = SCOPE_NOTE_WARNING;
      g_string_append_printf (text, "\n%s", warning);
    }
  verdict->text = g_string_free (g_steal_pointer (&text), FALSE);
}

/* Joining is no way to subscribe among others: it is asked for by itself, and says what it does. */
static GtkWidget *
scope_subscribe_dialog_create_join_button (const char *name)
{
  GtkWidget *button = gtk_button_new_with_label (_("Join as…"));
  g_autofree char *label = g_strdup_printf (_("Join %s as…"), name);

  gtk_widget_add_css_class (button, "scope-join");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", name);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "dialog.join");
  gtk_widget_set_tooltip_text (button, _("Become a member whom everyone in the channel sees"));
  scope_ui_set_label (button, label);
  return button;
}

static GtkWidget *
scope_subscribe_dialog_create_row (const char        *name,
                                   const NameVerdict *verdict)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (verdict->icon);
  g_autofree char *label = g_strdup_printf ("%s, %s", name, verdict->text);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), verdict->text);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  if (verdict->kind == SCOPE_NOTE_WARNING)
    {
      GtkWidget *sign = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

      gtk_widget_add_css_class (sign, "warning");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), sign);
    }
  if (verdict->kind == SCOPE_NOTE_ERROR)
    gtk_widget_add_css_class (icon, "error");
  if (verdict->can_join)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), scope_subscribe_dialog_create_join_button (name));
  scope_ui_set_label (row, label);
  return row;
}

static void
scope_subscribe_dialog_clear_rows (ScopeSubscribeDialog *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->names_list))) != NULL)
    gtk_list_box_remove (self->names_list, row);
}

/* Shows what is known about each name; says how many could be subscribed to, and how many are
 * wrong. */
static void
scope_subscribe_dialog_show_names (ScopeSubscribeDialog *self,
                                   char                **names,
                                   guint                *n_new,
                                   guint                *n_wrong)
{
  guint n = g_strv_length (names);
  gboolean incomplete = FALSE;

  *n_new = *n_wrong = 0;
  scope_subscribe_dialog_clear_rows (self);
  for (guint i = 0; i < n; i++)
    {
      g_auto (NameVerdict) verdict = { 0, };

      scope_subscribe_dialog_judge (self, names[i], &verdict);
      incomplete |= verdict.incomplete;
      *n_wrong += verdict.kind == SCOPE_NOTE_ERROR;
      *n_new += verdict.kind == SCOPE_NOTE_HINT || verdict.kind == SCOPE_NOTE_WARNING;
      if (i < MAX_ROWS)
        gtk_list_box_append (self->names_list,
                             scope_subscribe_dialog_create_row (names[i], &verdict));
    }

  gtk_widget_set_visible (self->settings_button, incomplete);
  gtk_widget_set_visible (GTK_WIDGET (self->more_label), n > MAX_ROWS);
  if (n > MAX_ROWS)
    {
      g_autofree char *more = g_strdup_printf (
          ngettext ("and %u more", "and %u more", n - MAX_ROWS), n - MAX_ROWS);

      gtk_label_set_text (self->more_label, more);
    }
}

static void
scope_subscribe_dialog_update (ScopeSubscribeDialog *self)
{
  g_auto (GStrv) names = scope_subscribe_dialog_dup_names (self);
  gboolean any = names[0] != NULL;
  guint n_new;
  guint n_wrong;

  scope_subscribe_dialog_show_names (self, names, &n_new, &n_wrong);
  gtk_widget_set_visible (self->names_box, any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.subscribe",
                                 n_wrong == 0 && n_new > 0);

  if (n_wrong > 0)
    scope_field_note_set (self->note, SCOPE_NOTE_ERROR,
                          names[1] == NULL ? _("This name can’t be subscribed to.")
                                           : _("Not all of these names can be subscribed to."));
  else if (any && n_new == 0)
    scope_field_note_set (self->note, SCOPE_NOTE_HINT, _("There is nothing new to subscribe to."));
  else
    scope_field_note_set (self->note, SCOPE_NOTE_HINT,
                          any ? NULL
                              : _("The beginning of the name says what kind it is: private-, "
                                   "presence-, private-encrypted-, cache-. Several names are "
                                   "separated by spaces."));
}

static void
scope_subscribe_dialog_changed_cb (ScopeSubscribeDialog *self)
{
  g_hash_table_remove_all (self->refusals);
  scope_subscribe_dialog_update (self);
}

static void
scope_subscribe_dialog_state_cb (ScopeSubscribeDialog *self)
{
  gtk_widget_set_visible (self->offline_label,
                          scope_session_get_state (self->session) != SCOPE_STATE_CONNECTED);
}

/* What was refused stays in the entry, with the reason. */
static void
scope_subscribe_dialog_subscribe_cb (GtkWidget  *widget,
                                     const char *action,
                                     GVariant   *parameter)
{
  ScopeSubscribeDialog *self = SCOPE_SUBSCRIBE_DIALOG (widget);
  g_auto (GStrv) names = scope_subscribe_dialog_dup_names (self);
  g_autoptr (GHashTable) refusals =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GString) left = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (scope_session_watch (self->session, names[i], &error))
        continue;
      g_hash_table_insert (refusals, g_strdup (names[i]), g_strdup (error->message));
      g_string_append_printf (left, "%s%s", left->len > 0 ? " " : "", names[i]);
    }

  if (left->len == 0)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  gtk_editable_set_text (GTK_EDITABLE (self->entry), left->str);
  g_clear_pointer (&self->refusals, g_hash_table_unref);
  self->refusals = g_steal_pointer (&refusals);
  scope_subscribe_dialog_update (self);
}

/* Other names that were typed stay. */
static void
scope_subscribe_dialog_join_cb (GtkWidget  *widget,
                                const char *action,
                                GVariant   *parameter)
{
  ScopeSubscribeDialog *self = SCOPE_SUBSCRIBE_DIALOG (widget);
  g_auto (GStrv) names = scope_subscribe_dialog_dup_names (self);
  gboolean alone = g_strv_length (names) == 1;
  GtkWindow *parent = alone ? gtk_window_get_transient_for (GTK_WINDOW (self)) : GTK_WINDOW (self);

  gtk_window_present (scope_join_dialog_new (parent, self->session,
                                             g_variant_get_string (parameter, NULL)));
  if (alone)
    gtk_window_close (GTK_WINDOW (self));
}

static void
scope_subscribe_dialog_dispose (GObject *object)
{
  ScopeSubscribeDialog *self = SCOPE_SUBSCRIBE_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_SUBSCRIBE_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (scope_subscribe_dialog_parent_class)->dispose (object);
}

static void
scope_subscribe_dialog_finalize (GObject *object)
{
  ScopeSubscribeDialog *self = SCOPE_SUBSCRIBE_DIALOG (object);

  g_clear_pointer (&self->refusals, g_hash_table_unref);

  G_OBJECT_CLASS (scope_subscribe_dialog_parent_class)->finalize (object);
}

static void
scope_subscribe_dialog_class_init (ScopeSubscribeDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_subscribe_dialog_dispose;
  object_class->finalize = scope_subscribe_dialog_finalize;

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-subscribe-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeSubscribeDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeSubscribeDialog, subscribe_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeSubscribeDialog, note);
  gtk_widget_class_bind_template_child (widget_class, ScopeSubscribeDialog, names_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeSubscribeDialog, names_list);
  gtk_widget_class_bind_template_child (widget_class, ScopeSubscribeDialog, more_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeSubscribeDialog, settings_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeSubscribeDialog, offline_label);
  gtk_widget_class_bind_template_callback (widget_class, scope_subscribe_dialog_changed_cb);
  gtk_widget_class_install_action (widget_class, "dialog.subscribe", NULL,
                                   scope_subscribe_dialog_subscribe_cb);
  gtk_widget_class_install_action (widget_class, "dialog.join", "s", scope_subscribe_dialog_join_cb);
  gtk_widget_class_install_action (widget_class, "dialog.settings", NULL,
                                   scope_ui_edit_profile_action);
}

static void
scope_subscribe_dialog_init (ScopeSubscribeDialog *self)
{
  self->refusals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_quit_guard (GTK_WINDOW (self));
}

/**
 * scope_subscribe_dialog_new:
 * @parent: (nullable): the window it belongs to
 * @session: what to subscribe with
 *
 * Makes the dialog that asks for channels' names and says what each of them is.
 *
 * Returns: (transfer none): a window that owns itself, not presented yet
 */
GtkWindow *
scope_subscribe_dialog_new (GtkWindow    *parent,
                            ScopeSession *session)
{
  ScopeSubscribeDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);

  self = g_object_new (SCOPE_TYPE_SUBSCRIBE_DIALOG, "transient-for", parent, NULL);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (scope_subscribe_dialog_state_cb),
                           self, G_CONNECT_SWAPPED);
  scope_subscribe_dialog_state_cb (self);
  scope_subscribe_dialog_update (self);
  scope_ui_set_label (gtk_widget_get_ancestor (self->entry, GTK_TYPE_LIST_BOX), _("Subscribe"));
  gtk_widget_grab_focus (self->entry);
  return GTK_WINDOW (self);
}
