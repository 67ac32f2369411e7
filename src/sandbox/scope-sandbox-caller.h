/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who calls, by the headers Host and Origin: the sandbox's key and secret are documented, so a page of
 * somebody else's in a browser on this machine must not get in with them. */

/* (transfer full) (nullable): why it is turned away, and what to do; NULL: it may come in. Both headers as
 * they came, or NULL */
char *scope_sandbox_caller_refuse_host   (const char *host);
char *scope_sandbox_caller_refuse_origin (const char *origin);

G_END_DECLS
