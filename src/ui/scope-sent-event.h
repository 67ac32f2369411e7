/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_SENT_EVENT (scope_sent_event_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSentEvent, scope_sent_event, SCOPE, SENT_EVENT, GObject)

/**
 * ScopeSentEvent:
 *
 * A client event that was sent, or that was refused here: immutable.
 */
ScopeSentEvent *scope_sent_event_new           (gint64          time_usec,
                                                const char     *channel,
                                                const char     *event,
                                                const char     *data,
                                                const char     *refusal);
gint64          scope_sent_event_get_time_usec (ScopeSentEvent *self);
const char     *scope_sent_event_get_channel   (ScopeSentEvent *self);
const char     *scope_sent_event_get_event     (ScopeSentEvent *self);
const char     *scope_sent_event_get_data      (ScopeSentEvent *self);    /* "" if none */
const char     *scope_sent_event_get_refusal   (ScopeSentEvent *self);    /* NULL: sent */

G_END_DECLS
