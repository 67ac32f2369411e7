/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-message"

#include "config.h"

#include "protocol/scope-message.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"

/* The order in which names stand in ScopeMessage.text. */
typedef enum
{
  NAME_EVENT,
  NAME_CHANNEL,
  NAME_USER_ID,
  N_NAMES,
} ScopeNameIndex;

/* What the scanner is asked for. */
enum
{
  WANTED_EVENT,
  WANTED_CHANNEL,
  WANTED_USER_ID,
  WANTED_DATA,
  N_WANTED,
};

/* One allocation for struct and names; a frame's other bytes are shared. Names are short, and
 * copied because callers get them NUL-terminated. */
struct _ScopeMessage
{
  gatomicrefcount ref_count;
  ScopeMessageType type;
  ScopeJsonKind data_kind;
  ScopeSpan data;
  GBytes *bytes;
  struct
  {
    guint32 offset; /* in text */
    guint32 length;
    gboolean present;
  } names[N_NAMES];
  char text[];
};

G_DEFINE_BOXED_TYPE (ScopeMessage, scope_message, scope_message_ref, scope_message_unref)

/* A name before it is copied: either bytes of the frame or, if it had escapes, a copy. */
typedef struct
{
  const char *start; /* NULL: not there */
  gsize length;
  char *decoded;
} ScopeName;

static const char *const name_keys[N_NAMES] = { "event", "channel", "user_id" };

/* Never NULL, which an empty GBytes may give. */
static const char *
peek_bytes (GBytes *bytes,
            gsize  *length)
{
  const char *text = g_bytes_get_data (bytes, length);

  return text != NULL ? text : "";
}

static void
set_json_error (GError                 **error,
                const ScopeJsonProblem  *problem)
{
  g_autofree char *text = scope_json_problem_to_text (problem);
  gboolean is_limit = problem->fault == SCOPE_JSON_FAULT_DEPTH ||
                      problem->fault == SCOPE_JSON_FAULT_SIZE;

  g_set_error (error, SCOPE_ERROR, is_limit ? SCOPE_ERROR_LIMIT : SCOPE_ERROR_PROTOCOL,
               _("The frame is no valid message: %s"), text);
}

/* The scanner reports a document of another kind as a syntax error at its start; say what it is. */
static void
set_scan_error (GError                 **error,
                const char              *text,
                gsize                    length,
                const ScopeJsonProblem  *problem)
{
  ScopeJsonKind kind;
  ScopeJsonProblem whole;

  if (problem->fault != SCOPE_JSON_FAULT_SYNTAX)
    {
      set_json_error (error, problem);
      return;
    }

  if (!scope_json_check (text, length, &kind, &whole))
    set_json_error (error, &whole);
  else
    g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                         _("The frame is no valid message: it is JSON, but no object"));
}

static void
set_kind_error (GError         **error,
                ScopeNameIndex   index,
                ScopeJsonKind    kind)
{
  if (kind == SCOPE_JSON_NONE)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                 _("The frame is no valid message: it has no “%s”"), name_keys[index]);
  else
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                 _("The frame is no valid message: its “%s” is no string"), name_keys[index]);
}

static gboolean
name_read (ScopeName              *self,
           ScopeNameIndex          index,
           const char             *text,
           const ScopeJsonWanted  *wanted,
           GError                **error)
{
  const char *token = text + wanted->value.offset;
  gsize length = wanted->value.length;

  if (wanted->kind == SCOPE_JSON_STRING)
    {
      if (!scope_json_string_has_escapes (token, length))
        {
          self->start = token + 1;
          self->length = length - 2;
        }
      else if (length <= 6 * SCOPE_LIMIT_RECEIVED_NAME_BYTES + 2)
        {
          self->start = self->decoded = scope_json_string_dup_name (token, length);
          self->length = strlen (self->decoded);
        }
      else
        self->length = length; /* above the bound whatever it decodes to */
    }
  else if (wanted->kind == SCOPE_JSON_NUMBER && index != NAME_EVENT)
    {
      self->start = token; /* ids are text always */
      self->length = length;
    }
  else if (index == NAME_EVENT ||
           (index == NAME_CHANNEL && wanted->kind != SCOPE_JSON_NONE &&
            wanted->kind != SCOPE_JSON_NULL))
    {
      /* a user id of another kind is only left out: the event itself is good */
      set_kind_error (error, index, wanted->kind);
      return FALSE;
    }

  if (self->length <= SCOPE_LIMIT_RECEIVED_NAME_BYTES)
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
               _("The frame's “%s” is longer than %d bytes"), name_keys[index],
               SCOPE_LIMIT_RECEIVED_NAME_BYTES);
  return FALSE;
}

