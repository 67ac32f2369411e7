/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-schema-field"

#include "config.h"

#include "ui/scope-schema-field.h"

#include <glib/gi18n.h>

#include "ui/scope-format.h"

struct _ScopeSchemaField
{
  GObject parent_instance;

  ScopeShapeField *field;
  guint64 n_events;
};

G_DEFINE_FINAL_TYPE (ScopeSchemaField, scope_schema_field, G_TYPE_OBJECT)

static void
scope_schema_field_finalize (GObject *object)
{
  g_clear_pointer (&SCOPE_SCHEMA_FIELD (object)->field, scope_shape_field_free);

  G_OBJECT_CLASS (scope_schema_field_parent_class)->finalize (object);
}

static void
scope_schema_field_class_init (ScopeSchemaFieldClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_schema_field_finalize;
}

static void
scope_schema_field_init (ScopeSchemaField *self)
{
}

/**
 * scope_schema_field_new:
 * @field: (transfer full): what is known of it
 * @n_events: how many events of the name there were
 *
 * Returns: (transfer full): a line
 */
ScopeSchemaField *
scope_schema_field_new (ScopeShapeField *field,
                        guint64          n_events)
{
  ScopeSchemaField *self = g_object_new (SCOPE_TYPE_SCHEMA_FIELD, NULL);

  self->field = field;
  self->n_events = n_events;
  return self;
}

/**
 * scope_schema_field_get:
 *
 * Returns: (transfer none): what is known of it
 */
const ScopeShapeField *
scope_schema_field_get (ScopeSchemaField *self)
{
  g_return_val_if_fail (SCOPE_IS_SCHEMA_FIELD (self), NULL);

  return self->field;
}

/* Rounded, but never to all or nothing. */
static guint
schema_field_get_percent (ScopeSchemaField *self)
{
  double share = self->n_events > 0 ? 100.0 * self->field->n_events / self->n_events : 100;

  return (guint) CLAMP (share + 0.5, 1, self->field->n_events < self->n_events ? 99 : 100);
}

/**
 * scope_schema_field_dup_share:
 *
 * Returns: (transfer full): in how many of the events it is
 */
char *
scope_schema_field_dup_share (ScopeSchemaField *self)
{
  g_autofree char *count = NULL;

  g_return_val_if_fail (SCOPE_IS_SCHEMA_FIELD (self), NULL);

  count = scope_format_count (self->n_events);
  if (self->field->n_events >= self->n_events)
    return g_strdup_printf (ngettext ("in all of %s event", "in all of %s events",
                                      (gulong) self->n_events),
                            count);
  return g_strdup_printf (ngettext ("in %u %% of %s event", "in %u %% of %s events",
                                    (gulong) self->n_events),
                          schema_field_get_percent (self), count);
}

/**
 * scope_schema_field_dup_times:
 *
 * Returns: (transfer full): a sentence or two
 */
char *
scope_schema_field_dup_times (ScopeSchemaField *self)
{
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;

  g_return_val_if_fail (SCOPE_IS_SCHEMA_FIELD (self), NULL);

  first = scope_format_day_time (self->field->first_usec);
  last = scope_format_day_time (self->field->last_usec);
  return g_strdup_printf (_("%s\nFirst seen: %s\nLast seen: %s"), self->field->path, first, last);
}
