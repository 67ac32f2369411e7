/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-profile-store"

#include "config.h"

#include "session/scope-profile-store.h"

#include "base/scope-error.h"
#include "session/scope-profile-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define PROFILE_SUFFIX ".profile"
/* Several events of one change are one reload. */
#define RELOAD_DELAY_MSEC 50
#define MAX_PROFILES 10000

typedef struct
{
  ScopeProfile *profile;
  char *text;     /* as it stands in the file */
  char *sort_key; /* of the name at the time of sorting */
} StoreItem;

struct _ScopeProfileStore
{
  GObject parent_instance;

  char *directory;
  GPtrArray *items; /* of StoreItem, by name */
  GStrv problems;
  GFileMonitor *monitor;
  guint reload_id;
};

enum
{
  PROP_0,
  PROP_PROBLEMS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void store_item_free (StoreItem *item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreItem, store_item_free)

static void
store_item_free (StoreItem *item)
{
  g_object_unref (item->profile);
  g_free (item->text);
  g_free (item->sort_key);
  g_free (item);
}

static char *
store_dup_sort_key (ScopeProfile *profile)
{
  g_autofree char *folded = g_utf8_casefold (scope_profile_get_name (profile), -1);

  return g_utf8_collate_key_for_filename (folded, -1);
}

static StoreItem *
store_item_new (ScopeProfile *profile,
                const char   *text)
{
  StoreItem *item = g_new0 (StoreItem, 1);

  item->profile = g_object_ref (profile);
  item->text = g_strdup (text);
  item->sort_key = store_dup_sort_key (profile);
  return item;
}

/* Two of one name can only come from files written elsewhere; the id keeps their order fixed. */
static int
store_item_compare (const StoreItem *a,
                    const StoreItem *b)
{
  int order = strcmp (a->sort_key, b->sort_key);

  return order != 0 ? order
                    : strcmp (scope_profile_get_id (a->profile), scope_profile_get_id (b->profile));
}

static StoreItem *
scope_profile_store_peek (ScopeProfileStore *self,
                          guint              i)
{
  return g_ptr_array_index (self->items, i);
}

static GType
scope_profile_store_get_item_type (GListModel *model)
{
  return SCOPE_TYPE_PROFILE;
}

static guint
scope_profile_store_get_n_items (GListModel *model)
{
  return SCOPE_PROFILE_STORE (model)->items->len;
}

static gpointer
scope_profile_store_get_item (GListModel *model,
                              guint       position)
{
  ScopeProfileStore *self = SCOPE_PROFILE_STORE (model);

  if (position >= self->items->len)
    return NULL;
  return g_object_ref (scope_profile_store_peek (self, position)->profile);
}

static void
scope_profile_store_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = scope_profile_store_get_item_type;
  iface->get_n_items = scope_profile_store_get_n_items;
  iface->get_item = scope_profile_store_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeProfileStore, scope_profile_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      scope_profile_store_list_model_init))

static int
scope_profile_store_find_position (ScopeProfileStore *self,
                                   const char        *id)
{
  for (guint i = 0; i < self->items->len; i++)
    if (strcmp (scope_profile_get_id (scope_profile_store_peek (self, i)->profile), id) == 0)
      return i;
  return -1;
}

