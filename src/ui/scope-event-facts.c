/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-facts"

#include "config.h"

#include "ui/scope-event-facts.h"

#include <glib/gi18n.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "session/scope-members-then.h"
#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

struct _ScopeEventFacts
{
  AdwBin parent_instance;

  GtkLabel *facts;
  GtkWidget *size_box;
  GtkWidget *size_warning;
  GtkLevelBar *size_bar;
  GtkLabel *size_label;
  GtkMenuButton *members_button;
  GtkListView *members_view;
  GtkLabel *members_note;

  ScopeMembersThen *then;
};

G_DEFINE_FINAL_TYPE (ScopeEventFacts, scope_event_facts, ADW_TYPE_BIN)

static void
facts_add (GString    *facts,
           const char *fact)
{
  if (fact == NULL || *fact == '\0')
    return;
  if (facts->len > 0)
    g_string_append (facts, " · ");
  g_string_append (facts, fact);
}

static void
scope_event_facts_update_line (ScopeEventFacts *self,
                               ScopeEventItem  *item)
{
  const ScopeRecord *record = scope_event_item_get_record (item);
  g_autoptr (GString) facts = g_string_new (NULL);
  g_autofree char *time = scope_format_day_time (record->time_usec);
  g_autofree char *count = scope_format_count (scope_event_item_get_sequence (item));
  /* Translators: %s is the number of an event in its log */
  g_autofree char *number = g_strdup_printf (_("No. %s"), count);

  facts_add (facts, scope_format_direction_word (record->direction));
  facts_add (facts, scope_event_item_get_user (item));
  facts_add (facts, time);
  facts_add (facts, number);
  facts_add (facts, scope_format_lock_word (record->flags));
  gtk_label_set_text (self->facts, facts->str);
}

/* --- size --- */

/* "312 B, 3 % of 10 kB · frame 400 B" */
static char *
facts_dup_size (gsize data,
                gsize frame)
{
  g_autofree char *data_text = scope_text_format_size (data);
  g_autofree char *frame_text = scope_text_format_size (frame);
  int share = (int) MIN ((data * 100 + SCOPE_LIMIT_DATA_BYTES / 2) / SCOPE_LIMIT_DATA_BYTES,
                         G_MAXINT);

  /* Translators: a size, a percentage, a size: “312 B, 3 % of 10 kB · frame 400 B” */
  return g_strdup_printf (_("%s, %d %% of 10 kB · frame %s"), data_text, share, frame_text);
}

/* What is known of a long row while it is read, so that nothing moves when the rest comes. */
static void
scope_event_facts_await_size (ScopeEventFacts *self,
                              ScopeEventItem  *item)
{
  g_autofree char *frame = scope_text_format_size (scope_event_item_get_record (item)->size);
  /* Translators: %s is a size; that of the payload is not known yet */
  g_autofree char *text = g_strdup_printf (_("… · frame %s"), frame);

  gtk_level_bar_set_value (self->size_bar, 0);
  gtk_label_set_text (self->size_label, text);
  gtk_widget_set_tooltip_text (self->size_box, NULL);
  gtk_widget_set_visible (self->size_warning, FALSE);
}

static void
scope_event_facts_update_size (ScopeEventFacts *self,
                               ScopeEventItem  *item,
                               ScopeEntry      *entry)
{
  const ScopeRecord *record = scope_event_item_get_record (item);
  gint64 size = scope_event_item_get_payload_size (item, entry);
  gboolean awaited = size < 0 && entry == NULL && scope_event_item_is_long (item);
  g_autofree char *text = NULL;
  g_autofree char *share = NULL;

  gtk_widget_set_visible (self->size_box, (size >= 0 || awaited) && record->kind == SCOPE_ENTRY_EVENT);
  if (awaited)
    scope_event_facts_await_size (self, item);
  if (size < 0)
    return;
  text = facts_dup_size (size, record->size);
  share = scope_format_size_share (size);
  gtk_level_bar_set_value (self->size_bar, MIN ((double) size / SCOPE_LIMIT_DATA_BYTES, 1));
  gtk_label_set_text (self->size_label, text);
  gtk_widget_set_tooltip_text (self->size_box, share);
  gtk_widget_set_visible (self->size_warning, size > SCOPE_LIMIT_DATA_BYTES);
}

/* --- members then --- */

static void
scope_event_facts_setup_cb (GtkSignalListItemFactory *factory,
                            GtkListItem              *list_item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (list_item, label);
}

