/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox.h"

#include "base/scope-text.h"
#include "sandbox/scope-sandbox-line.h"
#include "sandbox/scope-sandbox-private.h"
#include "sandbox/scope-sandbox-xhr.h"

#define ACTIVITY_SECONDS 120    /* protocol.md §1.3: what Pusher tells */
#define PONG_MSEC 30000         /* protocol.md §1.4 */

enum
{
  SIGNAL_LINE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeSandbox, scope_sandbox, G_TYPE_OBJECT)

const char *
_scope_sandbox_get_key (ScopeSandbox *self)
{
  return self->key;
}

const char *
_scope_sandbox_get_app_id (ScopeSandbox *self)
{
  return self->app_id;
}

const char *
_scope_sandbox_get_secret (ScopeSandbox *self)
{
  return scope_secret_peek (self->secret);
}

ScopeSandboxDoor *
_scope_sandbox_get_door (ScopeSandbox *self)
{
  return self->door;
}

void
_scope_sandbox_forget_connection (ScopeSandbox           *self,
                                  ScopeSandboxConnection *connection)
{
  g_hash_table_remove (self->connections, scope_sandbox_connection_get_id (connection));
}

static gboolean
sandbox_has_listener (ScopeSandbox *self)
{
  return g_signal_has_handler_pending (self, signals[SIGNAL_LINE], 0, TRUE);
}

void
_scope_sandbox_report_event (ScopeSandbox            *self,
                             const ScopeSandboxEvent *event)
{
  g_autofree char *line = NULL;

  if (!sandbox_has_listener (self))
    return;

  line = scope_sandbox_line_event (event);
  g_signal_emit (self, signals[SIGNAL_LINE], 0, line);
}

void
_scope_sandbox_report (ScopeSandbox *self,
                       const char   *type,
                       ...)
{
  g_autofree char *line = NULL;
  va_list args;

  if (!sandbox_has_listener (self))
    return;

  va_start (args, type);
  line = scope_sandbox_line_pairs (type, args);
  va_end (args);
  g_signal_emit (self, signals[SIGNAL_LINE], 0, line);
}

void
_scope_sandbox_report_line (ScopeSandbox *self,
                            GString      *line)
{
  g_string_append_c (line, '}');
  if (sandbox_has_listener (self))
    g_signal_emit (self, signals[SIGNAL_LINE], 0, line->str);
  g_string_free (line, TRUE);
}

void
_scope_sandbox_set_pong_timeout (ScopeSandbox *self,
                                 guint         msec)
{
  self->pong_msec = msec;
}

guint
_scope_sandbox_get_pong_timeout (ScopeSandbox *self)
{
  return self->pong_msec;
}

ScopeSandboxUsers *
_scope_sandbox_get_users (ScopeSandbox *self)
{
  return self->users;
}

guint
_scope_sandbox_get_authorization_timeout (ScopeSandbox *self)
{
  return self->authorization_msec;
}

/* soketi's code and text; Pusher's docs give none (protocol.md §4.5) */
void
_scope_sandbox_terminate_user (ScopeSandbox *self,
                               const char   *user_id)
{
  g_autoptr (GList) connections = g_hash_table_get_values (self->connections);

  for (GList *l = connections; l != NULL; l = l->next)
    {
      if (g_strcmp0 (scope_sandbox_connection_get_user_id (l->data), user_id) == 0)
        scope_sandbox_connection_close (l->data, 4009, "You got disconnected by the app.");
    }
}

guint
_scope_sandbox_get_max_members (ScopeSandbox *self)
{
  return self->max_members;
}

static void
scope_sandbox_dispose (GObject *object)
{
  ScopeSandbox *self = SCOPE_SANDBOX (object);

  g_ptr_array_set_size (self->floods, 0);
  g_clear_pointer (&self->replay, scope_sandbox_replay_free);
  g_clear_pointer (&self->xhrs, scope_sandbox_xhrs_free);
  g_clear_pointer (&self->door, scope_sandbox_door_free);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_hash_table_remove_all (self->connections);
  g_hash_table_remove_all (self->channels);

  G_OBJECT_CLASS (scope_sandbox_parent_class)->dispose (object);
}

static void
scope_sandbox_finalize (GObject *object)
{
  ScopeSandbox *self = SCOPE_SANDBOX (object);

  g_ptr_array_unref (self->floods);
  scope_sandbox_users_free (self->users);
  g_hash_table_unref (self->connections);
  g_hash_table_unref (self->channels);
  g_free (self->key);
  g_free (self->app_id);
  scope_secret_unref (self->secret);

  G_OBJECT_CLASS (scope_sandbox_parent_class)->finalize (object);
}

