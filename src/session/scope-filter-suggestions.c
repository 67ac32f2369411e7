/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter-suggestions"

#include "config.h"

#include "session/scope-filter-suggestions.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "capture/scope-filter-complete.h"

#define MAX_WORDS 50
#define MAX_PATHS_BESIDE_FIELDS 6

typedef struct
{
  const char *word;
  const char *meaning;
} Meaning;

static const Meaning field_meanings[] = {
  { "channel", N_("The channel’s name") },
  { "event", N_("The event’s name") },
  { "user", N_("The id of the user who sent it") },
  { "direction", N_("Received or sent") },
  { "kind", N_("What sort of row it is") },
  { "size", N_("Bytes of the frame") },
  { "time", N_("When it came") },
  { "text", N_("The data as it came") },
  { "data", N_("A place in the data") },
};

static const Meaning op_meanings[] = {
  { "==", N_("is") },           { "!=", N_("is not") },
  { "<", N_("is less than") },  { "<=", N_("is at most") },
  { ">", N_("is more than") },  { ">=", N_("is at least") },
  { "^=", N_("begins with") },  { "$=", N_("ends with") },
  { "*=", N_("contains") },     { "~", N_("fits a regular expression") },
  { "in", N_("is one of") },    { "exists", N_("is there") },
};

typedef struct
{
  const char *text;
  const ScopeFilterPlace *place;
  ScopeVocabulary *vocabulary;
  GPtrArray *found;
} Suggester;

static const char *
find_meaning (const Meaning *meanings,
              gsize          n,
              const char    *word)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (meanings[i].word, word))
      return _(meanings[i].meaning);
  return NULL;
}

/**
 * scope_filter_describe_field:
 *
 * Returns: (transfer none) (nullable): what it is
 */
const char *
scope_filter_describe_field (const char *field)
{
  g_return_val_if_fail (field != NULL, NULL);

  return find_meaning (field_meanings, G_N_ELEMENTS (field_meanings), field);
}

/**
 * scope_filter_describe_operator:
 *
 * Returns: (transfer none) (nullable): what it asks
 */
const char *
scope_filter_describe_operator (const char *op)
{
  g_return_val_if_fail (op != NULL, NULL);

  return find_meaning (op_meanings, G_N_ELEMENTS (op_meanings), op);
}

/**
 * scope_suggestion_free:
 * @self: (nullable) (transfer full): a suggestion
 */
void
scope_suggestion_free (ScopeSuggestion *self)
{
  if (self == NULL)
    return;
  g_free (self->label);
  g_free (self->detail);
  g_free (self->insert);
  g_free (self);
}

/* Words stand apart, except behind a parenthesis. */
static gboolean
needs_space (const Suggester *self)
{
  gsize start = self->place->start;

  return start > 0 && strchr (" \t\r\n(", self->text[start - 1]) == NULL;
}

/* What stands there already is no suggestion. */
static void
suggester_add (Suggester  *self,
               const char *label,
               const char *detail,
               const char *insert)
{
  const ScopeFilterPlace *place = self->place;
  gsize length = place->end - place->start;
  ScopeSuggestion *suggestion;

  if (length > 0 && strlen (label) == length && strncmp (label, self->text + place->start, length) == 0)
    return;
  suggestion = g_new0 (ScopeSuggestion, 1);
  suggestion->label = g_strdup (label);
  suggestion->detail = g_strdup (detail);
  suggestion->insert = g_strconcat (needs_space (self) ? " " : "", insert, NULL);
  suggestion->start = place->start;
  suggestion->end = place->end;
  g_ptr_array_add (self->found, suggestion);
}

static void
suggester_add_begun (Suggester  *self,
                     const char *label,
                     const char *detail,
                     const char *insert)
{
  if (g_str_has_prefix (label, self->place->prefix))
    suggester_add (self, label, detail, insert);
}

/**
 * scope_path_describe:
 * @word: a payload path
 *
 * Returns: (transfer full) (nullable): one of its values, in words; %NULL: none was seen
 */
char *
scope_path_describe (const ScopeWord *word)
{
  g_return_val_if_fail (word != NULL, NULL);

  /* Translators: a value that was seen; %s is one, such as 12 or "paid" */
  return word->example != NULL ? g_strdup_printf (_("for example %s"), word->example) : NULL;
}

