/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-demo-shop"

#include "config.h"

#include "sandbox/scope-demo-shop-private.h"

#include "sandbox/scope-demo-payload.h"

/* Orders, from the cart to the door, and the stock they take from. */

#define ORDER_PREFIX "private-order-"

static GString *
payload_order (const ScopeDemoOrder *order)
{
  GString *text = g_string_new ("{");

  g_string_append_printf (text, "\"id\":\"SO-%u\"", order->number);
  return text;
}

static void
shop_change_stock (ScopeDemoShop *self,
                   guint          product,
                   guint          after)
{
  GString *text = g_string_new ("{");

  _scope_demo_payload_product (text, product);
  _scope_demo_payload_text (text, "warehouse", product % 2 == 0 ? "Leipzig" : "Kraków");
  _scope_demo_payload_open (text, "stock", '{');
  _scope_demo_payload_number (text, "before", self->stock[product]);
  _scope_demo_payload_number (text, "after", after);
  g_string_append (text, after < 10 ? "},\"low\":true" : "},\"low\":false");
  self->stock[product] = after;
  _scope_demo_shop_publish (self, SCOPE_DEMO_STOCK, "stock.changed", text);
}

static void
shop_fill_order (ScopeDemoShop  *self,
                 ScopeDemoOrder *order)
{
  order->number = self->next_order++;
  order->customer = _scope_demo_shop_pick (self, SCOPE_DEMO_N_CUSTOMERS);
  order->place = _scope_demo_shop_pick (self, SCOPE_DEMO_N_PLACES);
  order->n_items = 1 + _scope_demo_shop_pick (self, SCOPE_DEMO_ORDER_ITEMS);
  order->total_cents = 0;
  order->stage = SCOPE_DEMO_PLACED;
  for (guint i = 0; i < order->n_items; i++)
    {
      ScopeDemoItem *item = &order->items[i];

      item->product = _scope_demo_shop_pick (self, SCOPE_DEMO_N_PRODUCTS);
      item->quantity = 1 + _scope_demo_shop_pick (self, 3);
      order->total_cents += self->cents[item->product] * item->quantity;
    }
}

/* Whoever ordered looks at the order until it is done. */
static void
shop_watch_order (ScopeDemoShop        *self,
                  const ScopeDemoOrder *order,
                  gboolean              watched)
{
  g_autofree char *channel = g_strdup_printf (ORDER_PREFIX "%u", order->number);

  scope_sandbox_set_crowd (self->sandbox, channel, watched ? 1 + order->number % 2 : 0);
}

