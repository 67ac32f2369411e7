/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A resolver that knows no name: what a test asks of the name service must not leave the machine. The system's would
 * also leave a thread behind that LeakSanitizer can fail on as it walks what the name service has loaded there. */

#pragma once

#include <gio/gio.h>

#define NAMELESS_TYPE_RESOLVER (nameless_resolver_get_type ())
G_DECLARE_FINAL_TYPE (NamelessResolver, nameless_resolver, NAMELESS, RESOLVER, GResolver)

struct _NamelessResolver
{
  GResolver parent;
};

G_DEFINE_FINAL_TYPE (NamelessResolver, nameless_resolver, G_TYPE_RESOLVER)

static void
nameless_resolver_lookup_async (GResolver                *resolver,
                                const char               *name,
                                GResolverNameLookupFlags  flags,
                                GCancellable             *cancellable,
                                GAsyncReadyCallback       callback,
                                gpointer                  user_data)
{
  g_task_report_new_error (resolver, callback, user_data, nameless_resolver_lookup_async, G_RESOLVER_ERROR,
                           G_RESOLVER_ERROR_NOT_FOUND, "There is no “%s” here", name);
}

static GList *
nameless_resolver_lookup_finish (GResolver    *resolver,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
nameless_resolver_lookup_any_async (GResolver           *resolver,
                                    const char          *name,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  nameless_resolver_lookup_async (resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback,
                                  user_data);
}

static void
nameless_resolver_class_init (NamelessResolverClass *klass)
{
  G_RESOLVER_CLASS (klass)->lookup_by_name_async = nameless_resolver_lookup_any_async;
  G_RESOLVER_CLASS (klass)->lookup_by_name_finish = nameless_resolver_lookup_finish;
  G_RESOLVER_CLASS (klass)->lookup_by_name_with_flags_async = nameless_resolver_lookup_async;
  G_RESOLVER_CLASS (klass)->lookup_by_name_with_flags_finish = nameless_resolver_lookup_finish;
}

static void
nameless_resolver_init (NamelessResolver *self)
{
}
