/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_SANDBOX_INLET (scope_sandbox_inlet_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSandboxInlet, scope_sandbox_inlet, SCOPE, SANDBOX_INLET, GFilterInputStream)

/* What libsoup reads of a client's websocket: no message over a bound, whatever it is cut into, and not
 * so much in one turn that the main loop stands still. */

typedef void (*ScopeSandboxInletOverrun) (gpointer user_data);

/* base: pollable */
GInputStream *scope_sandbox_inlet_new          (GInputStream             *base,
                                                gsize                     max_bytes);
/* called once, from the main loop; NULL: not any more */
void          scope_sandbox_inlet_set_overrun  (ScopeSandboxInlet        *self,
                                                ScopeSandboxInletOverrun  overrun,
                                                gpointer                  user_data);

G_END_DECLS
