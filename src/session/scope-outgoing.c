/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-outgoing"

#include "config.h"

#include "session/scope-outgoing.h"

#include "json/scope-json.h"

#include <glib/gi18n-lib.h>

/* so many channels are named, the rest counted */
#define NAMED 2

struct _ScopeOutgoing
{
  GObject parent_instance;

  char **channels;
  char *event;
  char *text;
  gboolean is_text;
  ScopeExclude exclude;
  char *socket_id;
  char *info;
};

G_DEFINE_FINAL_TYPE (ScopeOutgoing, scope_outgoing, G_TYPE_OBJECT)

static void
scope_outgoing_finalize (GObject *object)
{
  ScopeOutgoing *self = SCOPE_OUTGOING (object);

  g_strfreev (self->channels);
  g_free (self->event);
  g_free (self->text);
  g_free (self->socket_id);
  g_free (self->info);

  G_OBJECT_CLASS (scope_outgoing_parent_class)->finalize (object);
}

static void
scope_outgoing_class_init (ScopeOutgoingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_outgoing_finalize;
}

static void
scope_outgoing_init (ScopeOutgoing *self)
{
}

/**
 * scope_outgoing_new:
 * @text: JSON, or plain text if @is_text; may be wrong: it is checked when it is published
 *
 * Returns: (transfer full): an event that is to be published
 */
ScopeOutgoing *
scope_outgoing_new (const char * const *channels,
                    const char         *event,
                    const char         *text,
                    gboolean            is_text,
                    ScopeExclude        exclude,
                    const char         *socket_id,
                    const char         *info)
{
  ScopeOutgoing *self;

  g_return_val_if_fail (channels != NULL && event != NULL && text != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_OUTGOING, NULL);
  self->channels = g_strdupv ((char **) channels);
  self->event = g_strdup (event);
  self->text = g_strdup (text);
  self->is_text = is_text;
  self->exclude = exclude;
  self->socket_id = g_strdup (socket_id);
  self->info = g_strdup (info);
  return self;
}

/**
 * scope_outgoing_get_channels:
 *
 * Returns: (transfer none) (array zero-terminated=1): where it goes
 */
const char * const *
scope_outgoing_get_channels (ScopeOutgoing *self)
{
  g_return_val_if_fail (SCOPE_IS_OUTGOING (self), NULL);

  return (const char * const *) self->channels;
}

/**
 * scope_outgoing_get_event:
 *
 * Returns: (transfer none): the event's name
 */
const char *
scope_outgoing_get_event (ScopeOutgoing *self)
{
  g_return_val_if_fail (SCOPE_IS_OUTGOING (self), NULL);

  return self->event;
}

/**
 * scope_outgoing_get_text:
 *
 * Returns: (transfer none): its data as they were typed
 */
const char *
scope_outgoing_get_text (ScopeOutgoing *self)
{
  g_return_val_if_fail (SCOPE_IS_OUTGOING (self), NULL);

  return self->text;
}

/**
 * scope_outgoing_get_is_text:
 *
 * Returns: whether the data go as a text, else as the JSON they are
 */
gboolean
scope_outgoing_get_is_text (ScopeOutgoing *self)
{
  g_return_val_if_fail (SCOPE_IS_OUTGOING (self), FALSE);

  return self->is_text;
}

/**
 * scope_outgoing_get_exclude:
 *
 * Returns: who does not get it
 */
ScopeExclude
scope_outgoing_get_exclude (ScopeOutgoing *self)
{
  g_return_val_if_fail (SCOPE_IS_OUTGOING (self), SCOPE_EXCLUDE_NOBODY);

  return self->exclude;
}

/**
 * scope_outgoing_get_socket_id:
 *
 * Returns: (transfer none) (nullable): whose socket does not get it, if it is another's
 */
const char *
scope_outgoing_get_socket_id (ScopeOutgoing *self)
{
  g_return_val_if_fail (SCOPE_IS_OUTGOING (self), NULL);

  return self->socket_id;
}

/**
 * scope_outgoing_get_info:
 *
 * Returns: (transfer none) (nullable): counts that are asked for, separated by commas (protocol.md §9.2)
 */
const char *
scope_outgoing_get_info (ScopeOutgoing *self)
{
  g_return_val_if_fail (SCOPE_IS_OUTGOING (self), NULL);

  return self->info;
}

/**
 * scope_outgoing_dup_place:
 *
 * Returns: (transfer full): where it goes, for people
 */
char *
scope_outgoing_dup_place (ScopeOutgoing *self)
{
  guint n;
  GString *place = NULL;
  g_autofree char *named = NULL;

  g_return_val_if_fail (SCOPE_IS_OUTGOING (self), NULL);

  n = g_strv_length (self->channels);
  place = g_string_new (n > 0 ? self->channels[0] : _("no channel"));
  for (guint i = 1; i < MIN (n, NAMED); i++)
    g_string_append_printf (place, ", %s", self->channels[i]);
  named = g_string_free (place, FALSE);
  if (n <= NAMED)
    return g_steal_pointer (&named);
  /* Translators: names of channels, and how many are not named: "a, b and 3 more" */
  return g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", n - NAMED), named, n - NAMED);
}

/* Plain text becomes a JSON string, of which the content is published. Nothing at all is the empty text. */
static char *
outgoing_dup_data (ScopeOutgoing             *self,
                   const ScopeTemplateValues *values)
{
  g_autofree char *text = scope_template_fill (self->text, values);
  GString *json;

  if (!self->is_text && *text != '\0')
    return g_steal_pointer (&text);
  json = g_string_new (NULL);
  scope_json_append_string (json, text, -1);
  return g_string_free (json, FALSE);
}

/**
 * scope_outgoing_to_event:
 * @values: of the variables
 * @own_socket_id: (nullable): of our connection, for SCOPE_EXCLUDE_US
 *
 * Returns: (transfer full): what is published; scope_api_event_append() checks it
 */
ScopeApiEvent *
scope_outgoing_to_event (ScopeOutgoing             *self,
                         const ScopeTemplateValues *values,
                         const char                *own_socket_id)
{
  g_autofree char *event = NULL;
  g_autofree char *data = NULL;
  g_auto (GStrv) channels = NULL;
  const char *socket_id = NULL;

  g_return_val_if_fail (SCOPE_IS_OUTGOING (self) && values != NULL, NULL);

  event = scope_template_fill (self->event, values);
  data = outgoing_dup_data (self, values);
  channels = g_new0 (char *, g_strv_length (self->channels) + 1);
  for (guint i = 0; self->channels[i] != NULL; i++)
    channels[i] = scope_template_fill (self->channels[i], values);
  if (self->exclude == SCOPE_EXCLUDE_US)
    socket_id = own_socket_id;
  else if (self->exclude == SCOPE_EXCLUDE_SOCKET)
    socket_id = self->socket_id;
  return scope_api_event_new (event, data, (const char * const *) channels, socket_id, self->info);
}

/**
 * scope_outgoing_split_channels:
 * @text: as it was typed
 *
 * A comma may be part of a name (protocol.md §3.1), a blank may not.
 *
 * Returns: (transfer full): names of channels
 */
char **
scope_outgoing_split_channels (const char *text)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_return_val_if_fail (text != NULL, NULL);

  parts = g_strsplit_set (text, " \t\r\n", -1);
  for (char **part = parts; *part != NULL; part++)
    if (**part != '\0' && g_hash_table_add (seen, *part))
      g_ptr_array_add (names, g_strdup (*part));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}
