/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-profile-editor"

#include "config.h"

#include "ui/scope-profile-editor-private.h"

#include <glib/gi18n-lib.h>

#include "net/scope-option-checks.h"

/* The whole table, by its short name. */
#define fields _scope_profile_editor_fields

static const char * const transport_lists[] = { NULL, "ws", "wss" };

static gboolean
field_has_text (ScopeField field)
{
  return fields[field].type != SCOPE_FIELD_TYPE_SWITCH &&
         fields[field].type != SCOPE_FIELD_TYPE_CHOICE;
}

static gboolean
field_is_lines (ScopeField field)
{
  return fields[field].type == SCOPE_FIELD_TYPE_LINES ||
         fields[field].type == SCOPE_FIELD_TYPE_SECRET_LINES;
}

static gboolean
field_is_secret (ScopeField field)
{
  return fields[field].type == SCOPE_FIELD_TYPE_SECRET ||
         fields[field].type == SCOPE_FIELD_TYPE_SECRET_LINES;
}

/* (transfer full). Blanks around a value come from pasting; only a secret may mean them. */
static char *
scope_profile_editor_dup_text (ScopeProfileEditor *self,
                               ScopeField          field)
{
  GtkWidget *input = self->inputs[field];
  GtkTextBuffer *buffer;
  GtkTextIter start, end;

  if (GTK_IS_EDITABLE (input))
    {
      char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (input)));

      return field == SCOPE_FIELD_SECRET ? text : g_strstrip (text);
    }

  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (input));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static void
scope_profile_editor_set_text (ScopeProfileEditor *self,
                               ScopeField          field,
                               const char         *text)
{
  GtkWidget *input = self->inputs[field];

  if (text == NULL)
    text = "";
  if (GTK_IS_EDITABLE (input))
    gtk_editable_set_text (GTK_EDITABLE (input), text);
  else
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (input)), text, -1);
}

/* (transfer full): the lines that are not blank, stripped */
static char **
scope_profile_editor_dup_lines (ScopeProfileEditor *self,
                                ScopeField          field)
{
  g_autofree char *text = scope_profile_editor_dup_text (self, field);
  g_auto (GStrv) all = g_strsplit (text, "\n", -1);
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (guint i = 0; all[i] != NULL; i++)
    if (*g_strstrip (all[i]) != '\0')
      g_strv_builder_add (lines, all[i]);
  return g_strv_builder_end (lines);
}

static const char *
scope_profile_editor_get_title (ScopeProfileEditor *self,
                                ScopeField          field)
{
  if (field == SCOPE_FIELD_HEADERS)
    return _("Extra Headers");
  if (field == SCOPE_FIELD_SUBSCRIPTIONS)
    return _("Channels");
  return adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self->inputs[field]));
}

/* Loading */

static void
scope_profile_editor_load_number (ScopeProfileEditor *self,
                                  ScopeField          field,
                                  guint               value)
{
  g_autofree char *text = value != 0 ? g_strdup_printf ("%u", value) : NULL;

  scope_profile_editor_set_text (self, field, text);
}

static void
scope_profile_editor_load_seconds (ScopeProfileEditor *self,
                                   ScopeField          field,
                                   double              value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  scope_profile_editor_set_text (self, field, g_ascii_formatd (text, sizeof text, "%g", value));
}

/* The list may name other orders than the three choices; it decides by what it allows. */
static void
scope_profile_editor_load_transports (ScopeProfileEditor *self,
                                      const char         *list)
{
  ScopeTransportKinds kinds = SCOPE_TRANSPORTS_ALL;
  guint choice = 0;

  if (list != NULL && scope_check_transports (list, &kinds, NULL))
    {
      if (kinds == SCOPE_TRANSPORT_WS)
        choice = 1;
      else if (kinds == SCOPE_TRANSPORT_WSS)
        choice = 2;
    }
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->inputs[SCOPE_FIELD_TRANSPORTS]), choice);
}

