/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-demo-shop"

#include "config.h"

#include "sandbox/scope-demo-payload.h"

#include "base/scope-text.h"
#include "json/scope-json.h"
#include "sandbox/scope-demo-shop-stock.h"

void
_scope_demo_payload_key (GString    *text,
                         const char *key)
{
  char last = text->str[text->len - 1];

  if (last != '{' && last != '[')
    g_string_append_c (text, ',');
  if (key != NULL)
    g_string_append_printf (text, "\"%s\":", key);
}

void
_scope_demo_payload_open (GString    *text,
                          const char *key,
                          char        bracket)
{
  _scope_demo_payload_key (text, key);
  g_string_append_c (text, bracket);
}

void
_scope_demo_payload_text (GString    *text,
                          const char *key,
                          const char *value)
{
  _scope_demo_payload_key (text, key);
  scope_json_append_string (text, value, -1);
}

void
_scope_demo_payload_number (GString    *text,
                            const char *key,
                            guint       value)
{
  _scope_demo_payload_key (text, key);
  g_string_append_printf (text, "%u", value);
}

void
_scope_demo_payload_money (GString    *text,
                           const char *key,
                           guint       cents)
{
  _scope_demo_payload_key (text, key);
  g_string_append_printf (text, "%u.%02u", cents / 100, cents % 100);
}

void
_scope_demo_payload_now (GString    *text,
                         const char *key)
{
  g_autofree char *now = scope_text_format_rfc3339 (g_get_real_time ());

  _scope_demo_payload_text (text, key, now);
}

void
_scope_demo_payload_product (GString *text,
                             guint    product)
{
  _scope_demo_payload_text (text, "sku", scope_demo_products[product].sku);
  _scope_demo_payload_text (text, "name", scope_demo_products[product].name);
}
