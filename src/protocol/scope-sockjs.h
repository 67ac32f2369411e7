/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The framing of the HTTP transports, protocol.md §7.2: one frame a line. Pure; the input is hostile. */

typedef enum
{
  SCOPE_SOCKJS_OPEN,           /* o, host nullable */
  SCOPE_SOCKJS_MESSAGES,       /* a, m */
  SCOPE_SOCKJS_HEARTBEAT,      /* h */
  SCOPE_SOCKJS_CLOSE,          /* c */
} ScopeSockjsType;

typedef struct
{
  ScopeSockjsType type;
  char *host;                  /* OPEN: later requests go there; nullable */
  GPtrArray *messages;         /* MESSAGES: of GBytes, each a protocol frame */
  guint code;                  /* CLOSE */
  char *reason;                /* CLOSE */
} ScopeSockjsFrame;

/* SCOPE_ERROR_PROTOCOL or SCOPE_ERROR_LIMIT: says what is wrong with the line */
ScopeSockjsFrame *scope_sockjs_frame_parse (const char        *line,
                                            gsize              length,
                                            GError           **error);
void              scope_sockjs_frame_free  (ScopeSockjsFrame  *self);
/* ["…"]: the body of xhr_send (transfer full) */
char             *scope_sockjs_build_send  (const char        *text,
                                            gsize              length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeSockjsFrame, scope_sockjs_frame_free)

G_END_DECLS
