/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-secret"

#include "config.h"

#include "base/scope-secret.h"

#include <string.h>

struct _ScopeSecret
{
  gatomicrefcount ref_count;
  gsize length;
  char text[];
};

G_DEFINE_BOXED_TYPE (ScopeSecret, scope_secret, scope_secret_ref, scope_secret_unref)

/**
 * scope_secret_new:
 * @text: (nullable): the secret, UTF-8
 *
 * Copies @text. The caller still holds its own copy and should wipe it.
 *
 * Returns: (transfer full) (nullable): a new secret, or `NULL` if @text is `NULL` or empty
 */
ScopeSecret *
scope_secret_new (const char *text)
{
  ScopeSecret *self;
  gsize length;

  if (text == NULL || *text == '\0')
    return NULL;

  length = strlen (text);
  self = g_malloc (sizeof *self + length + 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->length = length;
  memcpy (self->text, text, length + 1);

  return self;
}

/**
 * scope_secret_new_take:
 * @text: (transfer full) (nullable): the secret, UTF-8
 *
 * Like scope_secret_new(), but wipes and frees @text.
 *
 * Returns: (transfer full) (nullable): a new secret, or `NULL` if @text is `NULL` or empty
 */
ScopeSecret *
scope_secret_new_take (char *text)
{
  ScopeSecret *self = scope_secret_new (text);

  if (text != NULL)
    scope_secret_wipe (text, strlen (text));
  g_free (text);

  return self;
}

/**
 * scope_secret_ref:
 * @self: a secret
 *
 * May be called from any thread.
 *
 * Returns: (transfer full): @self
 */
ScopeSecret *
scope_secret_ref (ScopeSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * scope_secret_unref:
 * @self: (nullable) (transfer full): a secret
 *
 * Wipes the text when this was the last reference. May be called from any thread.
 */
void
scope_secret_unref (ScopeSecret *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;

  scope_secret_wipe (self->text, self->length);
  g_free (self);
}

/**
 * scope_secret_peek:
 * @self: (nullable): a secret
 *
 * The text, for the one call that needs it; don't copy it.
 *
 * Returns: (transfer none) (nullable): the text, or `NULL` for `NULL`
 */
const char *
scope_secret_peek (const ScopeSecret *self)
{
  return self != NULL ? self->text : NULL;
}

/**
 * scope_secret_wipe:
 * @memory: (nullable): what to overwrite
 * @length: its size in bytes
 *
 * Overwrites @memory with zeros in a way the compiler may not leave out.
 */
void
scope_secret_wipe (gpointer memory,
                   gsize    length)
{
  if (memory != NULL)
    explicit_bzero (memory, length);
}
