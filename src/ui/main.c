/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "ui/scope-application.h"
#include "ui/scope-command-line.h"

#define EXIT_USAGE 2

/* GTK would end the program with a warning about a library; this says what to do. */
static gboolean
may_need_display (char **argv)
{
  g_autoptr (ScopeCommandLine) options =
      scope_command_line_parse ((const char * const *) argv, NULL);

  return options != NULL && !options->version && !options->help;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (ScopeApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, SCOPE_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  /* assistive technologies and window managers know the program by this name */
  g_set_prgname ("channelscope");
  g_set_application_name ("Channelscope");

  if (may_need_display (argv) && !gtk_init_check ())
    {
      g_printerr ("channelscope: %s\n", _("there is no display to open a window on; set "
                                           "WAYLAND_DISPLAY or DISPLAY, or use channelscope-cli"));
      return EXIT_USAGE;
    }

  application = scope_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
