/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "session/scope-event-list-private.h"
#include "session/scope-members-then.h"

#define ROOM "presence-room"

typedef struct
{
  ScopeNames *names;
  ScopeEventList *list;
  guint64 next;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->names = scope_names_new ();
  f->list = scope_event_list_new (f->names);
  f->next = 1;
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_assert_finalize_object (f->list);
  g_assert_finalize_object (f->names);
}

static guint64
add (Fixture        *f,
     ScopeEntryKind  kind,
     const char     *channel,
     const char     *detail)
{
  g_autoptr (ScopeEntry) entry = scope_entry_new (kind, (gint64) f->next * G_USEC_PER_SEC);

  entry->sequence = f->next++;
  entry->channel = channel != NULL ? scope_names_intern (f->names, channel, -1) : 0;
  if (kind == SCOPE_ENTRY_EVENT)
    entry->event = scope_names_intern (f->names, detail, -1);
  else
    entry->detail = g_strdup (detail);
  _scope_event_list_append_entries (f->list, &entry, 1);
  return entry->sequence;
}

static void
add_member (Fixture    *f,
            const char *channel,
            const char *action,
            const char *id)
{
  g_autofree char *detail = g_strdup_printf (
      "{\"action\":\"%s\",\"count\":1,\"member\":{\"user_id\":\"%s\",\"user_info\":{\"name\":\"%s\"}}}",
      action, id, id);

  add (f, SCOPE_ENTRY_PRESENCE, channel, detail);
}

static void
add_list (Fixture *f)
{
  add (f, SCOPE_ENTRY_STATE, NULL, "{\"previous\":\"connecting\",\"current\":\"connected\"}");
  add (f, SCOPE_ENTRY_SUBSCRIPTION, ROOM, "{\"status\":\"subscribed\"}");
  add (f, SCOPE_ENTRY_PRESENCE, ROOM,
       "{\"action\":\"snapshot\",\"count\":2,\"members\":[{\"user_id\":\"ann\",\"user_info\":null},"
       "{\"user_id\":\"bob\",\"user_info\":{\"name\":\"bobby\"}}]}");
}

static ScopeEventItem *
get_item (Fixture *f,
          guint64  sequence)
{
  return g_list_model_get_item (G_LIST_MODEL (f->list),
                                scope_event_list_find (f->list, sequence));
}

/* "ann, bobby", or the reason */
static char *
ask (Fixture *f,
     guint64  sequence)
{
  g_autoptr (ScopeEventItem) item = get_item (f, sequence);
  g_autoptr (ScopeMembersThen) then = scope_members_then_new (item);
  GString *names = g_string_new (NULL);
  GListModel *members;

  g_assert_nonnull (then);
  while (!scope_members_then_get_done (then))
    g_main_context_iteration (NULL, TRUE);
  members = scope_members_then_get_members (then);
  if (members == NULL)
    g_string_append (names, scope_members_then_get_reason (then));
  for (guint i = 0; members != NULL && i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (ScopeMember) member = g_list_model_get_item (members, i);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", scope_member_get_name (member));
    }
  return g_string_free (names, FALSE);
}

