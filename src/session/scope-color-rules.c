/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-color-rules"

#include "config.h"

#include "session/scope-color-rules.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "session/scope-event-list-private.h"

#define MAX_RULE_BYTES (64 * 1024)

struct _ScopeColorRules
{
  GPtrArray *rules; /* of ScopeColorRule */
  guint serial;
  gboolean active;
};

static const char * const color_names[SCOPE_N_COLORS] = {
  "red", "orange", "yellow", "green", "teal", "blue", "purple", "gray",
};

static ScopeColor
color_from_name (const char *name)
{
  for (guint i = 0; i < SCOPE_N_COLORS; i++)
    if (g_strcmp0 (name, color_names[i]) == 0)
      return i;
  return SCOPE_COLOR_GRAY;
}

/* An empty filter would color everything, which nobody means. */
static gboolean
text_is_blank (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return *text == '\0';
}

/**
 * scope_color_rule_new:
 * @name: for people
 * @text: of its filter; with a mistake, or none, the rule fits nothing
 *
 * Returns: (transfer full): a rule
 */
ScopeColorRule *
scope_color_rule_new (const char *name,
                      const char *text,
                      ScopeColor  color,
                      gboolean    enabled)
{
  ScopeColorRule *self;

  g_return_val_if_fail (name != NULL && text != NULL, NULL);

  self = g_new0 (ScopeColorRule, 1);
  self->name = g_strdup (name);
  self->text = g_strdup (text);
  self->color = color;
  self->enabled = enabled;
  if (!text_is_blank (text))
    self->filter = scope_filter_new (text, NULL, NULL);
  return self;
}

/**
 * scope_color_rule_free:
 * @self: (transfer full): a rule
 */
void
scope_color_rule_free (ScopeColorRule *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  g_free (self->text);
  g_clear_pointer (&self->filter, scope_filter_unref);
  g_free (self);
}

/**
 * scope_color_rule_parse:
 * @json: an object with `name`, `filter`, `color` and `enabled`
 *
 * Returns: (transfer full) (nullable): the rule
 */
ScopeColorRule *
scope_color_rule_parse (const char *json)
{
  gsize length = strlen (json);
  ScopeJsonKind kind = SCOPE_JSON_NONE;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  g_autofree char *color = NULL;
  g_autofree char *enabled = NULL;

  if (length > MAX_RULE_BYTES || !scope_json_check (json, length, &kind, NULL)
      || kind != SCOPE_JSON_OBJECT)
    return NULL;
  name = scope_json_dup_member (json, length, "name");
  text = scope_json_dup_member (json, length, "filter");
  color = scope_json_dup_member (json, length, "color");
  enabled = scope_json_dup_member (json, length, "enabled");
  if (name == NULL || text == NULL)
    return NULL;
  return scope_color_rule_new (name, text, color_from_name (color),
                               g_strcmp0 (enabled, "false") != 0);
}

/**
 * scope_color_rule_to_json:
 *
 * Returns: (transfer full): what scope_color_rule_parse() reads
 */
char *
scope_color_rule_to_json (const ScopeColorRule *self)
{
  GString *json;

  g_return_val_if_fail (self != NULL, NULL);

  json = g_string_new ("{\"name\":");
  scope_json_append_string (json, self->name, -1);
  g_string_append (json, ",\"filter\":");
  scope_json_append_string (json, self->text, -1);
  g_string_append_printf (json, ",\"color\":\"%s\",\"enabled\":%s}", color_names[self->color],
                          self->enabled ? "true" : "false");
  return g_string_free (json, FALSE);
}

/**
 * scope_color_rules_new:
 * @texts: (array zero-terminated=1): of scope_color_rule_to_json(), the first one goes first
 *
 * Returns: (transfer full): the set
 */
ScopeColorRules *
scope_color_rules_new (const char * const *texts)
{
  static guint last_serial;
  ScopeColorRules *self;

  g_return_val_if_fail (texts != NULL, NULL);

  self = g_rc_box_new0 (ScopeColorRules);
  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_color_rule_free);
  self->serial = ++last_serial;
  for (guint i = 0; texts[i] != NULL && self->rules->len < SCOPE_MAX_COLOR_RULES; i++)
    {
      ScopeColorRule *rule = scope_color_rule_parse (texts[i]);

      if (rule == NULL)
        continue;
      g_ptr_array_add (self->rules, rule);
      self->active |= rule->enabled && rule->filter != NULL;
    }
  return self;
}

static void
color_rules_clear (ScopeColorRules *self)
{
  g_ptr_array_unref (self->rules);
}

