/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-printer.h"

#include <string.h>

#include "capture/scope-line.h"
#include "cli/scope-cli-output.h"
#include "json/scope-json.h"

/**
 * scope_cli_printer_init:
 * @options: kept, not copied
 *
 * Decides by the options how entries are printed.
 */
void
scope_cli_printer_init (ScopeCliPrinter *self,
                        ScopeCliOptions *options)
{
  self->ndjson = scope_cli_options_is_ndjson (options);
  self->frames = options->frames;
  self->colour = !self->ndjson && scope_cli_output_has_colour ();
  self->told = NULL;
  self->text = g_string_new (NULL);
}

/**
 * scope_cli_printer_clear:
 *
 * Frees what the printer holds, not the printer.
 */
void
scope_cli_printer_clear (ScopeCliPrinter *self)
{
  g_string_free (self->text, TRUE);
  g_clear_pointer (&self->told, g_free);
  self->text = NULL;
}

/* A subscription that failed by an error the line before has told: its words are not repeated. */
static void
printer_shorten (ScopeCliPrinter  *self,
                 const ScopeEntry *entry,
                 gsize             start)
{
  g_autofree char *error = entry->kind == SCOPE_ENTRY_SUBSCRIPTION ? scope_entry_dup_detail (entry, "error") : NULL;
  g_autofree char *message = error != NULL ? scope_json_dup_member (error, strlen (error), "message") : NULL;
  g_autofree char *type = error != NULL ? scope_json_dup_member (error, strlen (error), "type") : NULL;
  g_autofree char *before = type != NULL ? g_strconcat (": ", type, NULL) : NULL;
  const char *at = before != NULL ? g_strrstr (self->text->str + start, before) : NULL;

  if (at != NULL && message != NULL && self->told_channel == entry->channel && g_strcmp0 (self->told, message) == 0)
    {
      g_string_truncate (self->text, at - self->text->str);
      g_string_append_c (self->text, '\n');
    }
  g_clear_pointer (&self->told, g_free);
  if (entry->kind == SCOPE_ENTRY_ERROR)
    self->told = scope_entry_dup_detail (entry, "message");
  self->told_channel = entry->channel;
}

/**
 * scope_cli_printer_print:
 * @hidden: a filter does not let it through: only its frame is printed
 *
 * Prints an entry's frame, if frames are asked for, then its line.
 *
 * Returns: `FALSE`: nobody reads any more
 */
gboolean
scope_cli_printer_print (ScopeCliPrinter  *self,
                         const ScopeEntry *entry,
                         ScopeNames       *names,
                         gboolean          hidden)
{
  gsize start;

  g_string_truncate (self->text, 0);
  if (self->frames && self->ndjson)
    scope_line_append_frame (self->text, entry);
  else if (self->frames)
    scope_line_append_frame_text (self->text, entry, self->colour);

  start = self->text->len;
  if (!hidden && self->ndjson)
    scope_line_append_ndjson (self->text, entry, names);
  else if (!hidden)
    {
      scope_line_append_text (self->text, entry, names, self->colour);
      printer_shorten (self, entry, start);
    }

  return scope_cli_output_write (self->text->str, self->text->len);
}

/**
 * scope_cli_entry_get_int:
 * @key: of a member of the detail
 *
 * Returns: the number it is, or @fallback
 */
gint64
scope_cli_entry_get_int (const ScopeEntry *entry,
                         const char       *key,
                         gint64            fallback)
{
  g_autofree char *text = scope_entry_dup_detail (entry, key);
  gint64 number;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return fallback;
  return number;
}

/**
 * scope_cli_entry_is:
 * @key: of a member of the detail
 *
 * Returns: whether it is that text
 */
gboolean
scope_cli_entry_is (const ScopeEntry *entry,
                    const char       *key,
                    const char       *text)
{
  g_autofree char *value = scope_entry_dup_detail (entry, key);

  return g_strcmp0 (value, text) == 0;
}
