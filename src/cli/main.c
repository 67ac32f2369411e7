/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/scope-cli.h"

int
main (int    argc,
      char **argv)
{
  return scope_cli_run (argc, argv);
}
