/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-help"

#include "config.h"

#include "ui/scope-help-window.h"

#include <glib/gi18n-lib.h>

#include "protocol/scope-close-code.h"
#include "ui/scope-help-pages.h"
#include "ui/scope-ui-util.h"
#include "ui/scope-window.h"

#define CODE_WIDTH 90

struct _ScopeHelpWindow
{
  AdwWindow parent_instance;

  AdwLeaflet *leaflet;
  GtkWidget *list_side;
  GtkWidget *page_side;
  AdwHeaderBar *list_header;
  GtkListBox *list;
  AdwWindowTitle *page_title;
  GtkWidget *back_button;
  GtkStack *stack;
};

G_DEFINE_FINAL_TYPE (ScopeHelpWindow, scope_help_window, ADW_TYPE_WINDOW)

/* ---- pages: from data to widgets ---- */

/* gettext gives the catalog's head for an empty text */
static const char *
help_translate (const char *text)
{
  return *text != '\0' ? _(text) : text;
}

static GtkWidget *
help_create_label (const char       *text,
                   GtkAccessibleRole role,
                   const char       *css_class)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", role, "label", text, NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  scope_ui_set_exact_label (GTK_LABEL (label));
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
help_append_text (GtkBox     *page,
                  const char *text,
                  gboolean    heading)
{
  GtkWidget *label = help_create_label (
      help_translate (text), heading ? GTK_ACCESSIBLE_ROLE_HEADING : GTK_ACCESSIBLE_ROLE_LABEL,
      heading ? "heading" : NULL);

  if (heading)
    gtk_widget_set_margin_top (label, 12);
  gtk_box_append (page, label);
}

static GtkWidget *
help_append_table (GtkBox *page)
{
  GtkWidget *table = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_TABLE,
                                   "orientation", GTK_ORIENTATION_VERTICAL, NULL);

  gtk_widget_add_css_class (table, "scope-help-table");
  gtk_box_append (page, table);
  return table;
}

/* All cells of a table are equally wide, so that columns stand below each other. */
static GtkWidget *
help_append_row (GtkWidget         *table,
                 const char *const *cells,
                 gboolean           header)
{
  GtkWidget *row = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_ROW,
                                 "homogeneous", TRUE, "spacing", 12, NULL);
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = 0; i < SCOPE_HELP_COLUMNS && cells[i] != NULL; i++)
    {
      gboolean literal = i == 0 && !header;
      const char *text = literal ? cells[i] : help_translate (cells[i]);

      g_string_append_printf (name, "%s%s", i > 0 ? ", " : "", text);
      gtk_box_append (GTK_BOX (row),
                      help_create_label (text,
                                         header ? GTK_ACCESSIBLE_ROLE_COLUMN_HEADER
                                                : GTK_ACCESSIBLE_ROLE_CELL,
                                         header ? "caption-heading" : literal ? "monospace" : NULL));
    }
  scope_ui_set_label (row, name->str);
  gtk_box_append (GTK_BOX (table), row);
  return row;
}

static void
help_copy_cb (GtkWidget *button)
{
  scope_ui_copy (button, g_object_get_data (G_OBJECT (button), "scope-filter"));
}

/* In the window that was used last. */
static void
help_try_cb (GtkWidget *button)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (gtk_widget_get_root (button)));
  const char *filter = g_object_get_data (G_OBJECT (button), "scope-filter");
  GList *windows = application != NULL ? gtk_application_get_windows (application) : NULL;

  for (; windows != NULL; windows = windows->next)
    if (SCOPE_IS_WINDOW (windows->data)
        && gtk_widget_activate_action (windows->data, "win.filter", "(ss)", "replace", filter))
      {
        gtk_window_present (windows->data);
        return;
      }
  gtk_widget_error_bell (button);
}

static GtkWidget *
help_create_filter_button (const char *icon,
                           const char *name,
                           const char *filter,
                           GCallback   clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  g_object_set_data (G_OBJECT (button), "scope-filter", (gpointer) filter);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, name);
  scope_ui_set_label (button, name);
  g_signal_connect (button, "clicked", clicked, NULL);
  return button;
}

