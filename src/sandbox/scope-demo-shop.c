/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-demo-shop"

#include "config.h"

#include "sandbox/scope-demo-shop.h"

#include "sandbox/scope-demo-payload.h"
#include "sandbox/scope-demo-shop-private.h"
#include "sandbox/scope-demo-shop-stock.h"

#define NEWS "shop-news"
#define PRICES "cache-prices"

static const char * const shop_channels[] = { NEWS, SCOPE_DEMO_ORDERS, SCOPE_DEMO_STOCK, SCOPE_DEMO_SUPPORT, PRICES,
                                              NULL };

G_DEFINE_FINAL_TYPE (ScopeDemoShop, scope_demo_shop, G_TYPE_OBJECT)

guint
_scope_demo_shop_pick (ScopeDemoShop *self,
                       guint          n)
{
  return (guint) g_rand_int_range (self->rand, 0, (gint32) n);
}

void
_scope_demo_shop_publish (ScopeDemoShop *self,
                          const char    *channel,
                          const char    *event,
                          GString       *payload)
{
  g_string_append_c (payload, '}');
  scope_sandbox_publish (self->sandbox, channel, event, payload->str, (gssize) payload->len);
  g_string_free (payload, TRUE);
}

/* News and prices */

static void
shop_update_price (ScopeDemoShop *self)
{
  guint product = _scope_demo_shop_pick (self, SCOPE_DEMO_N_PRODUCTS);
  guint list = scope_demo_products[product].cents;
  guint cents = list * (80 + _scope_demo_shop_pick (self, 5) * 5) / 100;
  GString *text = g_string_new ("{");

  _scope_demo_payload_product (text, product);
  _scope_demo_payload_open (text, "price", '{');
  _scope_demo_payload_money (text, "old", self->cents[product]);
  _scope_demo_payload_money (text, "new", cents);
  g_string_append_c (text, '}');
  _scope_demo_payload_text (text, "currency", "EUR");
  _scope_demo_payload_now (text, "valid_from");
  self->cents[product] = cents;
  _scope_demo_shop_publish (self, PRICES, "price.updated", text);
}

static void
shop_publish_headline (ScopeDemoShop *self)
{
  guint number = self->next_headline++;
  const ScopeDemoHeadline *headline = &scope_demo_headlines[number % SCOPE_DEMO_N_HEADLINES];
  GString *text = g_string_new ("{");

  _scope_demo_payload_number (text, "id", number);
  _scope_demo_payload_text (text, "title", headline->title);
  _scope_demo_payload_open (text, "tags", '[');
  _scope_demo_payload_text (text, NULL, headline->tag);
  g_string_append_c (text, ']');
  _scope_demo_payload_now (text, "published_at");
  _scope_demo_shop_publish (self, NEWS, "news.published", text);
}

/* Most of the time two to four things happen in a second; now and then many at once. */
guint
_scope_demo_shop_step (ScopeDemoShop *self)
{
  guint chance = _scope_demo_shop_pick (self, 100);

  if (chance < 58)
    _scope_demo_shop_work_on_orders (self);
  else if (chance < 84)
    _scope_demo_shop_support (self);
  else if (chance < 91)
    _scope_demo_shop_come_or_go (self);
  else if (chance < 97)
    shop_update_price (self);
  else
    shop_publish_headline (self);

  if (self->burst > 0)
    {
      self->burst--;
      return 30 + _scope_demo_shop_pick (self, 60);
    }
  if (_scope_demo_shop_pick (self, 50) == 0)
    self->burst = 6 + _scope_demo_shop_pick (self, 9);

  return 200 + _scope_demo_shop_pick (self, 500);
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
  self->next_order = 10400 + _scope_demo_shop_pick (self, 500);
  self->next_message = 1;
  self->next_headline = 1 + _scope_demo_shop_pick (self, SCOPE_DEMO_N_HEADLINES);
  for (guint i = 0; i < SCOPE_DEMO_N_PRODUCTS; i++)
    {
      self->stock[i] = 20 + _scope_demo_shop_pick (self, 80);
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
  _scope_demo_shop_let_people_in (self);
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
  _scope_demo_shop_leave_orders (self);
  _scope_demo_shop_let_people_out (self);
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
