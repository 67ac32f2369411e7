/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-rule-suggestions"

#include "config.h"

#include "session/scope-rule-suggestions.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "capture/scope-path.h"

#define MAX_PATHS 1000
#define MAX_FIELDS 50

typedef struct
{
  const char *word;
  const char *meaning;
} Verb;

static const Verb verbs[] = {
  { "field", N_("every value of this name, at any depth") },
  { "path", N_("the value at one place") },
  { "regex", N_("what fits, in any text") },
};

/* Of a line itself, and as filters call them; the others stay as they are, whatever a rule says. */
static const char * const own_fields[][2] = {
  { "channel", "channel" },
  { "event", "event" },
  { "user_id", "user" },
};

static ScopeSuggestion *
rule_suggestion_new (const char *label,
                     const char *detail,
                     gsize       start,
                     gsize       end)
{
  ScopeSuggestion *self = g_new0 (ScopeSuggestion, 1);

  self->label = g_strdup (label);
  self->detail = g_strdup (detail);
  self->insert = g_strdup (label);
  self->start = start;
  self->end = end;
  return self;
}

static void
rule_add_verbs (GPtrArray  *found,
                const char *line,
                gsize       start,
                gsize       cursor)
{
  gsize length = strcspn (line + start, " \t");
  gboolean goes_on = line[start + length] != '\0';

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      ScopeSuggestion *suggestion;

      if (strncmp (verbs[i].word, line + start, cursor - start) != 0
          || (goes_on && strlen (verbs[i].word) == length))
        continue;
      suggestion = rule_suggestion_new (verbs[i].word, _(verbs[i].meaning), start, start + length);
      g_free (suggestion->insert);
      suggestion->insert = g_strconcat (verbs[i].word, " ", NULL);
      g_ptr_array_add (found, suggestion);
    }
}

/* --- paths --- */

static void
rule_add_paths (GPtrArray       *found,
                const char      *line,
                gsize            start,
                ScopeVocabulary *vocabulary)
{
  g_autoptr (GPtrArray) paths = scope_path_suggest (line + start, vocabulary, FALSE);

  for (guint i = 0; i < paths->len; i++)
    {
      const ScopeSuggestion *path = paths->pdata[i];

      g_ptr_array_add (found, rule_suggestion_new (path->label, path->detail, start, strlen (line)));
    }
}

/* --- names --- */

typedef struct
{
  GPtrArray *found;
  GHashTable *names; /* those that are offered */
  char *needle;      /* casefolded */
  const char *line;
  gsize start;
} FieldSearch;

/* A rule's end is the line's, without the space around it. */
static gboolean
rule_can_name (const char *name)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));

  return *name != '\0' && g_str_equal (stripped, name) && strpbrk (name, "\r\n") == NULL
         && g_utf8_validate (name, -1, NULL);
}

static void
rule_offer_field (FieldSearch *self,
                  const char  *name,
                  const char  *detail)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);

  if (self->found->len >= MAX_FIELDS || strstr (folded, self->needle) == NULL || !rule_can_name (name)
      || g_str_equal (name, self->line + self->start) || !g_hash_table_add (self->names, g_strdup (name)))
    return;
  g_ptr_array_add (self->found, rule_suggestion_new (name, detail, self->start, strlen (self->line)));
}

/* The last name first: it is the value's own. "data" is all there is. */
static void
rule_offer_names_of (FieldSearch     *self,
                     const ScopeWord *word,
                     gboolean         last)
{
  g_autoptr (GPtrArray) steps = scope_path_parse (word->text);
  g_autofree char *example = last ? scope_path_describe (word) : NULL;
  gboolean is_last = TRUE;

  for (guint i = steps != NULL ? steps->len - 1 : 0; i > 0; i--)
    {
      const ScopePathStep *step = steps->pdata[i];

      if (step->name == NULL)
        continue;
      if (is_last == last)
        rule_offer_field (self, step->name, example);
      is_last = FALSE;
    }
}

static void
rule_add_fields (GPtrArray       *found,
                 const char      *line,
                 gsize            start,
                 ScopeVocabulary *vocabulary)
{
  FieldSearch self = { .found = found, .line = line, .start = start };
  g_autoptr (GPtrArray) words =
      vocabulary != NULL ? scope_vocabulary_find_paths (vocabulary, "", MAX_PATHS) : NULL;

  self.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.needle = g_utf8_casefold (line + start, -1);
  for (guint i = 0; words != NULL && i < words->len; i++)
    rule_offer_names_of (&self, words->pdata[i], TRUE);
  for (guint i = 0; words != NULL && i < words->len; i++)
    rule_offer_names_of (&self, words->pdata[i], FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (own_fields); i++)
    rule_offer_field (&self, own_fields[i][0], scope_filter_describe_field (own_fields[i][1]));
  g_hash_table_unref (self.names);
  g_free (self.needle);
}

/**
 * scope_rule_suggest:
 * @line: a redaction rule that is being written
 * @cursor: a place in it, in bytes
 * @vocabulary: (nullable): what the log holds
 * @on_demand: whether somebody asked for them
 *
 * Returns: (transfer full) (element-type ScopeSuggestion): how it can go on
 */
GPtrArray *
scope_rule_suggest (const char      *line,
                    gsize            cursor,
                    ScopeVocabulary *vocabulary,
                    gboolean         on_demand)
{
  GPtrArray *found;
  gsize start, end, argument;

  g_return_val_if_fail (line != NULL && cursor <= strlen (line), NULL);

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_suggestion_free);
  start = strspn (line, " \t");
  end = start + strcspn (line + start, " \t");
  argument = end + strspn (line + end, " \t");
  if (line[start] == '#' || cursor < start || (!on_demand && line[start] == '\0'))
    return found;
  if (cursor <= end)
    rule_add_verbs (found, line, start, cursor);
  else if (cursor >= argument && g_str_has_prefix (line + start, "path") && end - start == strlen ("path"))
    rule_add_paths (found, line, argument, vocabulary);
  else if (cursor >= argument && g_str_has_prefix (line + start, "field") && end - start == strlen ("field"))
    rule_add_fields (found, line, argument, vocabulary);
  return found;
}
