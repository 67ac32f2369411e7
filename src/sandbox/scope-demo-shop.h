/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sandbox/scope-sandbox.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DEMO_SHOP (scope_demo_shop_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDemoShop, scope_demo_shop, SCOPE, DEMO_SHOP, GObject)

/* A believable shop on a sandbox: orders that are placed, paid, packed and shipped on private
 * channels, a public shop-news channel, cached prices, a support room (presence) where people
 * come, type and go. */
ScopeDemoShop      *scope_demo_shop_new              (ScopeSandbox  *sandbox,
                                                      guint32        seed);
void                scope_demo_shop_start            (ScopeDemoShop *self);
void                scope_demo_shop_stop             (ScopeDemoShop *self);
/* what a demo window subscribes to (transfer none, NULL-terminated) */
const char * const *scope_demo_shop_get_channels     (ScopeDemoShop *self);

G_END_DECLS
