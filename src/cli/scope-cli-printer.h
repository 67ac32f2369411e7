/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"
#include "capture/scope-names.h"
#include "cli/scope-cli-options.h"

G_BEGIN_DECLS

/* Entries as lines on standard output. */
typedef struct
{
  gboolean ndjson;
  gboolean frames;
  gboolean colour;
  char *told;      /* the text of the error that was printed last, of told_channel; NULL: something else was */
  guint32 told_channel;
  GString *text;
} ScopeCliPrinter;

void     scope_cli_printer_init  (ScopeCliPrinter  *self,
                                  ScopeCliOptions  *options);
void     scope_cli_printer_clear (ScopeCliPrinter  *self);
/* its frame, if frames are asked for, then its line unless hidden. FALSE: nobody reads any more */
gboolean scope_cli_printer_print (ScopeCliPrinter  *self,
                                  const ScopeEntry *entry,
                                  ScopeNames       *names,
                                  gboolean          hidden);

/* of an entry's detail: a member that is a number, or fallback */
gint64   scope_cli_entry_get_int (const ScopeEntry *entry,
                                  const char       *key,
                                  gint64            fallback);
gboolean scope_cli_entry_is      (const ScopeEntry *entry,
                                  const char       *key,
                                  const char       *text);

G_END_DECLS