static void
scope_sandbox_class_init (ScopeSandboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_sandbox_dispose;
  object_class->finalize = scope_sandbox_finalize;

  /**
   * ScopeSandbox::line:
   * @self: the sandbox
   * @json: one JSON object without a line break
   *
   * Emitted for each connection (`opened`, `refused`, `closed`), subscription (`subscribed`,
   * `refused`, `unsubscribed`), published event and turn of a replay (`begun`, `paused`, `resumed`,
   * `silence`, `gap`, `ended`). Holds no secret and no signature. A flood's events are left out.
   */
  signals[SIGNAL_LINE] = g_signal_new ("line", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1,
                                       G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
scope_sandbox_init (ScopeSandbox *self)
{
  self->key = g_strdup (SCOPE_SANDBOX_KEY);
  self->app_id = g_strdup (SCOPE_SANDBOX_APP_ID);
  self->secret = scope_secret_new (SCOPE_SANDBOX_SECRET);
  self->activity_timeout = ACTIVITY_SECONDS;
  self->pong_msec = PONG_MSEC;
  self->max_connections = SCOPE_SANDBOX_CONNECTIONS;
  self->max_members = SCOPE_SANDBOX_MEMBERS;
  self->connections = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) scope_sandbox_connection_free);
  self->channels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) scope_sandbox_channel_free);
  self->floods = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_sandbox_flood_free);
  self->users = scope_sandbox_users_new ();
  self->xhrs = scope_sandbox_xhrs_new (self);
}

/**
 * scope_sandbox_new:
 *
 * Returns: (transfer full): a server that does not listen yet
 */
ScopeSandbox *
scope_sandbox_new (void)
{
  return g_object_new (SCOPE_TYPE_SANDBOX, NULL);
}

/**
 * scope_sandbox_set_app:
 * @self: a sandbox that does not listen
 * @key: (nullable): the application's key; %NULL keeps what is set
 * @app_id: (nullable): its id
 * @secret: (nullable): its secret
 */
void
scope_sandbox_set_app (ScopeSandbox *self,
                       const char   *key,
                       const char   *app_id,
                       const char   *secret)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (self->server == NULL);

  if (key != NULL)
    scope_set_str (&self->key, key);
  if (app_id != NULL)
    scope_set_str (&self->app_id, app_id);
  if (secret != NULL && *secret != '\0')
    {
      g_clear_pointer (&self->secret, scope_secret_unref);
      self->secret = scope_secret_new (secret);
    }
}

/**
 * scope_sandbox_set_activity_timeout:
 * @self: a sandbox
 * @seconds: what new connections are told, at least 1
 */
void
scope_sandbox_set_activity_timeout (ScopeSandbox *self,
                                    guint         seconds)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (seconds > 0 && seconds <= 24 * 60 * 60);

  self->activity_timeout = seconds;
}

/**
 * scope_sandbox_set_authorization_timeout:
 * @self: a sandbox
 * @msec: milliseconds; 0, as at first: none
 *
 * New connections that neither sign in nor join a private or presence channel in that time are
 * closed with 4009, as an app with authorized connections does (protocol.md §4.5).
 */
void
scope_sandbox_set_authorization_timeout (ScopeSandbox *self,
                                         guint         msec)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));

  self->authorization_msec = msec;
}

/**
 * scope_sandbox_set_quotas:
 * @self: a sandbox
 * @connections: how many may be open at once, at most 1000, or 0 to keep what is set; one more is
 *   refused with 4004 (protocol.md §1.7)
 * @members: how many users a presence channel holds, at most 100, or 0 to keep what is set
 */
void
scope_sandbox_set_quotas (ScopeSandbox *self,
                          guint         connections,
                          guint         members)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (connections <= SCOPE_SANDBOX_CONNECTIONS && members <= SCOPE_SANDBOX_MEMBERS);

  if (connections > 0)
    self->max_connections = connections;
  if (members > 0)
    self->max_members = members;
}

/**
 * scope_sandbox_get_port:
 * @self: a sandbox
 *
 * Returns: the port it listens on, or 0
 */
guint
scope_sandbox_get_port (ScopeSandbox *self)
{
  g_return_val_if_fail (SCOPE_IS_SANDBOX (self), 0);

  return self->port;
}

/**
 * scope_sandbox_count_connections:
 * @self: a sandbox
 *
 * Returns: how many clients are connected; those being closed don't count
 */
guint
scope_sandbox_count_connections (ScopeSandbox *self)
{
  GHashTableIter iter;
  gpointer connection;
  guint n = 0;

  g_return_val_if_fail (SCOPE_IS_SANDBOX (self), 0);

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, NULL, &connection))
    n += scope_sandbox_connection_is_open (connection) ? 1 : 0;

  return n;
}
