/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-found-row"

#include "config.h"

#include "ui/scope-found-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

#define INDENT 18
/* what came earlier fades in no more when it is scrolled to */
#define FADE_USEC (3 * (gint64) G_USEC_PER_SEC)

struct _ScopeFoundRow
{
  AdwBin parent_instance;

  GtkWidget *box;
  GtkImage *icon;
  GtkLabel *name;
  GtkWidget *new_label;
  GtkLabel *state;
  GtkWidget *count_box;
  GtkLabel *count;
  GtkImage *count_icon;
  GtkWidget *subscribed_icon;

  GObject *item;
  guint told;
};

G_DEFINE_FINAL_TYPE (ScopeFoundRow, scope_found_row, ADW_TYPE_BIN)

/* Lists of GTK 4.8 have no name for a row: the row widget, our parent, is given one. */
static void
scope_found_row_set_name (ScopeFoundRow *self,
                          const char    *name)
{
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));

  if (row != NULL)
    scope_ui_set_label (row, name);
}

/* What the groups around it don't tell; all of it if nothing is left. */
static const char *
scope_found_row_get_rest (ScopeFoundRow *self,
                          const char    *name)
{
  return self->told < strlen (name) ? name + self->told : name;
}

/* "since 14:05", with the day if it was another one. */
static char *
format_since (gint64 wall_usec)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (wall_usec / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *text = NULL;

  if (then == NULL)
    return g_strdup (_("empty"));
  if (g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (now) &&
      g_date_time_get_year (then) == g_date_time_get_year (now))
    text = g_date_time_format (then, "%H:%M");
  else
    text = g_date_time_format (then, "%x %H:%M");
  /* Translators: of a channel that nobody is subscribed to any more: since a time of day */
  return g_strdup_printf (_("empty since %s"), text);
}

/* ---- a group ---- */

static void
scope_found_row_update_group (ScopeFoundRow   *self,
                              ScopeFoundGroup *group)
{
  guint n = scope_found_group_get_n_channels (group);
  guint n_occupied = scope_found_group_get_n_occupied (group);
  gboolean expanded = scope_found_group_get_expanded (group);
  const char *prefix = scope_found_group_get_prefix (group);
  g_autofree char *all = g_strdup_printf ("%s*", prefix);
  g_autofree char *shown = g_strdup_printf ("%s*", scope_found_row_get_rest (self, prefix));
  g_autofree char *count = scope_format_count (n);
  g_autofree char *state =
    n_occupied == n ? g_strdup_printf (ngettext ("%s channel", "%s channels", n), count)
                    /* Translators: how many of a group's channels are occupied: "3 of 12 occupied" */
                    : g_strdup_printf (_("%u of %u occupied"), n_occupied, n);
  g_autofree char *name = g_strdup_printf ("%s, %s, %s", all, state, expanded ? _("unfolded") : _("folded"));

  gtk_image_set_from_icon_name (self->icon, expanded ? "pan-down-symbolic" : "pan-end-symbolic");
  gtk_label_set_text (self->name, shown);
  scope_ui_set_tooltip (self->name, all);
  gtk_label_set_text (self->state, state);
  scope_ui_set_tooltip (self->state, state);
  gtk_widget_set_visible (self->new_label, FALSE);
  gtk_widget_set_visible (self->count_box, FALSE);
  gtk_widget_set_visible (self->subscribed_icon, FALSE);
  scope_ui_set_class (self, "dim-label", n_occupied == 0);
  scope_ui_set_class (self->state, "dim-label", n_occupied > 0);
  scope_ui_set_class (self->name, "heading", TRUE);
  scope_found_row_set_name (self, name);
}

/* ---- a channel ---- */

static char *
dup_count_text (ScopeFoundChannel *channel)
{
  gint64 n_users = scope_found_channel_get_user_count (channel);
  gint64 n_subscriptions = scope_found_channel_get_subscription_count (channel);

  if (n_users >= 0)
    return g_strdup_printf (ngettext ("%d user", "%d users", (gulong) n_users), (int) n_users);
  if (n_subscriptions >= 0)
    return g_strdup_printf (ngettext ("%d subscription", "%d subscriptions", (gulong) n_subscriptions),
                            (int) n_subscriptions);
  return NULL;
}

static void
scope_found_row_update_count (ScopeFoundRow     *self,
                              ScopeFoundChannel *channel,
                              const char        *text)
{
  gint64 n_users = scope_found_channel_get_user_count (channel);
  gint64 n = n_users >= 0 ? n_users : scope_found_channel_get_subscription_count (channel);
  g_autofree char *count = scope_format_count (MAX (n, 0));

  gtk_widget_set_visible (self->count_box, n >= 0);
  gtk_label_set_text (self->count, count);
  gtk_image_set_from_icon_name (self->count_icon,
                                n_users >= 0 ? "system-users-symbolic" : "insert-link-symbolic");
  scope_ui_set_tooltip (self->count_box, text);
}