#define IS(literal) (length == strlen (literal) && memcmp (name, literal, length) == 0)

static ScopeMessageType
type_of_pusher (const char *name,
                gsize       length)
{
  switch (name[0])
    {
    case 'c':
      if (IS ("connection_established"))
        return SCOPE_MESSAGE_CONNECTION_ESTABLISHED;
      if (IS ("cache_miss"))
        return SCOPE_MESSAGE_CACHE_MISS;
      break;

    case 'e':
      if (IS ("error"))
        return SCOPE_MESSAGE_ERROR;
      break;

    case 'p':
      if (IS ("ping"))
        return SCOPE_MESSAGE_PING;
      if (IS ("pong"))
        return SCOPE_MESSAGE_PONG;
      break;

    case 's':
      if (IS ("subscribe"))
        return SCOPE_MESSAGE_SUBSCRIBE;
      if (IS ("subscription_error"))
        return SCOPE_MESSAGE_SUBSCRIPTION_ERROR;
      if (IS ("signin"))
        return SCOPE_MESSAGE_SIGNIN;
      if (IS ("signin_success"))
        return SCOPE_MESSAGE_SIGNIN_SUCCESS;
      break;

    case 'u':
      if (IS ("unsubscribe"))
        return SCOPE_MESSAGE_UNSUBSCRIBE;
      break;

    default:
      break;
    }

  return SCOPE_MESSAGE_UNKNOWN;
}

static ScopeMessageType
type_of_internal (const char *name,
                  gsize       length)
{
  switch (name[0])
    {
    case 'm':
      if (IS ("member_added"))
        return SCOPE_MESSAGE_MEMBER_ADDED;
      if (IS ("member_removed"))
        return SCOPE_MESSAGE_MEMBER_REMOVED;
      break;

    case 's':
      if (IS ("subscription_succeeded"))
        return SCOPE_MESSAGE_SUBSCRIPTION_SUCCEEDED;
      if (IS ("subscription_count"))
        return SCOPE_MESSAGE_SUBSCRIPTION_COUNT;
      if (IS ("subscription_error")) /* pusher-fake, §2.3 */
        return SCOPE_MESSAGE_SUBSCRIPTION_ERROR;
      break;

    case 'w':
      if (IS ("watchlist_events"))
        return SCOPE_MESSAGE_WATCHLIST;
      break;

    default:
      break;
    }

  return SCOPE_MESSAGE_UNKNOWN;
}

static ScopeMessageType
type_of_event (const char *name,
               gsize       length,
               gboolean    has_channel)
{
  static const char pusher[] = "pusher:";
  static const char internal[] = "pusher_internal:";

  switch (name[0])
    {
    case 'p':
      if (length >= strlen (pusher) && memcmp (name, pusher, strlen (pusher)) == 0)
        return type_of_pusher (name + strlen (pusher), length - strlen (pusher));
      if (length >= strlen (internal) && memcmp (name, internal, strlen (internal)) == 0)
        return type_of_internal (name + strlen (internal), length - strlen (internal));
      break;

    case 'o': /* Sockudo's form of watchlist events, §11.4 */
      if (!has_channel && (IS ("online") || IS ("offline")))
        return SCOPE_MESSAGE_WATCHLIST;
      break;

    default:
      break;
    }

  return SCOPE_MESSAGE_EVENT;
}

#undef IS