static void
scope_profile_store_insert (ScopeProfileStore *self,
                            StoreItem         *item)
{
  guint position = 0;

  while (position < self->items->len &&
         store_item_compare (scope_profile_store_peek (self, position), item) < 0)
    position++;
  g_ptr_array_insert (self->items, position, item);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

static void
scope_profile_store_take_out (ScopeProfileStore *self,
                              guint              position)
{
  g_ptr_array_remove_index (self->items, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/* Takes over what a file holds or was given. The profile of that id stays the same object, because
 * windows hold on to it. */
static void
scope_profile_store_put (ScopeProfileStore *self,
                         ScopeProfile      *profile,
                         const char        *text)
{
  int position = scope_profile_store_find_position (self, scope_profile_get_id (profile));
  g_autoptr (ScopeProfile) kept = NULL;
  g_autofree char *sort_key = NULL;
  StoreItem *item;

  if (position < 0)
    {
      scope_profile_store_insert (self, store_item_new (profile, text));
      return;
    }

  item = scope_profile_store_peek (self, position);
  kept = g_object_ref (item->profile);
  scope_profile_assign (kept, profile);
  sort_key = store_dup_sort_key (kept);
  if (strcmp (sort_key, item->sort_key) == 0)
    {
      g_free (item->text);
      item->text = g_strdup (text);
      return;
    }

  scope_profile_store_take_out (self, position);
  scope_profile_store_insert (self, store_item_new (kept, text));
}

/* Reading the directory */

static char *
scope_profile_store_dup_path (ScopeProfileStore *self,
                              const char        *id)
{
  g_autofree char *name = g_strconcat (id, PROFILE_SUFFIX, NULL);

  return g_build_filename (self->directory, name, NULL);
}

/* Bounded, and nothing but plain files: a FIFO or a device would keep us waiting. */
static char *
store_read_file (const char *path,
                 GError    **error)
{
  g_autofree char *text = NULL;
  GStatBuf status;

  if (g_stat (path, &status) == 0 &&
      (!S_ISREG (status.st_mode) || status.st_size > SCOPE_PROFILE_MAX_BYTES))
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                           _("this is no plain file, or too large"));
      return NULL;
    }
  return g_file_get_contents (path, &text, NULL, error) ? g_steal_pointer (&text) : NULL;
}

static ScopeProfile *
store_parse_file (const char *name,
                  const char *text,
                  GError    **error)
{
  g_autoptr (ScopeProfile) profile = NULL;
  g_autofree char *expected = NULL;

  profile = scope_profile_new_from_key_file (text, strlen (text), error);
  if (profile == NULL)
    return NULL;

  expected = g_strconcat (scope_profile_get_id (profile), PROFILE_SUFFIX, NULL);
  if (strcmp (expected, name) != 0)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                   _("its id is another than the file’s name, as in a copied file"));
      return NULL;
    }
  return g_steal_pointer (&profile);
}

/* FALSE with error if there is no profile in it (any more). */
static gboolean
scope_profile_store_load_file (ScopeProfileStore *self,
                               const char        *name,
                               GError           **error)
{
  g_autofree char *path = g_build_filename (self->directory, name, NULL);
  g_autofree char *id = g_strndup (name, strlen (name) - strlen (PROFILE_SUFFIX));
  g_autofree char *text = store_read_file (path, error);
  g_autoptr (ScopeProfile) profile = NULL;
  int position;

  if (text == NULL)
    return FALSE;
  position = scope_profile_store_find_position (self, id);
  if (position >= 0 && strcmp (scope_profile_store_peek (self, position)->text, text) == 0)
    return TRUE;

  profile = store_parse_file (name, text, error);
  if (profile == NULL)
    return FALSE;

  scope_profile_store_put (self, profile, text);
  return TRUE;
}

static GPtrArray *
scope_profile_store_list_files (ScopeProfileStore *self)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (self->directory, 0, NULL);
  const char *name;

  while (dir != NULL && names->len < MAX_PROFILES && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, PROFILE_SUFFIX) && *name != '.')
      g_ptr_array_add (names, g_strdup (name));

  return names;
}

static void
scope_profile_store_drop_others (ScopeProfileStore *self,
                                 GHashTable        *good)
{
  for (guint i = self->items->len; i > 0; i--)
    {
      const char *id = scope_profile_get_id (scope_profile_store_peek (self, i - 1)->profile);
      g_autofree char *name = g_strconcat (id, PROFILE_SUFFIX, NULL);

      if (!g_hash_table_contains (good, name))
        scope_profile_store_take_out (self, i - 1);
    }
}

static void
scope_profile_store_take_problems (ScopeProfileStore *self,
                                   GStrv              problems)
{
  g_auto (GStrv) old = self->problems;

  self->problems = problems;
  if (old == NULL ? *problems != NULL
                  : !g_strv_equal ((const char * const *) old, (const char * const *) problems))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEMS]);
}

