/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* FALSE: it has ended, and is more than one file nevertheless. On a worker: it blocks */
gboolean scope_capture_settle (const char *path);

G_END_DECLS
