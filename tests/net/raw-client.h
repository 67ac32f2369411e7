/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <string.h>

#include "sandbox/scope-sandbox.h"

/* A client of the sandbox that says what no library would, in the same main context. */

typedef struct
{
  GSocket *socket;
  GString *heard;
  gboolean has_ended;
} Raw;

static Raw *
raw_new (ScopeSandbox *sandbox,
         gconstpointer bytes,
         gsize         size)
{
  g_autoptr (GSocketAddress) address
      = g_inet_socket_address_new_from_string ("127.0.0.1", scope_sandbox_get_port (sandbox));
  Raw *self = g_new0 (Raw, 1);

  self->heard = g_string_new (NULL);
  self->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_true (g_socket_connect (self->socket, address, NULL, NULL));
  g_socket_set_blocking (self->socket, FALSE);
  g_assert_cmpint (g_socket_send (self->socket, bytes, size, NULL, NULL), ==, size);
  return self;
}

static void
raw_free (Raw *self)
{
  g_object_unref (self->socket);
  g_string_free (self->heard, TRUE);
  g_free (self);
}

static void
raw_read (Raw *self)
{
  g_autoptr (GError) error = NULL;
  char buffer[4096];
  gssize n;

  while ((n = g_socket_receive (self->socket, buffer, sizeof buffer, NULL, &error)) > 0)
    for (gssize i = 0; i < n; i++)
      g_string_append_c (self->heard, buffer[i] != '\0' ? buffer[i] : '0'); /* it stays a text */
  self->has_ended = self->has_ended || n == 0 || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

static gboolean
raw_has_ended (Raw *self)
{
  raw_read (self);
  return self->has_ended;
}
