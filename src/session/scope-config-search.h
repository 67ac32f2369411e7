/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A walk through source code. */
typedef struct
{
  const char *text;
  gsize length;
  gboolean everywhere;     /* also in comments and quoted text */
  gsize name;              /* the call that was found: its name, and its bracket */
  gsize name_length;
  gsize bracket;

  /*< private >*/
  gsize at;
  gsize unfinished[4];     /* up to here it is known that a mark of this kind has no end */
} ScopeConfigSearch;

/* The next name before a ( or {, such as "new Pusher (", outside of comments and quoted text. Begin with a
 * search of zeros but for text and length; text ends with a NUL. FALSE at the end. */
gboolean scope_config_search_next (ScopeConfigSearch *search);

/* What stands in source code, for the scanner. Each gives the offset after it: offset itself if there is none,
 * length + 1 if it does not end. */
gsize    _scope_config_skip_comment (const char *text,
                                     gsize       length,
                                     gsize       offset);
gsize    _scope_config_skip_quote   (const char *text,
                                     gsize       length,
                                     gsize       offset);
gboolean _scope_config_is_name      (char        c);

G_END_DECLS
