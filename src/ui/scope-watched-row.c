/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-watched-row"

#include "config.h"

#include "ui/scope-watched-row.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

struct _ScopeWatchedRow
{
  AdwBin parent_instance;

  AdwAvatar *avatar;
  GtkLabel *name_label;
  GtkImage *status_icon;
  GtkLabel *status_label;
  GtkLabel *since_label;

  ScopeWatched *watched;
  ScopeLearntNames *names;
};

G_DEFINE_FINAL_TYPE (ScopeWatchedRow, scope_watched_row, ADW_TYPE_BIN)

/* Coarse on purpose: a list that counts seconds can't be read. */
static char *
scope_watched_row_dup_age (ScopeWatched *watched,
                           gint64        now_usec)
{
  gint64 since_usec = scope_watched_get_since_usec (watched);
  gint64 minutes = (now_usec - since_usec) / G_USEC_PER_SEC / 60;
  g_autofree char *age = NULL;

  if (since_usec == 0)
    return g_strdup ("");
  if (minutes < 1)
    return g_strdup (_("just now"));
  age = scope_text_format_duration (minutes * 60 * G_USEC_PER_SEC);
  return g_strdup_printf (_("for %s"), age);
}

static const char *
scope_watched_row_get_status (ScopeWatchedRow *self)
{
  if (scope_watched_get_since_usec (self->watched) == 0)
    /* Translators: of a person: online or offline, the server has not told it */
    return _("Not told yet");
  return scope_watched_get_online (self->watched) ? _("Online") : _("Offline");
}

/* what the person is called, or NULL: by the id alone */
static const char *
scope_watched_row_get_name (ScopeWatchedRow *self)
{
  return self->names != NULL
             ? scope_learnt_names_lookup (self->names, scope_watched_get_user_id (self->watched))
             : NULL;
}

static void
scope_watched_row_update (ScopeWatchedRow *self)
{
  gboolean online = scope_watched_get_online (self->watched);
  const char *learnt = scope_watched_row_get_name (self);
  g_autofree char *id = scope_text_for_display (scope_watched_get_user_id (self->watched), -1, 200);
  g_autofree char *name = scope_text_for_display (learnt != NULL ? learnt : id, -1, 200);
  g_autofree char *time = NULL;

  if (scope_watched_get_since_usec (self->watched) != 0)
    time = scope_format_day_time (scope_watched_get_since_usec (self->watched));
  adw_avatar_set_text (self->avatar, name);
  gtk_label_set_text (self->name_label, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name_label), id);
  gtk_image_set_from_icon_name (self->status_icon,
                                online ? "emblem-ok-symbolic" : "network-offline-symbolic");
  scope_ui_set_class (self->status_icon, "success", online);
  gtk_label_set_text (self->status_label, scope_watched_row_get_status (self));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->since_label), time);
}

static void
scope_watched_row_notify_cb (ScopeWatchedRow *self)
{
  scope_watched_row_update (self);
  scope_watched_row_refresh (self, g_get_real_time ());
}

static void
scope_watched_row_learnt_cb (ScopeWatchedRow *self,
                             const char      *user_id)
{
  if (self->watched == NULL)
    return;
  if (user_id == NULL || g_str_equal (user_id, scope_watched_get_user_id (self->watched)))
    scope_watched_row_notify_cb (self);
}

static void
scope_watched_row_dispose (GObject *object)
{
  ScopeWatchedRow *self = SCOPE_WATCHED_ROW (object);

  scope_watched_row_set_watched (self, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_WATCHED_ROW);

  G_OBJECT_CLASS (scope_watched_row_parent_class)->dispose (object);
}

static void
scope_watched_row_class_init (ScopeWatchedRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_watched_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-watched-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeWatchedRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, ScopeWatchedRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeWatchedRow, status_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeWatchedRow, status_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeWatchedRow, since_label);
}

static void
scope_watched_row_init (ScopeWatchedRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_watched_row_new:
 *
 * Returns: (transfer floating): a row without a person
 */
GtkWidget *
scope_watched_row_new (void)
{
  return g_object_new (SCOPE_TYPE_WATCHED_ROW, NULL);
}

static void
scope_watched_row_set_names (ScopeWatchedRow  *self,
                             ScopeLearntNames *names)
{
  if (self->names == names)
    return;
  if (self->names != NULL)
    g_signal_handlers_disconnect_by_func (self->names, scope_watched_row_learnt_cb, self);
  g_set_object (&self->names, names);
  if (names != NULL)
    g_signal_connect_object (names, "changed", G_CALLBACK (scope_watched_row_learnt_cb), self,
                             G_CONNECT_SWAPPED);
}

/**
 * scope_watched_row_set_watched:
 * @watched: (nullable): who is shown
 * @names: (nullable): what people are called
 */
void
scope_watched_row_set_watched (ScopeWatchedRow  *self,
                               ScopeWatched     *watched,
                               ScopeLearntNames *names)
{
  g_return_if_fail (SCOPE_IS_WATCHED_ROW (self));
  g_return_if_fail (watched == NULL || SCOPE_IS_WATCHED (watched));

  scope_watched_row_set_names (self, names);
  if (self->watched == watched)
    return;

  if (self->watched != NULL)
    g_signal_handlers_disconnect_by_func (self->watched, scope_watched_row_notify_cb, self);
  g_set_object (&self->watched, watched);
  if (watched == NULL)
    return;

  g_signal_connect_object (watched, "notify", G_CALLBACK (scope_watched_row_notify_cb), self,
                           G_CONNECT_SWAPPED);
  scope_watched_row_notify_cb (self);
}

/**
 * scope_watched_row_refresh:
 * @now_usec: wall clock
 *
 * Says how long it has been so, and tells the whole row to a screen reader.
 */
void
scope_watched_row_refresh (ScopeWatchedRow *self,
                           gint64           now_usec)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *age = NULL;
  g_autofree char *label = NULL;
  g_autofree char *id = NULL;

  g_return_if_fail (SCOPE_IS_WATCHED_ROW (self));

  if (self->watched == NULL)
    return;
  age = scope_watched_row_dup_age (self->watched, now_usec);
  if (scope_watched_row_get_name (self) != NULL)
    id = scope_text_for_display (scope_watched_get_user_id (self->watched), -1, 200);
  label = g_strdup_printf ("%s%s%s, %s%s%s", gtk_label_get_text (self->name_label),
                           id != NULL ? ", " : "", id != NULL ? id : "",
                           scope_watched_row_get_status (self), *age != '\0' ? ", " : "", age);
  gtk_label_set_text (self->since_label, age);
  if (item != NULL)
    scope_ui_set_label (item, label);
}
