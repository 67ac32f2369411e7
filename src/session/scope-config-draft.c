/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-config"

#include "config.h"

#include "session/scope-config-private.h"

#include "base/scope-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Gathering options by their meaning. What each of them does to a profile is decided afterwards, when
 * all are known: old names do not count beside new ones, and a port's meaning depends on TLS. */

#define MAX_NOTES 40
#define MAX_NOTE_BYTES 600
#define MAX_NAME_BYTES 80

/**
 * scope_config_draft_new:
 * @style: whose options they are: what is not given has that library's defaults
 * @variables: (transfer none): what process.env.NAME may stand for
 *
 * Returns: (transfer full): a draft without any option
 */
ScopeConfigDraft *
scope_config_draft_new (ScopeConfigStyle style,
                        GPtrArray       *variables)
{
  ScopeConfigDraft *self = g_new0 (ScopeConfigDraft, 1);

  self->style = style;
  self->variables = g_ptr_array_ref (variables);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->resolved = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_config_value_free);
  self->profile = scope_profile_new ("");
  self->credentials = scope_credentials_new ();
  return self;
}

/**
 * scope_config_draft_free:
 * @self: (transfer full): a draft
 *
 * Values belong to who found them, and stay.
 */
void
scope_config_draft_free (ScopeConfigDraft *self)
{
  for (guint i = 0; i < SCOPE_CONFIG_N_OPTIONS; i++)
    g_free (self->names[i]);
  g_ptr_array_unref (self->variables);
  g_ptr_array_unref (self->notes);
  g_ptr_array_unref (self->resolved);
  g_clear_object (&self->profile);
  g_clear_pointer (&self->credentials, scope_credentials_unref);
  g_free (self);
}

/**
 * scope_config_draft_note:
 *
 * Adds a sentence for the user. Each is kept once.
 */
void
scope_config_draft_note (ScopeConfigDraft *self,
                         const char       *format,
                         ...)
{
  g_autofree char *text = NULL;
  char *note;
  va_list arguments;

  if (self->notes->len > MAX_NOTES)
    return;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  note = scope_text_for_display (text, -1, MAX_NOTE_BYTES);
  if (self->notes->len == MAX_NOTES)
    {
      g_free (note);
      note = g_strdup (_("More was left out than can be named here."));
    }
  if (g_ptr_array_find_with_equal_func (self->notes, note, g_str_equal, NULL))
    g_free (note);
  else
    g_ptr_array_add (self->notes, note);
}

/* process.env.NAME and import.meta.env.NAME */
static ScopeConfigValue *
config_draft_look_up (ScopeConfigDraft *self,
                      ScopeConfigValue *value)
{
  const char *dot = value->text != NULL && value->truth ? strrchr (value->text, '.') : NULL;
  const char *text =
    dot != NULL && strstr (value->text, "env.") != NULL
      ? scope_config_env_lookup (self->variables, dot + 1)
      : NULL;
  ScopeConfigValue *found;

  if (text == NULL)
    return NULL;

  found = scope_config_value_new_string (text, value->offset);
  g_ptr_array_add (self->resolved, found);
  return found;
}

/**
 * scope_config_draft_resolve:
 * @name: the option
 * @value: its value
 *
 * Returns: (transfer none) (nullable): a value that is no expression
 */
ScopeConfigValue *
scope_config_draft_resolve (ScopeConfigDraft *self,
                            const char       *name,
                            ScopeConfigValue *value)
{
  ScopeConfigValue *found;

  if (value->kind != SCOPE_CONFIG_EXPRESSION)
    return value;

  found = config_draft_look_up (self, value);
  if (found != NULL)
    return found;

  /* any other bare word may be a secret somebody forgot to quote */
  if (value->text != NULL && strstr (value->text, "env.") != NULL)
    scope_config_draft_note (self, _("%s is computed from “%s”: fill it in yourself."), name,
                             value->text);
  else
    scope_config_draft_note (self, _("%s is computed: fill it in yourself."), name);
  return NULL;
}

/**
 * scope_config_draft_set_option:
 * @option: what it is about
 * @name: how it is called there
 * @value: (transfer none): its value
 */
