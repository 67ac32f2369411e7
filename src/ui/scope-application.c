/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-application"

#include "config.h"

#include "ui/scope-application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "ui/scope-about.h"
#include "ui/scope-command-line.h"
#include "ui/scope-demo.h"
#include "ui/scope-help-window.h"
#include "ui/scope-preferences-window.h"
#include "ui/scope-quit.h"
#include "ui/scope-ui-util.h"

#define EXIT_USAGE 2

struct _ScopeApplication
{
  AdwApplication parent_instance;

  ScopeProfileStore *store;
  ScopeDemo *demo;
  guint int_id;
  guint term_id;
};

G_DEFINE_FINAL_TYPE (ScopeApplication, scope_application, ADW_TYPE_APPLICATION)

/* ---- windows ---- */

static ScopeWindow *
scope_application_new_window (ScopeApplication *self)
{
  return scope_window_new (GTK_APPLICATION (self), self->store);
}

/* an idle window is used before another is opened, unless another was asked for */
static ScopeWindow *
scope_application_take_window (ScopeApplication *self,
                               gboolean          new_window)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL && !new_window;
       l = l->next)
    if (SCOPE_IS_WINDOW (l->data) && scope_window_is_idle (l->data))
      return l->data;
  return scope_application_new_window (self);
}

static gboolean
scope_application_open_demo (ScopeApplication  *self,
                             gboolean           new_window,
                             GError           **error)
{
  ScopeWindow *window;

  if (self->demo == NULL)
    self->demo = scope_demo_new (error);
  if (self->demo == NULL)
    return FALSE;

  window = new_window ? NULL
                      : scope_application_find_window (self, scope_demo_get_profile (self->demo));
  if (window == NULL)
    {
      window = scope_application_take_window (self, new_window);
      scope_window_open_profile (window, scope_demo_get_profile (self->demo),
                                 scope_demo_get_credentials (self->demo), TRUE);
    }
  gtk_window_present (GTK_WINDOW (window));
  return TRUE;
}

static void
scope_application_open_profile (ScopeApplication *self,
                                ScopeProfile     *profile,
                                ScopeCommandLine *options)
{
  ScopeWindow *window = options->new_window ? NULL : scope_application_find_window (self, profile);

  if (window == NULL)
    {
      window = scope_application_take_window (self, options->new_window);
      scope_window_open_profile (window, profile, NULL, options->connect);
    }
  else if (options->connect)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.connect", NULL);
    }
  gtk_window_present (GTK_WINDOW (window));
}

static ScopeProfile *
scope_application_find_last_profile (ScopeApplication *self)
{
  GSettings *settings = scope_ui_get_settings ();
  g_autofree char *id = settings != NULL ? g_settings_get_string (settings, "last-profile") : NULL;

  return id != NULL && *id != '\0' ? scope_profile_store_find (self->store, id) : NULL;
}

static void
scope_application_open_plain (ScopeApplication *self,
                              gboolean          new_window)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  ScopeProfile *last = scope_application_find_last_profile (self);

  if (window != NULL && !new_window)
    {
      gtk_window_present (window);
      return;
    }
  if (window == NULL && last != NULL)
    {
      ScopeWindow *first = scope_application_new_window (self);

      scope_window_open_profile (first, last, NULL, FALSE);
      gtk_window_present (GTK_WINDOW (first));
      return;
    }
  gtk_window_present (GTK_WINDOW (scope_application_new_window (self)));
}

/* ---- the command line ---- */

static char *
scope_application_check_capture (GApplicationCommandLine *command_line,
                                 const char              *argument,
                                 char                   **path)
{
  g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (command_line, argument);

  *path = g_file_get_path (file);
  if (*path == NULL)
    return g_strdup_printf (_("%s is no local file"), argument);
  if (g_file_test (*path, G_FILE_TEST_IS_DIR))
    return g_strdup_printf (_("%s is a directory, not a capture file"), argument);
  if (access (*path, R_OK) != 0)
    return g_strdup_printf (_("%s cannot be read: %s"), argument, g_strerror (errno));
  return NULL;
}