static ScopeMessage *
message_build (GBytes                *bytes,
               const ScopeName        names[N_NAMES],
               const ScopeJsonWanted *data)
{
  gsize size = 0;
  ScopeMessage *self;

  for (guint i = 0; i < N_NAMES; i++)
    size += names[i].length + 1;

  self = g_malloc (sizeof *self + size);
  g_atomic_ref_count_init (&self->ref_count);
  self->bytes = g_bytes_ref (bytes);
  self->data = data->value;
  self->data_kind = data->kind;

  size = 0;
  for (guint i = 0; i < N_NAMES; i++)
    {
      self->names[i].offset = size;
      self->names[i].length = names[i].length;
      self->names[i].present = names[i].start != NULL;
      if (names[i].start != NULL)
        memcpy (self->text + size, names[i].start, names[i].length);
      self->text[size + names[i].length] = '\0';
      size += names[i].length + 1;
    }

  self->type = type_of_event (self->text, names[NAME_EVENT].length,
                              names[NAME_CHANNEL].start != NULL);

  return self;
}

static const char *
message_get_name (const ScopeMessage *self,
                  ScopeNameIndex      index,
                  gsize              *length)
{
  if (length != NULL)
    *length = self->names[index].length;

  return self->names[index].present ? self->text + self->names[index].offset : NULL;
}

/**
 * scope_message_new:
 * @bytes: one frame; a reference is taken
 * @error: SCOPE_ERROR_PROTOCOL or SCOPE_ERROR_LIMIT
 *
 * Scans the envelope (protocol.md §2.1) once. Unknown keys are passed over; the whole frame is
 * checked for UTF-8, syntax and depth, `data` included.
 *
 * Returns: (transfer full): the message
 */
ScopeMessage *
scope_message_new (GBytes  *bytes,
                   GError **error)
{
  ScopeJsonWanted wanted[N_WANTED] = { { "event" }, { "channel" }, { "user_id" }, { "data" } };
  ScopeName names[N_NAMES] = { 0 };
  ScopeJsonProblem problem = { 0 };
  ScopeMessage *self = NULL;
  const char *text;
  gsize length;
  guint n_read = 0;

  g_return_val_if_fail (bytes != NULL, NULL);

  text = peek_bytes (bytes, &length);
  if (length > SCOPE_LIMIT_FRAME_BYTES)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT, _("The frame is larger than %d bytes"),
                   SCOPE_LIMIT_FRAME_BYTES);
      return NULL;
    }

  if (!scope_json_scan_object (text, length, wanted, N_WANTED, &problem))
    {
      set_scan_error (error, text, length, &problem);
      return NULL;
    }

  while (n_read < N_NAMES && name_read (&names[n_read], n_read, text, &wanted[n_read], error))
    n_read++;

  if (n_read == N_NAMES)
    self = message_build (bytes, names, &wanted[WANTED_DATA]);

  for (guint i = 0; i < N_NAMES; i++)
    {
      if (names[i].decoded != NULL)
        g_free (names[i].decoded);
    }

  return self;
}

/**
 * scope_message_ref:
 *
 * Returns: (transfer full): @self
 */
