/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sandbox/scope-demo-shop.h"

G_BEGIN_DECLS

/* lets one thing happen; milliseconds until the next */
guint _scope_demo_shop_step         (ScopeDemoShop *self);
guint _scope_demo_shop_count_people (ScopeDemoShop *self);

G_END_DECLS
