/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter-shelf"

#include "config.h"

#include "ui/scope-filter-shelf.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "capture/scope-filter.h"
#include "ui/scope-ui-util.h"

#define MAX_NAME_BYTES 200

typedef struct
{
  char *name;
  char *text;
} SavedFilter;

static void
saved_filter_free (gpointer data)
{
  SavedFilter *saved = data;

  g_free (saved->name);
  g_free (saved->text);
  g_free (saved);
}

static GPtrArray *
shelf_load (void)
{
  g_autoptr (GVariant) value = scope_filter_shelf_get_saved ();
  GPtrArray *filters = g_ptr_array_new_with_free_func (saved_filter_free);
  GVariantIter iter;
  const char *name;
  const char *text;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(&s&s)", &name, &text))
    {
      SavedFilter *saved = g_new (SavedFilter, 1);

      saved->name = g_strdup (name);
      saved->text = g_strdup (text);
      g_ptr_array_add (filters, saved);
    }
  return filters;
}

static int
saved_filter_compare (gconstpointer a,
                      gconstpointer b)
{
  const SavedFilter *one = *(SavedFilter * const *) a;
  const SavedFilter *other = *(SavedFilter * const *) b;

  return g_utf8_collate (one->name, other->name);
}

static void
shelf_store (GPtrArray *filters)
{
  GVariantBuilder builder;

  g_ptr_array_sort (filters, saved_filter_compare);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < filters->len; i++)
    {
      const SavedFilter *saved = filters->pdata[i];

      g_variant_builder_add (&builder, "(ss)", saved->name, saved->text);
    }
  if (scope_ui_get_settings () != NULL)
    g_settings_set_value (scope_ui_get_settings (), "saved-filters", g_variant_builder_end (&builder));
  else
    g_variant_builder_clear (&builder);
}

static gboolean
shelf_find (GPtrArray  *filters,
            const char *name,
            guint      *index)
{
  for (*index = 0; *index < filters->len; (*index)++)
    if (g_str_equal (((SavedFilter *) filters->pdata[*index])->name, name))
      return TRUE;
  return FALSE;
}

static void
shelf_put (GPtrArray  *filters,
           const char *name,
           const char *text)
{
  SavedFilter *saved = g_new (SavedFilter, 1);
  guint index;

  if (shelf_find (filters, name, &index))
    g_ptr_array_remove_index (filters, index);
  saved->name = g_strdup (name);
  saved->text = g_strdup (text);
  g_ptr_array_add (filters, saved);
}

static gboolean
shelf_fail (GError     **error,
            const char  *message)
{
  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, message);
  return FALSE;
}

static gboolean
shelf_check_name (const char  *name,
                  GError     **error)
{
  if (name[strspn (name, " \t")] == '\0')
    return shelf_fail (error, _("A filter needs a name."));
  if (strlen (name) > MAX_NAME_BYTES)
    return shelf_fail (error, _("The name is too long."));
  return TRUE;
}

/**
 * scope_filter_shelf_get_saved:
 *
 * Returns: (transfer full): `a(ss)`: names and texts
 */
GVariant *
scope_filter_shelf_get_saved (void)
{
  if (scope_ui_get_settings () == NULL)
    return g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("(ss)"), NULL, 0));
  return g_settings_get_value (scope_ui_get_settings (), "saved-filters");
}

/**
 * scope_filter_shelf_get_recent:
 *
 * Returns: (transfer full): the last filters, newest first
 */
char **
scope_filter_shelf_get_recent (void)
{
  if (scope_ui_get_settings () == NULL)
    return g_new0 (char *, 1);
  return g_settings_get_strv (scope_ui_get_settings (), "recent-filters");
}

/**
 * scope_filter_shelf_save:
 * @name: what to call it
 * @text: a filter
 *
 * Returns: whether it could be saved
 */
gboolean
scope_filter_shelf_save (const char  *name,
                         const char  *text,
                         GError     **error)
{
  g_autoptr (GPtrArray) filters = shelf_load ();
  g_autoptr (ScopeFilter) filter = NULL;
  guint index;

  g_return_val_if_fail (name != NULL && text != NULL, FALSE);

  if (!shelf_check_name (name, error))
    return FALSE;
  if (text[strspn (text, " \t\r\n")] == '\0')
    return shelf_fail (error, _("There is no filter to save."));
  if (strlen (text) > SCOPE_LIMIT_SAVED_FILTER_BYTES)
    return shelf_fail (error, _("The filter is too long to be saved."));
  filter = scope_filter_new (text, NULL, error);
  if (filter == NULL)
    return FALSE;
  if (filters->len >= SCOPE_LIMIT_SAVED_FILTERS && !shelf_find (filters, name, &index))
    return shelf_fail (error, _("No more filters can be saved."));
  shelf_put (filters, name, text);
  shelf_store (filters);
  return TRUE;
}

/**
 * scope_filter_shelf_remove:
 * @name: of a saved filter
 */
void
scope_filter_shelf_remove (const char *name)
{
  g_autoptr (GPtrArray) filters = shelf_load ();
  guint index;

  g_return_if_fail (name != NULL);

  if (!shelf_find (filters, name, &index))
    return;
  g_ptr_array_remove_index (filters, index);
  shelf_store (filters);
}

/**
 * scope_filter_shelf_rename:
 * @name: of a saved filter
 * @new_name: what to call it; another one of that name goes
 *
 * Returns: whether it has that name now
 */
gboolean
scope_filter_shelf_rename (const char  *name,
                           const char  *new_name,
                           GError     **error)
{
  g_autoptr (GPtrArray) filters = shelf_load ();
  g_autofree char *text = NULL;
  guint index;

  g_return_val_if_fail (name != NULL && new_name != NULL, FALSE);

  if (!shelf_check_name (new_name, error))
    return FALSE;
  if (!shelf_find (filters, name, &index))
    return shelf_fail (error, _("There is no such filter any more."));
  text = g_strdup (((SavedFilter *) filters->pdata[index])->text);
  g_ptr_array_remove_index (filters, index);
  shelf_put (filters, new_name, text);
  shelf_store (filters);
  return TRUE;
}

/**
 * scope_filter_shelf_add_recent:
 * @text: a filter that was used
 */
void
scope_filter_shelf_add_recent (const char *text)
{
  g_auto (GStrv) before = scope_filter_shelf_get_recent ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) after = NULL;
  guint n = 1;

  g_return_if_fail (text != NULL);

  if (scope_ui_get_settings () == NULL || text[strspn (text, " \t\r\n")] == '\0'
      || strlen (text) > SCOPE_LIMIT_SAVED_FILTER_BYTES || g_strcmp0 (before[0], text) == 0)
    return;
  g_strv_builder_add (builder, text);
  for (guint i = 0; before[i] != NULL && n < SCOPE_LIMIT_RECENT_FILTERS; i++)
    if (!g_str_equal (before[i], text))
      {
        g_strv_builder_add (builder, before[i]);
        n++;
      }
  after = g_strv_builder_end (builder);
  g_settings_set_strv (scope_ui_get_settings (), "recent-filters", (const char * const *) after);
}
