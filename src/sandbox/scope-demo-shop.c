/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-demo-shop"

#include "config.h"

#include "sandbox/scope-demo-shop.h"

#include "base/scope-text.h"
#include "json/scope-json.h"
#include "sandbox/scope-demo-shop-private.h"
#include "sandbox/scope-demo-shop-stock.h"
#include "sandbox/scope-sandbox-private.h"

#define NEWS "shop-news"
#define ORDERS "private-orders"
#define STOCK "private-stock"
#define SUPPORT "presence-support"
#define PRICES "cache-prices"

#define ORDERS_OPEN 12
#define ORDER_ITEMS 3
#define PEOPLE_FIRST 4
#define PEOPLE_LEAST 3
#define PEOPLE_MOST 9

/* What its customers and staff have open besides: occupied, and quiet. */
#define ORDER_PREFIX "private-order-"
#define PRODUCT_PREFIX "product-"
#define PRODUCTS_OPEN 4
#define DESK_PREFIX "presence-desk-"
#define DESKS 3
#define DESK_PEOPLE 2

typedef enum
{
  STAGE_PLACED,
  STAGE_PAID,
  STAGE_PACKED,
  STAGE_SHIPPED,
} Stage;

typedef struct
{
  guint product;
  guint quantity;
} Item;

typedef struct
{
  guint number;
  guint customer;
  guint place;
  Item items[ORDER_ITEMS];
  guint n_items;
  guint total_cents;
  Stage stage;
} Order;

struct _ScopeDemoShop
{
  GObject parent_instance;

  ScopeSandbox *sandbox;
  GRand *rand;
  guint source_id;
  gboolean open;

