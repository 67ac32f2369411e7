/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/scope-connection-options.h"
#include "session/scope-credentials.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PROFILE (scope_profile_get_type ())

G_DECLARE_FINAL_TYPE (ScopeProfile, scope_profile, SCOPE, PROFILE, GObject)

/**
 * ScopeProfile:
 *
 * One app to watch, without anything secret (design §6): the key, secret, master key, extra headers, and the
 * parameters and headers of endpoints are keyring items, named by the profile's id.
 *
 * Properties (all notified, all stored): id (UUID, construct-only), name, cluster, host, port (uint), wss-port (uint),
 * path, whole-path (bool), use-tls (bool, default TRUE), ca-file, origin, proxy, transports and disabled-transports (lists like
 * "ws,wss", NULL = not set), http-host, http-port (uint), https-port (uint), http-path,
 * auth-endpoint (URL), auth-transport ("ajax", "jsonp"), auth-method ("post", "get"), user-endpoint, user-transport,
 * user-method (likewise; NULL = not set), user-data (JSON text),
 * activity-timeout, pong-timeout, unavailable-timeout, connect-timeout, reconnect-delay, max-delay (doubles, seconds),
 * max-attempts (uint), max-data (uint, bytes), app-id, api-host, api-port (uint), presence-user (JSON text),
 * connect-at-start (bool), read-only (bool), plan-messages (uint, messages a day, 0: no plan), plan-share (uint, per cent
 * of it that watching may use, 0: all of it), subscriptions (GStrv), unseen (GStrv: presence channels that are watched
 * without joining them), name-field (text: the member of user_info that holds a person's name; NULL: it is found),
 * discovery-rules (GStrv, as of scope_discovery_rule_to_text()).
 */
ScopeProfile *scope_profile_new           (const char    *name);            /* a fresh UUID */
ScopeProfile *scope_profile_new_with_id   (const char    *id,
                                           const char    *name);
ScopeProfile *scope_profile_copy          (ScopeProfile  *self);            /* same id: for an editor */
/* takes over every property but the id */
void          scope_profile_assign        (ScopeProfile  *self,
                                           ScopeProfile  *from);
const char   *scope_profile_get_id        (ScopeProfile  *self);
const char   *scope_profile_get_name      (ScopeProfile  *self);
const char * const *
              scope_profile_get_subscriptions (ScopeProfile *self);         /* never NULL */
void          scope_profile_set_subscriptions (ScopeProfile *self,
                                               const char * const *channels);
void          scope_profile_add_subscription    (ScopeProfile *self,
                                                 const char   *channel);
void          scope_profile_remove_subscription (ScopeProfile *self,
                                                 const char   *channel);
const char * const *
              scope_profile_get_unseen    (ScopeProfile  *self);            /* never NULL */
void          scope_profile_add_unseen    (ScopeProfile  *self,
                                           const char    *channel);
void          scope_profile_remove_unseen (ScopeProfile  *self,
                                           const char    *channel);
/* "eu" or "ws://127.0.0.1:6001": one line about where it connects to (transfer full) */
char         *scope_profile_dup_place     (ScopeProfile  *self);

/* for a connection (transfer full) */
ScopeConnectionOptions *
              scope_profile_to_options    (ScopeProfile     *self,
                                           ScopeCredentials *credentials);

/* key file text and back. Unknown keys are kept and written again; a bad value gives SCOPE_ERROR_USAGE that
 * names the key. No secrets in either direction. */
char         *scope_profile_to_key_file   (ScopeProfile  *self);
ScopeProfile *scope_profile_new_from_key_file (const char *text,
                                               gsize       length,
                                               GError    **error);

G_END_DECLS
