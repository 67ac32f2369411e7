/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-capture.h"
#include "capture/scope-reader.h"

G_BEGIN_DECLS

/* another connection to the same file, read as the capture reads it (transfer full) */
ScopeReader *_scope_capture_new_reader (ScopeCapture *self);

G_END_DECLS
