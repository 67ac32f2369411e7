/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-profile-editor"

#include "config.h"

#include "ui/scope-profile-editor-private.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-lines-row.h"
#include "ui/scope-ui-util.h"

/* What is wrong with the form, and what is good to know about a field that is right. */

#define fields _scope_profile_editor_fields

static const char *
scope_profile_editor_get_title (ScopeProfileEditor *self,
                                ScopeEditorField    field)
{
  return adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self->rows[field]));
}

static gboolean
scope_profile_editor_check_lines (ScopeProfileEditor *self,
                                  ScopeEditorField    field,
                                  GError            **error)
{
  g_auto (GStrv) lines = _scope_profile_editor_dup_lines (self, field);

  for (guint i = 0; lines[i] != NULL; i++)
    if (!fields[field].check (self, lines[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
scope_profile_editor_check_field (ScopeProfileEditor *self,
                                  ScopeEditorField    field,
                                  GError            **error)
{
  g_autofree char *text = NULL;

  if (fields[field].check == NULL)
    return TRUE;
  if (SCOPE_IS_LINES_ROW (self->rows[field]))
    return scope_profile_editor_check_lines (self, field, error);

  text = _scope_profile_editor_dup_text (self, field);
  return *text == '\0' || fields[field].check (self, text, error);
}

/* Hints: (nullable), translated */

static const char *
scope_profile_editor_get_cluster_hint (ScopeProfileEditor *self)
{
  g_autofree char *text = _scope_profile_editor_dup_text (self, SCOPE_FIELD_CLUSTER);
  const char *name;
  const char *place;

  if (!_scope_profile_editor_field_is_empty (self, SCOPE_FIELD_HOST))
    return _("Not used, because a host is set.");
  if (*text == '\0')
    return _("Empty means mt1.");

  for (guint i = 0; (name = _scope_profile_editor_get_cluster (i, &place)) != NULL; i++)
    if (strcmp (name, text) == 0)
      return place;
  return _("None of the known clusters; it is used as it is.");
}

static const char *
scope_profile_editor_get_port_hint (ScopeProfileEditor *self)
{
  gboolean tls = gtk_switch_get_active (GTK_SWITCH (self->inputs[SCOPE_FIELD_USE_TLS]));

  return tls ? _("Empty means 443.") : _("Empty means 80.");
}

static const char *
scope_profile_editor_get_endpoint_hint (ScopeProfileEditor *self,
                                        ScopeEditorField    endpoint)
{
  return _scope_profile_editor_field_is_empty (self, endpoint)
             ? _("Not used, because there is no endpoint.")
             : _("Kept in the keyring.");
}

static const char *
scope_profile_editor_get_hint (ScopeProfileEditor *self,
                               ScopeEditorField    field)
{
  if (field == SCOPE_FIELD_CLUSTER)
    return scope_profile_editor_get_cluster_hint (self);
  if (field == SCOPE_FIELD_PORT)
    return scope_profile_editor_get_port_hint (self);
  if (field == SCOPE_FIELD_AUTH_PARAMS || field == SCOPE_FIELD_AUTH_HEADERS)
    return scope_profile_editor_get_endpoint_hint (self, SCOPE_FIELD_AUTH_ENDPOINT);
  if (field == SCOPE_FIELD_USER_PARAMS || field == SCOPE_FIELD_USER_HEADERS)
    return scope_profile_editor_get_endpoint_hint (self, SCOPE_FIELD_USER_ENDPOINT);
  if (field == SCOPE_FIELD_HEADERS)
    return _("Kept in the keyring.");
  if (field == SCOPE_FIELD_USER_DATA)
    return _scope_profile_editor_field_is_empty (self, SCOPE_FIELD_USER_ENDPOINT)
               ? _("As {\"id\": \"42\", \"watchlist\": [\"43\"]}. Empty means not signing in here.")
               : _("Not used, because the endpoint says who the user is.");
  return fields[field].hint != NULL ? _(fields[field].hint) : NULL;
}

static gboolean
scope_profile_editor_is_unknown (ScopeProfileEditor *self,
                                 ScopeEditorField    field)
{
  return !self->secrets_known && fields[field].property == NULL
         && _scope_profile_editor_field_is_empty (self, field);
}

/* An endpoint's address is no place for a token: it stands in the profile's file. */
static gboolean
scope_profile_editor_has_query (ScopeProfileEditor *self,
                                ScopeEditorField    field)
{
  g_autofree char *text = NULL;

  if (field != SCOPE_FIELD_AUTH_ENDPOINT && field != SCOPE_FIELD_USER_ENDPOINT)
    return FALSE;

  text = _scope_profile_editor_dup_text (self, field);
  return strchr (text, '?') != NULL;
}

static void
scope_profile_editor_show_hint (ScopeProfileEditor *self,
                                ScopeEditorField    field)
{
  if (scope_profile_editor_has_query (self, field))
    scope_field_note_set (self->notes[field], SCOPE_NOTE_WARNING,
                          _("Saved in a file: a token belongs in a parameter or header."));
  else if (scope_profile_editor_is_unknown (self, field))
    scope_field_note_set (self->notes[field], SCOPE_NOTE_HINT,
                          _("Empty keeps what the keyring holds."));
  else
    scope_field_note_set (self->notes[field], SCOPE_NOTE_HINT,
                          scope_profile_editor_get_hint (self, field));
}

/* Validation */

static void
scope_profile_editor_show_error (ScopeProfileEditor *self,
                                 ScopeEditorField    field,
                                 const char         *message)
{
  scope_field_note_set (self->notes[field], SCOPE_NOTE_ERROR, message);
  _scope_profile_editor_reveal (self, field);
}

static gboolean
scope_profile_editor_lacks (ScopeProfileEditor *self,
                            ScopeEditorField    field)
{
  if (field == SCOPE_FIELD_KEY && !self->secrets_known)
    return FALSE;
  return (field == SCOPE_FIELD_NAME || field == SCOPE_FIELD_KEY)
         && _scope_profile_editor_field_is_empty (self, field);
}

/* An empty field is not called wrong before somebody has been there. */
static char *
scope_profile_editor_tell_lack (ScopeProfileEditor *self,
                                ScopeEditorField    field)
{
  const char *text = field == SCOPE_FIELD_NAME ? _("A profile needs a name.")
                                               : _("A profile needs its app key.");

  if (self->touched[field])
    scope_profile_editor_show_error (self, field, text);
  else
    scope_profile_editor_show_hint (self, field);
  return g_strdup (text);
}

/* (transfer full) (nullable): what is wrong with it */
static char *
scope_profile_editor_validate_field (ScopeProfileEditor *self,
                                     ScopeEditorField    field)
{
  g_autoptr (GError) error = NULL;
  gboolean good = scope_profile_editor_check_field (self, field, &error);

  if (self->rows[field] != self->inputs[field])
    scope_ui_set_class (self->rows[field], "error", !good);
  if (scope_profile_editor_lacks (self, field))
    return scope_profile_editor_tell_lack (self, field);
  if (good)
    {
      scope_profile_editor_show_hint (self, field);
      return NULL;
    }

  scope_profile_editor_show_error (self, field, error->message);
  return g_strdup_printf ("%s: %s", scope_profile_editor_get_title (self, field), error->message);
}

/* What no single field can know. */
static char *
scope_profile_editor_validate_whole (ScopeProfileEditor *self)
{
  g_autoptr (ScopeProfile) profile = scope_profile_copy (self->working);
  g_autoptr (ScopeCredentials) credentials = _scope_profile_editor_collect_credentials (self);
  g_autoptr (ScopeConnectionOptions) options = NULL;
  g_autoptr (GError) error = NULL;

  _scope_profile_editor_collect (self, profile);
  options = scope_profile_to_options (profile, credentials);
  if (scope_connection_options_check (options, &error))
    return NULL;
  return g_strdup (error->message);
}

static gboolean
scope_profile_editor_has_focus (ScopeProfileEditor *self,
                                ScopeEditorField    field)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus != NULL
         && (focus == self->inputs[field] || gtk_widget_is_ancestor (focus, self->inputs[field]));
}

/* The first that is wrong is named, but one that is being typed before it. */
static void
scope_profile_editor_take_reason (ScopeProfileEditor *self,
                                  ScopeEditorField    field,
                                  const char         *reason,
                                  char              **kept)
{
  if (*kept != NULL && !scope_profile_editor_has_focus (self, field))
    return;

  g_free (*kept);
  *kept = g_strdup (reason);
}

void
_scope_profile_editor_validate (ScopeProfileEditor *self,
                                char              **save_reason,
                                char              **test_reason)
{
  *save_reason = NULL;
  *test_reason = NULL;

  for (guint i = 0; i < SCOPE_N_FIELDS; i++)
    {
      g_autofree char *reason =
          self->notes[i] != NULL ? scope_profile_editor_validate_field (self, i) : NULL;

      if (reason == NULL)
        continue;
      scope_profile_editor_take_reason (self, i, reason, save_reason);
      if (i != SCOPE_FIELD_NAME)
        scope_profile_editor_take_reason (self, i, reason, test_reason);
    }

  /* Nothing to try a connection with: the key is in a keyring that can't be read. */
  if (*test_reason == NULL && _scope_profile_editor_field_is_empty (self, SCOPE_FIELD_KEY))
    *test_reason = g_strdup (_("A test needs the app key."));
  else if (*test_reason == NULL)
    {
      *test_reason = scope_profile_editor_validate_whole (self);
      if (*save_reason == NULL)
        *save_reason = g_strdup (*test_reason);
    }
}