/* nothing is opened unless everything can be */
static char *
scope_application_open_captures (ScopeApplication        *self,
                                 GApplicationCommandLine *command_line,
                                 ScopeCommandLine        *options)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; options->captures[i] != NULL; i++)
    {
      char *path = NULL;
      char *problem = scope_application_check_capture (command_line, options->captures[i], &path);

      g_ptr_array_add (paths, path);
      if (problem != NULL)
        return problem;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      ScopeWindow *window = scope_application_take_window (self, options->new_window);

      scope_window_open_capture (window, g_ptr_array_index (paths, i));
      gtk_window_present (GTK_WINDOW (window));
    }
  return NULL;
}

/* a line to say and exit status 2, or NULL */
static char *
scope_application_carry_out (ScopeApplication        *self,
                             GApplicationCommandLine *command_line,
                             ScopeCommandLine        *options)
{
  g_autoptr (GError) error = NULL;
  ScopeProfile *profile = NULL;
  char *problem;

  if (options->profile != NULL)
    profile = scope_profile_store_find_by_name (self->store, options->profile);
  if (options->profile != NULL && profile == NULL)
    return g_strdup_printf (_("there is no profile named “%s”"), options->profile);

  problem = scope_application_open_captures (self, command_line, options);
  if (problem != NULL)
    return problem;
  if (profile != NULL)
    scope_application_open_profile (self, profile, options);
  if (options->demo && !scope_application_open_demo (self, options->new_window, &error))
    return g_strdup (error->message);
  if (profile == NULL && !options->demo && options->captures[0] == NULL)
    scope_application_open_plain (self, options->new_window);
  return NULL;
}

static int
scope_application_command_line (GApplication            *application,
                                GApplicationCommandLine *command_line)
{
  g_auto (GStrv) arguments = g_application_command_line_get_arguments (command_line, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCommandLine) options =
      scope_command_line_parse ((const char * const *) arguments, &error);
  g_autofree char *problem = NULL;

  if (options != NULL)
    problem = scope_application_carry_out (SCOPE_APPLICATION (application), command_line, options);
  else
    problem = g_strdup (error->message);
  if (problem == NULL)
    return 0;
  g_application_command_line_printerr (command_line, "channelscope: %s\n", problem);
  return EXIT_USAGE;
}

/* Mistakes are answered by the process in which they were made, before it looks for another one. */
static gboolean
scope_application_local_command_line (GApplication   *application,
                                      char         ***arguments,
                                      int            *exit_status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCommandLine) options =
      scope_command_line_parse ((const char * const *) *arguments, &error);
  g_autofree char *text = NULL;

  *exit_status = 0;
  if (options == NULL)
    {
      g_printerr ("channelscope: %s\n", error->message);
      *exit_status = EXIT_USAGE;
      return TRUE;
    }
  if (!options->version && !options->help)
    return FALSE;
  text = options->version ? scope_command_line_dup_version () : scope_command_line_dup_help ();
  g_print ("%s", text);
  return TRUE;
}

/* ---- actions ---- */

static void
scope_application_new_window_cb (GSimpleAction *action,
                                 GVariant      *parameter,
                                 gpointer       user_data)
{
  gtk_window_present (GTK_WINDOW (scope_application_new_window (user_data)));
}

static void
scope_application_demo_cb (GSimpleAction *action,
                           GVariant      *parameter,
                           gpointer       user_data)
{
  g_autoptr (GError) error = NULL;

  if (!scope_application_open_demo (user_data, FALSE, &error))
    g_warning ("The demo could not be started: %s", error->message);
}

static void
scope_application_about_cb (GSimpleAction *action,
                            GVariant      *parameter,
                            gpointer       user_data)
{
  scope_about_present (gtk_application_get_active_window (user_data));
}