/* The filter is a static text of the page. */
static void
help_append_filter (GtkWidget         *table,
                    const char *const *cells)
{
  GtkWidget *row = help_append_row (table, cells, FALSE);
  g_autofree char *copy = g_strdup_printf (_("Copy %s"), cells[0]);
  g_autofree char *try_it = g_strdup_printf (_("Try %s"), cells[0]);

  gtk_box_set_homogeneous (GTK_BOX (row), FALSE);
  for (GtkWidget *cell = gtk_widget_get_first_child (row); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    {
      gtk_widget_set_hexpand (cell, TRUE);
      gtk_label_set_width_chars (GTK_LABEL (cell), 18);
      gtk_label_set_max_width_chars (GTK_LABEL (cell), 18);
    }
  gtk_box_append (GTK_BOX (row), help_create_filter_button ("edit-copy-symbolic", copy, cells[0],
                                                            G_CALLBACK (help_copy_cb)));
  gtk_box_append (GTK_BOX (row),
                  help_create_filter_button ("media-playback-start-symbolic", try_it, cells[0],
                                             G_CALLBACK (help_try_cb)));
}

/* A first column of numbers needs less room. */
static void
help_append_narrow_row (GtkWidget         *table,
                        const char *const *cells,
                        gboolean           header)
{
  GtkWidget *row = help_append_row (table, cells, header);
  GtkWidget *first = gtk_widget_get_first_child (row);

  gtk_box_set_homogeneous (GTK_BOX (row), FALSE);
  gtk_widget_set_size_request (first, CODE_WIDTH, -1);
  gtk_widget_set_hexpand (gtk_widget_get_next_sibling (first), TRUE);
}

static void
help_append_code (GtkWidget  *table,
                  guint       code,
                  const char *meaning)
{
  g_autofree char *number = g_strdup_printf ("%u", code);
  const char *cells[SCOPE_HELP_COLUMNS] = { number, meaning, NULL };

  help_append_narrow_row (table, cells, FALSE);
}

/* The very words that stand in the log. */
static void
help_append_codes (GtkBox *page)
{
  static const guint codes[] = {
    1000, 1001, 1002, 1003, 1006, 1009, 2010, 4000, 4001, 4002, 4003, 4004, 4005, 4006,
    4007, 4008, 4009, 4100, 4200, 4201, 4202, 4301, 4302,
  };
  static const guint statuses[] = { 400, 401, 403, 404, 407, 413, 422, 429, 500, 503 };
  static const char *const code_header[] = { N_("Code"), N_("What it means"), NULL };
  static const char *const status_header[] = { N_("HTTP Status"), N_("What it means"), NULL };
  GtkWidget *table = help_append_table (page);

  help_append_narrow_row (table, code_header, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    help_append_code (table, codes[i], scope_close_code_get_meaning (codes[i]));

  help_append_text (page, N_("Instead of a connection, an HTTP status may come."), FALSE);
  table = help_append_table (page);
  help_append_narrow_row (table, status_header, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    help_append_code (table, statuses[i], scope_http_status_get_meaning (statuses[i]));
}

static void
help_fill_page (GtkBox              *page,
                const ScopeHelpItem *items)
{
  GtkWidget *table = NULL;

  for (; items->kind != SCOPE_HELP_END; items++)
    switch (items->kind)
      {
      case SCOPE_HELP_HEADING:
      case SCOPE_HELP_TEXT:
        help_append_text (page, items->cells[0], items->kind == SCOPE_HELP_HEADING);
        break;

      case SCOPE_HELP_HEADER:
        table = help_append_table (page);
        help_append_row (table, items->cells, TRUE);
        break;

      case SCOPE_HELP_ROW:
        help_append_row (table, items->cells, FALSE);
        break;

      case SCOPE_HELP_FILTER:
        help_append_filter (table, items->cells);
        break;

      case SCOPE_HELP_CODES:
        help_append_codes (page);
        break;

      case SCOPE_HELP_END:
      default:
        break;
      }
}

/* The page takes the focus, so that Page Up, Page Down, Home and End move it. */
static GtkWidget *
help_create_page (const ScopeHelpPage *page)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP,
                                 "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 12, NULL);

  gtk_widget_set_focusable (box, TRUE);
  gtk_widget_add_css_class (box, "scope-help-page");
  scope_ui_set_label (box, help_translate (page->title));
  help_fill_page (GTK_BOX (box), page->items);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 760);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  return scroller;
}

/* ---- the window ---- */

/* A page is made when it is looked at for the first time. */
static void
scope_help_window_show_page (ScopeHelpWindow *self,
                             guint            index)
{
  const ScopeHelpPage *page = &scope_help_pages[index];

  if (gtk_stack_get_child_by_name (self->stack, page->name) == NULL)
    gtk_stack_add_named (self->stack, help_create_page (page), page->name);
  scope_ui_show_page (self->stack, page->name);
  adw_window_title_set_title (self->page_title, _(page->title));
}

static void
scope_help_window_selected_cb (ScopeHelpWindow *self,
                               GtkListBoxRow   *row)
{
  if (row == NULL)
    return;

  scope_help_window_show_page (self, gtk_list_box_row_get_index (row));
  /* what is read now is what stays when the window becomes narrow */
  if (!adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child_name (self->leaflet, "page");
}

static void
scope_help_window_activated_cb (ScopeHelpWindow *self,
                                GtkListBoxRow   *row)
{
  scope_help_window_show_page (self, gtk_list_box_row_get_index (row));
  adw_leaflet_set_visible_child_name (self->leaflet, "page");
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

/* The leaflet hides a side from the eye only: what is in it goes for screen readers too. */
static void
scope_help_window_show_side (GtkWidget *side,
                             gboolean   show)
{
  for (GtkWidget *child = gtk_widget_get_first_child (side); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_visible (child, show);
}

static void
scope_help_window_folded_cb (ScopeHelpWindow *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);
  gboolean list = adw_leaflet_get_visible_child (self->leaflet) == self->list_side;

  scope_help_window_show_side (self->list_side, !folded || list);
  scope_help_window_show_side (self->page_side, !folded || !list);
  gtk_widget_set_visible (self->back_button, folded);
  adw_header_bar_set_show_end_title_buttons (self->list_header, folded);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "help.back", folded);
}

static void
scope_help_window_back_cb (GtkWidget  *widget,
                           const char *action,
                           GVariant   *parameter)
{
  ScopeHelpWindow *self = SCOPE_HELP_WINDOW (widget);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  adw_leaflet_set_visible_child_name (self->leaflet, "list");
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
scope_help_window_fill_list (ScopeHelpWindow *self)
{
  for (guint i = 0; i < scope_help_n_pages; i++)
    {
      const char *title = _(scope_help_pages[i].title);
      GtkWidget *row = gtk_list_box_row_new ();
      GtkWidget *label = help_create_label (title, GTK_ACCESSIBLE_ROLE_LABEL, NULL);

      gtk_label_set_yalign (GTK_LABEL (label), 0.5);
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
      scope_ui_set_label (row, title);
      gtk_list_box_append (self->list, row);
    }
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0)));
}

