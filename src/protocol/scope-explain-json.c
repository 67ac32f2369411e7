/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-explain"

#include "config.h"

#include "protocol/scope-explain-private.h"

#include <string.h>

#include "json/scope-json.h"

/* The forms in which libraries write the same JSON: what was signed in one and sent in another does not fit. */

#define MAX_MEMBERS 64
/* of which each order is tried */
#define MAX_ORDERED_BYTES (8 * 1024)
/* of braces that begin no object */
#define MAX_MISSES 64

typedef enum
{
  ORDER_AS_IT_IS,
  ORDER_SORTED,
  ORDER_REVERSED,
  N_ORDERS,
} JsonOrder;

typedef enum
{
  SPACES_NONE,
  SPACES_BETWEEN, /* Python: ", " and ": " */
  SPACES_PRETTY_2,
  SPACES_PRETTY_4,
  N_SPACES,
} JsonSpaces;

typedef enum
{
  LETTERS_PLAIN,
  LETTERS_SLASHES,       /* \/ */
  LETTERS_ASCII,         /* é as \u00e9 */
  LETTERS_ASCII_SLASHES, /* PHP */
  LETTERS_HTML,          /* Go: < as \u003c */
  N_LETTERS,
} JsonLetters;

typedef struct
{
  GString *out;
  JsonOrder order;
  JsonSpaces spaces;
  JsonLetters letters;
  gboolean turns_ids; /* 7 as "7", and the other way round */
  guint depth;
} JsonForm;

typedef struct
{
  ScopeSpan key;
  ScopeSpan value;
  ScopeJsonKind kind;
  const char *text;
} JsonMember;

static void
json_form_append_unit (JsonForm *self,
                       gunichar  unit)
{
  if (unit < 0x10000)
    g_string_append_printf (self->out, "\\u%04x", unit);
  else
    g_string_append_printf (self->out, "\\u%04x\\u%04x", 0xd800 + ((unit - 0x10000) >> 10),
                            0xdc00 + ((unit - 0x10000) & 0x3ff));
}

static void
json_form_append_character (JsonForm   *self,
                            const char *at)
{
  static const char shorts[] = "\"\\\b\f\n\r\t";
  static const char letters[] = "\"\\bfnrt";
  gunichar unit = g_utf8_get_char (at);
  const char *found = unit < 0x80 && unit != 0 ? strchr (shorts, (int) unit) : NULL;
  gboolean ascii = self->letters == LETTERS_ASCII || self->letters == LETTERS_ASCII_SLASHES;
  gboolean slashes = self->letters == LETTERS_SLASHES || self->letters == LETTERS_ASCII_SLASHES;

  if (found != NULL)
    g_string_append_printf (self->out, "\\%c", letters[found - shorts]);
  else if (unit < 0x20 || (ascii && unit > 0x7e)
           || (self->letters == LETTERS_HTML
               && (unit == '<' || unit == '>' || unit == '&' || unit == 0x2028 || unit == 0x2029)))
    json_form_append_unit (self, unit);
  else if (slashes && unit == '/')
    g_string_append (self->out, "\\/");
  else
    g_string_append_unichar (self->out, unit);
}

static void
json_form_append_string (JsonForm   *self,
                         const char *token,
                         gsize       length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!scope_json_string_decode (token, length, text) || strlen (text->str) != text->len)
    {
      g_string_append_len (self->out, token, length);
      return;
    }
  g_string_append_c (self->out, '"');
  for (const char *at = text->str; *at != '\0'; at = g_utf8_next_char (at))
    json_form_append_character (self, at);
  g_string_append_c (self->out, '"');
}

static void
json_form_break (JsonForm *self)
{
  guint width = self->spaces == SPACES_PRETTY_2 ? 2 : self->spaces == SPACES_PRETTY_4 ? 4 : 0;

  if (width == 0)
    return;
  g_string_append_c (self->out, '\n');
  for (guint i = 0; i < width * self->depth; i++)
    g_string_append_c (self->out, ' ');
}

static int
json_member_compare (gconstpointer a,
                     gconstpointer b)
{
  const JsonMember *left = a;
  const JsonMember *right = b;
  g_autofree char *left_key = scope_json_string_dup (left->text + left->key.offset, left->key.length);
  g_autofree char *right_key = scope_json_string_dup (right->text + right->key.offset, right->key.length);

  return strcmp (left_key, right_key);
}

static GArray *
json_form_list_members (JsonForm   *self,
                        const char *text,
                        gsize       length,
                        gboolean    is_object)
{
  GArray *members = g_array_new (FALSE, TRUE, sizeof (JsonMember));
  JsonMember member = { .text = text };
  ScopeJsonIter iter;

  scope_json_iter_init (&iter, text, length);
  while (scope_json_iter_next (&iter, &member.key, &member.value, &member.kind))
    {
      if (is_object && self->order == ORDER_REVERSED)
        g_array_prepend_val (members, member);
      else
        g_array_append_val (members, member);
    }
  if (is_object && self->order == ORDER_SORTED && members->len <= MAX_MEMBERS)
    g_array_sort (members, json_member_compare);
  return members;
}

static void json_form_append (JsonForm      *self,
                              const char    *text,
                              gsize          length,
                              ScopeJsonKind  kind);

