/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-demo"

#include "config.h"

#include "ui/scope-demo.h"

#include <glib/gi18n.h>

#include "sandbox/scope-demo-shop.h"
#include "sandbox/scope-sandbox.h"

/* Going away: a peer need not reconnect (RFC 6455 §7.4.1). */
#define CLOSE_GOING_AWAY 1001

struct _ScopeDemo
{
  GObject parent_instance;

  ScopeSandbox *sandbox;
  ScopeDemoShop *shop;
  ScopeProfile *profile;
  ScopeCredentials *credentials;
};

G_DEFINE_FINAL_TYPE (ScopeDemo, scope_demo, G_TYPE_OBJECT)

static void
scope_demo_dispose (GObject *object)
{
  ScopeDemo *self = SCOPE_DEMO (object);

  if (self->shop != NULL)
    scope_demo_shop_stop (self->shop);
  g_clear_object (&self->shop);
  if (self->sandbox != NULL)
    scope_sandbox_stop (self->sandbox, CLOSE_GOING_AWAY);
  g_clear_object (&self->sandbox);
  g_clear_object (&self->profile);
  g_clear_pointer (&self->credentials, scope_credentials_unref);

  G_OBJECT_CLASS (scope_demo_parent_class)->dispose (object);
}

static void
scope_demo_class_init (ScopeDemoClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_demo_dispose;
}

static void
scope_demo_init (ScopeDemo *self)
{
}

static void
scope_demo_make_profile (ScopeDemo *self)
{
  self->profile = scope_profile_new (_("Demo Shop"));
  g_object_set (self->profile,
                "host", "127.0.0.1",
                "port", scope_sandbox_get_port (self->sandbox),
                "use-tls", FALSE,
                "app-id", SCOPE_SANDBOX_APP_ID,
                NULL);
  scope_profile_set_subscriptions (self->profile, scope_demo_shop_get_channels (self->shop));

  self->credentials = scope_credentials_new ();
  self->credentials->session_only = TRUE;
  scope_credentials_set (self->credentials, SCOPE_CREDENTIAL_KEY, SCOPE_SANDBOX_KEY);
  scope_credentials_set (self->credentials, SCOPE_CREDENTIAL_SECRET, SCOPE_SANDBOX_SECRET);
}

/**
 * scope_demo_new:
 * @error: why 127.0.0.1 could not be listened on
 *
 * Returns: (transfer full): a running shop
 */
ScopeDemo *
scope_demo_new (GError **error)
{
  g_autoptr (ScopeDemo) self = g_object_new (SCOPE_TYPE_DEMO, NULL);

  self->sandbox = scope_sandbox_new ();
  if (!scope_sandbox_start (self->sandbox, 0, error))
    return NULL;

  self->shop = scope_demo_shop_new (self->sandbox, g_random_int ());
  scope_demo_shop_start (self->shop);
  scope_demo_make_profile (self);
  return g_steal_pointer (&self);
}

/**
 * scope_demo_get_profile:
 *
 * Returns: (transfer none): a profile that is not in the store
 */
ScopeProfile *
scope_demo_get_profile (ScopeDemo *self)
{
  g_return_val_if_fail (SCOPE_IS_DEMO (self), NULL);

  return self->profile;
}

/**
 * scope_demo_get_credentials:
 *
 * Returns: (transfer none): the sandbox's documented key and secret
 */
ScopeCredentials *
scope_demo_get_credentials (ScopeDemo *self)
{
  g_return_val_if_fail (SCOPE_IS_DEMO (self), NULL);

  return self->credentials;
}