static void
scope_profile_store_reload (ScopeProfileStore *self)
{
  g_autoptr (GPtrArray) names = scope_profile_store_list_files (self);
  g_autoptr (GHashTable) good = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GStrvBuilder) problems = g_strv_builder_new ();

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autoptr (GError) error = NULL;
      g_autofree char *shown = NULL;
      g_autofree char *sentence = NULL;

      if (scope_profile_store_load_file (self, name, &error))
        {
          g_hash_table_add (good, (gpointer) name);
          continue;
        }
      shown = g_filename_display_name (name);
      sentence = g_strdup_printf (_("The profile file “%s” can’t be used: %s"), shown,
                                  error->message);
      g_strv_builder_add (problems, sentence);
    }

  scope_profile_store_drop_others (self, good);
  scope_profile_store_take_problems (self, g_strv_builder_end (problems));
}

static gboolean
scope_profile_store_reload_cb (gpointer user_data)
{
  ScopeProfileStore *self = user_data;

  self->reload_id = 0;
  scope_profile_store_reload (self);
  return G_SOURCE_REMOVE;
}

static void
scope_profile_store_changed_cb (ScopeProfileStore *self)
{
  if (self->reload_id == 0)
    self->reload_id = g_timeout_add (RELOAD_DELAY_MSEC, scope_profile_store_reload_cb, self);
}

static void
scope_profile_store_watch (ScopeProfileStore *self)
{
  g_autoptr (GFile) directory = g_file_new_for_path (self->directory);
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (self->directory, 0700) != 0)
    g_debug ("no directory “%s”: %s", self->directory, g_strerror (errno));

  self->monitor = g_file_monitor_directory (directory, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
  if (self->monitor == NULL)
    {
      g_debug ("changes by other processes are not seen: %s", error->message);
      return;
    }
  g_signal_connect_object (self->monitor, "changed", G_CALLBACK (scope_profile_store_changed_cb),
                           self, G_CONNECT_SWAPPED);
}

/* The class */

static void
scope_profile_store_get_property (GObject    *object,
                                  guint       id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  if (id == PROP_PROBLEMS)
    g_value_set_boxed (value, SCOPE_PROFILE_STORE (object)->problems);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
scope_profile_store_dispose (GObject *object)
{
  ScopeProfileStore *self = SCOPE_PROFILE_STORE (object);

  g_clear_handle_id (&self->reload_id, g_source_remove);
  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (scope_profile_store_parent_class)->dispose (object);
}

static void
scope_profile_store_finalize (GObject *object)
{
  ScopeProfileStore *self = SCOPE_PROFILE_STORE (object);

  g_ptr_array_unref (self->items);
  g_strfreev (self->problems);
  g_free (self->directory);

  G_OBJECT_CLASS (scope_profile_store_parent_class)->finalize (object);
}

static void
scope_profile_store_class_init (ScopeProfileStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_profile_store_dispose;
  object_class->finalize = scope_profile_store_finalize;
  object_class->get_property = scope_profile_store_get_property;

  properties[PROP_PROBLEMS] =
    g_param_spec_boxed ("problems", NULL, NULL, G_TYPE_STRV,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_profile_store_init (ScopeProfileStore *self)
{
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) store_item_free);
}

/**
 * scope_profile_store_new:
 * @directory: (nullable): where the files are; `NULL` for the user's configuration
 *
 * Reads every profile, and follows what changes on disk. The directory is created if need be,
 * readable by the user alone.
 *
 * Returns: (transfer full): a new store
 */
ScopeProfileStore *
scope_profile_store_new (const char *directory)
{
  ScopeProfileStore *self = g_object_new (SCOPE_TYPE_PROFILE_STORE, NULL);

  self->directory = directory != NULL ? g_strdup (directory)
                                      : g_build_filename (g_get_user_config_dir (),
                                                          "channelscope", "profiles", NULL);
  scope_profile_store_watch (self);
  scope_profile_store_reload (self);
  return self;
}

static gboolean
scope_profile_store_check_name (ScopeProfileStore *self,
                                ScopeProfile      *profile,
                                GError           **error)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      ScopeProfile *other = scope_profile_store_peek (self, i)->profile;

      if (strcmp (scope_profile_get_id (other), scope_profile_get_id (profile)) == 0 ||
          strcmp (scope_profile_get_name (other), scope_profile_get_name (profile)) != 0)
        continue;
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_EXISTS,
                   _("There is a profile called “%s” already"), scope_profile_get_name (profile));
      return FALSE;
    }
  return TRUE;
}

