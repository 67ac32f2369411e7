/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-format"

#include "config.h"

#include "ui/scope-format.h"

#include <glib/gi18n.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"

typedef struct
{
  const char *icon;
  const char *css_class;
} ScopeLook;

static const ScopeLook entry_looks[] = {
  [SCOPE_ENTRY_STATE] = { "network-transmit-receive-symbolic", "scope-state" },
  [SCOPE_ENTRY_CONNECTING_IN] = { "content-loading-symbolic", "scope-state" },
  [SCOPE_ENTRY_SUBSCRIPTION] = { "list-add-symbolic", "scope-note" },
  [SCOPE_ENTRY_EVENT] = { NULL, NULL },
  [SCOPE_ENTRY_PRESENCE] = { "system-users-symbolic", "scope-note" },
  [SCOPE_ENTRY_COUNT] = { "view-list-symbolic", "scope-note" },
  [SCOPE_ENTRY_CACHE_MISS] = { "dialog-question-symbolic", "scope-note" },
  [SCOPE_ENTRY_USER] = { "avatar-default-symbolic", "scope-note" },
  [SCOPE_ENTRY_WATCHLIST] = { "avatar-default-symbolic", "scope-note" },
  [SCOPE_ENTRY_ERROR] = { "dialog-error-symbolic", "scope-error" },
  [SCOPE_ENTRY_FRAME] = { "view-more-horizontal-symbolic", "scope-frame" },
  [SCOPE_ENTRY_GAP] = { "dialog-warning-symbolic", "scope-gap" },
};

static const ScopeLook state_looks[] = {
  [SCOPE_STATE_INITIALIZED] = { "network-offline-symbolic", NULL },
  [SCOPE_STATE_CONNECTING] = { "content-loading-symbolic", "warning" },
  [SCOPE_STATE_CONNECTED] = { "emblem-ok-symbolic", "success" },
  [SCOPE_STATE_UNAVAILABLE] = { "dialog-warning-symbolic", "warning" },
  [SCOPE_STATE_FAILED] = { "dialog-error-symbolic", "error" },
  [SCOPE_STATE_DISCONNECTED] = { "network-offline-symbolic", NULL },
};

/**
 * scope_format_direction:
 *
 * Returns: (transfer none): an arrow and a word for a cell; "" for what no one sent
 */
const char *
scope_format_direction (ScopeDirection direction)
{
  switch (direction)
    {
    case SCOPE_DIRECTION_IN:
      /* Translators: a cell of the event log: received */
      return _("↓ In");
    case SCOPE_DIRECTION_OUT:
      /* Translators: a cell of the event log: sent */
      return _("↑ Out");
    case SCOPE_DIRECTION_NONE:
    default:
      return "";
    }
}

/**
 * scope_format_direction_word:
 *
 * Returns: (transfer none): "Received", "Sent" or ""
 */
const char *
scope_format_direction_word (ScopeDirection direction)
{
  switch (direction)
    {
    case SCOPE_DIRECTION_IN:
      return _("Received");
    case SCOPE_DIRECTION_OUT:
      return _("Sent");
    case SCOPE_DIRECTION_NONE:
    default:
      return "";
    }
}

/**
 * scope_format_count:
 *
 * Returns: (transfer full): a number grouped as the locale does it
 */
char *
scope_format_count (guint64 n)
{
  return scope_text_format_count (n);
}

/**
 * scope_format_events:
 *
 * Returns: (transfer full): how many rows are shown, and of how many
 */
char *
scope_format_events (guint64  shown,
                     guint64  total,
                     gboolean filtered)
{
  g_autofree char *all = scope_format_count (total);

  if (filtered)
    {
      g_autofree char *some = scope_format_count (shown);
      /* Translators: rows that match the filter, of all: "12 of 48,211" */
      return g_strdup_printf (_("%s of %s"), some, all);
    }
  /* Translators: the number is grouped already: "48,211 rows" */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s row", "%s rows",
                                       (gulong) MIN (total, G_MAXINT)), all);
}

/**
 * scope_format_counting:
 *
 * Returns: (transfer full): how many rows match by now, while not all were judged
 */
char *
scope_format_counting (guint64 shown,
                       guint64 total)
{
  g_autofree char *some = scope_format_count (shown);
  g_autofree char *all = scope_format_count (total);

  /* Translators: rows that match the filter by now, of all: "12… of 48,211" */
  return g_strdup_printf (_("%s… of %s"), some, all);
}