/**
 * scope_color_rules_unref:
 * @self: (transfer full): a set
 */
void
scope_color_rules_unref (ScopeColorRules *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) color_rules_clear);
}

/**
 * scope_color_rules_get_n:
 *
 * Returns: how many rules there are
 */
guint
scope_color_rules_get_n (ScopeColorRules *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->rules->len;
}

/**
 * scope_color_rules_get_active:
 *
 * Returns: whether any of them can give a row a color
 */
gboolean
scope_color_rules_get_active (ScopeColorRules *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->active;
}

/**
 * scope_color_rules_get:
 * @i: less than their number
 *
 * Returns: (transfer none): a rule
 */
const ScopeColorRule *
scope_color_rules_get (ScopeColorRules *self,
                       guint            i)
{
  g_return_val_if_fail (self != NULL && i < self->rules->len, NULL);

  return g_ptr_array_index (self->rules, i);
}

/* A row as it is judged: its payload is read for the first rule that asks for it, and is there for the others. */
typedef struct
{
  ScopeEventItem *item;
  gboolean was_read;
  ScopeEntry *entry;
} JudgedRow;

static ScopeEntry *
judged_row_get_entry (JudgedRow *self)
{
  if (!self->was_read)
    self->entry = _scope_event_item_dup_entry (self->item);
  self->was_read = TRUE;
  return self->entry;
}

static gboolean
color_rule_fits (const ScopeColorRule *self,
                 JudgedRow            *row)
{
  const ScopeRecord *record = scope_event_item_get_record (row->item);
  ScopeNames *names = _scope_event_item_get_names (row->item);
  ScopeEntry *entry;

  if (!self->enabled || self->filter == NULL)
    return FALSE;
  if (!scope_filter_needs_payload (self->filter) && scope_record_has_names (record))
    return scope_filter_matches_record (self->filter, record, names);
  entry = judged_row_get_entry (row);
  return entry != NULL && scope_filter_matches (self->filter, entry, names);
}

/* -1: none fits */
static int
color_rules_find (ScopeColorRules *self,
                  ScopeEventItem  *item)
{
  JudgedRow row = { .item = item };
  int found = -1;

  for (guint i = 0; i < self->rules->len && found < 0; i++)
    if (color_rule_fits (self->rules->pdata[i], &row))
      found = i;
  g_clear_pointer (&row.entry, scope_entry_unref);
  return found;
}

/**
 * scope_color_rules_match:
 * @item: a row
 *
 * Returns: (transfer none) (nullable): the first rule that fits
 */
const ScopeColorRule *
scope_color_rules_match (ScopeColorRules *self,
                         ScopeEventItem  *item)
{
  int found = -1;

  g_return_val_if_fail (self != NULL && SCOPE_IS_EVENT_ITEM (item), NULL);

  if (!self->active)
    return NULL;
  if (!_scope_event_item_get_rule (item, self->serial, &found))
    {
      found = color_rules_find (self, item);
      _scope_event_item_set_rule (item, self->serial, found);
    }
  return found >= 0 ? self->rules->pdata[found] : NULL;
}

/**
 * scope_color_rules_dup_texts:
 *
 * Returns: (transfer full): what scope_color_rules_new() reads
 */
char **
scope_color_rules_dup_texts (ScopeColorRules *self)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->rules->len; i++)
    {
      g_autofree char *text = scope_color_rule_to_json (self->rules->pdata[i]);

      g_strv_builder_add (texts, text);
    }
  return g_strv_builder_end (texts);
}

/**
 * scope_color_rules_dup_suggested:
 *
 * Returns: (transfer full): rules that are of use in most logs
 */
char **
scope_color_rules_dup_suggested (void)
{
  static const struct
  {
    const char *name;
    const char *text;
    ScopeColor color;
  } suggested[] = {
    { N_("Errors"), "kind == \"error\"", SCOPE_COLOR_RED },
    { N_("Gaps"), "kind == \"gap\"", SCOPE_COLOR_ORANGE },
    { N_("Client events"), "event ^= \"client-\"", SCOPE_COLOR_PURPLE },
    { N_("Large events"), "size > 8192", SCOPE_COLOR_YELLOW },
  };
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (suggested); i++)
    {
      g_autoptr (ScopeColorRule) rule = scope_color_rule_new (
          _(suggested[i].name), suggested[i].text, suggested[i].color, TRUE);
      g_autofree char *text = scope_color_rule_to_json (rule);

      g_strv_builder_add (texts, text);
    }
  return g_strv_builder_end (texts);
}
