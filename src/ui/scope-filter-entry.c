/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter-entry"

#include "config.h"

#include "ui/scope-filter-entry.h"

#include <string.h>

#include "capture/scope-filter-complete.h"
#include "capture/scope-filter-terms.h"
#include "ui/scope-filter-builder.h"
#include "ui/scope-filter-chips.h"
#include "ui/scope-filter-completion.h"
#include "ui/scope-filter-menu.h"
#include "ui/scope-filter-shelf.h"
#include "ui/scope-ui-util.h"

/* a filter in force for that long is one to come back to */
#define RECENT_SECONDS 3
/* who stops there in the middle of a filter wants to know what is missing */
#define REST_MSEC 1000

struct _ScopeFilterEntry
{
  AdwBin parent_instance;

  GtkBox *row;
  GtkEditable *entry;
  GtkWidget *fold_button;
  GtkPopover *fold_popover;
  GtkBox *fold;
  GtkWidget *add_button;
  GtkWidget *menu_button;
  GtkWidget *help_button;
  ScopeFilterBuilder *builder;
  ScopeFilterMenu *menu;
  ScopeFilterChips *chips;
  GtkRevealer *revealer;
  GtkLabel *message;

  ScopeFilterCompletion *completion;
  ScopeFilter *filter;
  char *judged; /* the text that was taken or refused as it stands; NULL: none */
  guint recent_id;
  guint rest_id;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeFilterEntry, scope_filter_entry, ADW_TYPE_BIN)

static gboolean
scope_filter_entry_is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

/* from the mistake to the end; a mistake at the end marks the last character, so that there is
 * something to see */
static void
scope_filter_entry_mark (ScopeFilterEntry *self,
                         const char       *text,
                         gssize            position)
{
  GtkEditable *delegate = gtk_editable_get_delegate (self->entry);
  gsize length = strlen (text);
  PangoAttrList *attributes;
  PangoAttribute *attribute;

  if (!GTK_IS_TEXT (delegate))
    return;

  if (position < 0 || length == 0)
    {
      gtk_text_set_attributes (GTK_TEXT (delegate), NULL);
      return;
    }
  if ((gsize) position >= length)
    position = g_utf8_prev_char (text + length) - text;

  attributes = pango_attr_list_new ();
  attribute = pango_attr_underline_new (PANGO_UNDERLINE_ERROR);
  attribute->start_index = (guint) position;
  attribute->end_index = (guint) length;
  pango_attr_list_insert (attributes, attribute);
  gtk_text_set_attributes (GTK_TEXT (delegate), attributes);
  pango_attr_list_unref (attributes);
}

static void
scope_filter_entry_show_error (ScopeFilterEntry *self,
                               const char       *text,
                               gsize             position,
                               const GError     *error)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (self->entry);

  scope_ui_set_class (self->entry, "error", error != NULL);
  scope_filter_entry_mark (self, text, error != NULL ? (gssize) position : -1);
  gtk_revealer_set_reveal_child (self->revealer, error != NULL);
  gtk_accessible_update_state (
      accessible, GTK_ACCESSIBLE_STATE_INVALID,
      error != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  if (error != NULL)
    {
      gtk_label_set_text (self->message, error->message);
      gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      error->message, -1);
    }
  else
    {
      gtk_accessible_reset_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    }
}

/* It has been looked at: this is no longer one on the way to another. */
static gboolean
scope_filter_entry_recent_cb (gpointer user_data)
{
  ScopeFilterEntry *self = user_data;

  self->recent_id = 0;
  if (self->filter != NULL)
    scope_filter_shelf_add_recent (scope_filter_get_text (self->filter));
  return G_SOURCE_REMOVE;
}