/**
 * scope_profile_store_save:
 * @self: a store
 * @profile: a new profile, one of the store's own, or a changed copy of one
 * @error: return location for `SCOPE_ERROR_EXISTS`, `SCOPE_ERROR_USAGE` or a `GFileError`
 *
 * Writes a profile's file, replacing it as a whole. A copy's values are taken over by the store's
 * own object; a new profile becomes the store's own.
 *
 * Returns: whether it was written; else nothing has changed
 */
gboolean
scope_profile_store_save (ScopeProfileStore *self,
                          ScopeProfile      *profile,
                          GError           **error)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (SCOPE_IS_PROFILE_STORE (self), FALSE);
  g_return_val_if_fail (SCOPE_IS_PROFILE (profile), FALSE);

  if (!_scope_profile_check (profile, error) ||
      !scope_profile_store_check_name (self, profile, error))
    return FALSE;

  g_mkdir_with_parents (self->directory, 0700);
  path = scope_profile_store_dup_path (self, scope_profile_get_id (profile));
  text = scope_profile_to_key_file (profile);
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return FALSE;

  scope_profile_store_put (self, profile, text);
  return TRUE;
}

/**
 * scope_profile_store_remove:
 * @self: a store
 * @id: a profile's id
 * @error: return location for `SCOPE_ERROR_NOT_FOUND` or a `GFileError`
 *
 * Removes the file. Saving the profile again is its undo.
 *
 * Returns: whether it is gone
 */
gboolean
scope_profile_store_remove (ScopeProfileStore *self,
                            const char        *id,
                            GError           **error)
{
  g_autofree char *path = NULL;
  int position;

  g_return_val_if_fail (SCOPE_IS_PROFILE_STORE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  position = scope_profile_store_find_position (self, id);
  if (position < 0)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND,
                           _("There is no such profile any more"));
      return FALSE;
    }

  path = scope_profile_store_dup_path (self, id);
  if (g_unlink (path) != 0 && errno != ENOENT)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   _("The profile’s file can’t be removed: %s"), g_strerror (code));
      return FALSE;
    }

  scope_profile_store_take_out (self, position);
  return TRUE;
}

/**
 * scope_profile_store_find_by_name:
 * @self: a store
 * @name: a profile's name, exactly
 *
 * Returns: (transfer none) (nullable): the first profile of that name
 */
ScopeProfile *
scope_profile_store_find_by_name (ScopeProfileStore *self,
                                  const char        *name)
{
  g_return_val_if_fail (SCOPE_IS_PROFILE_STORE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      ScopeProfile *profile = scope_profile_store_peek (self, i)->profile;

      if (strcmp (scope_profile_get_name (profile), name) == 0)
        return profile;
    }
  return NULL;
}

/**
 * scope_profile_store_find:
 * @self: a store
 * @id: a profile's id
 *
 * Returns: (transfer none) (nullable): the profile
 */
ScopeProfile *
scope_profile_store_find (ScopeProfileStore *self,
                          const char        *id)
{
  int position;

  g_return_val_if_fail (SCOPE_IS_PROFILE_STORE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  position = scope_profile_store_find_position (self, id);
  return position >= 0 ? scope_profile_store_peek (self, position)->profile : NULL;
}

/**
 * scope_profile_store_dup_free_name:
 * @self: a store
 * @base: what it should be called
 *
 * Returns: (transfer full): @base, or @base with the first number that makes it free
 */
char *
scope_profile_store_dup_free_name (ScopeProfileStore *self,
                                   const char        *base)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (SCOPE_IS_PROFILE_STORE (self), NULL);
  g_return_val_if_fail (base != NULL, NULL);

  name = g_strdup (base);
  for (guint i = 2; scope_profile_store_find_by_name (self, name) != NULL; i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s %u", base, i);
    }
  return g_steal_pointer (&name);
}

/**
 * scope_profile_store_get_problems:
 * @self: a store
 *
 * Returns: (transfer none): a sentence for each file that is no usable profile; never `NULL`. The
 *   property `problems` notifies changes.
 */
const char * const *
scope_profile_store_get_problems (ScopeProfileStore *self)
{
  g_return_val_if_fail (SCOPE_IS_PROFILE_STORE (self), NULL);

  return (const char * const *) self->problems;
}