static char *
dup_channel_name (ScopeFoundChannel *channel,
                  const char        *state,
                  const char        *count)
{
  GString *name = g_string_new (scope_found_channel_get_name (channel));

  g_string_append_printf (name, ", %s, %s", scope_channel_kind_to_text (scope_found_channel_get_kind (channel)),
                          state);
  if (count != NULL)
    g_string_append_printf (name, ", %s", count);
  if (scope_found_channel_get_new (channel))
    g_string_append_printf (name, ", %s", C_("discovered channel", "New"));
  if (scope_found_channel_get_subscribed (channel))
    g_string_append_printf (name, ", %s", _("Subscribed"));
  return g_string_free (name, FALSE);
}

static void
scope_found_row_update_channel (ScopeFoundRow     *self,
                                ScopeFoundChannel *channel)
{
  const char *name = scope_found_channel_get_name (channel);
  gboolean occupied = scope_found_channel_get_occupied (channel);
  g_autofree char *since = occupied ? NULL : format_since (scope_found_channel_get_empty_usec (channel));
  g_autofree char *count = dup_count_text (channel);
  g_autofree char *spoken = dup_channel_name (channel, since != NULL ? since : _("occupied"), count);

  gtk_image_set_from_icon_name (self->icon, scope_format_channel_icon (scope_found_channel_get_kind (channel)));
  gtk_label_set_text (self->name, scope_found_row_get_rest (self, name));
  scope_ui_set_tooltip (self->name, name);
  gtk_label_set_text (self->state, since != NULL ? since : "");
  scope_ui_set_tooltip (self->state, since);
  gtk_widget_set_visible (self->new_label, scope_found_channel_get_new (channel));
  scope_found_row_update_count (self, channel, count);
  gtk_widget_set_visible (self->subscribed_icon, scope_found_channel_get_subscribed (channel));
  scope_ui_set_class (self, "dim-label", !occupied);
  /* dimmed once */
  scope_ui_set_class (self->state, "dim-label", occupied);
  scope_ui_set_class (self->name, "heading", FALSE);
  scope_found_row_set_name (self, spoken);
}

static void
scope_found_row_update (ScopeFoundRow *self)
{
  if (SCOPE_IS_FOUND_GROUP (self->item))
    scope_found_row_update_group (self, SCOPE_FOUND_GROUP (self->item));
  else if (self->item != NULL)
    scope_found_row_update_channel (self, SCOPE_FOUND_CHANNEL (self->item));
}

/* ---- class ---- */

static void
scope_found_row_set_item (ScopeFoundRow *self,
                          GObject       *item)
{
  if (self->item == item)
    return;
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, scope_found_row_update, self);
  g_set_object (&self->item, item);
  if (item != NULL)
    g_signal_connect_object (item, "changed", G_CALLBACK (scope_found_row_update), self, G_CONNECT_SWAPPED);
}

static void
scope_found_row_dispose (GObject *object)
{
  scope_found_row_set_item (SCOPE_FOUND_ROW (object), NULL);
  scope_ui_dispose_bin (ADW_BIN (object), SCOPE_TYPE_FOUND_ROW);

  G_OBJECT_CLASS (scope_found_row_parent_class)->dispose (object);
}

static void
scope_found_row_class_init (ScopeFoundRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_found_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-found-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeFoundRow, box);
  gtk_widget_class_bind_template_child (widget_class, ScopeFoundRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeFoundRow, name);
  gtk_widget_class_bind_template_child (widget_class, ScopeFoundRow, new_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeFoundRow, state);
  gtk_widget_class_bind_template_child (widget_class, ScopeFoundRow, count_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeFoundRow, count);
  gtk_widget_class_bind_template_child (widget_class, ScopeFoundRow, count_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeFoundRow, subscribed_icon);
}

static void
scope_found_row_init (ScopeFoundRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_found_row_new:
 *
 * Returns: (transfer floating): a row of nothing
 */
GtkWidget *
scope_found_row_new (void)
{
  return g_object_new (SCOPE_TYPE_FOUND_ROW, NULL);
}

/**
 * scope_found_row_show:
 * @item: (nullable): what to show
 * @depth: in how many groups it is
 * @told: what of its name they tell, in bytes
 */
void
scope_found_row_show (ScopeFoundRow *self,
                      gpointer       item,
                      guint          depth,
                      guint          told)
{
  gboolean appears = SCOPE_IS_FOUND_CHANNEL (item) && scope_found_channel_get_new (item) &&
                     g_get_real_time () - scope_found_channel_get_appeared_usec (item) < FADE_USEC;

  g_return_if_fail (SCOPE_IS_FOUND_ROW (self));

  scope_found_row_set_item (self, item);
  self->told = told;
  gtk_widget_set_margin_start (self->box, (int) (depth * INDENT));
  /* the fading in is the style's: it knows whether animations are wanted */
  scope_ui_set_class (self, "scope-appears", appears);
  scope_found_row_update (self);
}
