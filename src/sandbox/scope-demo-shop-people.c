/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-demo-shop"

#include "config.h"

#include "sandbox/scope-demo-shop-private.h"

#include "sandbox/scope-demo-payload.h"
#include "sandbox/scope-sandbox-private.h"

/* Who is there: in the support room, at the desks, and at the pages of products. */

#define PEOPLE_FIRST 4
#define PEOPLE_LEAST 3
#define PEOPLE_MOST 9

/* What customers and staff have open besides: occupied, and quiet. */
#define PRODUCT_PREFIX "product-"
#define PRODUCTS_OPEN 4
#define DESK_PREFIX "presence-desk-"
#define DESKS 3
#define DESK_PEOPLE 2

static void
shop_let_in (ScopeDemoShop *self,
             guint          person)
{
  GString *info = g_string_new ("{");

  _scope_demo_payload_text (info, "name", scope_demo_people[person].name);
  _scope_demo_payload_text (info, "role", scope_demo_people[person].role);
  g_string_append_c (info, '}');
  self->present[person] = TRUE;
  scope_sandbox_join (self->sandbox, SCOPE_DEMO_SUPPORT, scope_demo_people[person].id, info->str);
  g_string_free (info, TRUE);
}

static void
shop_let_out (ScopeDemoShop *self,
              guint          person)
{
  self->present[person] = FALSE;
  if (self->typing == (int) person)
    self->typing = -1;
  scope_sandbox_leave (self->sandbox, SCOPE_DEMO_SUPPORT, scope_demo_people[person].id);
}

/* someone who is there, or who is not */
static guint
shop_pick_person (ScopeDemoShop *self,
                  gboolean       present)
{
  guint person = _scope_demo_shop_pick (self, SCOPE_DEMO_N_PEOPLE);

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

  _scope_demo_payload_text (info, "name", person->name);
  _scope_demo_payload_text (info, "role", person->role);
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

void
_scope_demo_shop_come_or_go (ScopeDemoShop *self)
{
  guint n = _scope_demo_shop_count_people (self);

  shop_take_turns (self);

  if (n <= PEOPLE_LEAST || (n < PEOPLE_MOST && _scope_demo_shop_pick (self, 2) == 0))
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
    .channel = SCOPE_DEMO_SUPPORT,
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

  _scope_demo_payload_number (text, "id", self->next_message++);
  _scope_demo_payload_open (text, "user", '{');
  _scope_demo_payload_text (text, "id", person->id);
  _scope_demo_payload_text (text, "name", person->name);
  g_string_append_c (text, '}');
  _scope_demo_payload_text (text, "text", scope_demo_messages[_scope_demo_shop_pick (self, SCOPE_DEMO_N_MESSAGES)]);
  _scope_demo_payload_now (text, "posted_at");
  self->typing = -1;
  _scope_demo_shop_publish (self, SCOPE_DEMO_SUPPORT, "message.posted", text);
}

void
_scope_demo_shop_support (ScopeDemoShop *self)
{
  if (self->typing < 0)
    shop_type (self);
  else
    shop_post_message (self);
}

void
_scope_demo_shop_let_people_in (ScopeDemoShop *self)
{
  for (guint i = 0; i < PEOPLE_FIRST; i++)
    shop_let_in (self, shop_pick_person (self, FALSE));
  shop_open_doors (self, TRUE);
}

void
_scope_demo_shop_let_people_out (ScopeDemoShop *self)
{
  shop_open_doors (self, FALSE);
  for (guint i = 0; i < SCOPE_DEMO_N_PEOPLE; i++)
    {
      if (self->present[i])
        shop_let_out (self, i);
    }
}

guint
_scope_demo_shop_count_people (ScopeDemoShop *self)
{
  guint n = 0;

  for (guint i = 0; i < SCOPE_DEMO_N_PEOPLE; i++)
    n += self->present[i] ? 1 : 0;

  return n;
}