static void
shop_place_order (ScopeDemoShop *self)
{
  ScopeDemoOrder *order = &self->orders[self->n_orders++];
  const ScopeDemoPlace *place;
  GString *text;

  shop_fill_order (self, order);
  place = &scope_demo_places[order->place];
  text = payload_order (order);
  _scope_demo_payload_open (text, "customer", '{');
  _scope_demo_payload_text (text, "name", scope_demo_customers[order->customer]);
  _scope_demo_payload_open (text, "address", '{');
  _scope_demo_payload_text (text, "city", place->city);
  _scope_demo_payload_text (text, "postal_code", place->postal_code);
  _scope_demo_payload_text (text, "country", place->country);
  g_string_append (text, "}}");
  _scope_demo_payload_open (text, "items", '[');
  for (guint i = 0; i < order->n_items; i++)
    {
      _scope_demo_payload_open (text, NULL, '{');
      _scope_demo_payload_product (text, order->items[i].product);
      _scope_demo_payload_number (text, "quantity", order->items[i].quantity);
      _scope_demo_payload_money (text, "price", self->cents[order->items[i].product]);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
  _scope_demo_payload_money (text, "total", order->total_cents);
  _scope_demo_payload_text (text, "currency", "EUR");
  _scope_demo_payload_now (text, "placed_at");
  shop_watch_order (self, order, TRUE);
  _scope_demo_shop_publish (self, SCOPE_DEMO_ORDERS, "order.placed", text);
}

static void
shop_pay_order (ScopeDemoShop  *self,
                ScopeDemoOrder *order)
{
  GString *text = payload_order (order);

  _scope_demo_payload_money (text, "total", order->total_cents);
  _scope_demo_payload_text (text, "currency", "EUR");
  _scope_demo_payload_text (text, "method", scope_demo_methods[_scope_demo_shop_pick (self, SCOPE_DEMO_N_METHODS)]);
  _scope_demo_payload_now (text, "paid_at");
  _scope_demo_shop_publish (self, SCOPE_DEMO_ORDERS, "order.paid", text);
}

/* What is packed leaves the shelf; an empty shelf is filled. */
static void
shop_pack_order (ScopeDemoShop  *self,
                 ScopeDemoOrder *order)
{
  GString *text = payload_order (order);
  guint grams = 0;

  for (guint i = 0; i < order->n_items; i++)
    grams += 180 * order->items[i].quantity + order->items[i].product * 35;

  _scope_demo_payload_key (text, "station");
  g_string_append_printf (text, "\"%c%u\"", 'A' + _scope_demo_shop_pick (self, 3), 1 + _scope_demo_shop_pick (self, 4));
  _scope_demo_payload_number (text, "weight_g", grams);
  _scope_demo_payload_number (text, "parcels", grams > 1500 ? 2 : 1);
  _scope_demo_payload_now (text, "packed_at");
  _scope_demo_shop_publish (self, SCOPE_DEMO_ORDERS, "order.packed", text);

  for (guint i = 0; i < order->n_items; i++)
    {
      guint product = order->items[i].product;
      guint left = self->stock[product];

      shop_change_stock (self, product, left > order->items[i].quantity
                                          ? left - order->items[i].quantity
                                          : left + 60);
    }
}

static void
shop_ship_order (ScopeDemoShop  *self,
                 ScopeDemoOrder *order)
{
  const ScopeDemoPlace *place = &scope_demo_places[order->place];
  GString *text = payload_order (order);

  _scope_demo_payload_text (text, "carrier", scope_demo_carriers[_scope_demo_shop_pick (self, SCOPE_DEMO_N_CARRIERS)]);
  _scope_demo_payload_key (text, "tracking");
  g_string_append_printf (text, "\"%08u%04u\"", g_rand_int (self->rand) % 100000000,
                          order->number % 10000);
  _scope_demo_payload_open (text, "destination", '{');
  _scope_demo_payload_text (text, "city", place->city);
  _scope_demo_payload_text (text, "country", place->country);
  g_string_append_c (text, '}');
  _scope_demo_payload_now (text, "shipped_at");
  _scope_demo_shop_publish (self, SCOPE_DEMO_ORDERS, "order.shipped", text);
}

static void
shop_refund_order (ScopeDemoShop  *self,
                   ScopeDemoOrder *order)
{
  GString *text = payload_order (order);

  _scope_demo_payload_money (text, "amount", order->total_cents);
  _scope_demo_payload_text (text, "currency", "EUR");
  _scope_demo_payload_text (text, "reason", scope_demo_reasons[_scope_demo_shop_pick (self, SCOPE_DEMO_N_REASONS)]);
  _scope_demo_payload_now (text, "refunded_at");
  _scope_demo_shop_publish (self, SCOPE_DEMO_ORDERS, "order.refunded", text);
}

static void
shop_close_order (ScopeDemoShop *self,
                  guint          index)
{
  shop_watch_order (self, &self->orders[index], FALSE);
  self->n_orders--;
  memmove (&self->orders[index], &self->orders[index + 1],
           (self->n_orders - index) * sizeof (ScopeDemoOrder));
}

static void
shop_advance_order (ScopeDemoShop *self)
{
  guint index = _scope_demo_shop_pick (self, self->n_orders);
  ScopeDemoOrder *order = &self->orders[index];

  switch (order->stage)
    {
    case SCOPE_DEMO_PLACED:
      shop_pay_order (self, order);
      order->stage = SCOPE_DEMO_PAID;
      break;

    case SCOPE_DEMO_PAID:
      shop_pack_order (self, order);
      order->stage = SCOPE_DEMO_PACKED;
      break;

    case SCOPE_DEMO_PACKED:
      shop_ship_order (self, order);
      order->stage = SCOPE_DEMO_SHIPPED;
      if (_scope_demo_shop_pick (self, 8) != 0)
        shop_close_order (self, index);
      break;

    case SCOPE_DEMO_SHIPPED:
      shop_refund_order (self, order);
      shop_close_order (self, index);
      break;

    default:
      g_assert_not_reached ();
    }
}

void
_scope_demo_shop_work_on_orders (ScopeDemoShop *self)
{
  if (self->n_orders == 0 || (self->n_orders < SCOPE_DEMO_ORDERS_OPEN && _scope_demo_shop_pick (self, 4) == 0))
    shop_place_order (self);
  else
    shop_advance_order (self);
}

void
_scope_demo_shop_leave_orders (ScopeDemoShop *self)
{
  for (guint i = 0; i < self->n_orders; i++)
    shop_watch_order (self, &self->orders[i], FALSE);
}
