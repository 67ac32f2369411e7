/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-profile-editor"

#include "config.h"

#include "ui/scope-profile-editor-private.h"

#include "net/scope-option-checks.h"
#include "ui/scope-lines-row.h"

/* The whole table, by its short name. */
#define fields _scope_profile_editor_fields

/* in the order of the choices */
static const struct
{
  const char *transport;
  const char *method;
} requests[] = {
  { NULL, NULL },
  { NULL, "get" },
  { "jsonp", NULL },
};

static gboolean
field_has_text (ScopeEditorField field)
{
  return fields[field].type != SCOPE_FIELD_TYPE_SWITCH &&
         fields[field].type != SCOPE_FIELD_TYPE_REQUEST;
}

static gboolean
field_is_lines (ScopeEditorField field)
{
  return fields[field].type == SCOPE_FIELD_TYPE_LINES ||
         fields[field].type == SCOPE_FIELD_TYPE_SECRET_LINES;
}

static gboolean
field_is_secret (ScopeEditorField field)
{
  return fields[field].type == SCOPE_FIELD_TYPE_SECRET ||
         fields[field].type == SCOPE_FIELD_TYPE_SECRET_LINES;
}

/* (transfer full). Blanks around a value come from pasting; only a secret may mean them. */
char *
_scope_profile_editor_dup_text (ScopeProfileEditor *self,
                               ScopeEditorField    field)
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
                               ScopeEditorField    field,
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
char **
_scope_profile_editor_dup_lines (ScopeProfileEditor *self,
                                ScopeEditorField    field)
{
  g_autofree char *text = _scope_profile_editor_dup_text (self, field);
  g_auto (GStrv) all = g_strsplit (text, "\n", -1);
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (guint i = 0; all[i] != NULL; i++)
    if (*g_strstrip (all[i]) != '\0')
      g_strv_builder_add (lines, all[i]);
  return g_strv_builder_end (lines);
}

/* Loading */

static void
scope_profile_editor_load_number (ScopeProfileEditor *self,
                                  ScopeEditorField    field,
                                  guint               value)
{
  g_autofree char *text = value != 0 ? g_strdup_printf ("%u", value) : NULL;

  scope_profile_editor_set_text (self, field, text);
}

static void
scope_profile_editor_load_seconds (ScopeProfileEditor *self,
                                   ScopeEditorField    field,
                                   double              value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  scope_profile_editor_set_text (self, field, g_ascii_formatd (text, sizeof text, "%g", value));
}

static const char *
field_get_transport_property (ScopeEditorField field)
{
  return field == SCOPE_FIELD_AUTH_METHOD ? "auth-transport" : "user-transport";
}

/* How an endpoint is asked: one choice for two properties. */
static void
scope_profile_editor_load_request (ScopeProfileEditor *self,
                                   ScopeEditorField    field,
                                   const char         *method)
{
  g_autofree char *transport = NULL;
  guint choice = 0;

  g_object_get (self->working, field_get_transport_property (field), &transport, NULL);
  while (choice < G_N_ELEMENTS (requests) &&
         (g_strcmp0 (requests[choice].transport, transport) != 0 ||
          g_strcmp0 (requests[choice].method, method) != 0))
    choice++;

  /* "ajax" and "post" are what it is anyway; JSONP is a GET whatever else is said */
  if (choice == G_N_ELEMENTS (requests))
    choice = g_strcmp0 (transport, "jsonp") == 0 ? SCOPE_REQUEST_JSONP
                                                 : g_strcmp0 (method, "get") == 0;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->inputs[field]), choice);
}

static void
scope_profile_editor_load_lines (ScopeProfileEditor *self,
                                 ScopeEditorField    field,
                                 const GValue       *value)
{
  const char * const *lines = g_value_get_boxed (value);
  g_autofree char *text = lines != NULL ? g_strjoinv ("\n", (char **) lines) : NULL;

  scope_profile_editor_set_text (self, field, text);
}

static void
scope_profile_editor_load_field (ScopeProfileEditor *self,
                                 ScopeEditorField    field)
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

    case SCOPE_FIELD_TYPE_REQUEST:
      scope_profile_editor_load_request (self, field, g_value_get_string (&value));
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
                                      ScopeEditorField    field,
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
                                         ScopeEditorField    field,
                                         ScopeProfile       *profile)
{
  const char *property = fields[field].property;
  g_autofree char *text = _scope_profile_editor_dup_text (self, field);

  if (fields[field].type == SCOPE_FIELD_TYPE_NUMBER)
    g_object_set (profile, property, (guint) g_ascii_strtoull (text, NULL, 10), NULL);
  else if (fields[field].type == SCOPE_FIELD_TYPE_SECONDS)
    scope_profile_editor_collect_seconds (self, field, text, profile);
  else
    g_object_set (profile, property,
                  *text != '\0' || field == SCOPE_FIELD_NAME ? text : NULL, NULL);
}

