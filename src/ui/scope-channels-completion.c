/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-channels-completion"

#include "config.h"

#include "ui/scope-channels-completion.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "session/scope-found-channel.h"
#include "ui/scope-ui-util.h"

#define MAX_ROWS 50
#define MIN_WIDTH 240
#define MAX_HEIGHT 220
#define MAX_CHARS 40

struct _ScopeChannelsCompletion
{
  GObject parent_instance;

  GtkEditable *entry; /* holds us */
  GtkWidget *popover;
  GtkListBox *list;
  ScopeSession *session; /* nullable */
  guint update_id;
  gboolean on_demand; /* it was asked for: without a letter, too */
};

G_DEFINE_FINAL_TYPE (ScopeChannelsCompletion, scope_channels_completion, G_TYPE_OBJECT)

static gboolean
completion_is_open (ScopeChannelsCompletion *self)
{
  return self->popover != NULL && gtk_widget_get_visible (self->popover);
}

static GtkWidget *
completion_get_text (ScopeChannelsCompletion *self)
{
  return GTK_WIDGET (gtk_editable_get_delegate (self->entry));
}

static void
completion_dismiss (ScopeChannelsCompletion *self)
{
  g_clear_handle_id (&self->update_id, g_source_remove);
  self->on_demand = FALSE;
  if (completion_is_open (self))
    gtk_popover_popdown (GTK_POPOVER (self->popover));
}

/* The word at the end of the text, where it is typed; NULL: the cursor is elsewhere. */
static const char *
completion_get_word (ScopeChannelsCompletion *self)
{
  const char *text = gtk_editable_get_text (self->entry);
  const char *blank = strrchr (text, ' ');

  if (gtk_editable_get_position (self->entry) != g_utf8_strlen (text, -1))
    return NULL;
  return blank != NULL ? blank + 1 : text;
}

/* Those that stand there already are not offered again. */
static gboolean
completion_is_there (ScopeChannelsCompletion *self,
                     const char              *name)
{
  g_auto (GStrv) words = g_strsplit (gtk_editable_get_text (self->entry), " ", -1);

  return g_strv_contains ((const char * const *) words, name);
}

static void
completion_add_row (ScopeChannelsCompletion *self,
                    const char              *name)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (name);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_widget_set_focusable (row, FALSE);
  gtk_widget_set_tooltip_text (row, name);
  scope_ui_set_label (row, name);
  g_object_set_data_full (G_OBJECT (row), "name", g_strdup (name), g_free);
  gtk_list_box_append (self->list, row);
}

/* one more that may be offered; taken as long as there is room */
static void
completion_offer (ScopeChannelsCompletion *self,
                  GHashTable              *offered,
                  const char              *word,
                  const char              *name)
{
  if (g_hash_table_size (offered) < MAX_ROWS && g_str_has_prefix (name, word) && !completion_is_there (self, name)
      && g_hash_table_add (offered, g_strdup (name)))
    completion_add_row (self, name);
}

/* The session's channels, then those that were discovered. TRUE if there is something to offer. */
static gboolean
completion_fill (ScopeChannelsCompletion *self,
                 const char              *word)
{
  GListModel *channels = scope_session_get_channels (self->session);
  ScopeDiscovery *discovery = scope_session_get_discovery (self->session);
  g_autoptr (GPtrArray) found = discovery != NULL ? scope_discovery_dup_list (discovery) : g_ptr_array_new ();
  g_autoptr (GHashTable) offered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < g_list_model_get_n_items (channels); i++)
    {
      g_autoptr (ScopeChannel) channel = g_list_model_get_item (channels, i);

      completion_offer (self, offered, word, scope_channel_get_name (channel));
    }
  for (guint i = 0; i < found->len; i++)
    completion_offer (self, offered, word, scope_found_channel_get_name (g_ptr_array_index (found, i)));
  return g_hash_table_size (offered) > 0;
}

static gboolean
completion_update_cb (gpointer user_data)
{
  ScopeChannelsCompletion *self = user_data;
  const char *word = completion_get_word (self);

  self->update_id = 0;
  if (word == NULL || self->session == NULL || !gtk_widget_has_focus (completion_get_text (self))
      || (*word == '\0' && !self->on_demand) || !completion_fill (self, word))
    completion_dismiss (self);
  else if (!completion_is_open (self))
    gtk_popover_popup (GTK_POPOVER (self->popover));
  return G_SOURCE_REMOVE;
}

/* Text and cursor change one after the other. */
static void
completion_queue (ScopeChannelsCompletion *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, completion_update_cb, self, NULL);
}

static void
completion_changed_cb (ScopeChannelsCompletion *self)
{
  self->on_demand = FALSE;
  if (gtk_widget_has_focus (completion_get_text (self)))
    completion_queue (self);
}

