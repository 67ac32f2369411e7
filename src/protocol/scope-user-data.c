/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-user-data"

#include "config.h"

#include "protocol/scope-user-data.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "json/scope-json.h"

/* ids are text always (§2.2) */
static char *
user_id_dup (const char    *token,
             gsize          length,
             ScopeJsonKind  kind)
{
  g_autofree char *id = NULL;

  if (kind == SCOPE_JSON_STRING)
    id = scope_json_string_dup (token, length);
  else if (kind == SCOPE_JSON_NUMBER)
    id = g_strndup (token, length);

  if (id == NULL || *id == '\0' || strlen (id) > SCOPE_LIMIT_USER_ID_BYTES)
    return NULL;
  return g_steal_pointer (&id);
}

/**
 * scope_user_ids_read:
 * @text: a checked JSON array
 * @length: its length in bytes
 * @is_cut: (out) (optional): whether it had more than `SCOPE_LIMIT_MEMBERS`
 *
 * Returns: (transfer full): the ids
 */
char **
scope_user_ids_read (const char *text,
                     gsize       length,
                     gboolean   *is_cut)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  ScopeJsonIter iter;
  ScopeSpan value;
  ScopeJsonKind kind;
  gboolean over = FALSE;

  g_return_val_if_fail (text != NULL, NULL);

  scope_json_iter_init (&iter, text, length);
  while (!over && scope_json_iter_next (&iter, NULL, &value, &kind))
    {
      char *id = user_id_dup (text + value.offset, value.length, kind);

      over = id != NULL && ids->len == SCOPE_LIMIT_MEMBERS;
      if (over)
        g_free (id);
      else if (id != NULL)
        g_ptr_array_add (ids, id);
    }

  if (is_cut != NULL)
    *is_cut = over;
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&ids), FALSE);
}

/**
 * scope_user_data_free:
 * @self: (nullable): a user
 */
void
scope_user_data_free (ScopeUserData *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_strfreev (self->watchlist);
  g_free (self);
}

/**
 * scope_user_data_parse:
 * @text: JSON text
 * @length: its length in bytes
 * @error: `SCOPE_ERROR_PROTOCOL`
 *
 * Reads `{"id":…,"user_info":…,"watchlist":[…]}`. The id must not be empty (protocol.md §4.5); where a
 * backend sends a number, its digits count.
 *
 * Returns: (transfer full): the user
 */
ScopeUserData *
scope_user_data_parse (const char  *text,
                       gsize        length,
                       GError     **error)
{
  ScopeJsonWanted wanted[] = { { .key = "id" }, { .key = "watchlist" } };
  g_autoptr (ScopeUserData) self = g_new0 (ScopeUserData, 1);

  g_return_val_if_fail (text != NULL, NULL);

  if (!scope_json_scan_object (text, length, wanted, G_N_ELEMENTS (wanted), NULL))
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                           _("The user data is no JSON object"));
      return NULL;
    }

  self->id = user_id_dup (text + wanted[0].value.offset, wanted[0].value.length, wanted[0].kind);
  if (self->id == NULL)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                   _("The user data has no “id”: a text of 1 to %d bytes"),
                   SCOPE_LIMIT_USER_ID_BYTES);
      return NULL;
    }

  if (wanted[1].kind == SCOPE_JSON_ARRAY)
    self->watchlist = scope_user_ids_read (text + wanted[1].value.offset, wanted[1].value.length,
                                           &self->is_cut);
  return g_steal_pointer (&self);
}
