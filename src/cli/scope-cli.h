/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The whole of channelscope-cli: returns its exit status (cli-contract.md, "Rules for every
 * command"). Arguments are taken as UTF-8 whatever the locale. */
int scope_cli_run (int    argc,
                   char **argv);

G_END_DECLS
