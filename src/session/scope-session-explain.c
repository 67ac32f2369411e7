/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

/* Signatures explained with what the session knows; its secret does not leave it. */

#define MAX_SOCKETS 20

static void
session_remember_socket_cb (ScopeSession *self)
{
  if (self->socket_id == NULL)
    return;
  if (self->sockets->len == MAX_SOCKETS)
    g_ptr_array_remove_index (self->sockets, 0);
  g_ptr_array_add (self->sockets, g_strdup (self->socket_id));
}

void
_scope_session_init_explain (ScopeSession *self)
{
  self->sockets = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (self, "notify::socket-id", G_CALLBACK (session_remember_socket_cb), NULL);
}

static char **
session_list_sockets (ScopeSession *self)
{
  g_autoptr (GStrvBuilder) sockets = g_strv_builder_new ();

  for (guint i = self->sockets->len; i > 0; i--)
    g_strv_builder_add (sockets, g_ptr_array_index (self->sockets, i - 1));
  return g_strv_builder_end (sockets);
}

static char **
session_list_channels (ScopeSession *self)
{
  GListModel *channels = scope_session_get_channels (self);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (channels); i++)
    {
      g_autoptr (ScopeChannel) channel = g_list_model_get_item (channels, i);

      g_strv_builder_add (names, scope_channel_get_name (channel));
    }
  return g_strv_builder_end (names);
}

static const ScopeSecret *
session_peek_credential (ScopeSession       *self,
                         ScopeCredentialKind kind)
{
  return self->credentials != NULL ? self->credentials->values[kind] : NULL;
}

/**
 * scope_session_has_secret:
 *
 * Returns: whether the app secret is known
 */
gboolean
scope_session_has_secret (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);

  return session_peek_credential (self, SCOPE_CREDENTIAL_SECRET) != NULL;
}

/**
 * scope_session_explain:
 * @text: what was pasted
 * @facts: what somebody entered; what is %NULL in it the session fills in
 *
 * Returns: (transfer full): as scope_explain()
 */
ScopeExplanation *
scope_session_explain (ScopeSession            *self,
                       ScopeExplainKind         kind,
                       const char              *text,
                       gsize                    length,
                       const ScopeExplainFacts *facts)
{
  ScopeExplainFacts all;
  g_auto (GStrv) sockets = NULL;
  g_auto (GStrv) channels = NULL;
  g_autofree char *app_id = NULL;

  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);
  g_return_val_if_fail (facts != NULL, NULL);

  all = *facts;
  sockets = session_list_sockets (self);
  channels = session_list_channels (self);
  if (self->profile != NULL)
    g_object_get (self->profile, "app-id", &app_id, NULL);
  if (all.key == NULL)
    all.key = scope_credentials_peek (self->credentials, SCOPE_CREDENTIAL_KEY);
  if (all.app_id == NULL && app_id != NULL && *app_id != '\0')
    all.app_id = app_id;
  if (all.secret == NULL)
    all.secret = session_peek_credential (self, SCOPE_CREDENTIAL_SECRET);
  if (all.socket_id == NULL)
    all.socket_id = self->socket_id;
  all.master_key = session_peek_credential (self, SCOPE_CREDENTIAL_MASTER_KEY);
  all.other_sockets = (const char * const *) sockets;
  all.other_channels = (const char * const *) channels;
  all.now_usec = self->clock != NULL ? scope_clock_get_wall_usec (self->clock) : g_get_real_time ();
  return scope_explain (kind, text, length, &all);
}