static void
scope_profile_editor_load_lines (ScopeProfileEditor *self,
                                 ScopeField          field,
                                 const GValue       *value)
{
  const char * const *lines = g_value_get_boxed (value);
  g_autofree char *text = lines != NULL ? g_strjoinv ("\n", (char **) lines) : NULL;

  scope_profile_editor_set_text (self, field, text);
}

static void
scope_profile_editor_load_field (ScopeProfileEditor *self,
                                 ScopeField          field)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_object_get_property (G_OBJECT (self->working), fields[field].property, &value);
  switch (fields[field].type)
    {
    case SCOPE_FIELD_TYPE_TEXT:
      scope_profile_editor_set_text (self, field, g_value_get_string (&value));
      break;

    case SCOPE_FIELD_TYPE_NUMBER:
      scope_profile_editor_load_number (self, field, g_value_get_uint (&value));
      break;

    case SCOPE_FIELD_TYPE_SECONDS:
      scope_profile_editor_load_seconds (self, field, g_value_get_double (&value));
      break;

    case SCOPE_FIELD_TYPE_SWITCH:
      gtk_switch_set_active (GTK_SWITCH (self->inputs[field]), g_value_get_boolean (&value));
      break;

    case SCOPE_FIELD_TYPE_CHOICE:
      scope_profile_editor_load_transports (self, g_value_get_string (&value));
      break;

    case SCOPE_FIELD_TYPE_LINES:
      scope_profile_editor_load_lines (self, field, &value);
      break;

    case SCOPE_FIELD_TYPE_SECRET:
    case SCOPE_FIELD_TYPE_SECRET_LINES:
    default:
      g_assert_not_reached ();
    }
}

/* Collecting */

static void
scope_profile_editor_collect_seconds (ScopeProfileEditor *self,
                                      ScopeField          field,
                                      const char         *text,
                                      ScopeProfile       *profile)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (profile), fields[field].property);
  double seconds = G_PARAM_SPEC_DOUBLE (pspec)->default_value;

  if (*text != '\0')
    scope_check_seconds (text, &seconds, NULL);
  g_object_set (profile, fields[field].property, seconds, NULL);
}

static void
scope_profile_editor_collect_text_field (ScopeProfileEditor *self,
                                         ScopeField          field,
                                         ScopeProfile       *profile)
{
  const char *property = fields[field].property;
  g_autofree char *text = scope_profile_editor_dup_text (self, field);

  if (fields[field].type == SCOPE_FIELD_TYPE_NUMBER)
    g_object_set (profile, property, (guint) g_ascii_strtoull (text, NULL, 10), NULL);
  else if (fields[field].type == SCOPE_FIELD_TYPE_SECONDS)
    scope_profile_editor_collect_seconds (self, field, text, profile);
  else
    g_object_set (profile, property,
                  *text != '\0' || field == SCOPE_FIELD_NAME ? text : NULL, NULL);
}

static void
scope_profile_editor_collect_field (ScopeProfileEditor *self,
                                    ScopeField          field,
                                    ScopeProfile       *profile)
{
  g_auto (GStrv) lines = NULL;

  switch (fields[field].type)
    {
    case SCOPE_FIELD_TYPE_TEXT:
    case SCOPE_FIELD_TYPE_NUMBER:
    case SCOPE_FIELD_TYPE_SECONDS:
      scope_profile_editor_collect_text_field (self, field, profile);
      break;

    case SCOPE_FIELD_TYPE_SWITCH:
      g_object_set (profile, fields[field].property,
                    gtk_switch_get_active (GTK_SWITCH (self->inputs[field])), NULL);
      break;

    case SCOPE_FIELD_TYPE_CHOICE:
      if (self->touched[field])
        {
          guint choice = adw_combo_row_get_selected (ADW_COMBO_ROW (self->inputs[field]));

          g_object_set (profile, "transports",
                        transport_lists[MIN (choice, G_N_ELEMENTS (transport_lists) - 1)], NULL);
        }
      break;

    case SCOPE_FIELD_TYPE_LINES:
      lines = scope_profile_editor_dup_lines (self, field);
      if (self->touched[field])
        scope_profile_set_subscriptions (profile, (const char * const *) lines);
      break;

    case SCOPE_FIELD_TYPE_SECRET:
    case SCOPE_FIELD_TYPE_SECRET_LINES:
    default:
      break;
    }
}

