/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "json/scope-json.h"

G_BEGIN_DECLS

/* The bodies of `POST events` and `POST batch_events`, read and checked (protocol.md §9.1, §9.3).
 * Pure. */

#define SCOPE_SANDBOX_POST_CHANNELS 100
#define SCOPE_SANDBOX_POST_BATCH 10

typedef enum
{
  SCOPE_SANDBOX_INFO_NONE = 0,
  SCOPE_SANDBOX_INFO_USER_COUNT = 1 << 0,
  SCOPE_SANDBOX_INFO_SUBSCRIPTION_COUNT = 1 << 1,
  SCOPE_SANDBOX_INFO_CACHE = 1 << 2,
} ScopeSandboxInfo;

typedef struct
{
  char *name;
  GPtrArray *channels;
  const char *data_token; /* into the body */
  gsize data_length;
  char *socket_id;        /* nullable */
  ScopeSandboxInfo info;
} ScopeSandboxPost;

/* why a request is refused */
typedef struct
{
  guint status;
  char *text;
} ScopeSandboxRefusal;

void              scope_sandbox_post_free          (ScopeSandboxPost    *self);

/* NULL with *refusal filled in. may_have_many: `channels` is allowed beside `channel` */
ScopeSandboxPost *scope_sandbox_post_read          (const char          *text,
                                                    gsize                length,
                                                    gboolean             may_have_many,
                                                    ScopeSandboxRefusal *refusal);
/* an array of ScopeSandboxPost, or NULL */
GPtrArray        *scope_sandbox_post_read_batch    (const char          *text,
                                                    gsize                length,
                                                    ScopeSandboxRefusal *refusal);
/* comma-separated attributes; NULL is none */
gboolean          scope_sandbox_post_read_info     (const char          *text,
                                                    ScopeSandboxInfo    *info,
                                                    ScopeSandboxRefusal *refusal);
/* always FALSE, for `return` */
gboolean          scope_sandbox_refuse             (ScopeSandboxRefusal *refusal,
                                                    guint                status,
                                                    const char          *format,
                                                    ...) G_GNUC_PRINTF (3, 4);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeSandboxPost, scope_sandbox_post_free)

G_END_DECLS