static gboolean
json_member_is_id (const JsonMember *member)
{
  const char *key = member->text + member->key.offset;

  return scope_json_string_equal (key, member->key.length, "user_id")
         || scope_json_string_equal (key, member->key.length, "id");
}

static void
json_form_append_turned (JsonForm         *self,
                         const JsonMember *member)
{
  const char *value = member->text + member->value.offset;
  gsize length = member->value.length;
  gboolean is_digits = member->kind == SCOPE_JSON_STRING && length > 2;

  for (gsize i = 1; is_digits && i + 1 < length; i++)
    is_digits = g_ascii_isdigit (value[i]);
  if (member->kind == SCOPE_JSON_NUMBER)
    {
      g_string_append_c (self->out, '"');
      g_string_append_len (self->out, value, length);
      g_string_append_c (self->out, '"');
    }
  else if (is_digits)
    g_string_append_len (self->out, value + 1, length - 2);
  else
    json_form_append (self, value, length, member->kind);
}

static void
json_form_append_member (JsonForm         *self,
                         const JsonMember *member)
{
  if (member->key.length > 0)
    {
      json_form_append_string (self, member->text + member->key.offset, member->key.length);
      g_string_append (self->out, self->spaces == SPACES_NONE ? ":" : ": ");
    }
  if (self->turns_ids && member->key.length > 0 && json_member_is_id (member))
    json_form_append_turned (self, member);
  else
    json_form_append (self, member->text + member->value.offset, member->value.length, member->kind);
}

static void
json_form_append_members (JsonForm   *self,
                          const char *text,
                          gsize       length,
                          gboolean    is_object)
{
  g_autoptr (GArray) members = json_form_list_members (self, text, length, is_object);

  g_string_append_c (self->out, is_object ? '{' : '[');
  self->depth++;
  for (guint i = 0; i < members->len; i++)
    {
      if (i > 0)
        g_string_append (self->out, self->spaces == SPACES_BETWEEN ? ", " : ",");
      json_form_break (self);
      json_form_append_member (self, &g_array_index (members, JsonMember, i));
    }
  self->depth--;
  if (members->len > 0)
    json_form_break (self);
  g_string_append_c (self->out, is_object ? '}' : ']');
}

/* Its depth is bounded: the text was checked. */
static void
json_form_append (JsonForm     *self,
                  const char   *text,
                  gsize         length,
                  ScopeJsonKind kind)
{
  if (kind == SCOPE_JSON_OBJECT || kind == SCOPE_JSON_ARRAY)
    json_form_append_members (self, text, length, kind == SCOPE_JSON_OBJECT);
  else if (kind == SCOPE_JSON_STRING)
    json_form_append_string (self, text, length);
  else
    g_string_append_len (self->out, text, length);
}

static void
json_take_form (GPtrArray    *forms,
                const char   *json,
                ScopeJsonKind kind,
                JsonForm      form)
{
  form.out = g_string_sized_new (strlen (json));
  json_form_append (&form, json, strlen (json), kind);
  g_ptr_array_add (forms, g_string_free (form.out, FALSE));
}

static void
json_take_encoded (GPtrArray  *forms,
                   const char *json)
{
  GString *text = g_string_new (NULL);

  scope_json_append_string (text, json, -1);
  g_ptr_array_add (forms, g_string_free (text, FALSE));
}

GPtrArray *
_scope_explain_list_json (const char *json)
{
  GPtrArray *forms = g_ptr_array_new_with_free_func (g_free);
  guint n_orders = strlen (json) <= MAX_ORDERED_BYTES ? N_ORDERS : 1;
  ScopeJsonKind kind;

  if (!scope_json_check (json, strlen (json), &kind, NULL))
    return forms;

  for (guint order = 0; order < n_orders; order++)
    for (guint letters = 0; letters < N_LETTERS; letters++)
      for (guint spaces = 0; spaces < N_SPACES; spaces++)
        json_take_form (forms, json, kind,
                        (JsonForm) { .order = order, .letters = letters, .spaces = spaces });
  for (guint spaces = 0; spaces < SPACES_PRETTY_2; spaces++)
    json_take_form (forms, json, kind, (JsonForm) { .spaces = spaces, .turns_ids = TRUE });
  json_take_encoded (forms, json);
  return forms;
}

/* How long what begins at start is, up to the brace that closes it; 0: none does. */
static gsize
json_measure_object (const char *start)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (const char *at = start; *at != '\0'; at++)
    {
      if (in_string && *at == '\\' && at[1] != '\0')
        at++;
      else if (*at == '"')
        in_string = !in_string;
      else if (!in_string && *at == '{')
        depth++;
      else if (!in_string && *at == '}' && --depth == 0)
        return at + 1 - start;
    }
  return 0;
}

gboolean
_scope_explain_find_object (const char *text,
                            gsize      *at,
                            gsize      *start,
                            gsize      *object_length)
{
  for (guint n_misses = 0; n_misses < MAX_MISSES; n_misses++)
    {
      const char *brace = strchr (text + *at, '{');
      gsize length;

      if (brace == NULL)
        return FALSE;
      length = json_measure_object (brace);
      if (length > 0 && scope_json_check (brace, length, NULL, NULL))
        {
          *start = brace - text;
          *object_length = length;
          *at = *start + length;
          return TRUE;
        }
      *at = brace + 1 - text;
    }
  return FALSE;
}
