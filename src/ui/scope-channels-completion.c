/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-channels-completion"

#include "config.h"

#include "ui/scope-channels-completion.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "session/scope-found-channel.h"
#include "ui/scope-completion-list.h"

#define MAX_ROWS 50
#define MIN_WIDTH 240

struct _ScopeChannelsCompletion
{
  GObject parent_instance;

  GtkEditable *entry; /* holds us */
  ScopeCompletionList *list;
  GPtrArray *names; /* of the list's rows */
  ScopeSession *session; /* nullable */
  gboolean on_demand; /* it was asked for: without a letter, too */
};

G_DEFINE_FINAL_TYPE (ScopeChannelsCompletion, scope_channels_completion, G_TYPE_OBJECT)

static GtkWidget *
completion_get_text (ScopeChannelsCompletion *self)
{
  return GTK_WIDGET (gtk_editable_get_delegate (self->entry));
}

static void
completion_dismiss (ScopeChannelsCompletion *self)
{
  self->on_demand = FALSE;
  scope_completion_list_close (self->list);
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

/* one more that may be offered; one too many is only counted */
static void
completion_offer (ScopeChannelsCompletion *self,
                  GHashTable              *offered,
                  const char              *word,
                  const char              *name)
{
  GtkWidget *label;

  if (g_hash_table_size (offered) > MAX_ROWS || !g_str_has_prefix (name, word)
      || completion_is_there (self, name) || !g_hash_table_add (offered, g_strdup (name))
      || g_hash_table_size (offered) > MAX_ROWS)
    return;
  label = scope_completion_list_create_label (name, "monospace");
  /* the names of an app differ at their ends */
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  scope_completion_list_append (self->list, label, name);
  g_ptr_array_add (self->names, g_strdup (name));
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

  scope_completion_list_clear (self->list);
  g_ptr_array_set_size (self->names, 0);
  for (guint i = 0; i < g_list_model_get_n_items (channels); i++)
    {
      g_autoptr (ScopeChannel) channel = g_list_model_get_item (channels, i);

      completion_offer (self, offered, word, scope_channel_get_name (channel));
    }
  for (guint i = 0; i < found->len; i++)
    completion_offer (self, offered, word, scope_found_channel_get_name (g_ptr_array_index (found, i)));
  scope_completion_list_set_note (self->list, g_hash_table_size (offered) <= MAX_ROWS ? NULL
                                              : _("There are more: type on to see them."));
  return self->names->len > 0;
}

static void
completion_update_cb (ScopeChannelsCompletion *self)
{
  const char *word = completion_get_word (self);

  if (word == NULL || self->session == NULL || !scope_completion_list_has_focus (self->list)
      || (*word == '\0' && !self->on_demand) || !completion_fill (self, word))
    completion_dismiss (self);
  else
    scope_completion_list_open (self->list, NULL);
}

static void
completion_changed_cb (ScopeChannelsCompletion *self)
{
  self->on_demand = FALSE;
  if (scope_completion_list_has_focus (self->list))
    scope_completion_list_queue (self->list);
}

static void
completion_taken_cb (ScopeChannelsCompletion *self,
                     guint                    index)
{
  const char *word = completion_get_word (self);
  const char *text = gtk_editable_get_text (self->entry);
  g_autofree char *taken = NULL;

  if (word == NULL)
    return;
  taken = g_strdup_printf ("%.*s%s ", (int) (word - text), text,
                           (const char *) g_ptr_array_index (self->names, index));
  gtk_editable_set_text (self->entry, taken);
  gtk_editable_set_position (self->entry, -1);
  completion_dismiss (self);
}

static gboolean
completion_key_cb (ScopeChannelsCompletion *self,
                   guint                    key,
                   guint                    code,
                   GdkModifierType          modifiers)
{
  gboolean is_down = key == GDK_KEY_Down || key == GDK_KEY_KP_Down;

  modifiers &= GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK;
  if (scope_completion_list_is_open (self->list))
    return scope_completion_list_handle_key (self->list, key, modifiers);
  if ((key != GDK_KEY_space || modifiers != GDK_CONTROL_MASK) && (!is_down || modifiers != 0))
    return GDK_EVENT_PROPAGATE;
  self->on_demand = TRUE;
  scope_completion_list_queue (self->list);
  return GDK_EVENT_STOP;
}

static void
scope_channels_completion_dispose (GObject *object)
{
  ScopeChannelsCompletion *self = SCOPE_CHANNELS_COMPLETION (object);

  if (self->list != NULL)
    scope_channels_completion_close (self);
  g_clear_object (&self->list);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (scope_channels_completion_parent_class)->dispose (object);
}

static void
scope_channels_completion_finalize (GObject *object)
{
  g_ptr_array_unref (SCOPE_CHANNELS_COMPLETION (object)->names);

  G_OBJECT_CLASS (scope_channels_completion_parent_class)->finalize (object);
}

static void
scope_channels_completion_class_init (ScopeChannelsCompletionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_channels_completion_dispose;
  object_class->finalize = scope_channels_completion_finalize;
}

static void
scope_channels_completion_init (ScopeChannelsCompletion *self)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
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
  self->list = scope_completion_list_new (GTK_WIDGET (entry), GTK_WIDGET (entry), _("Known Channels"), MIN_WIDTH);
  g_signal_connect_object (self->list, "update", G_CALLBACK (completion_update_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "taken", G_CALLBACK (completion_taken_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "dismissed", G_CALLBACK (completion_dismiss), self,
                           G_CONNECT_SWAPPED);
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

/**
 * scope_channels_completion_set_session:
 * @session: (nullable): whose channels are offered
 */
void
scope_channels_completion_set_session (ScopeChannelsCompletion *self,
                                       ScopeSession            *session)
{
  g_return_if_fail (SCOPE_IS_CHANNELS_COMPLETION (self));

  g_set_object (&self->session, session);
}

/**
 * scope_channels_completion_close:
 *
 * Hides what is offered until something is typed.
 */
void
scope_channels_completion_close (ScopeChannelsCompletion *self)
{
  g_return_if_fail (SCOPE_IS_CHANNELS_COMPLETION (self));

  scope_completion_list_destroy (self->list);
}
