/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-template-list"

#include "config.h"

#include "session/scope-template-list.h"

#include "base/scope-error.h"
#include "base/scope-limits.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define GROUP "Template %u"

struct _ScopeTemplate
{
  GObject parent_instance;

  char *name;
  ScopeOutgoing *outgoing;
};

G_DEFINE_FINAL_TYPE (ScopeTemplate, scope_template, G_TYPE_OBJECT)

static void
scope_template_finalize (GObject *object)
{
  ScopeTemplate *self = SCOPE_TEMPLATE (object);

  g_free (self->name);
  g_clear_object (&self->outgoing);

  G_OBJECT_CLASS (scope_template_parent_class)->finalize (object);
}

static void
scope_template_class_init (ScopeTemplateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_template_finalize;
}

static void
scope_template_init (ScopeTemplate *self)
{
}

/* takes over the event */
static ScopeTemplate *
template_new (const char    *name,
              ScopeOutgoing *outgoing)
{
  ScopeTemplate *self = g_object_new (SCOPE_TYPE_TEMPLATE, NULL);

  self->name = g_strdup (name);
  self->outgoing = outgoing;
  return self;
}

/**
 * scope_template_get_name:
 *
 * Returns: (transfer none): what the user called it
 */
const char *
scope_template_get_name (ScopeTemplate *self)
{
  g_return_val_if_fail (SCOPE_IS_TEMPLATE (self), NULL);

  return self->name;
}

/**
 * scope_template_get_outgoing:
 *
 * Returns: (transfer none): the event
 */
ScopeOutgoing *
scope_template_get_outgoing (ScopeTemplate *self)
{
  g_return_val_if_fail (SCOPE_IS_TEMPLATE (self), NULL);

  return self->outgoing;
}

/* The list */

struct _ScopeTemplateList
{
  GObject parent_instance;

  char *path; /* NULL: in memory only */
  GPtrArray *templates;
  char *problem;
};

static GType
scope_template_list_get_item_type (GListModel *model)
{
  return SCOPE_TYPE_TEMPLATE;
}

static guint
scope_template_list_get_n_items (GListModel *model)
{
  return SCOPE_TEMPLATE_LIST (model)->templates->len;
}

static gpointer
scope_template_list_get_item (GListModel *model,
                              guint       position)
{
  ScopeTemplateList *self = SCOPE_TEMPLATE_LIST (model);

  return position < self->templates->len ? g_object_ref (g_ptr_array_index (self->templates, position)) : NULL;
}

static void
scope_template_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = scope_template_list_get_item_type;
  iface->get_n_items = scope_template_list_get_n_items;
  iface->get_item = scope_template_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeTemplateList, scope_template_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, scope_template_list_model_init))

static int
template_compare (const char *a,
                  const char *b)
{
  int order = g_utf8_collate (a, b);

  return order != 0 ? order : strcmp (a, b);
}

/* TRUE if there is one of that name; else where it would be. */
static gboolean
template_list_find_position (ScopeTemplateList *self,
                             const char        *name,
                             guint             *position)
{
  for (guint i = 0; i < self->templates->len; i++)
    {
      int order = template_compare (name, scope_template_get_name (g_ptr_array_index (self->templates, i)));

      *position = i;
      if (order <= 0)
        return order == 0;
    }
  *position = self->templates->len;
  return FALSE;
}

/* Reading. What a file says is checked when it is published, as what is typed. */

static char *
template_read_text (GKeyFile   *file,
                    const char *group,
                    const char *key)
{
  return g_key_file_get_string (file, group, key, NULL);
}

static ScopeExclude
template_read_exclude (GKeyFile   *file,
                       const char *group)
{
  g_autofree char *word = template_read_text (file, group, "exclude");

  if (g_strcmp0 (word, "us") == 0)
    return SCOPE_EXCLUDE_US;
  return g_strcmp0 (word, "socket") == 0 ? SCOPE_EXCLUDE_SOCKET : SCOPE_EXCLUDE_NOBODY;
}

static ScopeTemplate *
template_read (GKeyFile   *file,
               const char *group)
{
  g_autofree char *name = template_read_text (file, group, "name");
  g_autofree char *event = template_read_text (file, group, "event");
  g_autofree char *text = template_read_text (file, group, "data");
  g_autofree char *socket_id = template_read_text (file, group, "socket-id");
  g_autofree char *info = template_read_text (file, group, "info");
  g_auto (GStrv) channels = g_key_file_get_string_list (file, group, "channels", NULL, NULL);
  const char * const none[] = { NULL };

  if (name == NULL || *name == '\0')
    return NULL;
  return template_new (name, scope_outgoing_new (channels != NULL ? (const char * const *) channels : none,
                                                 event != NULL ? event : "", text != NULL ? text : "",
                                                 g_key_file_get_boolean (file, group, "text", NULL),
                                                 template_read_exclude (file, group), socket_id, info));
}