static void
suggester_add_paths (Suggester *self,
                     guint      max)
{
  g_autoptr (GPtrArray) words = NULL;

  if (self->vocabulary == NULL)
    return;
  words = scope_vocabulary_find_paths (self->vocabulary, self->place->prefix, max);
  for (guint i = 0; i < words->len; i++)
    {
      const ScopeWord *word = words->pdata[i];
      g_autofree char *insert = g_strconcat (word->text, " ", NULL);
      g_autofree char *detail = scope_path_describe (word);

      suggester_add (self, word->text, detail, insert);
    }
}

static void
suggester_add_saved (Suggester *self,
                     GVariant  *saved)
{
  g_autofree char *needle = g_utf8_casefold (self->place->prefix, -1);
  GVariantIter iter;
  const char *name;
  const char *text;

  if (saved == NULL || *needle == '\0')
    return;
  g_variant_iter_init (&iter, saved);
  while (g_variant_iter_next (&iter, "(&s&s)", &name, &text))
    {
      g_autofree char *folded = g_utf8_casefold (name, -1);
      g_autofree char *insert = g_strdup_printf ("(%s)", text);

      if (strstr (folded, needle) != NULL)
        suggester_add (self, name, text, insert);
    }
}

static void
suggester_add_fields (Suggester *self,
                      GVariant  *saved)
{
  const char * const *fields = scope_filter_get_fields ();

  for (guint i = 0; fields[i] != NULL; i++)
    {
      gboolean is_data = g_str_equal (fields[i], "data");
      g_autofree char *insert = g_strconcat (fields[i], is_data ? "." : " ", NULL);

      suggester_add_begun (self, fields[i], scope_filter_describe_field (fields[i]), insert);
    }
  suggester_add_begun (self, "not", _("the opposite of what follows"), "not ");
  if (*self->place->prefix != '\0')
    suggester_add_paths (self, MAX_PATHS_BESIDE_FIELDS);
  suggester_add_saved (self, saved);
}

static void
suggester_add_operators (Suggester *self)
{
  const char * const *ops = scope_filter_get_operators (self->place->field);

  for (guint i = 0; ops[i] != NULL; i++)
    {
      const char *behind = g_str_equal (ops[i], "in") ? " (" : g_str_equal (ops[i], "exists") ? "" : " ";
      g_autofree char *insert = g_strconcat (ops[i], behind, NULL);

      suggester_add_begun (self, ops[i], scope_filter_describe_operator (ops[i]), insert);
    }
}

static gboolean
is_text_op (const char *op)
{
  return strchr ("^$*", *op) != NULL;
}

/* Names are quoted; of payloads the very tokens are there. */
static void
suggester_add_words (Suggester *self)
{
  const char *field = self->place->field;
  gboolean is_token = g_str_has_prefix (field, "data");
  g_autoptr (GPtrArray) words
      = scope_vocabulary_find (self->vocabulary, field, self->place->prefix, MAX_WORDS);

  for (guint i = 0; i < words->len; i++)
    {
      const ScopeWord *word = words->pdata[i];
      g_autoptr (GString) value = g_string_new (is_token ? word->text : NULL);
      g_autofree char *detail = NULL;

      if (is_token && is_text_op (self->place->op) && *word->text != '"')
        continue;
      if (!is_token)
        {
          scope_json_append_string (value, word->text, -1);
          /* Translators: how often something was met in the log */
          detail = g_strdup_printf (ngettext ("%u row", "%u rows", word->count), word->count);
        }
      suggester_add (self, value->str, detail, value->str);
    }
}

static void
suggester_add_values (Suggester *self)
{
  const ScopeFilterPlace *place = self->place;

  /* a name is hardly ever a regular expression */
  if (self->vocabulary != NULL && !g_str_equal (place->op, "~"))
    suggester_add_words (self);
  if (place->in_quotes || !g_str_has_prefix (place->field, "data") || is_text_op (place->op))
    return;
  if (g_str_equal (place->op, "==") || g_str_equal (place->op, "!="))
    {
      static const char * const constants[] = { "true", "false", "null" };

      for (guint i = 0; i < G_N_ELEMENTS (constants) && self->found->len == 0; i++)
        suggester_add_begun (self, constants[i], NULL, constants[i]);
    }
}

static void
suggester_add_connectives (Suggester *self)
{
  suggester_add_begun (self, "and", _("both have to be true"), "and ");
  suggester_add_begun (self, "or", _("one of both has to be true"), "or ");
  if (self->place->depth > 0 && *self->place->prefix == '\0')
    suggester_add (self, ")", NULL, ")");
}

