/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sandbox/scope-demo-shop.h"
#include "sandbox/scope-demo-shop-stock.h"

G_BEGIN_DECLS

#define SCOPE_DEMO_ORDERS "private-orders"
#define SCOPE_DEMO_STOCK "private-stock"
#define SCOPE_DEMO_SUPPORT "presence-support"

#define SCOPE_DEMO_ORDERS_OPEN 12
#define SCOPE_DEMO_ORDER_ITEMS 3

typedef enum
{
  SCOPE_DEMO_PLACED,
  SCOPE_DEMO_PAID,
  SCOPE_DEMO_PACKED,
  SCOPE_DEMO_SHIPPED,
} ScopeDemoStage;

typedef struct
{
  guint product;
  guint quantity;
} ScopeDemoItem;

typedef struct
{
  guint number;
  guint customer;
  guint place;
  ScopeDemoItem items[SCOPE_DEMO_ORDER_ITEMS];
  guint n_items;
  guint total_cents;
  ScopeDemoStage stage;
} ScopeDemoOrder;

struct _ScopeDemoShop
{
  GObject parent_instance;

  ScopeSandbox *sandbox;
  GRand *rand;
  guint source_id;
  gboolean open;

  ScopeDemoOrder orders[SCOPE_DEMO_ORDERS_OPEN]; /* oldest first */
  guint n_orders;
  guint next_order;
  guint next_message;
  guint next_headline;

  guint stock[SCOPE_DEMO_N_PRODUCTS];
  guint cents[SCOPE_DEMO_N_PRODUCTS];
  gboolean present[SCOPE_DEMO_N_PEOPLE];
  int typing;                /* index of who is, or -1 */
  guint burst;               /* events left that come close together */
  guint turn;                /* how often somebody came or went */
};

/* scope-demo-shop.c: a number below n */
guint _scope_demo_shop_pick           (ScopeDemoShop *self,
                                       guint          n);
/* closes the payload, and frees it */
void  _scope_demo_shop_publish        (ScopeDemoShop *self,
                                       const char    *channel,
                                       const char    *event,
                                       GString       *payload);

/* scope-demo-shop-orders.c: places one, or goes on with one */
void  _scope_demo_shop_work_on_orders (ScopeDemoShop *self);
/* nobody looks at any of them */
void  _scope_demo_shop_leave_orders   (ScopeDemoShop *self);

/* scope-demo-shop-people.c */
void  _scope_demo_shop_let_people_in  (ScopeDemoShop *self);
void  _scope_demo_shop_let_people_out (ScopeDemoShop *self);
void  _scope_demo_shop_come_or_go     (ScopeDemoShop *self);
/* somebody types, or posts what was typed */
void  _scope_demo_shop_support        (ScopeDemoShop *self);

/* lets one thing happen; milliseconds until the next */
guint _scope_demo_shop_step         (ScopeDemoShop *self);
guint _scope_demo_shop_count_people (ScopeDemoShop *self);

G_END_DECLS