ScopeMessage *
scope_message_ref (ScopeMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * scope_message_unref:
 *
 * Frees the message with its last reference.
 */
void
scope_message_unref (ScopeMessage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_bytes_unref (self->bytes);
  g_free (self);
}

/**
 * scope_message_get_message_type:
 *
 * Returns: what it is by its event's name (protocol.md §2.3)
 */
ScopeMessageType
scope_message_get_message_type (const ScopeMessage *self)
{
  g_return_val_if_fail (self != NULL, SCOPE_MESSAGE_UNKNOWN);

  return self->type;
}

/**
 * scope_message_get_bytes:
 *
 * Returns: (transfer none): the frame as it came
 */
GBytes *
scope_message_get_bytes (const ScopeMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->bytes;
}

/**
 * scope_message_get_size:
 *
 * Returns: bytes of the frame
 */
gsize
scope_message_get_size (const ScopeMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_bytes_get_size (self->bytes);
}

/**
 * scope_message_get_event:
 * @length: (out) (optional): its bytes
 *
 * Returns: (transfer none): the event's name, NUL-terminated
 */
const char *
scope_message_get_event (const ScopeMessage *self,
                         gsize              *length)
{
  g_return_val_if_fail (self != NULL, NULL);

  return message_get_name (self, NAME_EVENT, length);
}

/**
 * scope_message_get_channel:
 * @length: (out) (optional): its bytes, 0 if there is none
 *
 * Returns: (transfer none) (nullable): the channel, NUL-terminated
 */
const char *
scope_message_get_channel (const ScopeMessage *self,
                           gsize              *length)
{
  g_return_val_if_fail (self != NULL, NULL);

  return message_get_name (self, NAME_CHANNEL, length);
}

/**
 * scope_message_get_user_id:
 * @length: (out) (optional): its bytes, 0 if there is none
 *
 * Set by the server on client events of presence channels (protocol.md §2.1).
 *
 * Returns: (transfer none) (nullable): the sender, NUL-terminated; a number as its text
 */
const char *
scope_message_get_user_id (const ScopeMessage *self,
                           gsize              *length)
{
  g_return_val_if_fail (self != NULL, NULL);

  return message_get_name (self, NAME_USER_ID, length);
}

/**
 * scope_message_get_data_span:
 *
 * Returns: `data` as it stands in the frame; empty without one
 */
ScopeSpan
scope_message_get_data_span (const ScopeMessage *self)
{
  g_return_val_if_fail (self != NULL, ((ScopeSpan) { 0, 0 }));

  return self->data;
}

/**
 * scope_message_get_data_kind:
 *
 * Returns: what `data` is in the frame; SCOPE_JSON_NONE: it has no such key
 */
ScopeJsonKind
scope_message_get_data_kind (const ScopeMessage *self)
{
  g_return_val_if_fail (self != NULL, SCOPE_JSON_NONE);

  return self->data_kind;
}

/**
 * scope_message_dup_raw_data:
 *
 * `data` as its publisher handed it over (protocol.md §2.2). Shares the frame's bytes where nothing
 * has to be decoded.
 *
 * Returns: (transfer full) (nullable): the decoded string, or the JSON text of any other value, or
 *   the token with its quotes if the string has no UTF-8 form; NULL if there is no `data`
 */
GBytes *
scope_message_dup_raw_data (const ScopeMessage *self)
{
  g_autoptr (GString) out = NULL;
  const char *token;
  gsize offset, length;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->data_kind == SCOPE_JSON_NONE)
    return NULL;

  offset = self->data.offset;
  length = self->data.length;
  if (self->data_kind != SCOPE_JSON_STRING)
    return g_bytes_new_from_bytes (self->bytes, offset, length);

  token = (const char *) g_bytes_get_data (self->bytes, NULL) + offset;
  if (!scope_json_string_has_escapes (token, length))
    return g_bytes_new_from_bytes (self->bytes, offset + 1, length - 2);

  out = g_string_sized_new (length);
  if (!scope_json_string_decode (token, length, out))
    return g_bytes_new_from_bytes (self->bytes, offset, length);

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

/**
 * scope_message_read_data_object:
 * @text: (out) (transfer none): the object's JSON text, checked
 * @length: (out): its bytes
 * @owner: (out) (transfer full): keeps @text alive
 *
 * `data` if it is an object or a string that holds one: servers send both forms
 * (protocol.md §11.1).
 *
 * Returns: FALSE, with nothing written, if it is neither
 */
gboolean
scope_message_read_data_object (const ScopeMessage  *self,
                                const char         **text,
                                gsize               *length,
                                GBytes             **owner)
{
  g_autoptr (GBytes) raw = NULL;
  ScopeJsonKind kind = SCOPE_JSON_NONE;
  const char *data;
  gsize size = 0;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (text != NULL && length != NULL && owner != NULL, FALSE);

  if (self->data_kind != SCOPE_JSON_OBJECT && self->data_kind != SCOPE_JSON_STRING)
    return FALSE;

  raw = scope_message_dup_raw_data (self);
  data = peek_bytes (raw, &size);
  if (self->data_kind == SCOPE_JSON_STRING &&
      (!scope_json_check (data, size, &kind, NULL) || kind != SCOPE_JSON_OBJECT))
    return FALSE;

  *text = data;
  *length = size;
  *owner = g_steal_pointer (&raw);
  return TRUE;
}
