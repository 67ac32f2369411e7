/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

#include <string.h>

#include "base/scope-redact.h"

/* What is told, and what is sent: both are reports. */

/* Servers and endpoints repeat what they were sent. The app key and the secret stand in the keyring only, so
 * words that quote them are told, and thus recorded, without; frames are kept as they came. */
static char *
scope_connection_hide_secrets (ScopeConnection *self,
                               const char *text)
{
  const char *secrets[3] = { NULL };
  guint n = 0;

  if (self->options->key != NULL)
    secrets[n++] = self->options->key;
  if (self->options->secret != NULL)
    secrets[n++] = scope_secret_peek (self->options->secret);
  return scope_redact_text (text, secrets);
}

void
_scope_connection_report (ScopeConnection *self,
                          ScopeReport *report)
{
  g_autofree char *text = NULL;
  g_autofree char *error_text = NULL;

  /* events have neither: they come by the ten thousand */
  if (report->text != NULL)
    report->text = text = scope_connection_hide_secrets (self, report->text);
  if (report->error_text != NULL)
    report->error_text = error_text = scope_connection_hide_secrets (self, report->error_text);

  /* only the first report of a received frame carries it */
  if (!report->outgoing && self->message != NULL)
    report->message = g_steal_pointer (&self->message);

  if (self->listener != NULL)
    self->listener (self, report, self->listener_data);
}

void
_scope_connection_report_error (ScopeConnection *self,
                                ScopeErrorSource source,
                                const char *channel,
                                const char *text)
{
  ScopeReport report = { .type = SCOPE_REPORT_ERROR, .source = source, .channel = channel, .text = text,
                         .reaction = SCOPE_REACTION_NONE };

  _scope_connection_report (self, &report);
}

void
_scope_connection_send_frame (ScopeConnection *self,
                              const char *frame,
                              const char *shown,
                              const ScopeReport *details)
{
  ScopeReport report = details != NULL ? *details : (ScopeReport) { .type = SCOPE_REPORT_FRAME };
  g_autoptr (GBytes) bytes = g_bytes_new (shown, strlen (shown));
  g_autoptr (ScopeMessage) message = scope_message_new (bytes, NULL);

  if (self->transport == NULL)
    return;

  scope_transport_send (self->transport, frame, strlen (frame));
  report.outgoing = TRUE;
  report.message = message;
  _scope_connection_report (self, &report);
}
