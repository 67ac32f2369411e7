/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-demo-shop"

#include "config.h"

#include "sandbox/scope-demo-shop-stock.h"

const ScopeDemoProduct scope_demo_products[SCOPE_DEMO_N_PRODUCTS] = {
  { "LMP-014", "Desk lamp “Lumen”", 4990 },
  { "MUG-002", "Stoneware mug, blue", 1450 },
  { "CHR-120", "Oak chair “Fjord”", 18900 },
  { "BLK-033", "Wool blanket 140 × 200", 8950 },
  { "KNF-008", "Santoku knife 17 cm", 7400 },
  { "TEA-051", "First flush Darjeeling 100 g", 1290 },
  { "BAG-027", "Canvas messenger bag", 6490 },
  { "NTB-003", "Dotted notebook A5", 990 },
  { "PLT-019", "Monstera deliciosa 60 cm", 3450 },
  { "CLK-005", "Wall clock, 30 cm", 5200 },
  { "SOP-042", "Olive oil soap, 6 bars", 1780 },
  { "PAN-011", "Cast-iron pan 26 cm", 5990 },
};

const ScopeDemoPerson scope_demo_people[SCOPE_DEMO_N_PEOPLE] = {
  { "amara", "Amara Okafor", "support" },
  { "joerg", "Jörg Brandt", "support" },
  { "li-na", "李娜", "customer" },
  { "soren", "Søren Kjær", "warehouse" },
  { "zoe", "Zoë Ní Bhriain", "support lead" },
  { "mateus", "Mateus Gonçalves", "customer" },
  { "fatima", "Fatima El-Sayed", "customer" },
  { "vera", "Вера Соколова", "customer" },
  { "priya", "Priya Nair", "support" },
  { "tomas", "Tomáš Dvořák", "warehouse" },
  { "hana", "佐藤 花", "customer" },
  { "lwazi", "Lwazi Dlamini", "customer" },
};

const ScopeDemoPlace scope_demo_places[SCOPE_DEMO_N_PLACES] = {
  { "Leipzig", "DE", "04109" }, { "Malmö", "SE", "211 22" }, { "Kraków", "PL", "31-042" },
  { "Lisboa", "PT", "1100-148" }, { "Tromsø", "NO", "9008" }, { "Galway", "IE", "H91 E9YP" },
  { "Plzeň", "CZ", "301 00" }, { "Liège", "BE", "4000" }, { "A Coruña", "ES", "15001" },
  { "Θεσσαλονίκη", "GR", "546 24" },
};

const ScopeDemoHeadline scope_demo_headlines[SCOPE_DEMO_N_HEADLINES] = {
  { "Autumn sale: up to 30 % off lamps", "sale" },
  { "Free shipping this weekend", "shipping" },
  { "New in: cast iron from Solingen", "new" },
  { "The oak chair “Fjord” is back in stock", "stock" },
  { "We plant a tree for every tenth order", "about-us" },
  { "Longer returns: now 60 days", "service" },
  { "Tea tasting in our Kraków store on Saturday", "event" },
  { "Support now answers until 22:00", "service" },
};

const char * const scope_demo_customers[SCOPE_DEMO_N_CUSTOMERS] = {
  "Ingrid Aasen", "Chidi Eze", "Marta Wiśniewska", "João Ferreira", "Yuki Tanaka", "Aoife Byrne",
  "Ελένη Παπαδοπούλου", "Lukas Weber", "Noor Haddad", "Élodie Laurent", "Rohan Mehta",
  "Ximena Rojas",
};

const char * const scope_demo_messages[SCOPE_DEMO_N_MESSAGES] = {
  "Good morning! Who takes the open tickets?",
  "My parcel shows as delivered, but nothing is here 😕",
  "I am looking into it, one moment please.",
  "Could you send the invoice once more?",
  "Done, it is on its way to you.",
  "The blue mug arrived with a crack.",
  "Sorry about that! A new one leaves today.",
  "Can I still change the delivery address?",
  "Yes, as long as it has not been packed.",
  "Thanks, that was quick 🙌",
  "Station B2 is out of boxes, size M.",
  "Restocked, go ahead.",
};

const char * const scope_demo_carriers[SCOPE_DEMO_N_CARRIERS] = {
  "Nordpost", "ParcelJet", "Veloce",
};

const char * const scope_demo_methods[SCOPE_DEMO_N_METHODS] = {
  "card", "transfer", "invoice", "voucher",
};

const char * const scope_demo_reasons[SCOPE_DEMO_N_REASONS] = {
  "damaged in transit", "changed my mind", "wrong size", "arrived too late",
};