/**
 * scope_format_new:
 *
 * Returns: (transfer full): "37 new": rows that came while the reader was elsewhere
 */
char *
scope_format_new (guint64 n)
{
  g_autofree char *count = scope_format_count (n);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s new", "%s new",
                                       (gulong) MIN (n, G_MAXINT)), count);
}

/**
 * scope_format_day_time:
 *
 * Returns: (transfer full): the day as the locale writes it, and the time with milliseconds
 */
char *
scope_format_day_time (gint64 wall_usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (wall_usec / G_USEC_PER_SEC);
  g_autofree char *clock = scope_text_format_clock (wall_usec);
  g_autofree char *day = time != NULL ? g_date_time_format (time, "%x") : NULL;

  return day != NULL ? g_strdup_printf ("%s, %s", day, clock) : g_steal_pointer (&clock);
}

/**
 * scope_format_size_share:
 *
 * Returns: (transfer full): a payload's size, held against what servers accept (protocol.md §6,
 * §9.3)
 */
char *
scope_format_size_share (gsize bytes)
{
  g_autofree char *size = scope_text_format_size (bytes);

  /* Translators: %s is a size, %d a percentage */
  return g_strdup_printf (
      _("%s: %d %% of the 10 kB that servers usually accept"), size,
      (int) MIN ((bytes * 100 + SCOPE_LIMIT_DATA_BYTES / 2) / SCOPE_LIMIT_DATA_BYTES, G_MAXINT));
}

/**
 * scope_format_encryption:
 *
 * Returns: (transfer none) (nullable): whether an encrypted event could be read
 */
const char *
scope_format_encryption (ScopeEntryFlags flags)
{
  if (!(flags & SCOPE_ENTRY_ENCRYPTED))
    return NULL;
  if (flags & SCOPE_ENTRY_DECRYPTED)
    return _("Unlocked: encrypted from end to end, decrypted here. Raw shows what came over the "
             "wire.");
  return _("Locked: what is shown is the ciphertext. Reading it takes the encryption master key, "
           "or an authorization endpoint that hands out the channel’s key; where there is one, it "
           "is not the one that this was encrypted with.");
}

/**
 * scope_format_lock_word:
 *
 * Returns: (transfer none) (nullable): the same in a word
 */
const char *
scope_format_lock_word (ScopeEntryFlags flags)
{
  if (!(flags & SCOPE_ENTRY_ENCRYPTED))
    return NULL;
  return flags & SCOPE_ENTRY_DECRYPTED ? _("Unlocked") : _("Locked");
}

/**
 * scope_format_lock_icon:
 *
 * Returns: (transfer none) (nullable): a padlock, open or closed
 */
const char *
scope_format_lock_icon (ScopeEntryFlags flags)
{
  if (!(flags & SCOPE_ENTRY_ENCRYPTED))
    return NULL;
  return flags & SCOPE_ENTRY_DECRYPTED ? "changes-allow-symbolic" : "changes-prevent-symbolic";
}

static const ScopeLook *
entry_look (ScopeEntryKind kind)
{
  static const ScopeLook none = { NULL, NULL };

  return (guint) kind < G_N_ELEMENTS (entry_looks) ? &entry_looks[kind] : &none;
}

/**
 * scope_format_row_icon:
 *
 * Returns: (transfer none) (nullable): the icon of rows that are no events, and of events that were
 * sent or are encrypted
 */
const char *
scope_format_row_icon (const ScopeRecord *record)
{
  if (record->kind == SCOPE_ENTRY_EVENT && record->direction == SCOPE_DIRECTION_OUT)
    return "document-send-symbolic";
  if (record->kind == SCOPE_ENTRY_EVENT)
    return scope_format_lock_icon (record->flags);
  return entry_look (record->kind)->icon;
}

/**
 * scope_format_kind_class:
 *
 * Returns: (transfer none) (nullable): the style class of rows that are no events
 */
const char *
scope_format_kind_class (ScopeEntryKind kind)
{
  return entry_look (kind)->css_class;
}

/**
 * scope_format_channel_icon:
 *
 * Returns: (transfer none): the icon of a kind of channel
 */
