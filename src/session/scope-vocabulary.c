/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-vocabulary"

#include "config.h"

#include "session/scope-vocabulary.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "capture/scope-path.h"
#include "session/scope-event-list-private.h"

#define SLICE_USEC 2500
/* below everything that draws or judges rows */
#define LEARN_PRIORITY (G_PRIORITY_DEFAULT_IDLE + 20)
/* between having seen all there is and looking at what came since */
#define PAUSE_MSEC 250
/* records between two looks at the clock */
#define STEP_RECORDS 256
/* of each event's name the first few payloads, then ever fewer: the 8th, 16th, 32nd … */
#define FIRST_SAMPLES 4
#define PATH_MAX_DEPTH 8
#define PATH_MAX_BYTES 300
#define OBJECT_MAX_MEMBERS 200
#define VALUE_MAX_BYTES 120

#define N_KINDS (SCOPE_ENTRY_GAP + 1)
#define N_DIRECTIONS (SCOPE_DIRECTION_OUT + 1)

typedef struct
{
  GPtrArray *values; /* of ScopeWord */
  guint count;
} VocabularyPath;

struct _ScopeVocabulary
{
  GObject parent_instance;

  ScopeEventList *list;
  guint64 next; /* sequence number of the row to be looked at */
  guint learn_id;
  guint n_users;      /* who want to know */
  gboolean caught_up; /* since somebody wants to know */

  GHashTable *names[SCOPE_ENTRY_N_NAMES]; /* id → how often */
  guint kinds[N_KINDS];
  guint directions[N_DIRECTIONS];
  GHashTable *paths; /* char* → VocabularyPath */
  gboolean names_are_full;
  gboolean paths_are_full;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeVocabulary, scope_vocabulary, G_TYPE_OBJECT)

static ScopeWord *
word_new (const char *text,
          guint       count)
{
  ScopeWord *word = g_new0 (ScopeWord, 1);

  word->text = g_strdup (text);
  word->count = count;
  return word;
}

/**
 * scope_word_free:
 * @self: (nullable) (transfer full): a word
 */
void
scope_word_free (ScopeWord *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self->example);
  g_free (self);
}

static void
vocabulary_path_free (gpointer data)
{
  VocabularyPath *path = data;

  g_ptr_array_unref (path->values);
  g_free (path);
}

/* ---- payloads ---- */

static VocabularyPath *
vocabulary_take_path (ScopeVocabulary *self,
                      const char      *text)
{
  VocabularyPath *path = g_hash_table_lookup (self->paths, text);

  if (path == NULL && g_hash_table_size (self->paths) >= SCOPE_LIMIT_VOCABULARY_PATHS)
    {
      self->paths_are_full = TRUE;
      return NULL;
    }
  if (path == NULL)
    {
      path = g_new0 (VocabularyPath, 1);
      path->values = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_word_free);
      g_hash_table_insert (self->paths, g_strdup (text), path);
    }
  path->count++;
  return path;
}

static void
path_take_value (VocabularyPath *path,
                 const char     *token,
                 gsize           length)
{
  g_autofree char *text = NULL;

  if (length > VALUE_MAX_BYTES)
    return;
  text = g_strndup (token, length);
  for (guint i = 0; i < path->values->len; i++)
    {
      ScopeWord *word = path->values->pdata[i];

      if (g_str_equal (word->text, text))
        {
          word->count++;
          return;
        }
    }
  if (path->values->len < SCOPE_LIMIT_VOCABULARY_VALUES)
    g_ptr_array_add (path->values, word_new (text, 1));
}

static void vocabulary_take_json (ScopeVocabulary *self,
                                  GString         *path,
                                  guint            depth,
                                  const char      *text,
                                  gsize            length,
                                  ScopeJsonKind    kind);

/* Of an array the first element stands for all. */
static void
vocabulary_take_members (ScopeVocabulary *self,
                         GString         *path,
                         guint            depth,
                         const char      *text,
                         gsize            length,
                         ScopeJsonKind    kind)
{
  const guint most = kind == SCOPE_JSON_ARRAY ? 1 : OBJECT_MAX_MEMBERS;
  const gsize path_length = path->len;
  ScopeJsonIter iter;
  ScopeSpan key;
  ScopeSpan value;
  ScopeJsonKind value_kind;

  scope_json_iter_init (&iter, text, length);
  for (guint i = 0; i < most && scope_json_iter_next (&iter, &key, &value, &value_kind); i++)
    {
      if (kind == SCOPE_JSON_ARRAY)
        {
          g_string_append (path, "[0]");
        }
      else
        {
          g_autofree char *name = scope_json_string_dup (text + key.offset, key.length);

          scope_path_append_name (path, name);
        }
      vocabulary_take_json (self, path, depth + 1, text + value.offset, value.length, value_kind);
      g_string_truncate (path, path_length);
    }
}

