/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-event-list.h"

G_BEGIN_DECLS

/* The colors a rule can give a row; their names stand in settings. */
typedef enum
{
  SCOPE_COLOR_RED,
  SCOPE_COLOR_ORANGE,
  SCOPE_COLOR_YELLOW,
  SCOPE_COLOR_GREEN,
  SCOPE_COLOR_TEAL,
  SCOPE_COLOR_BLUE,
  SCOPE_COLOR_PURPLE,
  SCOPE_COLOR_GRAY,
  SCOPE_N_COLORS,
} ScopeColor;

/* More rules than these are not asked, nor kept. */
#define SCOPE_MAX_COLOR_RULES 64

typedef struct
{
  char *name;
  char *text;          /* of the filter */
  ScopeColor color;
  gboolean enabled;
  ScopeFilter *filter; /* NULL: text is no filter, or matches everything */
} ScopeColorRule;

ScopeColorRule *scope_color_rule_new      (const char            *name,
                                           const char            *text,
                                           ScopeColor             color,
                                           gboolean               enabled);
/* from a JSON object; NULL: it is none, or lacks something */
ScopeColorRule *scope_color_rule_parse    (const char            *json);
char           *scope_color_rule_to_json  (const ScopeColorRule  *self);     /* (transfer full) */
void            scope_color_rule_free     (ScopeColorRule        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeColorRule, scope_color_rule_free)

/**
 * ScopeColorRules:
 *
 * An ordered set of rules: the first that fits a row gives it its color. Immutable, ref-counted.
 */
typedef struct _ScopeColorRules ScopeColorRules;

/* what can't be read is passed over */
ScopeColorRules *scope_color_rules_new    (const char * const    *texts);
void             scope_color_rules_unref  (ScopeColorRules       *self);
guint            scope_color_rules_get_n  (ScopeColorRules       *self);
/* whether any rule is in force */
gboolean         scope_color_rules_get_active (ScopeColorRules   *self);
const ScopeColorRule *scope_color_rules_get (ScopeColorRules     *self,
                                             guint                i);
/* NULL: none fits. Remembered by the row */
const ScopeColorRule *scope_color_rules_match (ScopeColorRules   *self,
                                               ScopeEventItem    *item);
char           **scope_color_rules_dup_texts (ScopeColorRules    *self);     /* (transfer full) */
/* errors, gaps, client events, large ones (transfer full) */
char           **scope_color_rules_dup_suggested (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeColorRules, scope_color_rules_unref)

G_END_DECLS
