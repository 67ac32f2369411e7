/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Variables of an event that is to be published: {{now}}, {{uuid}}, {{n}}. What else stands in braces
 * is text. Pure: the values are handed in. */
typedef struct
{
  gint64 now_usec;  /* wall; {{now}} is RFC 3339, UTC */
  const char *uuid; /* the same at each place of one event */
  guint64 n;        /* counts the events that go out, from 1 */
} ScopeTemplateValues;

/* (transfer full) */
char    *scope_template_fill        (const char                *text,
                                     const ScopeTemplateValues *values);
/* where in text an offset of the filled text comes from; inside of a value: where the variable begins */
gsize    scope_template_find_source (const char                *text,
                                     const ScopeTemplateValues *values,
                                     gsize                      offset);
gboolean scope_template_has_variables (const char              *text);

G_END_DECLS
