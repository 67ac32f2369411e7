/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the demo shop is made of. Invented; any likeness is chance. */

typedef struct
{
  const char *sku;
  const char *name;
  guint cents;
} ScopeDemoProduct;

typedef struct
{
  const char *id;
  const char *name;
  const char *role;
} ScopeDemoPerson;

typedef struct
{
  const char *city;
  const char *country;
  const char *postal_code;
} ScopeDemoPlace;

typedef struct
{
  const char *title;
  const char *tag;
} ScopeDemoHeadline;

#define SCOPE_DEMO_N_PRODUCTS 12
#define SCOPE_DEMO_N_PEOPLE 12
#define SCOPE_DEMO_N_PLACES 10
#define SCOPE_DEMO_N_CUSTOMERS 12
#define SCOPE_DEMO_N_HEADLINES 8
#define SCOPE_DEMO_N_MESSAGES 12
#define SCOPE_DEMO_N_CARRIERS 3
#define SCOPE_DEMO_N_METHODS 4
#define SCOPE_DEMO_N_REASONS 4

extern const ScopeDemoProduct scope_demo_products[SCOPE_DEMO_N_PRODUCTS];
extern const ScopeDemoPerson scope_demo_people[SCOPE_DEMO_N_PEOPLE];
extern const ScopeDemoPlace scope_demo_places[SCOPE_DEMO_N_PLACES];
extern const ScopeDemoHeadline scope_demo_headlines[SCOPE_DEMO_N_HEADLINES];
extern const char * const scope_demo_customers[SCOPE_DEMO_N_CUSTOMERS];
extern const char * const scope_demo_messages[SCOPE_DEMO_N_MESSAGES];
extern const char * const scope_demo_carriers[SCOPE_DEMO_N_CARRIERS];
extern const char * const scope_demo_methods[SCOPE_DEMO_N_METHODS];
extern const char * const scope_demo_reasons[SCOPE_DEMO_N_REASONS];

G_END_DECLS
