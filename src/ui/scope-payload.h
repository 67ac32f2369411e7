/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"

G_BEGIN_DECLS

/* No longer line goes into a highlighting text view, no longer piece into a plain one: laying out
 * one line of 100 kB blocks the loop for two seconds. */
#define SCOPE_PAYLOAD_LINE_BYTES 2000
#define SCOPE_PAYLOAD_PIECE_BYTES 16384
#define SCOPE_PAYLOAD_PRETTY_BYTES (512 * 1024)

/**
 * ScopePayload:
 *
 * What an entry carries, made ready to be read. Nothing here reaches the clipboard: that gets the
 * bytes.
 */
typedef struct
{
  char *text;       /* valid UTF-8 */
  char *note;       /* nullable: how it differs from the bytes; translated */
  gboolean is_json;
} ScopePayload;

ScopePayload *scope_payload_new           (const ScopeEntry *entry);
void          scope_payload_free          (ScopePayload     *self);
/* what "Copy Payload" copies: indented JSON, or the text as it came (transfer full, nullable) */
GBytes       *scope_payload_dup_copy      (const ScopeEntry *entry);

/* A long text in pieces: how many, and where one begins (never inside a character). */
guint         scope_payload_count_pieces  (gsize             length);
gsize         scope_payload_find_piece    (const char       *bytes,
                                           gsize             length,
                                           guint             piece);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopePayload, scope_payload_free)

G_END_DECLS