static void
scope_filter_entry_use (ScopeFilterEntry *self,
                        ScopeFilter      *filter)
{
  const char *before = self->filter != NULL ? scope_filter_get_text (self->filter) : NULL;
  const char *after = filter != NULL ? scope_filter_get_text (filter) : NULL;

  if (g_strcmp0 (before, after) == 0)
    return;
  if (filter != NULL)
    scope_filter_ref (filter);
  g_clear_pointer (&self->filter, scope_filter_unref);
  self->filter = filter;
  g_clear_handle_id (&self->recent_id, g_source_remove);
  if (filter != NULL)
    self->recent_id = g_timeout_add_seconds (RECENT_SECONDS, scope_filter_entry_recent_cb, self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* What stands there, finished or not, is the filter, or a mistake. */
static void
scope_filter_entry_judge (ScopeFilterEntry *self,
                          ScopeFilter      *filter,
                          gsize             position,
                          const GError     *error)
{
  const char *text = gtk_editable_get_text (self->entry);

  g_free (self->judged);
  self->judged = g_strdup (text);
  scope_filter_entry_show_error (self, text, position, error);
  if (error != NULL)
    return;
  scope_filter_chips_set_text (self->chips, text);
  scope_filter_entry_use (self, filter);
}

static ScopeFilter *
scope_filter_entry_parse (ScopeFilterEntry *self,
                          gsize            *position,
                          GError          **error)
{
  const char *text = gtk_editable_get_text (self->entry);

  *position = 0;
  return scope_filter_entry_is_blank (text) ? NULL : scope_filter_new (text, position, error);
}

static void
scope_filter_entry_compile (ScopeFilterEntry *self)
{
  g_autoptr (ScopeFilter) filter = NULL;
  g_autoptr (GError) error = NULL;
  gsize position;

  g_clear_handle_id (&self->rest_id, g_source_remove);
  filter = scope_filter_entry_parse (self, &position, &error);
  scope_filter_entry_judge (self, filter, position, error);
}

/* With suggestions in sight one is told what may come; a word is looked for all the same. */
static gboolean
scope_filter_entry_rest_cb (gpointer user_data)
{
  ScopeFilterEntry *self = user_data;

  if (scope_filter_completion_is_open (self->completion) &&
      !scope_filter_ends_in_field (gtk_editable_get_text (self->entry)))
    return G_SOURCE_CONTINUE;
  self->rest_id = 0;
  scope_filter_entry_compile (self);
  return G_SOURCE_REMOVE;
}

static gboolean
scope_filter_entry_is_typed (ScopeFilterEntry *self)
{
  return g_strcmp0 (gtk_editable_get_text (self->entry), self->judged) != 0 &&
         gtk_widget_has_focus (GTK_WIDGET (gtk_editable_get_delegate (self->entry)));
}

/* Between the first and the last letter of a comparison there is neither a mistake to shout about
 * nor a filter to empty the log with: the one in force stays until the hand rests. */
static void
scope_filter_entry_typed_cb (ScopeFilterEntry *self)
{
  const char *text = gtk_editable_get_text (self->entry);
  g_autoptr (ScopeFilter) filter = NULL;
  g_autoptr (GError) error = NULL;
  gsize position;
  gboolean underway;

  g_clear_handle_id (&self->rest_id, g_source_remove);
  filter = scope_filter_entry_parse (self, &position, &error);
  underway = error != NULL ? position >= strlen (text)
                           : scope_filter_is_begun (text) || scope_filter_ends_in_field (text);
  if (!underway || !scope_filter_entry_is_typed (self))
    {
      scope_filter_entry_judge (self, filter, position, error);
      return;
    }
  scope_filter_entry_show_error (self, text, 0, NULL);
  self->rest_id = g_timeout_add (REST_MSEC, scope_filter_entry_rest_cb, self);
}

static void
scope_filter_entry_left_cb (ScopeFilterEntry *self)
{
  if (self->rest_id != 0)
    scope_filter_entry_compile (self);
}

static void
scope_filter_entry_edited_cb (ScopeFilterEntry *self,
                              const char       *text)
{
  gtk_popover_popdown (self->fold_popover);
  scope_filter_entry_set_text (self, text);
}

/* What is saved is what stands there, mistakes and all: the menu tells of them. */
static void
scope_filter_entry_menu_cb (ScopeFilterEntry *self)
{
  scope_filter_menu_set_text (self->menu, gtk_editable_get_text (self->entry));
}

static void
scope_filter_entry_built_cb (ScopeFilterEntry *self,
                             const char       *mode,
                             const char       *text)
{
  gtk_popover_popdown (self->fold_popover);
  scope_filter_entry_combine (self, mode, text);
}

/* Beside the entry a button is an icon; in the menu there is room for its name. */
static void
scope_filter_entry_move (GtkMenuButton *button,
                         const char    *icon,
                         GtkBox        *from,
                         GtkBox        *to,
                         gboolean       fold)
{
  gtk_menu_button_popdown (button);
  g_object_ref (button);
  gtk_box_remove (from, GTK_WIDGET (button));
  gtk_box_append (to, GTK_WIDGET (button));
  g_object_unref (button);
  scope_ui_set_class (button, "flat", fold);
  if (fold)
    gtk_menu_button_set_label (button, gtk_widget_get_tooltip_text (GTK_WIDGET (button)));
  else
    gtk_menu_button_set_icon_name (button, icon);
}

static void
scope_filter_entry_stop_cb (ScopeFilterEntry *self)
{
  if (*gtk_editable_get_text (self->entry) != '\0')
    scope_filter_entry_set_text (self, "");
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.focus-log", NULL);
}

static void
scope_filter_entry_activate_cb (ScopeFilterEntry *self)
{
  scope_filter_entry_compile (self);
  if (!gtk_revealer_get_reveal_child (self->revealer))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.focus-log", NULL);
}

static void
scope_filter_entry_dispose (GObject *object)
{
  ScopeFilterEntry *self = SCOPE_FILTER_ENTRY (object);

  g_clear_handle_id (&self->recent_id, g_source_remove);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->completion != NULL)
    scope_filter_completion_close (self->completion);
  g_clear_object (&self->completion);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_FILTER_ENTRY);

  G_OBJECT_CLASS (scope_filter_entry_parent_class)->dispose (object);
}