static void
scope_profile_editor_collect_request (ScopeProfileEditor *self,
                                      ScopeEditorField    field,
                                      ScopeProfile       *profile)
{
  guint choice = adw_combo_row_get_selected (ADW_COMBO_ROW (self->inputs[field]));

  if (self->touched[field] && choice < G_N_ELEMENTS (requests))
    g_object_set (profile, field_get_transport_property (field), requests[choice].transport,
                  fields[field].property, requests[choice].method, NULL);
}

static void
scope_profile_editor_collect_field (ScopeProfileEditor *self,
                                    ScopeEditorField    field,
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

    case SCOPE_FIELD_TYPE_REQUEST:
      scope_profile_editor_collect_request (self, field, profile);
      break;

    case SCOPE_FIELD_TYPE_LINES:
      lines = _scope_profile_editor_dup_lines (self, field);
      if (self->touched[field])
        scope_profile_set_subscriptions (profile, (const char * const *) lines);
      break;

    case SCOPE_FIELD_TYPE_SECRET:
    case SCOPE_FIELD_TYPE_SECRET_LINES:
    default:
      break;
    }
}

static void
scope_profile_editor_touch (ScopeProfileEditor *self,
                            ScopeEditorField    field)
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
  ScopeEditorField field = GPOINTER_TO_UINT (g_object_get_data (object, "scope-field"));

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
                            ScopeEditorField    field)
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

      self->rows[i] = GTK_WIDGET (
          gtk_widget_get_template_child (widget, SCOPE_TYPE_PROFILE_EDITOR, fields[i].id));
      self->inputs[i] = self->rows[i];
      if (field_is_lines (i))
        self->inputs[i] = GTK_WIDGET (scope_lines_row_get_view (SCOPE_LINES_ROW (self->rows[i])));
      if (field_has_text (i))
        {
          g_autofree char *note = g_strconcat (fields[i].id, "_note", NULL);

          self->notes[i] = SCOPE_FIELD_NOTE (
              gtk_widget_get_template_child (widget, SCOPE_TYPE_PROFILE_EDITOR, note));
          scope_field_note_set_field (self->notes[i], self->inputs[i]);
        }
      scope_profile_editor_watch (self, i);
    }
  scope_profile_editor_fill_clusters (self);
}

/* Opens whatever hides a field. */
void
_scope_profile_editor_reveal (ScopeProfileEditor *self,
                              ScopeEditorField    field)
{
  GtkWidget *row = self->rows[field];
  GtkWidget *expander = gtk_widget_get_ancestor (row, ADW_TYPE_EXPANDER_ROW);

  if (expander != NULL)
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (expander), TRUE);
  if (gtk_widget_is_ancestor (row, self->expert_box))
    gtk_toggle_button_set_active (self->expert, TRUE);
}

/* of what the profile holds */
static gboolean
scope_profile_editor_is_default (ScopeProfileEditor *self,
                                 ScopeEditorField    field)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (self->working), fields[field].property);
  g_auto (GValue) value = G_VALUE_INIT;

  g_object_get_property (G_OBJECT (self->working), fields[field].property, &value);
  return g_param_value_defaults (pspec, &value);
}

void
_scope_profile_editor_load (ScopeProfileEditor *self)
{
  self->loading = TRUE;
  for (guint i = 0; i < SCOPE_N_FIELDS; i++)
    if (!field_is_secret (i))
      {
        scope_profile_editor_load_field (self, i);
        if (!scope_profile_editor_is_default (self, i))
          _scope_profile_editor_reveal (self, i);
      }
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
      {
        const char *text = scope_credentials_peek (credentials, fields[i].credential);

        scope_profile_editor_set_text (self, i, text);
        if (text != NULL)
          _scope_profile_editor_reveal (self, i);
      }
  self->loading = FALSE;
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
        char *text = _scope_profile_editor_dup_text (self, i);

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
                                      ScopeEditorField    field)
{
  g_autofree char *text = _scope_profile_editor_dup_text (self, field);

  return *text == '\0';
}
