/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-ui"

#include "config.h"

#include "ui/scope-ui-util.h"

#include <adwaita.h>
#include <gtksourceview/gtksource.h>

#include "data/scope-icon-resources.h"
#include "src/ui/scope-ui-resources.h"

/* pixels of a toast that are not its text, without and for a button */
#define TOAST_FRAME 110
#define TOAST_BUTTON 50
#define TOAST_MIN_CHARS 12
#define TOAST_MAX_CHARS 80

/**
 * scope_ui_init:
 *
 * Registers the libraries' widget types. The program's resources register themselves, but only if
 * the linker keeps them: nothing else in a static library names them.
 */
void
scope_ui_init (void)
{
  if (scope_ui_get_resource () == NULL || scope_icon_get_resource () == NULL)
    g_critical ("The program's resources are missing");
  adw_init ();
  gtk_source_init ();
}

/**
 * scope_ui_set_label:
 * @accessible: a #GtkAccessible
 * @label: what it is called
 *
 * Sets an accessible name.
 */
void
scope_ui_set_label (gpointer    accessible,
                    const char *label)
{
  g_return_if_fail (GTK_IS_ACCESSIBLE (accessible));

  gtk_accessible_update_property (GTK_ACCESSIBLE (accessible),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* How many characters of a toast’s text have room in a line beside its buttons. */
static int
scope_ui_measure_toast (GtkWidget  *where,
                        const char *button)
{
  PangoContext *context = gtk_widget_get_pango_context (where);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int char_width = pango_font_metrics_get_approximate_char_width (metrics) * 6 / 5; /* bold */
  int width = gtk_widget_get_width (where);
  int room;
  g_autoptr (PangoLayout) layout = NULL;
  int button_width = 0;

  pango_font_metrics_unref (metrics);
  if (width == 0 && GTK_IS_WINDOW (where)) /* not shown yet */
    gtk_window_get_default_size (GTK_WINDOW (where), &width, NULL);
  room = width - TOAST_FRAME;
  if (button != NULL)
    {
      layout = gtk_widget_create_pango_layout (where, button);
      pango_layout_get_pixel_size (layout, &button_width, NULL);
      room -= button_width + TOAST_BUTTON;
    }
  return CLAMP (room * PANGO_SCALE / MAX (char_width, 1), TOAST_MIN_CHARS, TOAST_MAX_CHARS);
}

/**
 * scope_ui_toast_new:
 * @where: the widget over which it will lie
 * @text: plain text
 * @button: (nullable): the words of a button
 *
 * A toast that shows all of @text, in several lines where there is little room: libadwaita 1.2 has
 * room for those lines only if they follow from the title’s natural width.
 *
 * Returns: (transfer full): the toast
 */
AdwToast *
scope_ui_toast_new (GtkWidget  *where,
                    const char *text,
                    const char *button)
{
  g_autofree char *markup = NULL;
  GtkWidget *label;
  AdwToast *toast;

  g_return_val_if_fail (GTK_IS_WIDGET (where), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  markup = g_markup_escape_text (text, -1);
  toast = adw_toast_new (markup);
  label = gtk_label_new (text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), scope_ui_measure_toast (where, button));
  gtk_widget_add_css_class (label, "heading");
  adw_toast_set_custom_title (toast, label);
  adw_toast_set_button_label (toast, button);
  return toast;
}

/**
 * scope_ui_set_class:
 * @widget: a #GtkWidget
 *
 * Adds or removes a style class.
 */
void
scope_ui_set_class (gpointer    widget,
                    const char *css_class,
                    gboolean    on)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (on)
    gtk_widget_add_css_class (GTK_WIDGET (widget), css_class);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (widget), css_class);
}

/**
 * scope_ui_create_row_button:
 * @icon: an icon's name
 * @tooltip: what it does, of the row it stands in
 * @label: its accessible name, which says of which row
 *
 * Makes the flat button that stands at the end of a list's row.
 *
 * Returns: (transfer floating): a button, not connected yet
 */
GtkWidget *
scope_ui_create_row_button (const char *icon,
                            const char *tooltip,
                            const char *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, tooltip);
  scope_ui_set_label (button, label);
  return button;
}

/**
 * scope_ui_add_row_button:
 * @row: (type Gtk.Widget): an [class@Adw.ActionRow] or [class@Adw.ExpanderRow]
 * @icon: an icon's name
 * @tooltip: what it does, of the row it stands in
 * @label: (transfer full): its accessible name, which says of which row
 * @callback: of "clicked", with @row alone
 *
 * Adds a flat button to the row's end.
 */
void
scope_ui_add_row_button (gpointer    row,
                         const char *icon,
                         const char *tooltip,
                         char       *label,
                         GCallback   callback)
{
  GtkWidget *button = scope_ui_create_row_button (icon, tooltip, label);

  g_signal_connect_object (button, "clicked", callback, row, G_CONNECT_SWAPPED);
  if (ADW_IS_EXPANDER_ROW (row))
    adw_expander_row_add_action (row, button);
  else
    adw_action_row_add_suffix (row, button);
  g_free (label);
}