static void
vocabulary_take_json (ScopeVocabulary *self,
                      GString         *path,
                      guint            depth,
                      const char      *text,
                      gsize            length,
                      ScopeJsonKind    kind)
{
  VocabularyPath *known;

  if (depth > PATH_MAX_DEPTH || path->len > PATH_MAX_BYTES)
    return;
  if (kind == SCOPE_JSON_OBJECT || kind == SCOPE_JSON_ARRAY)
    {
      vocabulary_take_members (self, path, depth, text, length, kind);
      return;
    }
  known = vocabulary_take_path (self, path->str);
  if (known != NULL)
    path_take_value (known, text, length);
}

static void
vocabulary_take_payload (ScopeVocabulary *self,
                         guint64          sequence)
{
  g_autoptr (ScopeEntry) entry = _scope_event_list_read (self->list, sequence, NULL);
  g_autoptr (GBytes) data = entry != NULL ? scope_entry_dup_data (entry, NULL) : NULL;
  g_autoptr (GString) path = NULL;
  ScopeJsonKind kind = SCOPE_JSON_NONE;
  const char *text;
  gsize length;

  if (data == NULL)
    return;
  text = g_bytes_get_data (data, &length);
  if (text == NULL || !scope_json_check (text, length, &kind, NULL))
    return;
  path = g_string_new ("data");
  vocabulary_take_json (self, path, 0, text, length, kind);
}

/* ---- records ---- */

/* how often it is there now; 0: not counted */
static guint
vocabulary_count_name (ScopeVocabulary *self,
                       ScopeEntryName   which,
                       guint32          id)
{
  GHashTable *names = self->names[which];
  guint count;

  if (id == 0 || id == SCOPE_NAMES_OVERFLOW)
    return 0;
  count = GPOINTER_TO_UINT (g_hash_table_lookup (names, GUINT_TO_POINTER (id)));
  if (count == 0 && g_hash_table_size (names) >= SCOPE_LIMIT_VOCABULARY_NAMES)
    {
      self->names_are_full = TRUE;
      return 0;
    }
  g_hash_table_insert (names, GUINT_TO_POINTER (id), GUINT_TO_POINTER (count + 1));
  return count + 1;
}

static gboolean
is_sample (const ScopeRecord *record,
           guint              count)
{
  return record->kind == SCOPE_ENTRY_EVENT && record->size <= SCOPE_LIMIT_VOCABULARY_DATA_BYTES
         && count > 0 && (count <= FIRST_SAMPLES || (count & (count - 1)) == 0);
}

/* TRUE if that took a look at a payload */
static gboolean
vocabulary_take_record (ScopeVocabulary *self,
                        guint64          sequence)
{
  const ScopeRecord *record = _scope_event_list_get_record (self->list, sequence);
  guint count;

  if (record->kind < N_KINDS)
    self->kinds[record->kind]++;
  if (record->direction < N_DIRECTIONS)
    self->directions[record->direction]++;
  vocabulary_count_name (self, SCOPE_ENTRY_NAME_CHANNEL, record->channel);
  vocabulary_count_name (self, SCOPE_ENTRY_NAME_USER, record->user);
  count = vocabulary_count_name (self, SCOPE_ENTRY_NAME_EVENT, record->event);
  if (!is_sample (record, count))
    return FALSE;
  vocabulary_take_payload (self, sequence);
  return TRUE;
}