static void
scope_event_facts_bind_cb (GtkSignalListItemFactory *factory,
                           GtkListItem              *list_item)
{
  GtkWidget *label = gtk_list_item_get_child (list_item);
  ScopeMember *member = gtk_list_item_get_item (list_item);
  const char *name = scope_member_get_name (member);
  const char *id = scope_member_get_user_id (member);
  g_autofree char *text = NULL;

  if (g_strcmp0 (name, id) == 0)
    text = g_strdup (name);
  else
    text = g_strdup_printf ("%s (%s)", name, id);
  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, text);
  if (gtk_widget_get_parent (label) != NULL)
    scope_ui_set_label (gtk_widget_get_parent (label), text);
}

static void
scope_event_facts_set_members (ScopeEventFacts *self,
                               GListModel      *members)
{
  GtkSelectionModel *model = NULL;

  if (members != NULL)
    model = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (members)));
  gtk_list_view_set_model (self->members_view, model);
  g_clear_object (&model);
}

static void
scope_event_facts_then_cb (ScopeEventFacts *self)
{
  GListModel *members = scope_members_then_get_members (self->then);
  const char *reason = scope_members_then_get_reason (self->then);
  guint n = members != NULL ? g_list_model_get_n_items (members) : 0;
  g_autofree char *count = scope_format_count (n);
  g_autofree char *text = NULL;

  /* Translators: %s is how many were in a presence channel when an event came */
  if (members != NULL)
    text = g_strdup_printf (ngettext ("%s member at that moment", "%s members at that moment", n), count);
  gtk_menu_button_set_label (self->members_button, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->members_button), members != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->members_button), n > 0);
  /* Translators: %s is a sentence: why it is not known who was in the channel */
  if (reason != NULL)
    text = g_strdup_printf (_("Members at that moment: %s"), reason);
  gtk_label_set_text (self->members_note, reason != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->members_note), reason != NULL);
  scope_event_facts_set_members (self, members);
}

static void
scope_event_facts_update_members (ScopeEventFacts *self,
                                  ScopeEventItem  *item)
{
  if (self->then != NULL)
    g_signal_handlers_disconnect_by_data (self->then, self);
  g_clear_object (&self->then);
  gtk_widget_set_visible (GTK_WIDGET (self->members_button), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->members_note), FALSE);
  scope_event_facts_set_members (self, NULL);

  self->then = scope_members_then_new (item);
  if (self->then != NULL)
    g_signal_connect_object (self->then, "notify::done", G_CALLBACK (scope_event_facts_then_cb), self,
                             G_CONNECT_SWAPPED);
}

/* --- class --- */

static void
scope_event_facts_dispose (GObject *object)
{
  ScopeEventFacts *self = SCOPE_EVENT_FACTS (object);

  g_clear_object (&self->then);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_EVENT_FACTS);

  G_OBJECT_CLASS (scope_event_facts_parent_class)->dispose (object);
}

static void
scope_event_facts_class_init (ScopeEventFactsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_event_facts_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-event-facts.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeEventFacts, facts);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventFacts, size_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventFacts, size_warning);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventFacts, size_bar);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventFacts, size_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventFacts, members_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventFacts, members_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventFacts, members_note);
}

static void
scope_event_facts_init (ScopeEventFacts *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (scope_event_facts_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (scope_event_facts_bind_cb), NULL);
  gtk_list_view_set_factory (self->members_view, factory);
}

/**
 * scope_event_facts_set_item:
 * @item: (nullable): an entry of the log; %NULL keeps what is shown
 *
 * Who was there then is looked for in slices, and given up when the next item comes.
 */
void
scope_event_facts_set_item (ScopeEventFacts *self,
                            ScopeEventItem  *item)
{
  g_return_if_fail (SCOPE_IS_EVENT_FACTS (self));

  if (item == NULL)
    return;
  scope_event_facts_update_line (self, item);
  scope_event_facts_update_members (self, item);
}

/**
 * scope_event_facts_set_entry:
 * @item: what scope_event_facts_set_item() was given
 * @entry: (nullable): what it was read to be; %NULL: it is being read, or can’t be
 */
void
scope_event_facts_set_entry (ScopeEventFacts *self,
                             ScopeEventItem  *item,
                             ScopeEntry      *entry)
{
  g_return_if_fail (SCOPE_IS_EVENT_FACTS (self));
  g_return_if_fail (SCOPE_IS_EVENT_ITEM (item));

  scope_event_facts_update_size (self, item, entry);
}