static void
completion_take (ScopeChannelsCompletion *self,
                 GtkListBoxRow           *row)
{
  const char *word = completion_get_word (self);
  const char *text = gtk_editable_get_text (self->entry);
  g_autofree char *taken = NULL;

  if (row == NULL || word == NULL)
    return;
  taken = g_strdup_printf ("%.*s%s ", (int) (word - text), text,
                           (const char *) g_object_get_data (G_OBJECT (row), "name"));
  gtk_editable_set_text (self->entry, taken);
  gtk_editable_set_position (self->entry, -1);
  completion_dismiss (self);
}

static void
completion_activated_cb (ScopeChannelsCompletion *self,
                         GtkListBoxRow           *row)
{
  completion_take (self, row);
}

static void
completion_choose (ScopeChannelsCompletion *self,
                   int                      step)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (
      GTK_SCROLLABLE (gtk_widget_get_parent (GTK_WIDGET (self->list))));
  int index = row != NULL ? gtk_list_box_row_get_index (row) + step : 0;
  graphene_rect_t place;

  row = gtk_list_box_get_row_at_index (self->list, MAX (index, 0));
  if (row == NULL)
    return;
  gtk_list_box_select_row (self->list, row);
  if (gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self->list), &place))
    gtk_adjustment_clamp_page (adjustment, place.origin.y, place.origin.y + place.size.height);
}

static gboolean
completion_open_key (ScopeChannelsCompletion *self,
                     guint                    key)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  switch (key)
    {
    case GDK_KEY_Down:
      completion_choose (self, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
      completion_choose (self, -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Tab:
      completion_take (self, row != NULL ? row : gtk_list_box_get_row_at_index (self->list, 0));
      return GDK_EVENT_STOP;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      completion_take (self, row);
      return row != NULL ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
    case GDK_KEY_Escape:
      completion_dismiss (self);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static gboolean
completion_key_cb (ScopeChannelsCompletion *self,
                   guint                    key,
                   guint                    code,
                   GdkModifierType          modifiers)
{
  modifiers &= GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK;
  if (completion_is_open (self) && modifiers == 0)
    return completion_open_key (self, key);
  if ((key != GDK_KEY_space || modifiers != GDK_CONTROL_MASK) && (key != GDK_KEY_Down || modifiers != 0))
    return GDK_EVENT_PROPAGATE;
  self->on_demand = TRUE;
  completion_queue (self);
  return GDK_EVENT_STOP;
}

static void
scope_channels_completion_dispose (GObject *object)
{
  ScopeChannelsCompletion *self = SCOPE_CHANNELS_COMPLETION (object);

  scope_channels_completion_close (self);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (scope_channels_completion_parent_class)->dispose (object);
}

static void
scope_channels_completion_class_init (ScopeChannelsCompletionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_channels_completion_dispose;
}

static void
scope_channels_completion_init (ScopeChannelsCompletion *self)
{
}

static void
completion_create_popover (ScopeChannelsCompletion *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  scope_ui_set_label (self->list, _("Known Channels"));
  gtk_widget_set_can_focus (GTK_WIDGET (self->list), FALSE);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (completion_activated_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MAX_HEIGHT);
  gtk_widget_set_size_request (scrolled, MIN_WIDTH, -1);

  self->popover = gtk_popover_new ();
  gtk_popover_set_autohide (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_set_can_focus (self->popover, FALSE);
  gtk_popover_set_child (GTK_POPOVER (self->popover), scrolled);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self->entry));
}

/**
 * scope_channels_completion_new:
 *
 * Returns: (transfer full): offers nothing before it knows channels
 */
ScopeChannelsCompletion *
scope_channels_completion_new (GtkEditable *entry)
{
  ScopeChannelsCompletion *self;
  GtkEventController *keys;
  GtkEventController *focus;

  g_return_val_if_fail (GTK_IS_EDITABLE (entry), NULL);

  self = g_object_new (SCOPE_TYPE_CHANNELS_COMPLETION, NULL);
  self->entry = entry;
  completion_create_popover (self);
  g_signal_connect_object (entry, "changed", G_CALLBACK (completion_changed_cb), self, G_CONNECT_SWAPPED);

  keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (completion_key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (completion_get_text (self), keys);
  focus = gtk_event_controller_focus_new ();
  g_signal_connect_object (focus, "leave", G_CALLBACK (completion_dismiss), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (completion_get_text (self), focus);
  return self;
}

void
scope_channels_completion_set_session (ScopeChannelsCompletion *self,
                                       ScopeSession            *session)
{
  g_return_if_fail (SCOPE_IS_CHANNELS_COMPLETION (self));

  g_set_object (&self->session, session);
}

void
scope_channels_completion_close (ScopeChannelsCompletion *self)
{
  g_return_if_fail (SCOPE_IS_CHANNELS_COMPLETION (self));

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
}