/* Checking */

static gboolean
scope_profile_editor_check_lines (ScopeProfileEditor *self,
                                  ScopeField          field,
                                  GError            **error)
{
  g_auto (GStrv) lines = scope_profile_editor_dup_lines (self, field);

  for (guint i = 0; lines[i] != NULL; i++)
    if (!fields[field].check (self, lines[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
scope_profile_editor_check_field (ScopeProfileEditor *self,
                                  ScopeField          field,
                                  GError            **error)
{
  g_autofree char *text = NULL;

  if (!field_has_text (field) || fields[field].check == NULL)
    return TRUE;
  if (field_is_lines (field))
    return scope_profile_editor_check_lines (self, field, error);

  text = scope_profile_editor_dup_text (self, field);
  return *text == '\0' || fields[field].check (self, text, error);
}

static char *
scope_profile_editor_dup_cluster_hint (ScopeProfileEditor *self)
{
  g_autofree char *text = scope_profile_editor_dup_text (self, SCOPE_FIELD_CLUSTER);
  const char *name;
  const char *place;

  if (!_scope_profile_editor_field_is_empty (self, SCOPE_FIELD_HOST))
    return *text != '\0' ? g_strdup (_("Not used, because a host is set.")) : NULL;
  if (*text == '\0')
    return g_strdup (_("Empty means mt1."));

  for (guint i = 0; (name = _scope_profile_editor_get_cluster (i, &place)) != NULL; i++)
    if (strcmp (name, text) == 0)
      return g_strdup (place);
  return g_strdup (_("None of the known clusters; it is used as it is."));
}

static char *
scope_profile_editor_dup_port_hint (ScopeProfileEditor *self)
{
  gboolean tls = gtk_switch_get_active (GTK_SWITCH (self->inputs[SCOPE_FIELD_USE_TLS]));

  if (!_scope_profile_editor_field_is_empty (self, SCOPE_FIELD_PORT)
      || _scope_profile_editor_field_is_empty (self, SCOPE_FIELD_HOST))
    return NULL;
  return g_strdup (tls ? _("Empty means 443.") : _("Empty means 80."));
}

/* (transfer full) (nullable): what is good to know about a field that is valid */
static char *
scope_profile_editor_dup_hint (ScopeProfileEditor *self,
                               ScopeField          field)
{
  gboolean empty = field_has_text (field) && _scope_profile_editor_field_is_empty (self, field);

  if (field == SCOPE_FIELD_CLUSTER)
    return scope_profile_editor_dup_cluster_hint (self);
  if (field == SCOPE_FIELD_PORT)
    return scope_profile_editor_dup_port_hint (self);
  if (field == SCOPE_FIELD_PRESENCE_USER && empty)
    return g_strdup (_("As JSON: {\"user_id\": \"42\", \"user_info\": {\"name\": \"Ada\"}}. "
                        "Empty means a generated id."));
  if (field == SCOPE_FIELD_MAX_ATTEMPTS && empty)
    return g_strdup (_("Empty means it never gives up."));
  if (field == SCOPE_FIELD_WSS_PORT && empty)
    return g_strdup (_("Empty means the port above, else 443."));
  if (field == SCOPE_FIELD_PROXY && empty)
    return g_strdup (_("Empty means the system’s proxy settings."));
  if (field_is_secret (field) && !self->secrets_known && empty)
    return g_strdup (_("Empty keeps what the keyring holds."));
  return NULL;
}

static gboolean
scope_profile_editor_lacks (ScopeProfileEditor *self,
                            ScopeField          field)
{
  if (field == SCOPE_FIELD_KEY && !self->secrets_known)
    return FALSE;
  return (field == SCOPE_FIELD_NAME || field == SCOPE_FIELD_KEY)
         && _scope_profile_editor_field_is_empty (self, field);
}

/* An empty field is not called wrong before somebody has been there. */
static char *
scope_profile_editor_validate_field (ScopeProfileEditor *self,
                                     ScopeField          field)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *hint = NULL;

  if (scope_profile_editor_lacks (self, field))
    {
      const char *text = field == SCOPE_FIELD_NAME ? _("A profile needs a name.")
                                                   : _("A profile needs its app key.");

      scope_field_note_set (self->notes[field],
                            self->touched[field] ? SCOPE_NOTE_ERROR : SCOPE_NOTE_NONE, text);
      return g_strdup (text);
    }

  if (!scope_profile_editor_check_field (self, field, &error))
    {
      scope_field_note_set (self->notes[field], SCOPE_NOTE_ERROR, error->message);
      return g_strdup_printf ("%s: %s", scope_profile_editor_get_title (self, field),
                              error->message);
    }

  hint = scope_profile_editor_dup_hint (self, field);
  scope_field_note_set (self->notes[field], SCOPE_NOTE_HINT, hint);
  return NULL;
}

/* What no single field can know, e.g. that only ws is allowed while TLS is on. */
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

static void
scope_profile_editor_touch (ScopeProfileEditor *self,
                            ScopeField          field)
{
  if (self->loading)
    return;

  self->touched[field] = TRUE;

  /* A profile that could publish starts out read-only, until the user decides. */
  if (field == SCOPE_FIELD_SECRET && self->original == NULL
      && !self->touched[SCOPE_FIELD_READ_ONLY])
    {
      self->loading = TRUE;
      gtk_switch_set_active (GTK_SWITCH (self->inputs[SCOPE_FIELD_READ_ONLY]),
                             !_scope_profile_editor_field_is_empty (self, SCOPE_FIELD_SECRET));
      self->loading = FALSE;
    }
  _scope_profile_editor_update (self);
}

/* Whichever object of a field says that it changed. */
static void
scope_profile_editor_changed_cb (ScopeProfileEditor *self,
                                 GParamSpec         *pspec,
                                 GObject            *object)
{
  ScopeField field = GPOINTER_TO_UINT (g_object_get_data (object, "scope-field"));

  scope_profile_editor_touch (self, field);
}

static void
scope_profile_editor_text_changed_cb (ScopeProfileEditor *self,
                                      GObject            *object)
{
  scope_profile_editor_changed_cb (self, NULL, object);
}

static void
scope_profile_editor_watch (ScopeProfileEditor *self,
                            ScopeField          field)
{
  GObject *object = G_OBJECT (self->inputs[field]);

  if (field_is_lines (field))
    object = G_OBJECT (gtk_text_view_get_buffer (GTK_TEXT_VIEW (object)));
  g_object_set_data (object, "scope-field", GUINT_TO_POINTER (field));

  if (field_has_text (field))
    g_signal_connect_object (object, "changed", G_CALLBACK (scope_profile_editor_text_changed_cb),
                             self, G_CONNECT_SWAPPED);
  else
    g_signal_connect_object (object,
                             fields[field].type == SCOPE_FIELD_TYPE_SWITCH ? "notify::active"
                                                                           : "notify::selected",
                             G_CALLBACK (scope_profile_editor_changed_cb), self,
                             G_CONNECT_SWAPPED);
}

/* The known clusters as a menu; the entry takes any other name too. */
static void
scope_profile_editor_fill_clusters (ScopeProfileEditor *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  const char *name;
  const char *place;

  for (guint i = 0; (name = _scope_profile_editor_get_cluster (i, &place)) != NULL; i++)
    {
      g_autofree char *label = g_strdup_printf ("%s – %s", name, place);
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "editor.set-cluster", "s", name);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (self->cluster_button, G_MENU_MODEL (menu));
}

static void
scope_profile_editor_set_cluster_cb (GtkWidget  *widget,
                                     const char *action,
                                     GVariant   *parameter)
{
  ScopeProfileEditor *self = SCOPE_PROFILE_EDITOR (widget);

  scope_profile_editor_set_text (self, SCOPE_FIELD_CLUSTER,
                                 g_variant_get_string (parameter, NULL));
  gtk_widget_grab_focus (self->inputs[SCOPE_FIELD_CLUSTER]);
}

void
_scope_profile_editor_bind_fields (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < SCOPE_N_FIELDS; i++)
    {
      gtk_widget_class_bind_template_child_full (widget_class, fields[i].id, FALSE, 0);
      if (field_has_text (i))
        {
          g_autofree char *note = g_strconcat (fields[i].id, "_note", NULL);

          gtk_widget_class_bind_template_child_full (widget_class, g_intern_string (note), FALSE,
                                                     0);
        }
    }
  gtk_widget_class_install_action (widget_class, "editor.set-cluster", "s",
                                   scope_profile_editor_set_cluster_cb);
}

void
_scope_profile_editor_init_fields (ScopeProfileEditor *self)
{
  for (guint i = 0; i < SCOPE_N_FIELDS; i++)
    {
      GtkWidget *widget = GTK_WIDGET (self);

      self->inputs[i] = GTK_WIDGET (
          gtk_widget_get_template_child (widget, SCOPE_TYPE_PROFILE_EDITOR, fields[i].id));
      if (field_has_text (i))
        {
          g_autofree char *note = g_strconcat (fields[i].id, "_note", NULL);

          self->notes[i] = SCOPE_FIELD_NOTE (
              gtk_widget_get_template_child (widget, SCOPE_TYPE_PROFILE_EDITOR, note));
        }
      scope_profile_editor_watch (self, i);
    }
  scope_profile_editor_fill_clusters (self);
}

void
_scope_profile_editor_load (ScopeProfileEditor *self)
{
  self->loading = TRUE;
  for (guint i = 0; i < SCOPE_N_FIELDS; i++)
    if (!field_is_secret (i))
      scope_profile_editor_load_field (self, i);
  self->loading = FALSE;
}

void
_scope_profile_editor_load_credentials (ScopeProfileEditor *self,
                                        ScopeCredentials   *credentials,
                                        gboolean            only_untouched)
{
  self->loading = TRUE;
  for (guint i = 0; i < SCOPE_N_FIELDS; i++)
    if (field_is_secret (i) && !(only_untouched && self->touched[i]))
      scope_profile_editor_set_text (self, i,
                                     scope_credentials_peek (credentials, fields[i].credential));
  self->loading = FALSE;
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
          field_has_text (i) ? scope_profile_editor_validate_field (self, i) : NULL;

      if (reason == NULL)
        continue;
      if (*save_reason == NULL)
        *save_reason = g_strdup (reason);
      if (*test_reason == NULL && i != SCOPE_FIELD_NAME)
        *test_reason = g_strdup (reason);
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

void
_scope_profile_editor_collect (ScopeProfileEditor *self,
                               ScopeProfile       *profile)
{
  for (guint i = 0; i < SCOPE_N_FIELDS; i++)
    scope_profile_editor_collect_field (self, i, profile);
}

ScopeCredentials *
_scope_profile_editor_collect_credentials (ScopeProfileEditor *self)
{
  ScopeCredentials *credentials = scope_credentials_new ();

  for (guint i = 0; i < SCOPE_N_FIELDS; i++)
    if (field_is_secret (i))
      {
        char *text = scope_profile_editor_dup_text (self, i);

        scope_credentials_set (credentials, fields[i].credential, text);
        scope_secret_wipe (text, strlen (text));
        g_free (text);
      }
  return credentials;
}

gboolean
_scope_profile_editor_credentials_touched (ScopeProfileEditor *self)
{
  for (guint i = 0; i < SCOPE_N_FIELDS; i++)
    if (field_is_secret (i) && self->touched[i])
      return TRUE;
  return FALSE;
}

gboolean
_scope_profile_editor_field_is_empty (ScopeProfileEditor *self,
                                      ScopeField          field)
{
  g_autofree char *text = scope_profile_editor_dup_text (self, field);

  return *text == '\0';
}