static void
suggester_run (Suggester *self,
               GVariant  *saved)
{
  switch (self->place->expects)
    {
    case SCOPE_FILTER_EXPECTS_FIELD:
      suggester_add_fields (self, saved);
      break;
    case SCOPE_FILTER_EXPECTS_PATH:
      suggester_add_paths (self, MAX_WORDS);
      break;
    case SCOPE_FILTER_EXPECTS_OPERATOR:
      suggester_add_operators (self);
      break;
    case SCOPE_FILTER_EXPECTS_VALUE:
      suggester_add_values (self);
      break;
    case SCOPE_FILTER_EXPECTS_LIST:
      suggester_add (self, "(", NULL, "(");
      break;
    case SCOPE_FILTER_EXPECTS_LIST_NEXT:
      suggester_add (self, ",", _("one more value"), ", ");
      suggester_add (self, ")", _("the end of the list"), ")");
      break;
    case SCOPE_FILTER_EXPECTS_CONNECTIVE:
      suggester_add_connectives (self);
      break;
    case SCOPE_FILTER_EXPECTS_NOTHING:
    default:
      break;
    }
}

/* Behind a finished comparison, and where all begins, nobody wants to be disturbed. */
static gboolean
is_welcome (const ScopeFilterPlace *place)
{
  ScopeFilterExpects expects = place->expects;

  return *place->prefix != '\0' || expects == SCOPE_FILTER_EXPECTS_OPERATOR
         || expects == SCOPE_FILTER_EXPECTS_VALUE || expects == SCOPE_FILTER_EXPECTS_LIST;
}

/**
 * scope_filter_suggest:
 * @text: a filter that is being written
 * @cursor: a place in it, in bytes
 * @vocabulary: (nullable): what the log holds
 * @saved: (nullable): `a(ss)`: names and texts of saved filters
 * @on_demand: whether somebody asked for them
 *
 * Returns: (transfer full) (element-type ScopeSuggestion): how it can go on
 */
GPtrArray *
scope_filter_suggest (const char      *text,
                      gsize            cursor,
                      ScopeVocabulary *vocabulary,
                      GVariant        *saved,
                      gboolean         on_demand)
{
  g_autoptr (ScopeFilterPlace) place = NULL;
  GPtrArray *found;

  g_return_val_if_fail (text != NULL, NULL);

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_suggestion_free);
  place = scope_filter_complete (text, cursor);
  if (on_demand || is_welcome (place))
    {
      Suggester self = { .text = text, .place = place, .vocabulary = vocabulary, .found = found };

      suggester_run (&self, saved);
    }
  return found;
}

/**
 * scope_path_suggest:
 * @text: a payload path that is being written, or a part of one
 * @vocabulary: (nullable): what the log holds
 * @numbers: whether only paths that lead to numbers are wanted
 *
 * Returns: (transfer full) (element-type ScopeSuggestion): paths to take the place of all of @text
 */
GPtrArray *
scope_path_suggest (const char      *text,
                    ScopeVocabulary *vocabulary,
                    gboolean         numbers)
{
  GPtrArray *found;
  g_autoptr (GPtrArray) words = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_suggestion_free);
  if (vocabulary == NULL)
    return found;
  words = scope_vocabulary_find_paths (vocabulary, text, MAX_WORDS);
  for (guint i = 0; i < words->len; i++)
    {
      const ScopeWord *word = words->pdata[i];
      const char *example = word->example != NULL ? word->example : "";
      ScopeSuggestion *suggestion;

      if (g_str_equal (word->text, text) ||
          (numbers && *example != '-' && !g_ascii_isdigit (*example)))
        continue;
      suggestion = g_new0 (ScopeSuggestion, 1);
      suggestion->label = g_strdup (word->text);
      suggestion->detail = scope_path_describe (word);
      suggestion->insert = g_strdup (word->text);
      suggestion->end = strlen (text);
      g_ptr_array_add (found, suggestion);
    }
  return found;
}

/**
 * scope_suggestion_apply:
 * @text: the text it was made for
 * @cursor: (out): where it goes on, in characters
 *
 * Returns: (transfer full): the text with it
 */
char *
scope_suggestion_apply (const ScopeSuggestion *self,
                        const char            *text,
                        guint                 *cursor)
{
  g_autoptr (GString) applied = NULL;
  const char *rest;

  g_return_val_if_fail (self != NULL && text != NULL && cursor != NULL, NULL);
  g_return_val_if_fail (self->end <= strlen (text) && self->start <= self->end, NULL);

  rest = text + self->end;
  applied = g_string_new_len (text, self->start);
  g_string_append (applied, self->insert);
  if (g_str_has_suffix (self->insert, " ") && *rest == ' ')
    rest++;
  *cursor = g_utf8_strlen (applied->str, -1);
  g_string_append (applied, rest);
  return g_strdup (applied->str);
}