void
scope_config_draft_set_option (ScopeConfigDraft  *self,
                               ScopeConfigOption  option,
                               const char        *name,
                               ScopeConfigValue  *value)
{
  self->n_known++;
  g_free (self->names[option]);
  self->names[option] = g_strdup (name);
  self->values[option] = scope_config_draft_resolve (self, name, value);
  if (option == SCOPE_CONFIG_KEY && self->values[option] == NULL)
    self->key_noted = TRUE;
}

/**
 * scope_config_draft_set:
 * @name: how the option is called there
 * @value: (transfer none): its value
 */
void
scope_config_draft_set (ScopeConfigDraft *self,
                        const char       *name,
                        ScopeConfigValue *value)
{
  const char *reason = NULL;
  ScopeConfigOption option = scope_config_option_find (name, &reason);
  g_autofree char *shown = scope_text_for_display (name, -1, MAX_NAME_BYTES);

  if (option == SCOPE_CONFIG_UNNEEDED)
    {
      self->n_known++;
      scope_config_draft_note (self, _("%s is not needed: %s."), shown, reason);
    }
  else if (option == SCOPE_CONFIG_UNKNOWN)
    scope_config_draft_note (self, _("%s is not known here, and was left out."), shown);
  else
    scope_config_draft_set_option (self, option, shown, value);
}

/**
 * scope_config_draft_set_members:
 * @object: an object
 */
void
scope_config_draft_set_members (ScopeConfigDraft *self,
                                ScopeConfigValue *object)
{
  if (object->kind != SCOPE_CONFIG_OBJECT)
    return;

  for (guint i = 0; i < object->items->len; i++)
    {
      const char *name = g_ptr_array_index (object->names, i);
      ScopeConfigValue *value = g_ptr_array_index (object->items, i);

      if (name != NULL)
        scope_config_draft_set (self, name, value);
      else
        scope_config_draft_note (self, _("An option without a plain name was left out."));
    }
}

/**
 * scope_config_draft_get_text:
 *
 * Empty text, 0, false and null stand for the default (protocol.md §8.1).
 *
 * Returns: (nullable): a text, or a number's digits
 */
const char *
scope_config_draft_get_text (ScopeConfigDraft  *self,
                             ScopeConfigOption  option)
{
  ScopeConfigValue *value = self->values[option];

  if (value == NULL || value->kind == SCOPE_CONFIG_NONE || value->kind == SCOPE_CONFIG_BOOLEAN)
    return NULL;
  if (value->kind == SCOPE_CONFIG_NUMBER && g_ascii_strtod (value->text, NULL) == 0 &&
      g_ascii_strtoull (value->text, NULL, 0) == 0)
    return NULL;
  /* white space around a value is nobody's intent, and a key file would lose it */
  if (value->text != NULL)
    return *g_strstrip (value->text) != '\0' ? value->text : NULL;

  scope_config_draft_note (self, _("%s is not written as expected, and was left out."),
                           self->names[option]);
  return NULL;
}

/**
 * scope_config_draft_is_false:
 *
 * Returns: whether a switch is literally off; "false" in a .env file is, too
 */
gboolean
scope_config_draft_is_false (ScopeConfigDraft  *self,
                             ScopeConfigOption  option)
{
  ScopeConfigValue *value = self->values[option];

  return value != NULL &&
         ((value->kind == SCOPE_CONFIG_BOOLEAN && !value->truth) ||
          (self->style == SCOPE_CONFIG_STYLE_ENV && g_strcmp0 (value->text, "false") == 0));
}

/**
 * scope_config_draft_is_true:
 *
 * Returns: whether a switch is literally on
 */
gboolean
scope_config_draft_is_true (ScopeConfigDraft  *self,
                            ScopeConfigOption  option)
{
  ScopeConfigValue *value = self->values[option];

  return value != NULL &&
         ((value->kind == SCOPE_CONFIG_BOOLEAN && value->truth) ||
          (self->style == SCOPE_CONFIG_STYLE_ENV && g_strcmp0 (value->text, "true") == 0));
}