/**
 * scope_ui_release_pressed:
 * @inside: (nullable): what was pressed
 * @outside: the ancestor up to which it is let go of
 *
 * Shows `inside` and what it is in as pressed no longer, after a menu took the release of the button.
 */
void
scope_ui_release_pressed (GtkWidget *inside,
                          GtkWidget *outside)
{
  for (GtkWidget *widget = inside; widget != NULL && widget != outside;
       widget = gtk_widget_get_parent (widget))
    gtk_widget_unset_state_flags (widget, GTK_STATE_FLAG_ACTIVE);
}

/**
 * scope_ui_show_text:
 * @label: is there only while it has something to say
 * @text: (nullable): what it says
 *
 * Shows the text, or hides the label.
 */
void
scope_ui_show_text (GtkLabel   *label,
                    const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/**
 * scope_ui_find_list:
 *
 * Returns: (transfer none) (nullable): a column view's inner list, whose children are the rows
 */
GtkWidget *
scope_ui_find_list (GtkColumnView *view)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (view));

  while (child != NULL && !GTK_IS_LIST_VIEW (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/**
 * scope_ui_show_page:
 * @stack: a stack without a switcher: its pages are states, not places to go to
 * @name: the page to show
 *
 * To a screen reader all pages of a stack are there in GTK 4.8, so that a button of a page out of
 * sight would be found first, and do nothing. What is not shown is hidden.
 */
void
scope_ui_show_page (GtkStack   *stack,
                    const char *name)
{
  GtkWidget *shown;

  g_return_if_fail (GTK_IS_STACK (stack));
  g_return_if_fail (name != NULL);

  shown = gtk_stack_get_child_by_name (stack, name);
  g_return_if_fail (shown != NULL);

  gtk_widget_set_visible (shown, TRUE);
  gtk_stack_set_visible_child (stack, shown);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_visible (child, child == shown);
}

/**
 * scope_ui_set_exact_text:
 * @buffer: of a text view that wraps
 * @text: valid UTF-8
 *
 * Pango puts a hyphen where it breaks a word, which in a payload looks like a part of it.
 */
void
scope_ui_set_exact_text (GtkTextBuffer *buffer,
                         const char    *text)
{
  GtkTextTagTable *tags;
  GtkTextTag *tag;
  GtkTextIter start, end;

  g_return_if_fail (GTK_IS_TEXT_BUFFER (buffer));
  g_return_if_fail (text != NULL);

  tags = gtk_text_buffer_get_tag_table (buffer);
  tag = gtk_text_tag_table_lookup (tags, SCOPE_UI_EXACT_TAG);
  if (tag == NULL)
    tag = gtk_text_buffer_create_tag (buffer, SCOPE_UI_EXACT_TAG, "insert-hyphens", FALSE, NULL);
  gtk_text_buffer_set_text (buffer, text, -1);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_apply_tag (buffer, tag, &start, &end);
}

/**
 * scope_ui_set_exact_label:
 *
 * The same for a label that wraps.
 */
void
scope_ui_set_exact_label (GtkLabel *label)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
  pango_attr_list_unref (attributes);
}

/**
 * scope_ui_copy:
 *
 * Copies text to the clipboard of @widget's display.
 */
void
scope_ui_copy (GtkWidget  *widget,
               const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (text != NULL);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

/**
 * scope_ui_edit_profile_action:
 * @dialog: a dialog over a window that shows a profile
 *
 * Leaves the dialog for the profile's editor: what it needs is missing there.
 */
void
scope_ui_edit_profile_action (GtkWidget  *dialog,
                              const char *action,
                              GVariant   *parameter)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (dialog));

  if (parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.edit-current", NULL);
  gtk_window_close (GTK_WINDOW (dialog));
}

/**
 * scope_ui_set_tooltip:
 * @widget: (type GtkWidget): a widget
 * @text: (nullable): its tooltip, as it is
 *
 * Sets a tooltip that may be there already.
 */
void
scope_ui_set_tooltip (gpointer    widget,
                      const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) != 0)
    gtk_widget_set_tooltip_text (widget, text);
}

/**
 * scope_ui_dispose_bin:
 * @bin: what is disposed of
 * @type: the class whose template it is
 *
 * Lets the child of a bin and its template go.
 */
void
scope_ui_dispose_bin (AdwBin *bin,
                      GType   type)
{
  g_return_if_fail (ADW_IS_BIN (bin));

  adw_bin_set_child (bin, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (bin), type);
}

/**
 * scope_ui_get_settings:
 *
 * A program run from its build directory may have no schema, for which GSettings would abort.
 *
 * Returns: (transfer none) (nullable): the settings
 */
GSettings *
scope_ui_get_settings (void)
{
  static GSettings *settings;
  static gboolean looked;

  if (!looked)
    {
      GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
      g_autoptr (GSettingsSchema) schema = NULL;

      looked = TRUE;
      if (source != NULL)
        schema = g_settings_schema_source_lookup (source, SCOPE_APP_ID, TRUE);
      if (schema != NULL)
        settings = g_settings_new_full (schema, NULL, NULL);
      else
        g_debug ("The settings schema %s is not installed: nothing is remembered", SCOPE_APP_ID);
    }
  return settings;
}
