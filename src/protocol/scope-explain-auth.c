/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-explain"

#include "config.h"

#include "protocol/scope-explain-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "json/scope-json.h"
#include "protocol/scope-channel-name.h"
#include "protocol/scope-decrypt.h"
#include "protocol/scope-signature.h"

/* What an authorization endpoint answered, alone or with what it was asked, as a frame that was sent with it, or
 * as a server's refusal, which tells what it expected (protocol.md §1.8, §4). */

#define MAX_NESTED 3 /* JSON in a string of JSON */
#define MAX_OBJECTS 64
#define MAX_TRIED_NAMES 50
#define SIGNATURE_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"

enum
{
  FIELD_AUTH,
  FIELD_CHANNEL_DATA,
  FIELD_USER_DATA,
  FIELD_SHARED_SECRET,
  FIELD_SOCKET_ID,
  FIELD_CHANNEL,
  N_FIELDS,
};

typedef struct
{
  char *fields[N_FIELDS];
  gboolean data_is_object;  /* channel_data or user_data is no JSON string */
  guint n_objects;
  char *key;                /* the two parts of auth */
  char *signature;
  char *server_text;        /* what the server says it has to be made of */
  guint status;             /* of an HTTP answer */
  gboolean is_page;
} ScopeAuthPaste;

static void
auth_paste_clear (ScopeAuthPaste *self)
{
  if (self->fields[FIELD_SHARED_SECRET] != NULL)
    scope_secret_wipe (self->fields[FIELD_SHARED_SECRET], strlen (self->fields[FIELD_SHARED_SECRET]));
  for (guint i = 0; i < N_FIELDS; i++)
    g_free (self->fields[i]);
  g_free (self->key);
  g_free (self->signature);
  g_free (self->server_text);
}

/* ---- reading ---- */