static void
scope_filter_entry_finalize (GObject *object)
{
  ScopeFilterEntry *self = SCOPE_FILTER_ENTRY (object);

  g_clear_pointer (&self->filter, scope_filter_unref);
  g_free (self->judged);

  G_OBJECT_CLASS (scope_filter_entry_parent_class)->finalize (object);
}

static void
scope_filter_entry_class_init (ScopeFilterEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_filter_entry_dispose;
  object_class->finalize = scope_filter_entry_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_FILTER_ENTRY, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (SCOPE_TYPE_FILTER_BUILDER);
  g_type_ensure (SCOPE_TYPE_FILTER_CHIPS);
  g_type_ensure (SCOPE_TYPE_FILTER_MENU);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-filter-entry.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, row);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, fold_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, fold_popover);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, fold);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, add_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, menu_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, help_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, builder);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, menu);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, chips);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, revealer);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterEntry, message);
}

static void
scope_filter_entry_init (ScopeFilterEntry *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  self->completion = scope_filter_completion_new (GTK_WIDGET (self), self->entry);
  g_signal_connect_object (focus, "leave", G_CALLBACK (scope_filter_entry_left_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), focus);
  g_signal_connect_object (self->entry, "search-changed", G_CALLBACK (scope_filter_entry_typed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (scope_filter_entry_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->menu, "show", G_CALLBACK (scope_filter_entry_menu_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->menu, "picked", G_CALLBACK (scope_filter_entry_edited_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->builder, "built", G_CALLBACK (scope_filter_entry_built_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chips, "edited", G_CALLBACK (scope_filter_entry_edited_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "stop-search", G_CALLBACK (scope_filter_entry_stop_cb),
                           self, G_CONNECT_SWAPPED);
}

/**
 * scope_filter_entry_get_filter:
 *
 * Returns: (transfer none) (nullable): the filter in force
 */
ScopeFilter *
scope_filter_entry_get_filter (ScopeFilterEntry *self)
{
  g_return_val_if_fail (SCOPE_IS_FILTER_ENTRY (self), NULL);

  return self->filter;
}

/**
 * scope_filter_entry_set_vocabulary:
 * @vocabulary: (nullable): what the log holds
 */
void
scope_filter_entry_set_vocabulary (ScopeFilterEntry *self,
                                   ScopeVocabulary  *vocabulary)
{
  g_return_if_fail (SCOPE_IS_FILTER_ENTRY (self));
  g_return_if_fail (vocabulary == NULL || SCOPE_IS_VOCABULARY (vocabulary));

  scope_filter_completion_set_vocabulary (self->completion, vocabulary);
  scope_filter_builder_set_vocabulary (self->builder, vocabulary);
}

/**
 * scope_filter_entry_set_text:
 * @text: a filter, "" for none
 */
void
scope_filter_entry_set_text (ScopeFilterEntry *self,
                             const char       *text)
{
  g_return_if_fail (SCOPE_IS_FILTER_ENTRY (self));
  g_return_if_fail (text != NULL);

  scope_filter_completion_hush (self->completion, TRUE);
  gtk_editable_set_text (self->entry, text);
  gtk_editable_set_position (self->entry, -1);
  scope_filter_completion_hush (self->completion, FALSE);
  scope_filter_entry_compile (self);
}

/**
 * scope_filter_entry_combine:
 * @mode: "replace", "only" or "exclude"; of any other nothing comes
 * @text: a filter
 *
 * Puts @text beside the filter that stands there, or in its place.
 */
void
scope_filter_entry_combine (ScopeFilterEntry *self,
                            const char       *mode,
                            const char       *text)
{
  ScopeFilterMode how;
  g_autofree char *combined = NULL;

  g_return_if_fail (SCOPE_IS_FILTER_ENTRY (self));
  g_return_if_fail (mode != NULL);
  g_return_if_fail (text != NULL);

  if (!scope_filter_mode_parse (mode, &how))
    return;
  combined = scope_filter_combine (gtk_editable_get_text (self->entry), how, text);
  scope_filter_entry_set_text (self, combined);
}

/**
 * scope_filter_entry_set_narrow:
 * @narrow: whether the entry needs the room of the buttons beside it
 *
 * Puts these buttons into a menu of their own, or takes them out of it.
 */
void
scope_filter_entry_set_narrow (ScopeFilterEntry *self,
                               gboolean          narrow)
{
  GtkBox *from;
  GtkBox *to;

  g_return_if_fail (SCOPE_IS_FILTER_ENTRY (self));

  if (gtk_widget_get_visible (self->fold_button) == narrow)
    return;
  from = narrow ? self->row : self->fold;
  to = narrow ? self->fold : self->row;
  gtk_popover_popdown (self->fold_popover);
  scope_filter_entry_move (GTK_MENU_BUTTON (self->add_button), "list-add-symbolic", from, to, narrow);
  scope_filter_entry_move (GTK_MENU_BUTTON (self->menu_button), "user-bookmarks-symbolic", from, to, narrow);
  scope_filter_entry_move (GTK_MENU_BUTTON (self->help_button), "help-about-symbolic", from, to, narrow);
  gtk_widget_set_visible (self->fold_button, narrow);
}

/**
 * scope_filter_entry_grab_focus:
 *
 * Moves the keyboard focus into the entry.
 */
void
scope_filter_entry_grab_focus (ScopeFilterEntry *self)
{
  g_return_if_fail (SCOPE_IS_FILTER_ENTRY (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