static void
scope_application_preferences_cb (GSimpleAction *action,
                                  GVariant      *parameter,
                                  gpointer       user_data)
{
  GtkWindow *parent = gtk_application_get_active_window (user_data);

  if (!SCOPE_IS_PREFERENCES_WINDOW (parent))
    gtk_window_present (scope_preferences_window_new (parent));
}

static void
scope_application_help_cb (GSimpleAction *action,
                           GVariant      *parameter,
                           gpointer       user_data)
{
  scope_help_window_present (GTK_APPLICATION (user_data));
}

/* Each window closes its session first; the last one ends the program. */
static void
scope_application_close_all (ScopeApplication *self)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (self)));

  for (GList *l = windows; l != NULL; l = l->next)
    if (SCOPE_IS_WINDOW (l->data))
      gtk_window_close (l->data);
}

static void
scope_application_quit_cb (GSimpleAction *action,
                           GVariant      *parameter,
                           gpointer       user_data)
{
  if (scope_quit_may (user_data, G_CALLBACK (scope_application_close_all)))
    scope_application_close_all (user_data);
}

static gboolean
scope_application_signal_cb (gpointer user_data)
{
  scope_application_close_all (user_data);
  return G_SOURCE_CONTINUE;
}

static void
scope_application_init_actions (ScopeApplication *self)
{
  static const GActionEntry entries[] = {
    { "new-window", scope_application_new_window_cb },
    { "demo", scope_application_demo_cb },
    { "about", scope_application_about_cb },
    { "help", scope_application_help_cb },
    { "preferences", scope_application_preferences_cb },
    { "quit", scope_application_quit_cb },
  };
  static const struct
  {
    const char *action;
    const char *accels[3];
  } shortcuts[] = {
    { "app.new-window", { "<Control><Shift>n" } },
    { "app.quit", { "<Control>q" } },
    { "app.help", { "F1" } },
    { "win.new-profile", { "<Control>n" } },
    { "win.import-profile", { "<Control>i" } },
    { "app.preferences", { "<Control>comma" } },
    { "win.edit-current", { "<Alt>Return" } },
    { "win.show-profiles", { "<Control>p" } },
    { "win.open-capture", { "<Control>o" } },
    { "win.export-events", { "<Control><Shift>s" } },
    { "win.connect", { "<Control>Return" } },
    { "win.disconnect", { "<Control><Shift>Return" } },
    { "win.doctor", { "F8" } },
    { "win.subscribe", { "<Control>s" } },
    { "win.discover", { "<Control><Shift>o" } },
    { "win.focus-filter", { "<Control>l" } },
    { "win.find", { "<Control>f" } },
    { "win.find-next", { "<Control>g", "F3" } },
    { "win.find-previous", { "<Control><Shift>g", "<Shift>F3" } },
    { "win.clear", { "<Control>k" } },
    { "win.jump-to-end", { "<Control>End" } },
    { "win.jump-to-time", { "<Control>t" } },
    { "win.bookmark", { "<Control>d" } },
    { "win.note", { "<Control><Shift>d" } },
    { "win.bookmarks", { "<Control>b" } },
    { "win.show-only::bookmarked", { "<Control><Shift>b" } },
    { "win.show-only::flagged", { "<Control><Shift>f" } },
    { "win.next-bookmark", { "F2" } },
    { "win.previous-bookmark", { "<Shift>F2" } },
    { "win.sidebar", { "F9" } },
    { "win.show-view::events", { "<Alt>1" } },
    { "win.show-view::presence", { "<Alt>2" } },
    { "win.show-view::connection", { "<Alt>3" } },
    { "win.show-view::publish", { "<Alt>4" } },
    { "win.show-view::statistics", { "<Alt>5" } },
    { "win.explain::", { "<Control><Shift>e" } },
    { "win.copy::payload", { "<Control><Shift>c" } },
    { "window.close", { "<Control>w" } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), shortcuts[i].action,
                                           shortcuts[i].accels);
}