static int
auth_paste_get_field (const char *key,
                      gsize       length)
{
  static const struct
  {
    const char *name;
    int field;
  } names[] = {
    { "auth", FIELD_AUTH },           { "channel_data", FIELD_CHANNEL_DATA },
    { "user_data", FIELD_USER_DATA }, { "shared_secret", FIELD_SHARED_SECRET },
    { "socket_id", FIELD_SOCKET_ID }, { "channel_name", FIELD_CHANNEL },
    { "channel", FIELD_CHANNEL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (scope_json_string_equal (key, length, names[i].name))
      return names[i].field;
  return -1;
}

static void auth_paste_take_object (ScopeAuthPaste *self,
                                    const char     *json,
                                    gsize           length,
                                    guint           nested);

/* A string may be a document itself: `data` of a frame, an answer that was encoded twice. */
static void
auth_paste_take_nested (ScopeAuthPaste *self,
                        const char     *value,
                        gsize           length,
                        ScopeJsonKind   kind,
                        guint           nested)
{
  g_autofree char *text = NULL;
  ScopeJsonKind inner;

  if (nested >= MAX_NESTED)
    return;
  if (kind == SCOPE_JSON_OBJECT)
    auth_paste_take_object (self, value, length, nested + 1);
  if (kind != SCOPE_JSON_STRING)
    return;

  text = scope_json_string_dup (value, length);
  if (scope_json_check (text, strlen (text), &inner, NULL) && inner == SCOPE_JSON_OBJECT)
    auth_paste_take_object (self, text, strlen (text), nested + 1);
}

static void
auth_paste_take_object (ScopeAuthPaste *self,
                        const char     *json,
                        gsize           length,
                        guint           nested)
{
  ScopeJsonIter iter;
  ScopeSpan key, value;
  ScopeJsonKind kind;

  if (self->n_objects++ >= MAX_OBJECTS)
    return;
  scope_json_iter_init (&iter, json, length);
  while (scope_json_iter_next (&iter, &key, &value, &kind))
    {
      int field = key.length > 0 ? auth_paste_get_field (json + key.offset, key.length) : -1;

      if (field < 0)
        auth_paste_take_nested (self, json + value.offset, value.length, kind, nested);
      else if (kind == SCOPE_JSON_STRING && self->fields[field] == NULL)
        self->fields[field] = scope_json_string_dup (json + value.offset, value.length);
      else if (kind == SCOPE_JSON_OBJECT && (field == FIELD_CHANNEL_DATA || field == FIELD_USER_DATA))
        self->data_is_object = TRUE;
    }
}

static void
auth_paste_take_objects (ScopeAuthPaste *self,
                         const char     *text)
{
  gsize at = 0, start, length;

  while (self->n_objects < MAX_OBJECTS && _scope_explain_find_object (text, &at, &start, &length))
    auth_paste_take_object (self, text + start, length, 0);
}

/* `socket_id=1.2&channel_name=private-x`, as endpoints are asked */
static void
auth_paste_take_form (ScopeAuthPaste *self,
                      const char     *text,
                      const char     *name,
                      int             field)
{
  const char *found = strstr (text, name);

  if (found == NULL || self->fields[field] != NULL)
    return;
  found += strlen (name);
  self->fields[field] = _scope_explain_unescape (found, strcspn (found, "& \t\r\n\"'"));
}

/* "Invalid signature: Expected HMAC SHA256 hex digest of X, but got Y"; the text may stand in JSON. */
static void
auth_paste_take_refusal (ScopeAuthPaste *self,
                         const char     *text)
{
  static const char before[] = "hex digest of ";
  static const char between[] = ", but got ";
  const char *start = strstr (text, before);
  const char *end = start != NULL ? g_strrstr (start, between) : NULL;
  const char *got;

  if (end == NULL)
    return;
  start += strlen (before);
  got = end + strlen (between);
  g_free (self->server_text);
  self->server_text = g_strndup (start, end - start);
  if (self->signature == NULL)
    self->signature = g_strndup (got, strspn (got, SIGNATURE_LETTERS));
}

/* Every string of the document is looked at decoded. */
static void
auth_paste_take_refusal_in_json (ScopeAuthPaste *self,
                                 const char     *json,
                                 gsize           length,
                                 guint           nested)
{
  ScopeJsonIter iter;
  ScopeSpan key, value;
  ScopeJsonKind kind;

  scope_json_iter_init (&iter, json, length);
  while (nested <= MAX_NESTED && self->server_text == NULL && scope_json_iter_next (&iter, &key, &value, &kind))
    {
      g_autofree char *text = NULL;
      ScopeJsonKind inner;

      if (kind == SCOPE_JSON_OBJECT)
        auth_paste_take_refusal_in_json (self, json + value.offset, value.length, nested + 1);
      if (kind != SCOPE_JSON_STRING)
        continue;
      text = scope_json_string_dup (json + value.offset, value.length);
      if (scope_json_check (text, strlen (text), &inner, NULL) && inner == SCOPE_JSON_OBJECT)
        auth_paste_take_refusal_in_json (self, text, strlen (text), nested + 1);
      else
        auth_paste_take_refusal (self, text);
    }
}

static void
auth_paste_set_field (ScopeAuthPaste *self,
                      int             field,
                      const char     *value)
{
  if (self->fields[field] == NULL)
    self->fields[field] = g_strdup (value);
}

/* The server's own text names all that is signed; without the authorization it is what there is. */
static void
auth_paste_split_server_text (ScopeAuthPaste *self)
{
  const char *user = self->server_text != NULL ? strstr (self->server_text, "::user::") : NULL;
  gboolean alone = self->fields[FIELD_AUTH] == NULL;
  g_auto (GStrv) parts = NULL;

  if (self->server_text == NULL)
    return;
  parts = g_strsplit (self->server_text, ":", 3);
  if (g_strv_length (parts) < 2 || !scope_socket_id_check (parts[0]))
    return;
  if (alone)
    auth_paste_set_field (self, FIELD_SOCKET_ID, parts[0]);
  if (user != NULL && user == self->server_text + strlen (parts[0]))
    {
      if (alone)
        auth_paste_set_field (self, FIELD_USER_DATA, user + strlen ("::user::"));
      return;
    }
  auth_paste_set_field (self, FIELD_CHANNEL, parts[1]);
  if (alone && parts[2] != NULL)
    auth_paste_set_field (self, FIELD_CHANNEL_DATA, parts[2]);
}

static void
auth_paste_split_auth (ScopeAuthPaste *self)
{
  const char *auth = self->fields[FIELD_AUTH];
  const char *colon = auth != NULL ? strchr (auth, ':') : NULL;

  if (auth == NULL)
    return;
  g_free (self->signature);
  self->key = colon != NULL ? g_strndup (auth, colon - auth) : NULL;
  self->signature = g_strdup (colon != NULL ? colon + 1 : auth);
}

static void
auth_paste_read (ScopeAuthPaste *self,
                 const char     *text)
{
  g_autoptr (ScopeExplainHttp) http = _scope_explain_http_parse (text);
  const char *body = http != NULL && http->body != NULL ? http->body : text;
  gsize at = 0, start, length;

  self->status = http != NULL ? http->status : 0;
  body += strspn (body, " \t\r\n");
  self->is_page = *body == '<';
  auth_paste_take_objects (self, text);
  auth_paste_take_form (self, text, "socket_id=", FIELD_SOCKET_ID);
  auth_paste_take_form (self, text, "channel_name=", FIELD_CHANNEL);
  while (self->server_text == NULL && _scope_explain_find_object (text, &at, &start, &length))
    auth_paste_take_refusal_in_json (self, text + start, length, 0);
  if (self->server_text == NULL)
    auth_paste_take_refusal (self, text);
  auth_paste_split_auth (self);
  auth_paste_split_server_text (self);
}

/* ---- what is wrong whatever was signed ---- */

static void
auth_tell_page (ScopeExplanation     *self,
                const ScopeAuthPaste *paste)
{
  if (paste->status >= 300 && paste->status < 400)
    _scope_explanation_add (self, SCOPE_CAUSE_ANSWER,
                            _("The endpoint answered with a redirect, often to a login page: the request came without "
                              "the session or token it wants. Add the header or parameter with the login."));
  else if (paste->is_page)
    _scope_explanation_add (self, SCOPE_CAUSE_ANSWER,
                            _("The endpoint answered with a web page instead of JSON: a login page, an error page, or "
                              "the app's start page because the path is wrong."));
  else
    _scope_explanation_add (self, SCOPE_CAUSE_ANSWER,
                            _("There is no “auth” in it: the endpoint has to answer JSON with “auth”, the app key, a "
                              "colon and the signature."));
  _scope_explanation_say (self, SCOPE_EXPLAIN_DIFFERS, _("This is no authorization."));
}

static gboolean
auth_check_shared_secret (const char              *text,
                          const char              *channel,
                          const ScopeExplainFacts *facts)
{
  guint8 given[SCOPE_CHANNEL_KEY_BYTES] = { 0 }, right[SCOPE_CHANNEL_KEY_BYTES] = { 0 };
  gboolean fits = TRUE;

  if (!scope_channel_key_decode (text, given, NULL))
    return FALSE;
  if (facts->master_key != NULL
      && scope_channel_key_derive (channel, scope_secret_peek (facts->master_key), right, NULL))
    fits = memcmp (given, right, sizeof given) == 0;
  scope_secret_wipe (given, sizeof given);
  scope_secret_wipe (right, sizeof right);
  return fits;
}

static void
auth_check_encrypted (ScopeExplanation        *self,
                      const ScopeAuthPaste    *paste,
                      const char              *channel,
                      const ScopeExplainFacts *facts)
{
  const char *shared_secret = paste->fields[FIELD_SHARED_SECRET];

  if (paste->fields[FIELD_AUTH] == NULL || channel == NULL
      || !scope_channel_kind_is_encrypted (scope_channel_name_get_kind (channel)))
    return;
  if (shared_secret == NULL)
    _scope_explanation_add (self, SCOPE_CAUSE_SHARED_SECRET,
                            _("“shared_secret” is missing: for an encrypted channel the endpoint has to give it too. "
                              "Its server library needs the encryption master key."));
  else if (!auth_check_shared_secret (shared_secret, channel, facts))
    _scope_explanation_add (self, SCOPE_CAUSE_SHARED_SECRET,
                            _("“shared_secret” is not this channel's key: it has to be the base64 of 32 bytes, made of "
                              "the channel's name and the encryption master key that the publisher uses."));
}

static void
auth_check_data (ScopeExplanation     *self,
                 const ScopeAuthPaste *paste,
                 const char           *channel)
{
  const char *data = paste->fields[FIELD_CHANNEL_DATA];

  if (paste->data_is_object)
    _scope_explanation_add (self, SCOPE_CAUSE_CHANNEL_DATA,
                            _("“channel_data” or “user_data” is an object: it has to be a JSON string, as its very "
                              "bytes are signed."));
  else if (channel == NULL || paste->fields[FIELD_AUTH] == NULL)
    return;
  else if (!scope_channel_kind_is_presence (scope_channel_name_get_kind (channel)))
    {
      if (data != NULL)
        _scope_explanation_add (self, SCOPE_CAUSE_CHANNEL_DATA,
                                _("“channel_data” is sent for a channel that is no presence channel: soketi checks "
                                  "the signature without it, and refuses."));
    }
  else if (data == NULL)
    _scope_explanation_add (self, SCOPE_CAUSE_CHANNEL_DATA,
                            _("“channel_data” is missing: a presence channel needs it, a JSON string with a "
                              "“user_id”."));
  else if (!scope_json_scan_object (data, strlen (data), &(ScopeJsonWanted) { .key = "user_id" }, 1, NULL))
    _scope_explanation_add (self, SCOPE_CAUSE_CHANNEL_DATA, _("“channel_data” is no JSON object with a “user_id”."));
}

/* The secret may stand where the key should: that is said, and nothing of it shown. */
static void
auth_check_key (ScopeExplanation        *self,
                const ScopeAuthPaste    *paste,
                const ScopeExplainFacts *facts)
{
  if (paste->fields[FIELD_AUTH] != NULL && paste->key == NULL)
    _scope_explanation_add (self, SCOPE_CAUSE_KEY,
                            _("“auth” has no key: it has to be the app key, a colon and the signature."));
  else if (paste->key == NULL)
    return;
  else if (facts->secret != NULL && strcmp (paste->key, scope_secret_peek (facts->secret)) == 0)
    _scope_explanation_add (self, SCOPE_CAUSE_SWAPPED,
                            _("“auth” begins with the app secret instead of the app key: the two are swapped where it "
                              "was signed, and everybody who asks is told the secret. Replace the secret."));
  else if (facts->key != NULL && strcmp (paste->key, facts->key) != 0)
    _scope_explanation_add (self, SCOPE_CAUSE_KEY,
                            _("“auth” begins with another app key than the one here: the endpoint signs for another "
                              "app or environment."));
}

static void
auth_check_socket (ScopeExplanation        *self,
                   const char              *socket_id,
                   const ScopeExplainFacts *facts)
{
  if (self->verdict == SCOPE_EXPLAIN_FITS && socket_id != NULL && facts->socket_id != NULL
      && strcmp (socket_id, facts->socket_id) != 0)
    _scope_explanation_add (self, SCOPE_CAUSE_SOCKET,
                            _("It is signed for another socket id than that of the connection that is open now: an "
                              "authorization holds for one connection only, and each needs a new one."));
}

/* ---- what may have been signed ---- */

static char *
auth_compose (const char *socket_id,
              const char *channel,
              const char *data)
{
  return g_strjoin (":", socket_id, channel, data, NULL);
}

static void
auth_add_data_candidates (ScopeTrial *trial,
                          const char *socket_id,
                          const char *channel,
                          const char *data)
{
  const char *missing = _("“channel_data” was left out of what was signed: of a presence channel it is signed too, "
                          "behind a colon.");
  const char *added = _("Data was signed that is not sent: for this channel the socket id, a colon and the channel "
                        "are all.");
  g_autofree char *prefix = auth_compose (socket_id, channel, "");

  if (data != NULL)
    {
      _scope_trial_take (trial, auth_compose (socket_id, channel, NULL), SCOPE_CAUSE_CHANNEL_DATA, missing);
      _scope_trial_add_json (trial, prefix, data, SCOPE_CAUSE_JSON,
                             _("What was signed holds the same channel_data in other bytes: the JSON was written "
                               "anew after it was signed, or before. Sign the very text that is sent."));
      _scope_trial_take (trial, g_strconcat (prefix, data, "\n", NULL), SCOPE_CAUSE_SPACE,
                         _("A line end was signed behind the text. Take it away."));
      return;
    }
  _scope_trial_take (trial, auth_compose (socket_id, channel, "{}"), SCOPE_CAUSE_CHANNEL_DATA, added);
  _scope_trial_take (trial, auth_compose (socket_id, channel, "null"), SCOPE_CAUSE_CHANNEL_DATA, added);
  _scope_trial_take (trial, auth_compose (socket_id, channel, ""), SCOPE_CAUSE_CHANNEL_DATA, added);
}

static void
auth_add_form_candidates (ScopeTrial *trial,
                          const char *socket_id,
                          const char *channel,
                          const char *data)
{
  const char *form = _("The parts were put together in another way: it has to be the socket id, a colon, the "
                       "channel, and of a presence channel a colon and channel_data.");
  g_autofree char *right = auth_compose (socket_id, channel, data);

  _scope_trial_take (trial, auth_compose (channel, socket_id, data), SCOPE_CAUSE_FORM, form);
  _scope_trial_take (trial, g_strconcat (socket_id, channel, data, NULL), SCOPE_CAUSE_FORM, form);
  _scope_trial_take (trial, g_strjoin (".", socket_id, channel, data, NULL), SCOPE_CAUSE_FORM, form);
  _scope_trial_take (trial, g_strjoin (": ", socket_id, channel, data, NULL), SCOPE_CAUSE_FORM, form);
  _scope_trial_take (trial, g_strconcat (right, "\n", NULL), SCOPE_CAUSE_SPACE,
                     _("A line end was signed behind the text. Take it away."));
}

static void
auth_add_socket_candidates (ScopeTrial *trial,
                            const char *channel,
                            const char *data)
{
  const char *cause = _("It is signed for the socket id of an earlier connection: an authorization was kept, or came "
                        "late. Each connection needs a new one.");
  const ScopeExplainFacts *facts = trial->facts;

  if (facts->socket_id != NULL)
    _scope_trial_take (trial, auth_compose (facts->socket_id, channel, data), SCOPE_CAUSE_SOCKET,
                       _("It is signed for another socket id than the one it was asked for."));
  for (guint i = 0; facts->other_sockets != NULL && facts->other_sockets[i] != NULL && i < MAX_TRIED_NAMES; i++)
    _scope_trial_take (trial, auth_compose (facts->other_sockets[i], channel, data), SCOPE_CAUSE_SOCKET, cause);
}

static void
auth_add_channel_candidates (ScopeTrial *trial,
                             const char *socket_id,
                             const char *channel,
                             const char *data)
{
  static const char * const prefixes[] = { "private-", "presence-", "private-encrypted-", "private-cache-", "cache-" };
  const char *cause = _("It is signed for another channel name: with or without its prefix, in other letters, or "
                        "another channel.");
  const char * const *others = trial->facts->other_channels;
  g_autofree char *escaped = g_uri_escape_string (channel, NULL, FALSE);
  g_autofree char *lower = g_utf8_strdown (channel, -1);
  g_autofree char *spaced = g_strconcat (channel, " ", NULL);

  _scope_trial_take (trial, auth_compose (socket_id, escaped, data), SCOPE_CAUSE_ENCODED,
                     _("The channel's name was signed percent-encoded: it has to be signed as it is."));
  _scope_trial_take (trial, auth_compose (socket_id, lower, data), SCOPE_CAUSE_CHANNEL, cause);
  _scope_trial_take (trial, auth_compose (socket_id, spaced, data), SCOPE_CAUSE_CHANNEL, cause);
  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autofree char *longer = g_strconcat (prefixes[i], channel, NULL);

      _scope_trial_take (trial, auth_compose (socket_id, longer, data), SCOPE_CAUSE_CHANNEL, cause);
      if (g_str_has_prefix (channel, prefixes[i]))
        _scope_trial_take (trial, auth_compose (socket_id, channel + strlen (prefixes[i]), data),
                           SCOPE_CAUSE_CHANNEL, cause);
    }
  for (guint i = 0; others != NULL && others[i] != NULL && i < MAX_TRIED_NAMES; i++)
    _scope_trial_take (trial, auth_compose (socket_id, others[i], data), SCOPE_CAUSE_CHANNEL, cause);
}

static void
auth_add_user_candidates (ScopeTrial *trial,
                          const char *socket_id,
                          const char *data)
{
  g_autofree char *prefix = g_strconcat (socket_id, "::user::", NULL);
  const char *form = _("The parts were put together in another way: for a user it has to be the socket id, “::user::” "
                       "and user_data.");
  const char *other = trial->facts->socket_id;

  _scope_trial_take (trial, g_strconcat (socket_id, ":user:", data, NULL), SCOPE_CAUSE_FORM, form);
  _scope_trial_take (trial, g_strconcat (socket_id, "::", data, NULL), SCOPE_CAUSE_FORM, form);
  _scope_trial_take (trial, g_strconcat (socket_id, ":", data, NULL), SCOPE_CAUSE_FORM, form);
  _scope_trial_add (trial, socket_id, SCOPE_CAUSE_FORM, form);
  _scope_trial_add_json (trial, prefix, data, SCOPE_CAUSE_JSON,
                         _("What was signed holds the same user_data in other bytes: the JSON was written anew after "
                           "it was signed, or before. Sign the very text that is sent."));
  if (other != NULL)
    _scope_trial_take (trial, g_strconcat (other, "::user::", data, NULL), SCOPE_CAUSE_SOCKET,
                       _("It is signed for another socket id than the one it was asked for."));
  for (guint i = 0; trial->facts->other_sockets != NULL && trial->facts->other_sockets[i] != NULL
                    && i < MAX_TRIED_NAMES; i++)
    _scope_trial_take (trial, g_strconcat (trial->facts->other_sockets[i], "::user::", data, NULL),
                       SCOPE_CAUSE_SOCKET,
                       _("It is signed for the socket id of an earlier connection: an authorization was kept, or "
                         "came late. Each connection needs a new one."));
}

static void
auth_add_channel_and_data (ScopeTrial           *trial,
                           const ScopeAuthPaste *paste,
                           const char           *socket_id,
                           const char           *channel)
{
  const char *data = paste->fields[FIELD_CHANNEL_DATA];

  auth_add_data_candidates (trial, socket_id, channel, data);
  auth_add_form_candidates (trial, socket_id, channel, data);
  auth_add_socket_candidates (trial, channel, data);
  auth_add_channel_candidates (trial, socket_id, channel, data);
}

/* ---- all of it ---- */

/* What the server took it from, where that is not what the authorization was made for. */
static void
auth_compare_with_server (ScopeExplanation     *self,
                          const ScopeAuthPaste *paste,
                          const char           *socket_id)
{
  gsize length = socket_id != NULL ? strlen (socket_id) : 0;

  if (paste->server_text == NULL || self->signed_text == NULL || strcmp (paste->server_text, self->signed_text) == 0)
    return;

  _scope_explanation_set_other (self, paste->server_text);
  _scope_explanation_say (self, SCOPE_EXPLAIN_DIFFERS, _("The server checks another text than what has to be signed."));
  if (length > 0 && (strncmp (paste->server_text, socket_id, length) != 0 || paste->server_text[length] != ':'))
    _scope_explanation_add (self, SCOPE_CAUSE_SOCKET,
                            _("The server checks another socket id: the authorization is for the socket id of another "
                              "connection, mostly an earlier one."));
  else
    _scope_explanation_add (self, SCOPE_CAUSE_FORM,
                            _("The server checks another text than this: the channel or its data was changed between "
                              "the endpoint and the server. The first difference is marked."));
}

static void
auth_solve (ScopeExplanation        *self,
            const ScopeAuthPaste    *paste,
            const char              *socket_id,
            const char              *channel,
            const ScopeExplainFacts *facts)
{
  const char *user_data = paste->fields[FIELD_USER_DATA];
  ScopeTrial trial;

  _scope_trial_init (&trial, facts, self);
  _scope_trial_add (&trial, self->signed_text, SCOPE_CAUSE_FORM, NULL);
  if (paste->server_text != NULL)
    _scope_trial_add (&trial, paste->server_text, SCOPE_CAUSE_FORM, NULL);
  if (user_data != NULL && socket_id != NULL)
    auth_add_user_candidates (&trial, socket_id, user_data);
  else if (socket_id != NULL && channel != NULL)
    auth_add_channel_and_data (&trial, paste, socket_id, channel);
  _scope_trial_solve (&trial, paste->signature);
  _scope_trial_clear (&trial);

  if (self->verdict == SCOPE_EXPLAIN_FITS && paste->server_text != NULL
      && strcmp (paste->server_text, self->signed_text) == 0)
    {
      _scope_explanation_say (self, SCOPE_EXPLAIN_DIFFERS,
                              _("The signature is right for the secret here, and the server refuses it."));
      _scope_explanation_add (self, SCOPE_CAUSE_SECRET,
                              _("The server has another secret for this key: it was replaced, or the profile "
                                "belongs to another app or cluster."));
    }
}

/* NULL: what is missing was told */
static char *
auth_dup_signed (ScopeExplanation     *self,
                 const ScopeAuthPaste *paste,
                 const char           *socket_id,
                 const char           *channel)
{
  const char *user_data = paste->fields[FIELD_USER_DATA];

  if (socket_id != NULL && user_data != NULL)
    return g_strconcat (socket_id, "::user::", user_data, NULL);
  if (socket_id != NULL && channel != NULL && *channel != '\0')
    return auth_compose (socket_id, channel, paste->fields[FIELD_CHANNEL_DATA]);
  if (paste->server_text != NULL)
    return g_strdup (paste->server_text);

  _scope_explanation_say (self, SCOPE_EXPLAIN_INCOMPLETE,
                          socket_id == NULL
                            ? _("The socket id is missing: it is signed. Enter the one the endpoint was asked for, or "
                                "paste the request too.")
                            : _("The channel is missing: it is signed. Enter the one the endpoint was asked for, or "
                                "paste the request too."));
  return NULL;
}

void
_scope_explain_auth (ScopeExplanation        *self,
                     const char              *text,
                     const ScopeExplainFacts *facts)
{
  ScopeAuthPaste paste = { { NULL } };
  const char *socket_id, *channel;
  char *signed_text;

  auth_paste_read (&paste, text);
  socket_id = paste.fields[FIELD_SOCKET_ID] != NULL ? paste.fields[FIELD_SOCKET_ID] : facts->socket_id;
  channel = paste.fields[FIELD_CHANNEL] != NULL ? paste.fields[FIELD_CHANNEL] : facts->channel;
  signed_text = auth_dup_signed (self, &paste, socket_id, channel);
  if (signed_text != NULL)
    _scope_explanation_take_signed (self, signed_text);

  if (paste.signature == NULL)
    auth_tell_page (self, &paste);
  else if (signed_text != NULL)
    {
      auth_solve (self, &paste, socket_id, channel, facts);
      auth_compare_with_server (self, &paste, socket_id);
    }
  auth_check_key (self, &paste, facts);
  auth_check_data (self, &paste, channel);
  auth_check_encrypted (self, &paste, channel, facts);
  auth_check_socket (self, socket_id, facts);
  auth_paste_clear (&paste);
}
