/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cell-filter"

#include "config.h"

#include "ui/scope-cell-filter.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "capture/scope-filter.h"
#include "capture/scope-filter-terms.h"
#include "capture/scope-path.h"

/* a menu is no place for more */
#define MAX_LABEL_BYTES 60

static const char * const row_columns[]
    = { "channel", "event", "user", "direction", "kind", "size", "time" };

/* ---- what a cell asks for ---- */

/* Of a payload path; like the log's column, it reads the event's data. */
static char *
cell_dup_payload_token (ScopeEventItem *item,
                        const char     *column)
{
  ScopeEntry *entry = scope_event_item_get_entry (item);
  g_autoptr (GBytes) data = entry != NULL ? scope_entry_dup_data (entry, NULL) : NULL;
  g_autoptr (GPtrArray) path = scope_path_parse (column);
  ScopeSpan value = { 0 };
  const char *text;
  gsize length;

  if (data == NULL || path == NULL)
    return NULL;
  text = g_bytes_get_data (data, &length);
  if (text == NULL || !scope_json_check (text, length, NULL, NULL)
      || scope_path_find (path, 1, text, length, &value) == SCOPE_JSON_NONE)
    return NULL;
  return g_strndup (text + value.offset, value.length);
}

static char *
cell_dup_value (ScopeEventItem *item,
                const char     *column)
{
  const ScopeRecord *record = scope_event_item_get_record (item);

  if (g_str_equal (column, "channel"))
    return g_strdup (scope_event_item_get_channel (item));
  if (g_str_equal (column, "event"))
    return record->kind == SCOPE_ENTRY_EVENT ? g_strdup (scope_event_item_get_event (item)) : NULL;
  if (g_str_equal (column, "user"))
    return g_strdup (scope_event_item_get_user (item));
  if (g_str_equal (column, "direction"))
    return record->direction != SCOPE_DIRECTION_NONE
               ? g_strdup (record->direction == SCOPE_DIRECTION_IN ? "in" : "out")
               : NULL;
  if (g_str_equal (column, "kind"))
    return g_strdup (scope_entry_kind_to_name (record->kind));
  if (g_str_equal (column, "size"))
    return record->size > 0 ? g_strdup_printf ("%u", record->size) : NULL;
  if (g_str_equal (column, "time"))
    return scope_text_format_rfc3339 (record->time_usec);
  return g_str_has_prefix (column, "data") ? cell_dup_payload_token (item, column) : NULL;
}

/* The event's column of a row that is none shows its kind. */
static const char *
cell_get_field (ScopeEventItem *item,
                const char     *column)
{
  if (g_str_equal (column, "event") && scope_event_item_get_record (item)->kind != SCOPE_ENTRY_EVENT)
    return "kind";
  return g_str_equal (column, "delta") ? "time" : column;
}

/* The filter that finds what is like that cell; NULL where there is nothing to ask. */
static char *
cell_dup_term (ScopeEventItem *item,
               const char     *column)
{
  g_autofree char *value = NULL;
  g_autofree char *term = NULL;
  g_autoptr (ScopeFilter) filter = NULL;

  column = cell_get_field (item, column);
  value = cell_dup_value (item, column);
  if (value == NULL)
    return NULL;
  term = scope_filter_format_term (column, value);
  filter = scope_filter_new (term, NULL, NULL);
  return filter != NULL ? g_steal_pointer (&term) : NULL;
}

/* ---- menus ---- */

/* An underline in a menu's label is a mnemonic. */
static char *
escape_mnemonics (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "_", -1);

  return g_strjoinv ("__", parts);
}

static void
menu_add (GMenu      *menu,
          const char *label,
          const char *mode,
          const char *term)
{
  g_autoptr (GMenuItem) menu_item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (menu_item, "win.filter", "(ss)", mode, term);
  g_menu_append_item (menu, menu_item);
}

static void
menu_add_cell (GMenu          *only,
               GMenu          *exclude,
               ScopeEventItem *item,
               const char     *column,
               gboolean        bare)
{
  g_autofree char *term = cell_dup_term (item, column);
  g_autofree char *shown = term != NULL ? scope_text_for_display (term, -1, MAX_LABEL_BYTES) : NULL;
  g_autofree char *plain = shown != NULL ? escape_mnemonics (shown) : NULL;
  g_autofree char *only_label = NULL;
  g_autofree char *exclude_label = NULL;
  gboolean is_time;

  if (term == NULL)
    return;
  is_time = g_str_equal (cell_get_field (item, column), "time");
  if (is_time)
    {
      only_label = g_strdup (_("From Here On"));
      exclude_label = g_strdup (_("Until Before Here"));
    }
  else
    {
      /* Translators: in a menu; %s is a part of a filter: channel == "orders" */
      only_label = bare ? g_strdup (plain) : g_strdup_printf (_("Only %s"), plain);
      exclude_label = bare ? g_strdup (plain) : g_strdup_printf (_("Exclude %s"), plain);
    }
  menu_add (only, only_label, "only", term);
  menu_add (exclude, exclude_label, "exclude", term);
}

static void
menu_add_color (GMenu          *menu,
                ScopeEventItem *item)
{
  g_autofree char *term = cell_dup_term (item, "event");
  const char *name = scope_event_item_get_event (item);
  g_autoptr (GMenuItem) menu_item = NULL;

  if (term == NULL)
    return;
  menu_item = g_menu_item_new (_("Co_lor Events Like This…"), NULL);
  g_menu_item_set_action_and_target (menu_item, "win.add-color", "(ss)",
                                       name != NULL ? name : "", term);
  g_menu_item_set_attribute (menu_item, "hidden-when", "s", "action-disabled");
  g_menu_append_item (menu, menu_item);
}

/**
 * scope_cell_filter_fill_menu:
 * @menu: what is to hold the items, and nothing else
 * @item: a row
 * @column: (nullable): the column of the cell that was pointed at
 */
void
scope_cell_filter_fill_menu (GMenu          *menu,
                             ScopeEventItem *item,
                             const char     *column)
{
  g_autoptr (GMenu) only = g_menu_new ();
  g_autoptr (GMenu) exclude = g_menu_new ();

  g_return_if_fail (G_IS_MENU (menu));
  g_return_if_fail (SCOPE_IS_EVENT_ITEM (item));

  g_menu_remove_all (menu);
  if (column != NULL)
    menu_add_cell (menu, menu, item, column, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (row_columns); i++)
    menu_add_cell (only, exclude, item, row_columns[i], TRUE);
  g_menu_append_submenu (menu, _("_Only Rows Like This"), G_MENU_MODEL (only));
  g_menu_append_submenu (menu, _("E_xclude Rows Like This"), G_MENU_MODEL (exclude));
  menu_add_color (menu, item);
}