  Order orders[ORDERS_OPEN]; /* oldest first */
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

static const char * const shop_channels[] = { NEWS, ORDERS, STOCK, SUPPORT, PRICES, NULL };

G_DEFINE_FINAL_TYPE (ScopeDemoShop, scope_demo_shop, G_TYPE_OBJECT)

/* Payloads, composed as text: prices keep their two decimals */

static void
payload_key (GString    *text,
             const char *key)
{
  char last = text->str[text->len - 1];

  if (last != '{' && last != '[')
    g_string_append_c (text, ',');
  if (key != NULL)
    g_string_append_printf (text, "\"%s\":", key);
}

static void
payload_open (GString    *text,
              const char *key,
              char        bracket)
{
  payload_key (text, key);
  g_string_append_c (text, bracket);
}

static void
payload_text (GString    *text,
              const char *key,
              const char *value)
{
  payload_key (text, key);
  scope_json_append_string (text, value, -1);
}

static void
payload_number (GString    *text,
                const char *key,
                guint       value)
{
  payload_key (text, key);
  g_string_append_printf (text, "%u", value);
}

static void
payload_money (GString    *text,
               const char *key,
               guint       cents)
{
  payload_key (text, key);
  g_string_append_printf (text, "%u.%02u", cents / 100, cents % 100);
}

static void
payload_now (GString    *text,
             const char *key)
{
  g_autofree char *now = scope_text_format_rfc3339 (g_get_real_time ());

  payload_text (text, key, now);
}

static void
payload_product (GString *text,
                 guint    product)
{
  payload_text (text, "sku", scope_demo_products[product].sku);
  payload_text (text, "name", scope_demo_products[product].name);
}

static GString *
payload_order (const Order *order)
{
  GString *text = g_string_new ("{");

  g_string_append_printf (text, "\"id\":\"SO-%u\"", order->number);
  return text;
}

static guint
shop_pick (ScopeDemoShop *self,
           guint          n)
{
  return (guint) g_rand_int_range (self->rand, 0, (gint32) n);
}

static void
shop_publish (ScopeDemoShop *self,
              const char    *channel,
              const char    *event,
              GString       *payload)
{
  g_string_append_c (payload, '}');
  scope_sandbox_publish (self->sandbox, channel, event, payload->str, (gssize) payload->len);
  g_string_free (payload, TRUE);
}

/* Orders and stock */

static void
shop_change_stock (ScopeDemoShop *self,
                   guint          product,
                   guint          after)
{
  GString *text = g_string_new ("{");

  payload_product (text, product);
  payload_text (text, "warehouse", product % 2 == 0 ? "Leipzig" : "Kraków");
  payload_open (text, "stock", '{');
  payload_number (text, "before", self->stock[product]);
  payload_number (text, "after", after);
  g_string_append (text, after < 10 ? "},\"low\":true" : "},\"low\":false");
  self->stock[product] = after;
  shop_publish (self, STOCK, "stock.changed", text);
}

static void
shop_fill_order (ScopeDemoShop *self,
                 Order         *order)
{
  order->number = self->next_order++;
  order->customer = shop_pick (self, SCOPE_DEMO_N_CUSTOMERS);
  order->place = shop_pick (self, SCOPE_DEMO_N_PLACES);
  order->n_items = 1 + shop_pick (self, ORDER_ITEMS);
  order->total_cents = 0;
  order->stage = STAGE_PLACED;
  for (guint i = 0; i < order->n_items; i++)
    {
      Item *item = &order->items[i];

      item->product = shop_pick (self, SCOPE_DEMO_N_PRODUCTS);
      item->quantity = 1 + shop_pick (self, 3);
      order->total_cents += self->cents[item->product] * item->quantity;
    }
}

/* Whoever ordered looks at the order until it is done. */
static void
shop_watch_order (ScopeDemoShop *self,
                  const Order   *order,
                  gboolean       watched)
{
  g_autofree char *channel = g_strdup_printf (ORDER_PREFIX "%u", order->number);

  scope_sandbox_set_crowd (self->sandbox, channel, watched ? 1 + order->number % 2 : 0);
}

static void
shop_place_order (ScopeDemoShop *self)
{
  Order *order = &self->orders[self->n_orders++];
  const ScopeDemoPlace *place;
  GString *text;

  shop_fill_order (self, order);
  place = &scope_demo_places[order->place];
  text = payload_order (order);
  payload_open (text, "customer", '{');
  payload_text (text, "name", scope_demo_customers[order->customer]);
  payload_open (text, "address", '{');
  payload_text (text, "city", place->city);
  payload_text (text, "postal_code", place->postal_code);
  payload_text (text, "country", place->country);
  g_string_append (text, "}}");
  payload_open (text, "items", '[');
  for (guint i = 0; i < order->n_items; i++)
    {
      payload_open (text, NULL, '{');
      payload_product (text, order->items[i].product);
      payload_number (text, "quantity", order->items[i].quantity);
      payload_money (text, "price", self->cents[order->items[i].product]);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
  payload_money (text, "total", order->total_cents);
  payload_text (text, "currency", "EUR");
  payload_now (text, "placed_at");
  shop_watch_order (self, order, TRUE);
  shop_publish (self, ORDERS, "order.placed", text);
}

static void
shop_pay_order (ScopeDemoShop *self,
                Order         *order)
{
  GString *text = payload_order (order);

  payload_money (text, "total", order->total_cents);
  payload_text (text, "currency", "EUR");
  payload_text (text, "method", scope_demo_methods[shop_pick (self, SCOPE_DEMO_N_METHODS)]);
  payload_now (text, "paid_at");
  shop_publish (self, ORDERS, "order.paid", text);
}

/* What is packed leaves the shelf; an empty shelf is filled. */
static void
shop_pack_order (ScopeDemoShop *self,
                 Order         *order)
{
  GString *text = payload_order (order);
  guint grams = 0;

  for (guint i = 0; i < order->n_items; i++)
    grams += 180 * order->items[i].quantity + order->items[i].product * 35;

  payload_key (text, "station");
  g_string_append_printf (text, "\"%c%u\"", 'A' + shop_pick (self, 3), 1 + shop_pick (self, 4));
  payload_number (text, "weight_g", grams);
  payload_number (text, "parcels", grams > 1500 ? 2 : 1);
  payload_now (text, "packed_at");
  shop_publish (self, ORDERS, "order.packed", text);

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
shop_ship_order (ScopeDemoShop *self,
                 Order         *order)
{
  const ScopeDemoPlace *place = &scope_demo_places[order->place];
  GString *text = payload_order (order);

  payload_text (text, "carrier", scope_demo_carriers[shop_pick (self, SCOPE_DEMO_N_CARRIERS)]);
  payload_key (text, "tracking");
  g_string_append_printf (text, "\"%08u%04u\"", g_rand_int (self->rand) % 100000000,
                          order->number % 10000);
  payload_open (text, "destination", '{');
  payload_text (text, "city", place->city);
  payload_text (text, "country", place->country);
  g_string_append_c (text, '}');
  payload_now (text, "shipped_at");
  shop_publish (self, ORDERS, "order.shipped", text);
}

static void
shop_refund_order (ScopeDemoShop *self,
                   Order         *order)
{
  GString *text = payload_order (order);

  payload_money (text, "amount", order->total_cents);
  payload_text (text, "currency", "EUR");
  payload_text (text, "reason", scope_demo_reasons[shop_pick (self, SCOPE_DEMO_N_REASONS)]);
  payload_now (text, "refunded_at");
  shop_publish (self, ORDERS, "order.refunded", text);
}

static void
shop_close_order (ScopeDemoShop *self,
                  guint          index)
{
  shop_watch_order (self, &self->orders[index], FALSE);
  self->n_orders--;
  memmove (&self->orders[index], &self->orders[index + 1],
           (self->n_orders - index) * sizeof (Order));
}

static void
shop_advance_order (ScopeDemoShop *self)
{
  guint index = shop_pick (self, self->n_orders);
  Order *order = &self->orders[index];

  switch (order->stage)
    {
    case STAGE_PLACED:
      shop_pay_order (self, order);
      order->stage = STAGE_PAID;
      break;

    case STAGE_PAID:
      shop_pack_order (self, order);
      order->stage = STAGE_PACKED;
      break;

    case STAGE_PACKED:
      shop_ship_order (self, order);
      order->stage = STAGE_SHIPPED;
      if (shop_pick (self, 8) != 0)
        shop_close_order (self, index);
      break;

    case STAGE_SHIPPED:
      shop_refund_order (self, order);
      shop_close_order (self, index);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
shop_work_on_orders (ScopeDemoShop *self)
{
  if (self->n_orders == 0 || (self->n_orders < ORDERS_OPEN && shop_pick (self, 4) == 0))
    shop_place_order (self);
  else
    shop_advance_order (self);
}

/* News and prices */

static void
shop_update_price (ScopeDemoShop *self)
{
  guint product = shop_pick (self, SCOPE_DEMO_N_PRODUCTS);
  guint list = scope_demo_products[product].cents;
  guint cents = list * (80 + shop_pick (self, 5) * 5) / 100;
  GString *text = g_string_new ("{");

  payload_product (text, product);
  payload_open (text, "price", '{');
  payload_money (text, "old", self->cents[product]);
  payload_money (text, "new", cents);
  g_string_append_c (text, '}');
  payload_text (text, "currency", "EUR");
  payload_now (text, "valid_from");
  self->cents[product] = cents;
  shop_publish (self, PRICES, "price.updated", text);
}

static void
shop_publish_headline (ScopeDemoShop *self)
{
  guint number = self->next_headline++;
  const ScopeDemoHeadline *headline = &scope_demo_headlines[number % SCOPE_DEMO_N_HEADLINES];
  GString *text = g_string_new ("{");

  payload_number (text, "id", number);
  payload_text (text, "title", headline->title);
  payload_open (text, "tags", '[');
  payload_text (text, NULL, headline->tag);
  g_string_append_c (text, ']');
  payload_now (text, "published_at");
  shop_publish (self, NEWS, "news.published", text);
}

/* The support room */

static void
shop_let_in (ScopeDemoShop *self,
             guint          person)
{
  GString *info = g_string_new ("{");

  payload_text (info, "name", scope_demo_people[person].name);
  payload_text (info, "role", scope_demo_people[person].role);
  g_string_append_c (info, '}');
  self->present[person] = TRUE;
  scope_sandbox_join (self->sandbox, SUPPORT, scope_demo_people[person].id, info->str);
  g_string_free (info, TRUE);
}

static void
shop_let_out (ScopeDemoShop *self,
              guint          person)
{
  self->present[person] = FALSE;
  if (self->typing == (int) person)
    self->typing = -1;
  scope_sandbox_leave (self->sandbox, SUPPORT, scope_demo_people[person].id);
}

/* someone who is there, or who is not */
static guint
shop_pick_person (ScopeDemoShop *self,
                  gboolean       present)
{
  guint person = shop_pick (self, SCOPE_DEMO_N_PEOPLE);

  while (self->present[person] != present)
    person = (person + 1) % SCOPE_DEMO_N_PEOPLE;

  return person;
}

/* the page of a product, and how many look at it at this turn: customers move on from one to the next */
static void
shop_show_product (ScopeDemoShop *self,
                   guint          product,
                   guint          n)
{
  g_autofree char *channel = g_ascii_strdown (scope_demo_products[product].sku, -1);
  g_autofree char *name = g_strconcat (PRODUCT_PREFIX, channel, NULL);

  scope_sandbox_set_crowd (self->sandbox, name, n);
}

/* a person at a desk of the warehouse, or gone from it */
static void
shop_staff_desk (ScopeDemoShop *self,
                 guint          place,
                 gboolean       staffed)
{
  const ScopeDemoPerson *person = &scope_demo_people[place % SCOPE_DEMO_N_PEOPLE];
  g_autofree char *channel = g_strdup_printf (DESK_PREFIX "%u", 1 + place % DESKS);
  GString *info = g_string_new ("{");

  payload_text (info, "name", person->name);
  payload_text (info, "role", person->role);
  g_string_append_c (info, '}');
  if (staffed)
    scope_sandbox_join (self->sandbox, channel, person->id, info->str);
  else
    scope_sandbox_leave (self->sandbox, channel, person->id);
  g_string_free (info, TRUE);
}

/* One goes, another comes, at the desks and at the products. Without chance: the rest stays as the seed says. */
static void
shop_open_doors (ScopeDemoShop *self,
                 gboolean       open)
{
  for (guint i = 0; i < DESKS * DESK_PEOPLE; i++)
    shop_staff_desk (self, self->turn + i, open);
  for (guint i = 0; i < PRODUCTS_OPEN; i++)
    shop_show_product (self, (self->turn + i) % SCOPE_DEMO_N_PRODUCTS, open ? 2 + 3 * i : 0);
}

static void
shop_take_turns (ScopeDemoShop *self)
{
  shop_staff_desk (self, self->turn, FALSE);
  shop_staff_desk (self, self->turn + DESKS * DESK_PEOPLE, TRUE);
  shop_show_product (self, self->turn % SCOPE_DEMO_N_PRODUCTS, 0);
  self->turn++;
  for (guint i = 0; i < PRODUCTS_OPEN; i++)
    shop_show_product (self, (self->turn + i) % SCOPE_DEMO_N_PRODUCTS, 2 + 3 * i);
}

static void
shop_come_or_go (ScopeDemoShop *self)
{
  guint n = _scope_demo_shop_count_people (self);

  shop_take_turns (self);

  if (n <= PEOPLE_LEAST || (n < PEOPLE_MOST && shop_pick (self, 2) == 0))
    shop_let_in (self, shop_pick_person (self, FALSE));
  else
    shop_let_out (self, shop_pick_person (self, TRUE));
}

/* A client event of someone who has no socket: the server puts the user's id into the envelope
 * (protocol.md §6). */
static void
shop_type (ScopeDemoShop *self)
{
  static const char data[] = "{\"typing\":true}";
  guint person = shop_pick_person (self, TRUE);
  ScopeSandboxEvent event = {
    .channel = SUPPORT,
    .event = "client-typing",
    .data_token = data,
    .data_length = strlen (data),
    .user_id = scope_demo_people[person].id,
    .is_client_event = TRUE,
  };

  self->typing = (int) person;
  _scope_sandbox_relay (self->sandbox, &event);
}

static void
shop_post_message (ScopeDemoShop *self)
{
  const ScopeDemoPerson *person = &scope_demo_people[self->typing];
  GString *text = g_string_new ("{");

  payload_number (text, "id", self->next_message++);
  payload_open (text, "user", '{');
  payload_text (text, "id", person->id);
  payload_text (text, "name", person->name);
  g_string_append_c (text, '}');
  payload_text (text, "text", scope_demo_messages[shop_pick (self, SCOPE_DEMO_N_MESSAGES)]);
  payload_now (text, "posted_at");
  self->typing = -1;
  shop_publish (self, SUPPORT, "message.posted", text);
}

static void
shop_support (ScopeDemoShop *self)
{
  if (self->typing < 0)
    shop_type (self);
  else
    shop_post_message (self);
}

guint
_scope_demo_shop_count_people (ScopeDemoShop *self)
{
  guint n = 0;

  for (guint i = 0; i < SCOPE_DEMO_N_PEOPLE; i++)
    n += self->present[i] ? 1 : 0;

  return n;
}

/* Most of the time two to four things happen in a second; now and then many at once. */
guint
_scope_demo_shop_step (ScopeDemoShop *self)
{
  guint chance = shop_pick (self, 100);

  if (chance < 58)
    shop_work_on_orders (self);
  else if (chance < 84)
    shop_support (self);
  else if (chance < 91)
    shop_come_or_go (self);
  else if (chance < 97)
    shop_update_price (self);
  else
    shop_publish_headline (self);

  if (self->burst > 0)
    {
      self->burst--;
      return 30 + shop_pick (self, 60);
    }
  if (shop_pick (self, 50) == 0)
    self->burst = 6 + shop_pick (self, 9);

  return 200 + shop_pick (self, 500);
}

static gboolean
shop_step_cb (gpointer user_data)
{
  ScopeDemoShop *self = SCOPE_DEMO_SHOP (user_data);

  guint pause;

  self->source_id = 0;
  pause = _scope_demo_shop_step (self);
  if (self->open)
    self->source_id = g_timeout_add (pause, shop_step_cb, self);

  return G_SOURCE_REMOVE;
}

static void
scope_demo_shop_dispose (GObject *object)
{
  ScopeDemoShop *self = SCOPE_DEMO_SHOP (object);

  scope_demo_shop_stop (self);
  g_clear_object (&self->sandbox);

  G_OBJECT_CLASS (scope_demo_shop_parent_class)->dispose (object);
}

static void
scope_demo_shop_finalize (GObject *object)
{
  ScopeDemoShop *self = SCOPE_DEMO_SHOP (object);

  g_clear_pointer (&self->rand, g_rand_free);

  G_OBJECT_CLASS (scope_demo_shop_parent_class)->finalize (object);
}

static void
scope_demo_shop_class_init (ScopeDemoShopClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_demo_shop_dispose;
  object_class->finalize = scope_demo_shop_finalize;
}

static void
scope_demo_shop_init (ScopeDemoShop *self)
{
  self->typing = -1;
}

/**
 * scope_demo_shop_new:
 * @sandbox: where it publishes; a reference is taken
 * @seed: decides everything but the times
 *
 * Returns: (transfer full): a shop that has not opened yet
 */
ScopeDemoShop *
scope_demo_shop_new (ScopeSandbox *sandbox,
                     guint32       seed)
{
  ScopeDemoShop *self;

  g_return_val_if_fail (SCOPE_IS_SANDBOX (sandbox), NULL);

  self = g_object_new (SCOPE_TYPE_DEMO_SHOP, NULL);
  self->sandbox = g_object_ref (sandbox);
  self->rand = g_rand_new_with_seed (seed);
  self->next_order = 10400 + shop_pick (self, 500);
  self->next_message = 1;
  self->next_headline = 1 + shop_pick (self, SCOPE_DEMO_N_HEADLINES);
  for (guint i = 0; i < SCOPE_DEMO_N_PRODUCTS; i++)
    {
      self->stock[i] = 20 + shop_pick (self, 80);
      self->cents[i] = scope_demo_products[i].cents;
    }

  return self;
}

/**
 * scope_demo_shop_start:
 * @self: a shop
 *
 * People come in, a price is cached, and things begin to happen.
 */
void
scope_demo_shop_start (ScopeDemoShop *self)
{
  g_return_if_fail (SCOPE_IS_DEMO_SHOP (self));

  if (self->open)
    return;

  self->open = TRUE;
  for (guint i = 0; i < PEOPLE_FIRST; i++)
    shop_let_in (self, shop_pick_person (self, FALSE));
  shop_open_doors (self, TRUE);
  shop_update_price (self);
  self->source_id = g_timeout_add (200, shop_step_cb, self);
}

/**
 * scope_demo_shop_stop:
 * @self: a shop
 *
 * Nothing happens any more; everybody leaves.
 */
void
scope_demo_shop_stop (ScopeDemoShop *self)
{
  g_return_if_fail (SCOPE_IS_DEMO_SHOP (self));

  if (!self->open)
    return;

  self->open = FALSE;
  g_clear_handle_id (&self->source_id, g_source_remove);
  shop_open_doors (self, FALSE);
  for (guint i = 0; i < self->n_orders; i++)
    shop_watch_order (self, &self->orders[i], FALSE);
  for (guint i = 0; i < SCOPE_DEMO_N_PEOPLE; i++)
    {
      if (self->present[i])
        shop_let_out (self, i);
    }
}

/**
 * scope_demo_shop_get_channels:
 * @self: a shop
 *
 * Returns: (transfer none) (array zero-terminated=1): the channels it uses
 */
const char * const *
scope_demo_shop_get_channels (ScopeDemoShop *self)
{
  g_return_val_if_fail (SCOPE_IS_DEMO_SHOP (self), NULL);

  return shop_channels;
}