const char *
scope_format_channel_icon (ScopeChannelKind kind)
{
  if (scope_channel_kind_is_presence (kind))
    return "system-users-symbolic";
  if (scope_channel_kind_is_encrypted (kind))
    return "dialog-password-symbolic";
  if (kind == SCOPE_CHANNEL_SERVER_TO_USER)
    return "avatar-default-symbolic";
  if (scope_channel_kind_needs_auth (kind))
    return "changes-prevent-symbolic";
  return "network-workgroup-symbolic";
}

/**
 * scope_format_status_icon:
 *
 * Returns: (transfer none): the icon of a subscription's status
 */
const char *
scope_format_status_icon (ScopeSubscriptionStatus status)
{
  switch (status)
    {
    case SCOPE_SUBSCRIPTION_SUBSCRIBED:
      return "emblem-ok-symbolic";
    case SCOPE_SUBSCRIPTION_ERROR:
      return "dialog-error-symbolic";
    case SCOPE_SUBSCRIPTION_PENDING:
      return "content-loading-symbolic";
    case SCOPE_SUBSCRIPTION_UNSUBSCRIBED:
    default:
      return "network-offline-symbolic";
    }
}

/**
 * scope_format_state_icon:
 *
 * Returns: (transfer none): the icon of a connection state
 */
const char *
scope_format_state_icon (ScopeState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (state_looks), "dialog-question-symbolic");

  return state_looks[state].icon;
}

/**
 * scope_format_state_class:
 *
 * Returns: (transfer none) (nullable): the style class of a connection state
 */
const char *
scope_format_state_class (ScopeState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (state_looks), NULL);

  return state_looks[state].css_class;
}

/**
 * scope_format_bookmark:
 *
 * Returns: (transfer full) (nullable): that a row has a bookmark, and its note
 */
char *
scope_format_bookmark (ScopeEventItem *item)
{
  ScopeMarkList *marks = scope_event_item_get_marks (item);
  const char *note = NULL;

  if (marks != NULL)
    note = scope_mark_list_get_note (marks, scope_event_item_get_sequence (item));
  if (note == NULL)
    return NULL;
  if (*note == '\0')
    return g_strdup (_("Bookmark"));
  /* Translators: %s is a note */
  return g_strdup_printf (_("Bookmark: %s"), note);
}

/**
 * scope_format_row_place:
 *
 * Returns: (transfer full): when, where and what a row is
 */
char *
scope_format_row_place (ScopeEventItem *item)
{
  const char *channel = scope_event_item_get_channel (item);
  const char *event = scope_event_item_get_event (item);
  g_autofree char *clock =
      scope_text_format_clock (scope_event_item_get_record (item)->time_usec);
  GString *place = g_string_new (clock);

  if (channel != NULL)
    g_string_append_printf (place, " · %s", channel);
  if (event != NULL)
    g_string_append_printf (place, " · %s", event);
  return g_string_free (place, FALSE);
}

/**
 * scope_format_row_name:
 *
 * No file is read for it: what is not loaded yet is left out.
 *
 * Returns: (transfer full): what a screen reader says of a row
 */
char *
scope_format_row_name (ScopeEventItem *item)
{
  const ScopeRecord *record = scope_event_item_get_record (item);
  gboolean knows_names = scope_event_item_knows_names (item);
  const char *channel = knows_names ? scope_event_item_get_channel (item) : NULL;
  const char *event = knows_names ? scope_event_item_get_event (item) : NULL;
  g_autofree char *bookmark = scope_format_bookmark (item);
  g_autofree char *clock = scope_text_format_clock (record->time_usec);
  GString *name = g_string_new (clock);

  if (channel != NULL)
    g_string_append_printf (name, ", %s", channel);
  if (event != NULL)
    g_string_append_printf (name, ", %s", event);
  if (record->size > 0)
    {
      g_autofree char *size = scope_text_format_size (record->size);

      g_string_append_printf (name, ", %s", size);
    }
  if (record->kind != SCOPE_ENTRY_EVENT)
    g_string_append_printf (name, ", %s",
                            scope_event_item_is_loaded (item) ? scope_event_item_get_preview (item) : "…");
  else if (record->direction == SCOPE_DIRECTION_OUT)
    g_string_append_printf (name, ", %s", scope_format_direction_word (record->direction));
  if (scope_format_lock_word (record->flags) != NULL)
    g_string_append_printf (name, ", %s", scope_format_lock_word (record->flags));
  if (bookmark != NULL)
    g_string_append_printf (name, ", %s", bookmark);
  return g_string_free (name, FALSE);
}
