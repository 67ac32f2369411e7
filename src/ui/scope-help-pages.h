/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands in the user help, as data: the window makes widgets of it. */

#define SCOPE_HELP_COLUMNS 3

typedef enum
{
  SCOPE_HELP_END,
  SCOPE_HELP_HEADING,
  SCOPE_HELP_TEXT,
  SCOPE_HELP_HEADER, /* a table begins: the columns' names, NULL after the last */
  SCOPE_HELP_ROW,    /* the first cell is shown as it is */
  SCOPE_HELP_FILTER, /* a row of a table: a filter, to be copied or tried, and what it finds */
  SCOPE_HELP_CODES,  /* a table of close codes and of HTTP statuses */
} ScopeHelpKind;

typedef struct
{
  ScopeHelpKind kind;
  const char *cells[SCOPE_HELP_COLUMNS]; /* untranslated */
} ScopeHelpItem;

typedef struct
{
  const char *name;
  const char *title;
  const ScopeHelpItem *items;
} ScopeHelpPage;

extern const ScopeHelpPage scope_help_pages[];
extern const guint scope_help_n_pages;
/* the table of other libraries' options */
extern const ScopeHelpItem scope_help_options[];

G_END_DECLS
