/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-words"

#include "config.h"

#include "capture/scope-data.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-text.h"

/* What an entry's detail says, for people: one function per kind of entry. The keys are those of
 * the lines (cli-contract: "Lines of watch"). */

#define MAX_IDS 20

/* as of scope_json_dup_member(); "" is nothing to say either */
static char *
words_dup_member (const char *object,
                  gsize       length,
                  const char *key)
{
  g_autofree char *text = scope_json_dup_member (object, length, key);

  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static char *
words_dup (const ScopeEntry *entry,
           const char       *key)
{
  return words_dup_member (entry->detail, strlen (entry->detail), key);
}

/* a member of an object that is a member: error.message, member.user_id */
static char *
words_dup_inner (const ScopeEntry *entry,
                 const char       *outer,
                 const char       *key)
{
  ScopeSpan span;
  ScopeJsonKind kind = scope_json_get_member (entry->detail, strlen (entry->detail), outer, &span);

  if (kind != SCOPE_JSON_OBJECT)
    return NULL;
  return words_dup_member (entry->detail + span.offset, span.length, key);
}

static void
words_add (GString    *words,
           const char *separator,
           const char *text)
{
  if (text == NULL)
    return;
  if (words->len > 0)
    g_string_append (words, separator);
  g_string_append (words, text);
}

/* What explains a text, unless the text says the same. */
static void
words_add_other (GString    *words,
                 const char *text,
                 const char *other)
{
  if (g_strcmp0 (text, other) != 0)
    words_add (words, " – ", other);
}

/* A word of the lines; one that a file made up stands as it is. */
static const char *
words_translate (const char *word)
{
  static const char * const words[] = {
    /* Translators: the next six words are states of a connection, as in "connecting → connected" */
    N_("initialized"), N_("connecting"), N_("connected"), N_("unavailable"), N_("failed"), N_("disconnected"),
    /* Translators: the next three words are what became of a channel’s subscription */
    N_("pending"), N_("subscribed"), N_("unsubscribed"),
    /* Translators: the next four words tell what happened to the members of a presence channel, as
     * in "added: user-7 (3 present)"; "snapshot": the list of all that are there */
    N_("added"), N_("removed"), N_("updated"), N_("snapshot"),
  };

  for (gsize i = 0; word != NULL && i < G_N_ELEMENTS (words); i++)
    if (strcmp (word, words[i]) == 0)
      return _(words[i]);
  return word;
}

static void
words_state (GString          *words,
             const ScopeEntry *entry)
{
  g_autofree char *previous = words_dup (entry, "previous");
  g_autofree char *current = words_dup (entry, "current");
  g_autofree char *transport = words_dup (entry, "transport");
  g_autofree char *code = words_dup (entry, "code");
  g_autofree char *meaning = words_dup (entry, "meaning");
  g_autofree char *reason = words_dup (entry, "reason");

  words_add (words, "", words_translate (previous));
  words_add (words, " → ", words_translate (current));
  if (transport != NULL)
    g_string_append_printf (words, " (%s)", transport);
  words_add (words, ": ", code);
  words_add (words, " ", meaning);
  words_add_other (words, meaning, reason);
}

/* JSON numbers are not the locale's */
static void
words_seconds (GString          *words,
               const ScopeEntry *entry,
               const char       *format)
{
  g_autofree char *text = words_dup (entry, "seconds");
  double seconds = text != NULL ? g_ascii_strtod (text, NULL) : 0;
  g_autofree char *duration = NULL;

  seconds = CLAMP (seconds, 0, 1e9);
  duration = scope_text_format_duration ((gint64) (seconds * G_USEC_PER_SEC));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_string_append_printf (words, format, duration);
#pragma GCC diagnostic pop
}

static void
words_connecting_in (GString          *words,
                     const ScopeEntry *entry)
{
  g_autofree char *attempt = words_dup (entry, "attempt");

  words_seconds (words, entry, _("next attempt in %s"));
  if (attempt != NULL)
    g_string_append_printf (words, _(" (attempt %s)"), attempt);
}

static void
words_subscription (GString          *words,
                    const ScopeEntry *entry)
{
  g_autofree char *status = words_dup (entry, "status");
  g_autofree char *type = words_dup_inner (entry, "error", "type");
  g_autofree char *code = words_dup_inner (entry, "error", "status");
  g_autofree char *message = words_dup_inner (entry, "error", "message");
  g_autofree char *meaning = words_dup_inner (entry, "error", "meaning");

  words_add (words, "", words_translate (status));
  words_add (words, ": ", type);
  words_add (words, " ", code);
  words_add (words, ": ", message);
  words_add_other (words, message, meaning);
}

/* ": a, b, c": the ids of a list, of strings or of objects that have one; no more than are read at
 * a glance. total is the length of the list if that is known, else 0. */
static void
words_add_ids (GString          *words,
               const ScopeEntry *entry,
               const char       *list,
               const char       *member,
               guint64           total)
{
  ScopeSpan span;
  ScopeSpan value;
  ScopeJsonKind kind;
  ScopeJsonIter iter;

  if (scope_json_get_member (entry->detail, strlen (entry->detail), list, &span) != SCOPE_JSON_ARRAY)
    return;

  scope_json_iter_init (&iter, entry->detail + span.offset, span.length);
  for (guint i = 0; scope_json_iter_next (&iter, NULL, &value, &kind); i++)
    {
      const char *token = iter.text + value.offset;
      g_autofree char *id = NULL;

      if (i == MAX_IDS && total > i)
        {
          g_autofree char *more = scope_text_format_count (total - i);

          g_string_append_printf (words, _(" and %s more"), more);
          return;
        }
      if (i == MAX_IDS)
        {
          g_string_append (words, ", …");
          return;
        }
      if (member != NULL)
        id = scope_json_dup_member (token, value.length, member);
      else
        id = kind == SCOPE_JSON_STRING ? scope_json_string_dup (token, value.length)
                                       : g_strndup (token, value.length);
      words_add (words, i == 0 ? ": " : ", ", id != NULL ? id : "?");
    }
}

static void
words_presence (GString          *words,
                const ScopeEntry *entry)
{
  g_autofree char *action = words_dup (entry, "action");
  g_autofree char *count = words_dup (entry, "count");
  g_autofree char *user = words_dup_inner (entry, "member", "user_id");
  g_autofree char *info = words_dup_inner (entry, "member", "user_info");
  guint64 total = count != NULL ? g_ascii_strtoull (count, NULL, 10) : 0;

  words_add (words, "", words_translate (action));
  words_add (words, ": ", user);
  words_add (words, " ", info);
  if (count != NULL)
    g_string_append_printf (words, _(" (%s present)"), count);
  words_add_ids (words, entry, "members", "user_id", total);
}

/* The same for what happened to the signed-in user. */
static const char *
words_translate_user_status (const char *status)
{
  if (g_strcmp0 (status, "signed_in") == 0)
    return _("signed in");
  if (g_strcmp0 (status, "signed_out") == 0)
    return _("signed out");
  if (g_strcmp0 (status, "error") == 0)
    return _("could not sign in");
  return status;
}

static void
words_user (GString          *words,
            const ScopeEntry *entry)
{
  g_autofree char *status = words_dup (entry, "status");
  g_autofree char *user = words_dup (entry, "user_id");
  g_autofree char *error = words_dup (entry, "error");
  g_autofree char *type = words_dup_inner (entry, "error", "type");
  g_autofree char *code = words_dup_inner (entry, "error", "status");
  g_autofree char *message = words_dup_inner (entry, "error", "message");
  g_autofree char *meaning = words_dup_inner (entry, "error", "meaning");

  words_add (words, "", words_translate_user_status (status));
  words_add (words, ": ", user);
  words_add (words, ": ", type);
  words_add (words, " ", code);
  words_add (words, ": ", message != NULL ? message : error);
  words_add_other (words, message, meaning);
}

static void
words_watchlist (GString          *words,
                 const ScopeEntry *entry)
{
  g_autofree char *status = words_dup (entry, "status");

  if (g_strcmp0 (status, "online") == 0)
    words_add (words, "", _("online"));
  else if (g_strcmp0 (status, "offline") == 0)
    words_add (words, "", _("offline"));
  else
    words_add (words, "", status);
  words_add_ids (words, entry, "user_ids", NULL, 0);
}

static void
words_error (GString          *words,
             const ScopeEntry *entry)
{
  g_autofree char *source = words_dup (entry, "source");
  g_autofree char *code = words_dup (entry, "code");
  g_autofree char *message = words_dup (entry, "message");
  g_autofree char *meaning = words_dup (entry, "meaning");

  words_add (words, "", source);
  words_add (words, " ", code);
  words_add (words, ": ", message);
  words_add_other (words, message, meaning);
}

static void
words_gap (GString          *words,
           const ScopeEntry *entry)
{
  g_autofree char *reason = words_dup (entry, "reason");

  /* Translators: %s is a duration ("14 s") in which nothing could be received */
  words_seconds (words, entry, _("gap %s"));
  words_add (words, ": ", reason);
  words_add (words, ", ", _("events may have been missed"));
}

static void
words_of_kind (GString          *words,
               const ScopeEntry *entry)
{
  g_autofree char *count = NULL;

  switch (entry->kind)
    {
    case SCOPE_ENTRY_STATE:
      words_state (words, entry);
      break;
    case SCOPE_ENTRY_CONNECTING_IN:
      words_connecting_in (words, entry);
      break;
    case SCOPE_ENTRY_SUBSCRIPTION:
      words_subscription (words, entry);
      break;
    case SCOPE_ENTRY_PRESENCE:
      words_presence (words, entry);
      break;
    case SCOPE_ENTRY_COUNT:
      count = words_dup (entry, "subscription_count");
      g_string_append_printf (words, _("subscriptions: %s"), count != NULL ? count : "?");
      break;
    case SCOPE_ENTRY_USER:
      words_user (words, entry);
      break;
    case SCOPE_ENTRY_WATCHLIST:
      words_watchlist (words, entry);
      break;
    case SCOPE_ENTRY_ERROR:
      words_error (words, entry);
      break;
    case SCOPE_ENTRY_GAP:
      words_gap (words, entry);
      break;
    case SCOPE_ENTRY_EVENT:
    case SCOPE_ENTRY_CACHE_MISS:
    case SCOPE_ENTRY_FRAME:
    default:
      break;
    }
}

char *
_scope_entry_dup_words (const ScopeEntry *entry)
{
  g_autoptr (GString) words = NULL;

  if (entry->kind == SCOPE_ENTRY_CACHE_MISS)
    return g_strdup (_("the cache is empty"));
  if (entry->detail == NULL)
    return NULL;

  words = g_string_new (NULL);
  words_of_kind (words, entry);
  return words->len > 0 ? g_string_free (g_steal_pointer (&words), FALSE) : NULL;
}
