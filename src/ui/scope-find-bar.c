/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-find-bar"

#include "config.h"

#include "ui/scope-find-bar.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

/* Hits come in while they are counted; a person reads four counts a second. */
#define COUNT_INTERVAL_MSEC 250

/* A step is pending until what it may lead to has been looked at: the nearest hit may be found
 * later than others. */
typedef enum
{
  PENDING_NONE,
  PENDING_HERE, /* at the place or behind it */
  PENDING_FORWARD,
  PENDING_BACK,
} PendingStep;

struct _ScopeFindBar
{
  AdwBin parent_instance;

  GtkBox *row;
  GtkBox *second_row;
  GtkEditable *entry;
  GtkLabel *status;
  GtkWidget *previous;
  GtkWidget *next;
  GtkToggleButton *match_case;

  ScopeFind *find;
  guint64 place;
  PendingStep pending;
  gboolean forward;   /* where the last step led */
  gboolean wrapped;   /* the last step passed the log's end */
  guint status_id;
};

enum
{
  SHOW_ROW,
  TEXT_CHANGED,
  CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeFindBar, scope_find_bar, ADW_TYPE_BIN)

/* ---- what is said ---- */

static char *
scope_find_bar_dup_status (ScopeFindBar *self)
{
  guint n_hits = scope_find_get_n_hits (self->find);
  guint number = scope_find_get_number (self->find, self->place);
  gboolean searching = scope_find_get_searching (self->find);
  g_autofree char *count = scope_format_count (n_hits);
  g_autofree char *current = scope_format_count (number);

  if (n_hits == 0)
    return g_strdup (searching ? _("Searching…") : _("Nothing found"));
  if (number == 0)
    /* Translators: %s is a number of places that were found */
    return g_strdup_printf (_("%s found"), count);
  if (self->wrapped)
    /* Translators: the third of 120 places; a search began anew at the log's other end */
    return g_strdup_printf (self->forward ? _("%s of %s, from the top") : _("%s of %s, from the end"),
                            current, count);
  /* Translators: the third of 120 places */
  return g_strdup_printf (_("%s of %s"), current, count);
}

static void
scope_find_bar_update_status (ScopeFindBar *self)
{
  gboolean any = scope_find_bar_get_text (self) != NULL;
  gboolean found = any && scope_find_get_n_hits (self->find) > 0;
  g_autofree char *text = any ? scope_find_bar_dup_status (self) : NULL;

  gtk_label_set_text (self->status, text != NULL ? text : "");
  scope_ui_set_class (self->entry, "error",
                      any && !found && !scope_find_get_searching (self->find));
  gtk_widget_set_sensitive (self->previous, found);
  gtk_widget_set_sensitive (self->next, found);
}

static gboolean
scope_find_bar_status_cb (gpointer user_data)
{
  ScopeFindBar *self = user_data;

  self->status_id = 0;
  scope_find_bar_update_status (self);
  return G_SOURCE_REMOVE;
}

static void
scope_find_bar_queue_status (ScopeFindBar *self)
{
  if (self->status_id == 0)
    self->status_id = g_timeout_add (COUNT_INTERVAL_MSEC, scope_find_bar_status_cb, self);
}

/* ---- going there ---- */

/* TRUE: nothing that is still to be found could be nearer. */
static gboolean
scope_find_bar_try (ScopeFindBar *self,
                    guint64      *hit)
{
  gboolean forward = self->pending != PENDING_BACK;
  guint64 from = self->place;

  if (self->pending == PENDING_HERE && from > 0)
    from--;
  *hit = scope_find_step (self->find, from, forward, &self->wrapped);
  self->forward = forward;
  if (!scope_find_get_searching (self->find))
    return TRUE;
  if (*hit == 0 || self->wrapped)
    return FALSE;
  return TRUE;
}

static void
scope_find_bar_go (ScopeFindBar *self)
{
  guint64 hit = 0;

  if (self->pending == PENDING_NONE || !scope_find_bar_try (self, &hit))
    return;
  self->pending = PENDING_NONE;
  if (hit == 0)
    return;
  self->place = hit;
  g_signal_emit (self, signals[SHOW_ROW], 0, hit);
  scope_find_bar_update_status (self);
}

static void
scope_find_bar_found_cb (ScopeFindBar *self)
{
  scope_find_bar_go (self);
  if (scope_find_get_searching (self->find))
    scope_find_bar_queue_status (self);
  else
    scope_find_bar_update_status (self);
}

static void
scope_find_bar_text_cb (ScopeFindBar *self)
{
  const char *text = scope_find_bar_get_text (self);

  self->pending = text != NULL ? PENDING_HERE : PENDING_NONE;
  self->wrapped = FALSE;
  g_signal_emit (self, signals[TEXT_CHANGED], 0);
  scope_find_set_text (self->find, text != NULL ? text : "",
                       gtk_toggle_button_get_active (self->match_case));
  scope_find_bar_update_status (self);
}

static void
scope_find_bar_next_cb (ScopeFindBar *self)
{
  scope_find_bar_step (self, TRUE);
}

static void
scope_find_bar_previous_cb (ScopeFindBar *self)
{
  scope_find_bar_step (self, FALSE);
}

static gboolean
scope_find_bar_back_cb (GtkWidget *widget,
                        GVariant  *args,
                        gpointer   user_data)
{
  scope_find_bar_step (user_data, FALSE);
  return TRUE;
}

/* ---- class ---- */