static gboolean
vocabulary_learn_cb (gpointer user_data)
{
  g_autoptr (ScopeVocabulary) self = g_object_ref (user_data);
  gint64 until = g_get_monotonic_time () + SLICE_USEC;
  guint64 end = _scope_event_list_get_end (self->list);
  guint step = 0;

  self->next = MAX (self->next, _scope_event_list_get_first (self->list));
  while (self->next < end)
    {
      gboolean read = vocabulary_take_record (self, self->next++);

      if ((read || ++step % STEP_RECORDS == 0) && g_get_monotonic_time () >= until)
        break;
    }
  if (self->next < end)
    return G_SOURCE_CONTINUE;

  self->learn_id = 0;
  self->caught_up = TRUE;
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static gboolean
vocabulary_resume_cb (gpointer user_data)
{
  ScopeVocabulary *self = user_data;

  self->learn_id = g_idle_add_full (LEARN_PRIORITY, vocabulary_learn_cb, self, NULL);
  return G_SOURCE_REMOVE;
}

static void
vocabulary_update (ScopeVocabulary *self)
{
  gboolean wanted = self->n_users > 0 && scope_vocabulary_get_behind (self);

  if (self->n_users == 0)
    self->caught_up = FALSE;
  if (!wanted)
    g_clear_handle_id (&self->learn_id, g_source_remove);
  else if (self->learn_id == 0 && self->caught_up)
    self->learn_id = g_timeout_add_full (LEARN_PRIORITY, PAUSE_MSEC, vocabulary_resume_cb, self, NULL);
  else if (self->learn_id == 0)
    self->learn_id = g_idle_add_full (LEARN_PRIORITY, vocabulary_learn_cb, self, NULL);
}

/* ---- class ---- */

static void
scope_vocabulary_dispose (GObject *object)
{
  ScopeVocabulary *self = SCOPE_VOCABULARY (object);

  g_clear_handle_id (&self->learn_id, g_source_remove);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (scope_vocabulary_parent_class)->dispose (object);
}

static void
scope_vocabulary_finalize (GObject *object)
{
  ScopeVocabulary *self = SCOPE_VOCABULARY (object);

  for (guint i = 0; i < SCOPE_ENTRY_N_NAMES; i++)
    g_hash_table_unref (self->names[i]);
  g_hash_table_unref (self->paths);

  G_OBJECT_CLASS (scope_vocabulary_parent_class)->finalize (object);
}

static void
scope_vocabulary_class_init (ScopeVocabularyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_vocabulary_dispose;
  object_class->finalize = scope_vocabulary_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_VOCABULARY, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
scope_vocabulary_init (ScopeVocabulary *self)
{
  for (guint i = 0; i < SCOPE_ENTRY_N_NAMES; i++)
    self->names[i] = g_hash_table_new (NULL, NULL);
  self->paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, vocabulary_path_free);
}

/**
 * scope_vocabulary_new:
 * @list: a log
 *
 * Returns: (transfer full): its vocabulary, which knows nothing yet
 */
ScopeVocabulary *
scope_vocabulary_new (ScopeEventList *list)
{
  ScopeVocabulary *self;

  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (list), NULL);

  self = g_object_new (SCOPE_TYPE_VOCABULARY, NULL);
  self->list = g_object_ref (list);
  self->next = 1;
  g_signal_connect_object (list, "notify::n-total", G_CALLBACK (vocabulary_update), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * scope_vocabulary_set_active:
 * @active: whether one more wants to know, or one less
 */
void
scope_vocabulary_set_active (ScopeVocabulary *self,
                             gboolean         active)
{
  g_return_if_fail (SCOPE_IS_VOCABULARY (self));

  if (active)
    self->n_users++;
  else if (self->n_users > 0)
    self->n_users--;
  vocabulary_update (self);
}

/**
 * scope_vocabulary_get_behind:
 *
 * Returns: whether there are rows it has not looked at
 */
gboolean
scope_vocabulary_get_behind (ScopeVocabulary *self)
{
  g_return_val_if_fail (SCOPE_IS_VOCABULARY (self), FALSE);

  return self->list != NULL && self->next < _scope_event_list_get_end (self->list);
}

/* ---- finding ---- */

/* 2: begins with it, 1: holds it, 0: does not; needle is folded */
static guint
word_rank (const char *text,
           const char *needle)
{
  g_autofree char *folded = NULL;

  if (*needle == '\0')
    return 2;
  folded = g_utf8_casefold (text, -1);
  if (g_str_has_prefix (folded, needle) || (*folded == '"' && g_str_has_prefix (folded + 1, needle)))
    return 2;
  return strstr (folded, needle) != NULL ? 1 : 0;
}

static int
word_compare (gconstpointer a,
              gconstpointer b)
{
  const ScopeWord *one = *(ScopeWord * const *) a;
  const ScopeWord *other = *(ScopeWord * const *) b;

  if (one->rank != other->rank)
    return one->rank > other->rank ? -1 : 1;
  if (one->count != other->count)
    return one->count > other->count ? -1 : 1;
  return strcmp (one->text, other->text);
}

static void
add_if_fits (GPtrArray  *words,
             const char *text,
             guint       count,
             const char *needle)
{
  guint rank = text != NULL && count > 0 ? word_rank (text, needle) : 0;
  ScopeWord *word;

  if (rank == 0)
    return;
  word = word_new (text, count);
  word->rank = rank;
  g_ptr_array_add (words, word);
}

static void
vocabulary_add_names (ScopeVocabulary *self,
                      GPtrArray       *words,
                      ScopeEntryName   which,
                      const char      *needle)
{
  ScopeNames *names = _scope_event_list_get_names (self->list);
  GHashTableIter iter;
  gpointer id;
  gpointer count;

  g_hash_table_iter_init (&iter, self->names[which]);
  while (g_hash_table_iter_next (&iter, &id, &count))
    add_if_fits (words, scope_names_get (names, GPOINTER_TO_UINT (id)), GPOINTER_TO_UINT (count),
                 needle);
}

static void
vocabulary_add_values (ScopeVocabulary *self,
                       GPtrArray       *words,
                       const char      *path,
                       const char      *needle)
{
  VocabularyPath *known = g_hash_table_lookup (self->paths, path);

  for (guint i = 0; known != NULL && i < known->values->len; i++)
    {
      ScopeWord *word = known->values->pdata[i];

      add_if_fits (words, word->text, word->count, needle);
    }
}

static void
vocabulary_add_words (ScopeVocabulary *self,
                      GPtrArray       *words,
                      const char      *field,
                      const char      *needle)
{
  if (g_str_equal (field, "channel"))
    vocabulary_add_names (self, words, SCOPE_ENTRY_NAME_CHANNEL, needle);
  else if (g_str_equal (field, "event"))
    vocabulary_add_names (self, words, SCOPE_ENTRY_NAME_EVENT, needle);
  else if (g_str_equal (field, "user"))
    vocabulary_add_names (self, words, SCOPE_ENTRY_NAME_USER, needle);
  else if (g_str_equal (field, "kind"))
    for (guint i = 1; i < N_KINDS; i++)
      add_if_fits (words, scope_entry_kind_to_name (i), self->kinds[i], needle);
  else if (g_str_equal (field, "direction"))
    for (guint i = SCOPE_DIRECTION_IN; i < N_DIRECTIONS; i++)
      add_if_fits (words, i == SCOPE_DIRECTION_IN ? "in" : "out", self->directions[i], needle);
  else if (g_str_has_prefix (field, "data"))
    vocabulary_add_values (self, words, field, needle);
}

static void
sort_and_cut (GPtrArray *words,
              guint      max)
{
  g_ptr_array_sort (words, word_compare);
  if (words->len > max)
    g_ptr_array_set_size (words, max);
}

/**
 * scope_vocabulary_find:
 * @field: a field of the filter language, or a payload path
 * @needle: what has to be in it
 * @max: how many at most
 *
 * Returns: (transfer full) (element-type ScopeWord): what is known of it
 */
GPtrArray *
scope_vocabulary_find (ScopeVocabulary *self,
                       const char      *field,
                       const char      *needle,
                       guint            max)
{
  GPtrArray *words;
  g_autofree char *folded = NULL;

  g_return_val_if_fail (SCOPE_IS_VOCABULARY (self), NULL);
  g_return_val_if_fail (field != NULL && needle != NULL, NULL);

  folded = g_utf8_casefold (needle, -1);
  words = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_word_free);
  vocabulary_add_words (self, words, field, folded);
  sort_and_cut (words, max);
  return words;
}

/**
 * scope_vocabulary_find_paths:
 * @needle: what has to be in it
 * @max: how many at most
 *
 * Returns: (transfer full) (element-type ScopeWord): payload paths
 */
GPtrArray *
scope_vocabulary_find_paths (ScopeVocabulary *self,
                             const char      *needle,
                             guint            max)
{
  GPtrArray *words;
  g_autofree char *folded = NULL;
  GHashTableIter iter;
  gpointer text;
  gpointer path;

  g_return_val_if_fail (SCOPE_IS_VOCABULARY (self), NULL);
  g_return_val_if_fail (needle != NULL, NULL);

  folded = g_utf8_casefold (needle, -1);
  words = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_word_free);
  g_hash_table_iter_init (&iter, self->paths);
  while (g_hash_table_iter_next (&iter, &text, &path))
    {
      const VocabularyPath *known = path;
      guint before = words->len;

      add_if_fits (words, text, known->count, folded);
      if (words->len > before && known->values->len > 0)
        {
          ScopeWord *word = words->pdata[before];
          const ScopeWord *value = known->values->pdata[0];

          word->example = g_strdup (value->text);
        }
    }
  sort_and_cut (words, max);
  return words;
}

/**
 * scope_vocabulary_dup_note:
 *
 * Returns: (transfer full) (nullable): which bound was reached, in a sentence
 */
char *
scope_vocabulary_dup_note (ScopeVocabulary *self)
{
  g_return_val_if_fail (SCOPE_IS_VOCABULARY (self), NULL);

  if (self->names_are_full)
    return g_strdup_printf (_("Only the first %d names are suggested."),
                            SCOPE_LIMIT_VOCABULARY_NAMES);
  if (self->paths_are_full)
    return g_strdup_printf (_("Only the first %d places in the data are suggested."),
                            SCOPE_LIMIT_VOCABULARY_PATHS);
  return NULL;
}
