/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-connection-private.h"

#include <string.h>

#include "json/scope-json.h"
#include "sandbox/scope-sandbox-auth.h"
#include "sandbox/scope-sandbox-frame.h"

/* Who a client says it is. */

/* Sign-in */

/* It has shown who it is; the time limit is over. */
static void
connection_set_authorized (ScopeSandboxConnection *self)
{
  g_clear_handle_id (&self->authorize_id, g_source_remove);
}

gboolean
_scope_sandbox_connection_unauthorized_cb (gpointer user_data)
{
  ScopeSandboxConnection *self = user_data;

  self->authorize_id = 0;
  scope_sandbox_connection_close (self, 4009, "Connection not authorized within timeout");
  return G_SOURCE_REMOVE;
}

/* (transfer full): why not, or NULL. *user is then who it is. */
static char *
connection_check_sign_in (ScopeSandboxConnection *self,
                          const char             *auth,
                          const char             *user_data,
                          ScopeSandboxUser      **user)
{
  g_autoptr (ScopeSandboxUser) read = NULL;
  char *refusal = scope_sandbox_auth_check_user (_scope_sandbox_get_key (self->sandbox),
                                                 _scope_sandbox_get_secret (self->sandbox),
                                                 self->socket_id, auth, user_data);

  if (refusal == NULL)
    read = scope_sandbox_user_read (user_data, &refusal);
  if (refusal == NULL && self->user != NULL && strcmp (self->user->id, read->id) != 0)
    refusal = g_strdup ("Invalid sign-in: this connection is signed in as another user");
  if (refusal == NULL)
    *user = g_steal_pointer (&read);
  return refusal;
}

/* Pusher double-encodes the hashes of its own events, and user_data is a string within. */
static void
connection_send_signed_in (ScopeSandboxConnection *self,
                           const char             *user_data)
{
  g_autoptr (GString) data = g_string_new ("{\"user_data\":");
  g_autoptr (GBytes) frame = NULL;

  scope_json_append_string (data, user_data, -1);
  g_string_append_c (data, '}');
  frame = scope_sandbox_frame_internal ("pusher:signin_success", NULL, data->str);
  scope_sandbox_wire_send (self->wire, frame);
}

static void
connection_enter_user (ScopeSandboxConnection *self,
                       ScopeSandboxUser       *user)
{
  self->user = user;
  connection_set_authorized (self);
  if (user->watchlist_is_cut)
    _scope_sandbox_connection_send_error (self, 4302, "The watchlist has more than 100 users: "
                                          "only the first 100 are watched");
  scope_sandbox_users_enter (_scope_sandbox_get_users (self->sandbox), self->wire, user);
  _scope_sandbox_report (self->sandbox, "connection", "action", "signed_in",
                         "socket_id", self->socket_id, "user_id", user->id, NULL);
}

void
_scope_sandbox_connection_handle_sign_in (ScopeSandboxConnection *self,
                                          ScopeMessage           *message)
{
  g_autofree char *auth = NULL;
  g_autofree char *user_data = NULL;
  g_autofree char *refusal = NULL;
  g_autoptr (ScopeSandboxUser) user = NULL;

  _scope_sandbox_connection_read_strings (message, "auth", &auth, "user_data", &user_data, NULL);
  refusal = connection_check_sign_in (self, auth, user_data, &user);
  if (refusal != NULL)
    {
      _scope_sandbox_connection_send_error (self, 0, refusal);
      return;
    }

  connection_send_signed_in (self, user_data);
  if (self->user == NULL)
    connection_enter_user (self, g_steal_pointer (&user));
}
