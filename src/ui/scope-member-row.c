/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-member-row"

#include "config.h"

#include "ui/scope-member-row.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "json/scope-json.h"
#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

/* What a popover shows of one person; all of it stands in the log. */
#define MAX_INFO_BYTES (16 * 1024)

struct _ScopeMemberRow
{
  AdwBin parent_instance;

  AdwAvatar *avatar;
  GtkLabel *name_label;
  GtkLabel *id_label;
  GtkWidget *me_label;
  GtkLabel *since_label;
  GtkMenuButton *details_button;
  GtkLabel *details_id_label;
  GtkLabel *details_since_label;
  GtkLabel *details_info_label;

  ScopeMember *member;
};

G_DEFINE_FINAL_TYPE (ScopeMemberRow, scope_member_row, ADW_TYPE_BIN)

/* Coarse on purpose: a list that counts seconds can't be read. */
static char *
scope_member_row_dup_age (ScopeMember *member,
                          gint64       now_usec)
{
  gint64 minutes = (now_usec - scope_member_get_since_usec (member)) / G_USEC_PER_SEC / 60;
  gboolean known = scope_member_get_since_known (member);
  g_autofree char *age = NULL;

  if (minutes < 1)
    return g_strdup (known ? _("just came") : _("was there already"));

  age = scope_text_format_duration (minutes * 60 * G_USEC_PER_SEC);
  return g_strdup_printf (known ? _("for %s") : _("for at least %s"), age);
}

static char *
scope_member_row_dup_since (ScopeMember *member)
{
  g_autofree char *time = scope_format_day_time (scope_member_get_since_usec (member));

  if (scope_member_get_since_known (member))
    return g_strdup_printf (_("Since %s"), time);
  return g_strdup_printf (_("At least since %s: was there already when watching began"), time);
}

/* Decoded bytes are shown as they came, only indented; text that is no JSON is shown as text. */
static char *
scope_member_row_dup_info (ScopeMember *member)
{
  const char *info = scope_member_get_user_info (member);
  gsize length = info != NULL ? strlen (info) : 0;
  g_autoptr (GString) pretty = g_string_new (NULL);

  if (length == 0 && scope_member_get_name_is_learnt (member))
    return g_strdup (_("No user_info was given. The name is known from where this id came with one."));
  if (length == 0)
    return g_strdup (_("No user_info was given."));
  if (!scope_json_check (info, length, NULL, NULL))
    return scope_text_bounded (info, length, MAX_INFO_BYTES);

  if (!scope_json_append_pretty (pretty, info, length, MAX_INFO_BYTES))
    g_string_append_printf (pretty, "\n… %s", _("The rest is not shown here."));
  return scope_text_bounded (pretty->str, pretty->len, 2 * MAX_INFO_BYTES);
}

static void
scope_member_row_fill_details_cb (ScopeMemberRow *self)
{
  g_autofree char *since = NULL;
  g_autofree char *info = NULL;

  if (self->member == NULL)
    return;

  since = scope_member_row_dup_since (self->member);
  info = scope_member_row_dup_info (self->member);
  gtk_label_set_text (self->details_id_label, scope_member_get_user_id (self->member));
  gtk_label_set_text (self->details_since_label, since);
  gtk_label_set_text (self->details_info_label, info);
}

static void
scope_member_row_copy_id_cb (ScopeMemberRow *self)
{
  if (self->member != NULL)
    scope_ui_copy (GTK_WIDGET (self), scope_member_get_user_id (self->member));
}

static void
scope_member_row_copy_info_cb (ScopeMemberRow *self)
{
  const char *info = self->member != NULL ? scope_member_get_user_info (self->member) : NULL;

  if (info != NULL)
    scope_ui_copy (GTK_WIDGET (self), info);
}

/* What a screen reader says: "Ada, 42, for 12 min". */
static char *
scope_member_row_dup_label (ScopeMemberRow *self)
{
  g_autoptr (GString) label = NULL;

  label = g_string_new (gtk_label_get_text (self->name_label));
  if (gtk_widget_get_visible (GTK_WIDGET (self->id_label)))
    g_string_append_printf (label, ", %s", gtk_label_get_text (self->id_label));
  if (gtk_widget_get_visible (self->me_label))
    g_string_append_printf (label, ", %s", gtk_label_get_text (GTK_LABEL (self->me_label)));
  g_string_append_printf (label, ", %s", gtk_label_get_text (self->since_label));
  return g_string_free (g_steal_pointer (&label), FALSE);
}