static void
template_list_take (ScopeTemplateList *self,
                    ScopeTemplate     *template)
{
  guint position;

  if (template_list_find_position (self, template->name, &position)
      || self->templates->len >= SCOPE_LIMIT_TEMPLATES)
    g_object_unref (template);
  else
    g_ptr_array_insert (self->templates, position, template);
}

static gboolean
template_list_check_size (ScopeTemplateList *self,
                          GError           **error)
{
  GStatBuf status;

  if (g_stat (self->path, &status) != 0 || status.st_size <= SCOPE_LIMIT_TEMPLATE_FILE_BYTES)
    return TRUE;
  return scope_error_set (error, SCOPE_ERROR_LIMIT, _("it is larger than %d bytes"), SCOPE_LIMIT_TEMPLATE_FILE_BYTES);
}

static void
template_list_load (ScopeTemplateList *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) groups = NULL;

  if (!template_list_check_size (self, &error)
      || !g_key_file_load_from_file (file, self->path, G_KEY_FILE_NONE, &error))
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        self->problem = g_strdup_printf (_("The templates in %s can't be read: %s"), self->path, error->message);
      return;
    }
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      ScopeTemplate *template = template_read (file, groups[i]);

      if (template != NULL)
        template_list_take (self, template);
    }
}

/* Writing */

static void
template_write_text (GKeyFile   *file,
                     const char *group,
                     const char *key,
                     const char *value)
{
  if (value != NULL && *value != '\0')
    g_key_file_set_string (file, group, key, value);
}

static void
template_write (GKeyFile      *file,
                const char    *group,
                ScopeTemplate *template)
{
  static const char * const excludes[] = { NULL, "us", "socket" };
  ScopeOutgoing *outgoing = template->outgoing;
  const char * const *channels = scope_outgoing_get_channels (outgoing);

  template_write_text (file, group, "name", template->name);
  g_key_file_set_string_list (file, group, "channels", channels, g_strv_length ((char **) channels));
  template_write_text (file, group, "event", scope_outgoing_get_event (outgoing));
  template_write_text (file, group, "data", scope_outgoing_get_text (outgoing));
  if (scope_outgoing_get_is_text (outgoing))
    g_key_file_set_boolean (file, group, "text", TRUE);
  template_write_text (file, group, "exclude", excludes[scope_outgoing_get_exclude (outgoing)]);
  template_write_text (file, group, "socket-id", scope_outgoing_get_socket_id (outgoing));
  template_write_text (file, group, "info", scope_outgoing_get_info (outgoing));
}