static void
scope_find_bar_dispose (GObject *object)
{
  ScopeFindBar *self = SCOPE_FIND_BAR (object);

  g_clear_handle_id (&self->status_id, g_source_remove);
  if (self->find != NULL)
    g_signal_handlers_disconnect_by_data (self->find, self);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_FIND_BAR);
  g_clear_object (&self->find);

  G_OBJECT_CLASS (scope_find_bar_parent_class)->dispose (object);
}

static void
scope_find_bar_class_init (ScopeFindBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_find_bar_dispose;

  signals[SHOW_ROW] = g_signal_new ("show-row", SCOPE_TYPE_FIND_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  signals[TEXT_CHANGED] = g_signal_new ("text-changed", SCOPE_TYPE_FIND_BAR, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CLOSED] = g_signal_new ("closed", SCOPE_TYPE_FIND_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-find-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeFindBar, row);
  gtk_widget_class_bind_template_child (widget_class, ScopeFindBar, second_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeFindBar, entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeFindBar, status);
  gtk_widget_class_bind_template_child (widget_class, ScopeFindBar, previous);
  gtk_widget_class_bind_template_child (widget_class, ScopeFindBar, next);
  gtk_widget_class_bind_template_child (widget_class, ScopeFindBar, match_case);
  gtk_widget_class_bind_template_callback (widget_class, scope_find_bar_text_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_find_bar_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_find_bar_previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_find_bar_close);
}

static void
scope_find_bar_init (ScopeFindBar *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->find = scope_find_new ();
  g_signal_connect_object (self->find, "changed", G_CALLBACK (scope_find_bar_found_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Return, GDK_SHIFT_MASK),
                        gtk_callback_action_new (scope_find_bar_back_cb, self, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
  scope_find_bar_update_status (self);
}

/**
 * scope_find_bar_get_find:
 *
 * Returns: (transfer none): what looks
 */
ScopeFind *
scope_find_bar_get_find (ScopeFindBar *self)
{
  g_return_val_if_fail (SCOPE_IS_FIND_BAR (self), NULL);

  return self->find;
}

/**
 * scope_find_bar_get_text:
 *
 * Returns: (nullable): what is looked for
 */
const char *
scope_find_bar_get_text (ScopeFindBar *self)
{
  const char *text;

  g_return_val_if_fail (SCOPE_IS_FIND_BAR (self), NULL);

  text = gtk_editable_get_text (self->entry);
  return gtk_widget_get_visible (GTK_WIDGET (self)) && *text != '\0' ? text : NULL;
}

/**
 * scope_find_bar_get_match_case:
 *
 * Returns: whether `A` and `a` differ
 */
gboolean
scope_find_bar_get_match_case (ScopeFindBar *self)
{
  g_return_val_if_fail (SCOPE_IS_FIND_BAR (self), FALSE);

  return gtk_toggle_button_get_active (self->match_case);
}

/**
 * scope_find_bar_open:
 *
 * Shows it, with what was looked for last chosen, to be typed over.
 */
void
scope_find_bar_open (ScopeFindBar *self)
{
  gboolean was_open;

  g_return_if_fail (SCOPE_IS_FIND_BAR (self));

  was_open = scope_find_bar_get_open (self);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (self->entry, 0, -1);
  if (!was_open)
    scope_find_bar_text_cb (self);
}

/**
 * scope_find_bar_close:
 *
 * Hides it; nothing is looked for or marked any more.
 */
void
scope_find_bar_close (ScopeFindBar *self)
{
  g_return_if_fail (SCOPE_IS_FIND_BAR (self));

  if (!scope_find_bar_get_open (self))
    return;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  scope_find_bar_text_cb (self);
  g_signal_emit (self, signals[CLOSED], 0);
}

/**
 * scope_find_bar_get_open:
 *
 * Returns: whether it is shown
 */
gboolean
scope_find_bar_get_open (ScopeFindBar *self)
{
  g_return_val_if_fail (SCOPE_IS_FIND_BAR (self), FALSE);

  return gtk_widget_get_visible (GTK_WIDGET (self));
}

/**
 * scope_find_bar_step:
 * @forward: whether to go to the next hit, not the previous one
 */
void
scope_find_bar_step (ScopeFindBar *self,
                     gboolean      forward)
{
  g_return_if_fail (SCOPE_IS_FIND_BAR (self));

  if (scope_find_bar_get_text (self) == NULL)
    {
      scope_find_bar_open (self);
      return;
    }
  self->pending = forward ? PENDING_FORWARD : PENDING_BACK;
  scope_find_bar_go (self);
}

/**
 * scope_find_bar_set_place:
 * @sequence: of the row the reader is at
 */
void
scope_find_bar_set_place (ScopeFindBar *self,
                          guint64       sequence)
{
  g_return_if_fail (SCOPE_IS_FIND_BAR (self));

  if (self->place == sequence)
    return;
  self->place = sequence;
  self->wrapped = FALSE;
  scope_find_bar_update_status (self);
}

/**
 * scope_find_bar_set_narrow:
 * @narrow: whether what is said stands below
 */
void
scope_find_bar_set_narrow (ScopeFindBar *self,
                           gboolean      narrow)
{
  g_autoptr (GtkWidget) status = NULL;

  g_return_if_fail (SCOPE_IS_FIND_BAR (self));

  status = g_object_ref (GTK_WIDGET (self->status));
  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (status)), status);
  if (narrow)
    gtk_box_append (self->second_row, status);
  else
    gtk_box_insert_child_after (self->row, status, GTK_WIDGET (self->entry));
  gtk_widget_set_visible (GTK_WIDGET (self->second_row), narrow);
}