/* The row's name begins with the person's; the details button says whose details. */
static void
scope_member_row_update_label (ScopeMemberRow *self)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *label = scope_member_row_dup_label (self);

  /* The list item itself is what a screen reader stands on; a list item factory can't name it
   * on GTK 4.8. */
  if (item != NULL)
    scope_ui_set_label (item, label);
}

static void
scope_member_row_update (ScopeMemberRow *self)
{
  const char *name = scope_member_get_name (self->member);
  const char *id = scope_member_get_user_id (self->member);
  g_autofree char *shown_name = scope_text_for_display (name, -1, 200);
  g_autofree char *shown_id = scope_text_for_display (id, -1, 200);
  g_autofree char *details = g_strdup_printf (_("Details of %s"), shown_name);

  adw_avatar_set_text (self->avatar, name);
  gtk_label_set_text (self->name_label, shown_name);
  gtk_label_set_text (self->id_label, shown_id);
  gtk_widget_set_visible (GTK_WIDGET (self->id_label), g_strcmp0 (name, id) != 0);
  gtk_widget_set_visible (self->me_label, scope_member_get_me (self->member));
  scope_ui_set_label (self->details_button, details);
}

static void
scope_member_row_notify_cb (ScopeMemberRow *self)
{
  scope_member_row_update (self);
  scope_member_row_refresh (self, g_get_real_time ());
}

static void
scope_member_row_dispose (GObject *object)
{
  ScopeMemberRow *self = SCOPE_MEMBER_ROW (object);

  scope_member_row_set_member (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_MEMBER_ROW);

  G_OBJECT_CLASS (scope_member_row_parent_class)->dispose (object);
}

static void
scope_member_row_class_init (ScopeMemberRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_member_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-member-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeMemberRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, ScopeMemberRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeMemberRow, id_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeMemberRow, me_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeMemberRow, since_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeMemberRow, details_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeMemberRow, details_id_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeMemberRow, details_since_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeMemberRow, details_info_label);
  gtk_widget_class_bind_template_callback (widget_class, scope_member_row_fill_details_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_member_row_copy_id_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_member_row_copy_info_cb);
}

static void
scope_member_row_init (ScopeMemberRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_member_row_new:
 *
 * Returns: (transfer floating): a row without a person
 */
GtkWidget *
scope_member_row_new (void)
{
  return g_object_new (SCOPE_TYPE_MEMBER_ROW, NULL);
}

/**
 * scope_member_row_get_member:
 *
 * Returns: (transfer none) (nullable): who is shown
 */
ScopeMember *
scope_member_row_get_member (ScopeMemberRow *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMBER_ROW (self), NULL);

  return self->member;
}

/**
 * scope_member_row_set_member:
 * @member: (nullable): who to show
 *
 * Shows a person and follows its changes. Refresh afterwards.
 */
void
scope_member_row_set_member (ScopeMemberRow *self,
                             ScopeMember    *member)
{
  g_return_if_fail (SCOPE_IS_MEMBER_ROW (self));
  g_return_if_fail (member == NULL || SCOPE_IS_MEMBER (member));

  if (self->member == member)
    return;

  if (self->member != NULL)
    g_signal_handlers_disconnect_by_func (self->member, scope_member_row_notify_cb, self);
  g_set_object (&self->member, member);
  if (member == NULL)
    return;

  g_signal_connect_object (member, "notify", G_CALLBACK (scope_member_row_notify_cb), self,
                           G_CONNECT_SWAPPED);
  scope_member_row_update (self);
}

/**
 * scope_member_row_refresh:
 * @now_usec: wall clock
 *
 * Says anew how long the person has been there.
 */
void
scope_member_row_refresh (ScopeMemberRow *self,
                          gint64          now_usec)
{
  g_autofree char *text = NULL;
  g_autofree char *tooltip = NULL;

  g_return_if_fail (SCOPE_IS_MEMBER_ROW (self));

  if (self->member == NULL)
    return;

  text = scope_member_row_dup_age (self->member, now_usec);
  tooltip = scope_member_row_dup_since (self->member);
  gtk_label_set_text (self->since_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->since_label), tooltip);
  scope_member_row_update_label (self);
}

/**
 * scope_member_row_show_details:
 *
 * Opens the popover with everything known about the person.
 */
void
scope_member_row_show_details (ScopeMemberRow *self)
{
  g_return_if_fail (SCOPE_IS_MEMBER_ROW (self));

  gtk_menu_button_popup (self->details_button);
}
