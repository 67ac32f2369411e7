/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-config-env.h"
#include "session/scope-config-value.h"
#include "session/scope-credentials.h"
#include "session/scope-profile.h"

G_BEGIN_DECLS

/* What other libraries' options are about. */
typedef enum
{
  SCOPE_CONFIG_UNKNOWN,
  SCOPE_CONFIG_UNNEEDED,
  SCOPE_CONFIG_KEY,
  SCOPE_CONFIG_SECRET,
  SCOPE_CONFIG_APP_ID,
  SCOPE_CONFIG_MASTER_KEY,      /* base64 */
  SCOPE_CONFIG_MASTER_KEY_TEXT, /* its 32 bytes as text: an older form */
  SCOPE_CONFIG_CLUSTER,
  SCOPE_CONFIG_FORCE_TLS,
  SCOPE_CONFIG_ENCRYPTED,
  SCOPE_CONFIG_USE_TLS,
  SCOPE_CONFIG_SCHEME,
  SCOPE_CONFIG_WS_HOST,
  SCOPE_CONFIG_WS_PORT,
  SCOPE_CONFIG_WSS_PORT,
  SCOPE_CONFIG_WS_PATH,
  SCOPE_CONFIG_HOST,
  SCOPE_CONFIG_PORT,
  SCOPE_CONFIG_PATH,
  SCOPE_CONFIG_HTTP_HOST,
  SCOPE_CONFIG_HTTP_PORT,
  SCOPE_CONFIG_HTTPS_PORT,
  SCOPE_CONFIG_HTTP_PATH,
  SCOPE_CONFIG_ACTIVITY_TIMEOUT,
  SCOPE_CONFIG_PONG_TIMEOUT,
  SCOPE_CONFIG_UNAVAILABLE_TIMEOUT,
  SCOPE_CONFIG_RECONNECT_DELAY, /* seconds in all libraries that have it */
  SCOPE_CONFIG_MAX_DELAY,
  SCOPE_CONFIG_MAX_ATTEMPTS,
  SCOPE_CONFIG_ENABLED_TRANSPORTS,
  SCOPE_CONFIG_DISABLED_TRANSPORTS,
  SCOPE_CONFIG_CHANNEL_AUTH,
  SCOPE_CONFIG_USER_AUTH,
  SCOPE_CONFIG_AUTH_ENDPOINT,
  SCOPE_CONFIG_AUTH_TRANSPORT,
  SCOPE_CONFIG_AUTH,
  SCOPE_CONFIG_AUTH_METHOD,
  SCOPE_CONFIG_AUTH_GET_URL,
  SCOPE_CONFIG_BROADCASTER,
  SCOPE_CONFIG_CSRF_TOKEN,
  SCOPE_CONFIG_BEARER_TOKEN,
  SCOPE_CONFIG_PROXY,
  SCOPE_CONFIG_CONNECT_AT_START,
  SCOPE_CONFIG_URL,
  SCOPE_CONFIG_N_OPTIONS,
} ScopeConfigOption;

/* spelling counts neither case nor - and _. reason (out): why it is not needed, translated */
ScopeConfigOption scope_config_option_find (const char  *name,
                                            const char **reason);

typedef enum
{
  SCOPE_CONFIG_STYLE_CLIENT,  /* pusher-js, and clients that are like it */
  SCOPE_CONFIG_STYLE_ECHO,
  SCOPE_CONFIG_STYLE_SERVER,  /* Node's server library */
  SCOPE_CONFIG_STYLE_OTHER,   /* server libraries and clients in other languages */
  SCOPE_CONFIG_STYLE_ENV,
} ScopeConfigStyle;

/* What was found, before it is a profile. Values belong to who found them, and live as long. */
typedef struct
{
  ScopeConfigStyle style;
  GPtrArray *variables;                             /* for process.env.NAME */
  ScopeConfigValue *values[SCOPE_CONFIG_N_OPTIONS]; /* no expressions among them */
  char *names[SCOPE_CONFIG_N_OPTIONS];              /* as they are written */
  GPtrArray *notes;
  GPtrArray *resolved;                              /* values that variables gave */
  guint n_known;
  gboolean key_noted;

  ScopeProfile *profile;
  ScopeCredentials *credentials;
} ScopeConfigDraft;

ScopeConfigDraft *scope_config_draft_new  (ScopeConfigStyle  style,
                                           GPtrArray        *variables);
void              scope_config_draft_free (ScopeConfigDraft *self);
/* translated, at most some dozens are kept; never with a secret in it */
void              scope_config_draft_note (ScopeConfigDraft *self,
                                           const char       *format,
                                           ...) G_GNUC_PRINTF (2, 3);
/* one option, by its name there */
void              scope_config_draft_set  (ScopeConfigDraft *self,
                                           const char       *name,
                                           ScopeConfigValue *value);
void              scope_config_draft_set_option (ScopeConfigDraft  *self,
                                                 ScopeConfigOption  option,
                                                 const char        *name,
                                                 ScopeConfigValue  *value);
/* every member of an object */
void              scope_config_draft_set_members (ScopeConfigDraft *self,
                                                  ScopeConfigValue *object);
/* the value itself, or what a variable gives for it; NULL (noted) if it is computed */
ScopeConfigValue *scope_config_draft_resolve (ScopeConfigDraft *self,
                                              const char       *name,
                                              ScopeConfigValue *value);
/* NULL where it is not given or falsy, which stands for the default; noted if it is no text */
const char       *scope_config_draft_get_text (ScopeConfigDraft  *self,
                                               ScopeConfigOption  option);
gboolean          scope_config_draft_is_false (ScopeConfigDraft  *self,
                                               ScopeConfigOption  option);
gboolean          scope_config_draft_is_true  (ScopeConfigDraft  *self,
                                               ScopeConfigOption  option);

/* profile and credentials from the values: where, and how to be authorized */
void              scope_config_draft_apply      (ScopeConfigDraft *self);
void              scope_config_draft_apply_auth (ScopeConfigDraft *self);

G_END_DECLS