/* ---- style ---- */

static void
scope_application_scheme_cb (GSettings  *settings,
                             const char *key)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };
  int chosen = g_settings_get_enum (settings, key);

  if (chosen >= 0 && chosen < (int) G_N_ELEMENTS (schemes))
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (), schemes[chosen]);
}

static void
scope_application_init_style (ScopeApplication *self)
{
  GSettings *settings = scope_ui_get_settings ();
  g_autoptr (GAction) action = NULL;

  if (settings == NULL)
    return;

  action = g_settings_create_action (settings, "color-scheme");
  g_action_map_add_action (G_ACTION_MAP (self), action);
  g_signal_connect_object (settings, "changed::color-scheme",
                           G_CALLBACK (scope_application_scheme_cb), self, 0);
  scope_application_scheme_cb (settings, "color-scheme");
}

/* ---- class ---- */

static void
scope_application_startup (GApplication *application)
{
  ScopeApplication *self = SCOPE_APPLICATION (application);

  G_APPLICATION_CLASS (scope_application_parent_class)->startup (application);

  scope_ui_init ();
  gtk_window_set_default_icon_name (SCOPE_APP_ID);
  self->store = scope_profile_store_new (NULL);
  scope_application_init_actions (self);
  scope_quit_watch (GTK_APPLICATION (self));
  scope_application_init_style (self);
  self->int_id = g_unix_signal_add (SIGINT, scope_application_signal_cb, self);
  self->term_id = g_unix_signal_add (SIGTERM, scope_application_signal_cb, self);
}

static void
scope_application_shutdown (GApplication *application)
{
  ScopeApplication *self = SCOPE_APPLICATION (application);

  g_clear_handle_id (&self->int_id, g_source_remove);
  g_clear_handle_id (&self->term_id, g_source_remove);
  g_clear_object (&self->demo);
  g_clear_object (&self->store);

  G_APPLICATION_CLASS (scope_application_parent_class)->shutdown (application);
}

/* The help is no reason to stay. */
static void
scope_application_window_removed (GtkApplication *application,
                                  GtkWindow      *window)
{
  gboolean any = FALSE;

  GTK_APPLICATION_CLASS (scope_application_parent_class)->window_removed (application, window);

  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    any |= SCOPE_IS_WINDOW (l->data);
  if (!any)
    scope_help_window_dismiss (application);
}

static void
scope_application_class_init (ScopeApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->local_command_line = scope_application_local_command_line;
  application_class->command_line = scope_application_command_line;
  application_class->startup = scope_application_startup;
  application_class->shutdown = scope_application_shutdown;
  GTK_APPLICATION_CLASS (klass)->window_removed = scope_application_window_removed;
}

static void
scope_application_init (ScopeApplication *self)
{
}

/**
 * scope_application_new:
 *
 * Its resources are those of the release, whatever its id is: a development build has another one.
 *
 * Returns: (transfer full): the application
 */
ScopeApplication *
scope_application_new (void)
{
  return g_object_new (SCOPE_TYPE_APPLICATION,
                       "application-id", SCOPE_APP_ID,
                       "resource-base-path", SCOPE_RESOURCE_PATH,
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                       NULL);
}

/**
 * scope_application_find_window:
 * @profile: a profile
 *
 * Returns: (transfer none) (nullable): the window that watches it
 */
ScopeWindow *
scope_application_find_window (ScopeApplication *self,
                               ScopeProfile     *profile)
{
  g_return_val_if_fail (SCOPE_IS_APPLICATION (self), NULL);
  g_return_val_if_fail (SCOPE_IS_PROFILE (profile), NULL);

  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      ScopeProfile *open = SCOPE_IS_WINDOW (l->data) ? scope_window_get_profile (l->data) : NULL;

      if (open != NULL && g_str_equal (scope_profile_get_id (open), scope_profile_get_id (profile)))
        return l->data;
    }
  return NULL;
}