static void
check (Fixture    *f,
       guint64     sequence,
       const char *expected)
{
  g_autofree char *found = ask (f, sequence);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_replay (Fixture      *f,
             gconstpointer data)
{
  guint64 first, second, third;

  add_list (f);
  first = add (f, SCOPE_ENTRY_EVENT, ROOM, "say");
  add_member (f, ROOM, "added", "cid");
  add_member (f, "presence-other", "added", "eve");
  add_member (f, ROOM, "updated", "bob");
  second = add (f, SCOPE_ENTRY_EVENT, ROOM, "say");
  add_member (f, ROOM, "removed", "ann");
  third = add (f, SCOPE_ENTRY_EVENT, ROOM, "say");

  check (f, first, "ann, bobby");
  check (f, second, "ann, bob, cid");
  check (f, third, "bob, cid");
  /* a later list counts alone */
  add_list (f);
  check (f, f->next - 1, "ann, bobby");
  check (f, second, "ann, bob, cid");
}

static void
test_unknown (Fixture      *f,
              gconstpointer data)
{
  guint64 before = add (f, SCOPE_ENTRY_EVENT, ROOM, "say");
  guint64 lost, after;

  check (f, before, "Not known: it was before the channel was watched.");
  add_list (f);
  add (f, SCOPE_ENTRY_STATE, NULL, "{\"previous\":\"connected\",\"current\":\"connecting\"}");
  lost = add (f, SCOPE_ENTRY_EVENT, ROOM, "say");
  check (f, lost, "Not known: there was no connection then.");
  add (f, SCOPE_ENTRY_STATE, NULL, "{\"previous\":\"connecting\",\"current\":\"connected\"}");
  add (f, SCOPE_ENTRY_GAP, NULL, "{\"reason\":\"x\"}");
  after = add (f, SCOPE_ENTRY_EVENT, ROOM, "say");
  check (f, after, "Not known: there was a gap, and no complete list since.");
  add (f, SCOPE_ENTRY_SUBSCRIPTION, ROOM, "{\"status\":\"unsubscribed\"}");
  check (f, f->next - 1, "Not known: the channel was not subscribed to then.");
}

/* Whoever came or went in what is missing is not known. */
static void
test_hole (Fixture      *f,
           gconstpointer data)
{
  const char *expected = "Not known: not everything before can be read any more.";
  const ScopeRecord hole = { 0 };
  guint64 first;

  add_list (f);
  first = add (f, SCOPE_ENTRY_EVENT, ROOM, "say");
  scope_event_list_append (f->list, &hole, 1);
  f->next++;
  add (f, SCOPE_ENTRY_EVENT, ROOM, "say");
  check (f, first, "ann, bobby");
  check (f, f->next - 1, expected);

  /* the list was dropped: it is still in memory, and yet not counted on */
  scope_event_list_drop (f->list, first);
  check (f, first, expected);
  add_list (f);
  check (f, f->next - 1, "ann, bobby");
}

/* Long logs are gone through in slices, and given up at once. */
static void
test_long (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (ScopeEventItem) item = NULL;
  ScopeMembersThen *then;

  add_list (f);
  for (guint i = 0; i < 3000; i++)
    {
      add_member (f, ROOM, i % 2 == 0 ? "added" : "removed", "cid");
      add (f, SCOPE_ENTRY_EVENT, "news", "tick");
    }
  check (f, f->next - 1 - 1, "ann, bobby");
  item = get_item (f, f->next - 2);
  then = scope_members_then_new (item);
  g_assert_false (scope_members_then_get_done (then));
  g_assert_finalize_object (then);
}

static void
test_no_presence (Fixture      *f,
                  gconstpointer data)
{
  guint64 sequence = add (f, SCOPE_ENTRY_EVENT, "news", "tick");
  g_autoptr (ScopeEventItem) item = get_item (f, sequence);

  g_assert_null (scope_members_then_new (item));
}

static void
check_previous (Fixture *f,
                guint64  sequence,
                guint64  expected)
{
  g_autoptr (ScopeEventItem) item = get_item (f, sequence);
  g_autoptr (ScopeEventItem) previous = scope_event_item_dup_previous (item);

  g_assert_cmpuint (previous != NULL ? scope_event_item_get_sequence (previous) : 0, ==, expected);
}

static void
test_previous (Fixture      *f,
               gconstpointer data)
{
  add (f, SCOPE_ENTRY_EVENT, "news", "tick");
  add (f, SCOPE_ENTRY_EVENT, "news", "tock");
  add (f, SCOPE_ENTRY_EVENT, "other", "tick");
  add (f, SCOPE_ENTRY_EVENT, "news", "tick");

  check_previous (f, 4, 1);
  check_previous (f, 3, 0);
  check_previous (f, 2, 0);
  check_previous (f, 1, 0);
}

/* It is looked for at once, so not through millions. */
static void
test_previous_far (Fixture      *f,
                   gconstpointer data)
{
  add (f, SCOPE_ENTRY_EVENT, "news", "tock");
  add (f, SCOPE_ENTRY_EVENT, "news", "tick");
  for (guint i = 1; i < SCOPE_MAX_PREVIOUS_ENTRIES; i++)
    add (f, SCOPE_ENTRY_EVENT, "other", "tick");
  check_previous (f, add (f, SCOPE_ENTRY_EVENT, "news", "tick"), 2);
  check_previous (f, add (f, SCOPE_ENTRY_EVENT, "news", "tock"), 0);
}

/* asked for over HTTP: the connection has nothing to do with it, a gap of its own has */
static void
test_polled (Fixture      *f,
             gconstpointer data)
{
  g_autoptr (ScopeLearntNames) names = scope_learnt_names_new ();
  guint64 lost, later, other;

  scope_learnt_names_learn (names, "ann", "{\"name\":\"Ann Lee\"}");
  _scope_event_list_set_learnt_names (f->list, names);
  add (f, SCOPE_ENTRY_PRESENCE, ROOM,
       "{\"action\":\"snapshot\",\"count\":1,\"members\":[{\"user_id\":\"ann\",\"user_info\":null}],"
       "\"polled\":true}");
  add (f, SCOPE_ENTRY_STATE, NULL, "{\"previous\":\"connected\",\"current\":\"connecting\"}");
  lost = add (f, SCOPE_ENTRY_EVENT, ROOM, "e");
  add (f, SCOPE_ENTRY_GAP, NULL, "{\"reason\":\"lost\"}");
  add (f, SCOPE_ENTRY_PRESENCE, ROOM,
       "{\"action\":\"added\",\"count\":2,\"member\":{\"user_id\":\"bob\",\"user_info\":null},\"polled\":true}");
  add (f, SCOPE_ENTRY_GAP, "presence-other", "{\"reason\":\"asleep\"}");
  other = add (f, SCOPE_ENTRY_EVENT, ROOM, "e");
  add (f, SCOPE_ENTRY_GAP, ROOM, "{\"reason\":\"asleep\"}");
  later = add (f, SCOPE_ENTRY_EVENT, ROOM, "e");

  check (f, lost, "Ann Lee");
  check (f, other, "Ann Lee, bob");
  check (f, later, "Not known: there was a gap, and no complete list since.");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/members-then/replay", Fixture, NULL, set_up, test_replay, tear_down);
  g_test_add ("/members-then/unknown", Fixture, NULL, set_up, test_unknown, tear_down);
  g_test_add ("/members-then/polled", Fixture, NULL, set_up, test_polled, tear_down);
  g_test_add ("/members-then/hole", Fixture, NULL, set_up, test_hole, tear_down);
  g_test_add ("/members-then/long", Fixture, NULL, set_up, test_long, tear_down);
  g_test_add ("/members-then/no-presence", Fixture, NULL, set_up, test_no_presence, tear_down);
  g_test_add ("/members-then/previous", Fixture, NULL, set_up, test_previous, tear_down);
  g_test_add ("/members-then/previous-far", Fixture, NULL, set_up, test_previous_far, tear_down);

  return g_test_run ();
}