static gboolean
template_list_store (ScopeTemplateList *self,
                     GError           **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *directory = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (self->path == NULL)
    return TRUE;
  for (guint i = 0; i < self->templates->len; i++)
    {
      g_autofree char *group = g_strdup_printf (GROUP, i + 1);

      template_write (file, group, g_ptr_array_index (self->templates, i));
    }
  text = g_key_file_to_data (file, &length, NULL);
  directory = g_path_get_dirname (self->path);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    return scope_error_set (error, SCOPE_ERROR_FAILED, _("%s can't be made: %s"), directory, g_strerror (errno));
  return g_file_set_contents_full (self->path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* What can't be read is not written over. */
static gboolean
template_list_check (ScopeTemplateList *self,
                     GError           **error)
{
  return self->problem == NULL || scope_error_set (error, SCOPE_ERROR_FAILED, "%s", self->problem);
}

/**
 * scope_template_list_find:
 *
 * Returns: (transfer none) (nullable): the template of that name
 */
ScopeTemplate *
scope_template_list_find (ScopeTemplateList *self,
                          const char        *name)
{
  guint position;

  g_return_val_if_fail (SCOPE_IS_TEMPLATE_LIST (self) && name != NULL, NULL);

  return template_list_find_position (self, name, &position) ? g_ptr_array_index (self->templates, position) : NULL;
}

/**
 * scope_template_list_save:
 * @name: of the template; not empty
 * @error: return location for `SCOPE_ERROR_USAGE`, `_LIMIT`, or an error of the file
 *
 * Returns: whether it is kept; if not, nothing has changed
 */
gboolean
scope_template_list_save (ScopeTemplateList *self,
                          const char        *name,
                          ScopeOutgoing     *outgoing,
                          GError           **error)
{
  g_autoptr (ScopeTemplate) old = NULL;
  guint position;

  g_return_val_if_fail (SCOPE_IS_TEMPLATE_LIST (self) && name != NULL && SCOPE_IS_OUTGOING (outgoing), FALSE);

  if (*name == '\0')
    return scope_error_usage (error, _("A template needs a name"));
  if (!template_list_check (self, error))
    return FALSE;
  if (template_list_find_position (self, name, &position))
    old = g_ptr_array_steal_index (self->templates, position);
  else if (self->templates->len >= SCOPE_LIMIT_TEMPLATES)
    return scope_error_set (error, SCOPE_ERROR_LIMIT, _("There are %d templates: remove one first"),
                            SCOPE_LIMIT_TEMPLATES);

  g_ptr_array_insert (self->templates, position, template_new (name, g_object_ref (outgoing)));
  if (template_list_store (self, error))
    {
      g_list_model_items_changed (G_LIST_MODEL (self), position, old != NULL ? 1 : 0, 1);
      return TRUE;
    }
  g_ptr_array_remove_index (self->templates, position);
  if (old != NULL)
    g_ptr_array_insert (self->templates, position, g_steal_pointer (&old));
  return FALSE;
}

/**
 * scope_template_list_remove:
 * @error: return location for `SCOPE_ERROR_NOT_FOUND`, or an error of the file
 *
 * Returns: whether it is gone; if not, nothing has changed
 */
gboolean
scope_template_list_remove (ScopeTemplateList *self,
                            const char        *name,
                            GError           **error)
{
  g_autoptr (ScopeTemplate) old = NULL;
  guint position;

  g_return_val_if_fail (SCOPE_IS_TEMPLATE_LIST (self) && name != NULL, FALSE);

  if (!template_list_check (self, error))
    return FALSE;
  if (!template_list_find_position (self, name, &position))
    return scope_error_set (error, SCOPE_ERROR_NOT_FOUND, _("There is no template “%s”"), name);

  old = g_ptr_array_steal_index (self->templates, position);
  if (template_list_store (self, error))
    {
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
      return TRUE;
    }
  g_ptr_array_insert (self->templates, position, g_steal_pointer (&old));
  return FALSE;
}

/**
 * scope_template_list_get_problem:
 *
 * Returns: (transfer none) (nullable): why its file can't be read
 */
const char *
scope_template_list_get_problem (ScopeTemplateList *self)
{
  g_return_val_if_fail (SCOPE_IS_TEMPLATE_LIST (self), NULL);

  return self->problem;
}

static void
scope_template_list_finalize (GObject *object)
{
  ScopeTemplateList *self = SCOPE_TEMPLATE_LIST (object);

  g_ptr_array_unref (self->templates);
  g_free (self->path);
  g_free (self->problem);

  G_OBJECT_CLASS (scope_template_list_parent_class)->finalize (object);
}

static void
scope_template_list_class_init (ScopeTemplateListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_template_list_finalize;
}

static void
scope_template_list_init (ScopeTemplateList *self)
{
  self->templates = g_ptr_array_new_with_free_func (g_object_unref);
}

/* NULL: no id */
static char *
template_list_dup_path (const char *profile_id)
{
  g_autofree char *name = NULL;

  if (profile_id == NULL || strchr (profile_id, G_DIR_SEPARATOR) != NULL || *profile_id == '.')
    return NULL;
  name = g_strconcat (profile_id, ".templates", NULL);
  return g_build_filename (g_get_user_data_dir (), "channelscope", "templates", name, NULL);
}

/**
 * scope_template_list_remove_profile:
 * @profile_id: of a profile that is gone
 */
void
scope_template_list_remove_profile (const char *profile_id)
{
  g_autofree char *path = template_list_dup_path (profile_id);

  if (path != NULL)
    g_unlink (path);
}

/**
 * scope_template_list_new:
 * @profile_id: (nullable): whose they are
 *
 * Returns: (transfer full): what is kept
 */
ScopeTemplateList *
scope_template_list_new (const char *profile_id)
{
  ScopeTemplateList *self = g_object_new (SCOPE_TYPE_TEMPLATE_LIST, NULL);

  self->path = template_list_dup_path (profile_id);
  if (self->path != NULL)
    template_list_load (self);
  return self;
}
