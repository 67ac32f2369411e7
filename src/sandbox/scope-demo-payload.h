/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Payloads of the demo shop, composed as text: prices keep their two decimals. Each call appends a member, or
 * without a key an item, to what is open; the caller closes it. */
void _scope_demo_payload_key     (GString    *text,
                                  const char *key);
void _scope_demo_payload_open    (GString    *text,
                                  const char *key,
                                  char        bracket);
void _scope_demo_payload_text    (GString    *text,
                                  const char *key,
                                  const char *value);
void _scope_demo_payload_number  (GString    *text,
                                  const char *key,
                                  guint       value);
void _scope_demo_payload_money   (GString    *text,
                                  const char *key,
                                  guint       cents);
/* the time it is */
void _scope_demo_payload_now     (GString    *text,
                                  const char *key);
/* its number and name */
void _scope_demo_payload_product (GString    *text,
                                  guint       product);

G_END_DECLS
