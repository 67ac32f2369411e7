/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include "capture/scope-marks.h"

G_BEGIN_DECLS

/* one change, in the transaction there is; an SQLite code */
int _scope_marks_apply (sqlite3         *db,
                        const ScopeMark *mark);

G_END_DECLS