static void
scope_help_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_HELP_WINDOW);

  G_OBJECT_CLASS (scope_help_window_parent_class)->dispose (object);
}

static void
scope_help_window_class_init (ScopeHelpWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_help_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-help-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeHelpWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ScopeHelpWindow, list_side);
  gtk_widget_class_bind_template_child (widget_class, ScopeHelpWindow, page_side);
  gtk_widget_class_bind_template_child (widget_class, ScopeHelpWindow, list_header);
  gtk_widget_class_bind_template_child (widget_class, ScopeHelpWindow, list);
  gtk_widget_class_bind_template_child (widget_class, ScopeHelpWindow, page_title);
  gtk_widget_class_bind_template_child (widget_class, ScopeHelpWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeHelpWindow, stack);
  gtk_widget_class_bind_template_callback (widget_class, scope_help_window_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_help_window_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_help_window_folded_cb);
  gtk_widget_class_install_action (widget_class, "help.back", NULL, scope_help_window_back_cb);
}

static void
scope_help_window_init (ScopeHelpWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_help_window_fill_list (self);
  scope_help_window_folded_cb (self);
}

static GtkWindow *
scope_help_window_find (GtkApplication *application)
{
  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    if (SCOPE_IS_HELP_WINDOW (l->data))
      return l->data;
  return NULL;
}

/**
 * scope_help_window_present:
 * @application: whose help it is
 *
 * Shows the user help: one window, which stays beside the others.
 */
void
scope_help_window_present (GtkApplication *application)
{
  GtkWindow *window;

  g_return_if_fail (GTK_IS_APPLICATION (application));

  window = scope_help_window_find (application);
  if (window == NULL)
    window = g_object_new (SCOPE_TYPE_HELP_WINDOW, "application", application, NULL);
  gtk_window_present (window);
}

/**
 * scope_help_window_dismiss:
 * @application: whose help it is
 *
 * Closes the help, if it is open: alone it shall not keep the program running.
 */
void
scope_help_window_dismiss (GtkApplication *application)
{
  GtkWindow *window;

  g_return_if_fail (GTK_IS_APPLICATION (application));

  window = scope_help_window_find (application);
  if (window != NULL)
    gtk_window_destroy (window);
}
