/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter-menu"

#include "config.h"

#include "ui/scope-filter-menu.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "ui/scope-filter-shelf.h"
#include "ui/scope-ui-util.h"

#define MAX_CHARS 34

struct _ScopeFilterMenu
{
  GtkPopover parent_instance;

  GtkEditable *name;
  GtkWidget *save;
  GtkLabel *problem;
  GtkWidget *saved_title;
  GtkBox *saved;
  GtkWidget *lists;
  GtkWidget *recent_title;
  GtkBox *recent;

  char *text;         /* in the entry */
  char *renamed;      /* the saved filter that gets the name in the entry; NULL: none */
  char *removed_name; /* can be brought back while the menu is open; NULL: none */
  char *removed_text;
};

enum
{
  PICKED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeFilterMenu, scope_filter_menu, GTK_TYPE_POPOVER)

static void filter_menu_fill (ScopeFilterMenu *self);

static void
filter_menu_show_problem (ScopeFilterMenu *self,
                          const GError    *error)
{
  scope_ui_show_text (self->problem, error != NULL ? error->message : NULL);
}

static void
filter_menu_set_renamed (ScopeFilterMenu *self,
                         const char      *name)
{
  scope_set_str (&self->renamed, name);
  gtk_editable_set_text (self->name, name != NULL ? name : "");
  gtk_button_set_label (GTK_BUTTON (self->save), name != NULL ? _("Rename") : _("Save Current"));
}

/* ---- commands ---- */

static void
filter_menu_save_cb (ScopeFilterMenu *self)
{
  const char *name = gtk_editable_get_text (self->name);
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (self->renamed != NULL)
    done = scope_filter_shelf_rename (self->renamed, name, &error);
  else
    done = scope_filter_shelf_save (name, self->text != NULL ? self->text : "", &error);
  filter_menu_show_problem (self, error);
  if (!done)
    return;
  filter_menu_set_renamed (self, NULL);
  filter_menu_fill (self);
}

static const char *
button_get (GtkWidget  *button,
            const char *what)
{
  return g_object_get_data (G_OBJECT (button), what);
}

static void
filter_menu_pick_cb (ScopeFilterMenu *self,
                     GtkWidget       *button)
{
  g_autofree char *text = g_strdup (button_get (button, "scope-text"));

  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[PICKED], 0, text);
}

static void
filter_menu_rename_cb (ScopeFilterMenu *self,
                       GtkWidget       *button)
{
  filter_menu_show_problem (self, NULL);
  filter_menu_set_renamed (self, button_get (button, "scope-name"));
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
}

static void
filter_menu_remove_cb (ScopeFilterMenu *self,
                       GtkWidget       *button)
{
  scope_set_str (&self->removed_name, button_get (button, "scope-name"));
  scope_set_str (&self->removed_text, button_get (button, "scope-text"));
  scope_filter_shelf_remove (self->removed_name);
  filter_menu_set_renamed (self, NULL);
  filter_menu_fill (self);
}

static void
filter_menu_undo_cb (ScopeFilterMenu *self)
{
  g_autoptr (GError) error = NULL;

  scope_filter_shelf_save (self->removed_name, self->removed_text, &error);
  filter_menu_show_problem (self, error);
  g_clear_pointer (&self->removed_name, g_free);
  filter_menu_fill (self);
}

/* ---- rows ---- */

static GtkWidget *
filter_menu_create_button (ScopeFilterMenu *self,
                           const char      *icon,
                           const char      *name,
                           const char      *saved_name,
                           const char      *text,
                           GCallback        clicked)
{
  GtkWidget *button = icon != NULL ? gtk_button_new_from_icon_name (icon) : gtk_button_new ();

  g_object_set_data_full (G_OBJECT (button), "scope-name", g_strdup (saved_name), g_free);
  g_object_set_data_full (G_OBJECT (button), "scope-text", g_strdup (text), g_free);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  scope_ui_set_label (button, name);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
filter_menu_create_pick (ScopeFilterMenu *self,
                         const char      *saved_name,
                         const char      *text)
{
  g_autofree char *shown = scope_text_for_display (saved_name != NULL ? saved_name : text, -1, 200);
  g_autofree char *whole = scope_text_for_display (text, -1, 500);
  GtkWidget *button = filter_menu_create_button (self, NULL, shown, saved_name, text,
                                                 G_CALLBACK (filter_menu_pick_cb));
  GtkWidget *label = gtk_label_new (shown);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_widget_add_css_class (label, "scope-plain");
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_set_tooltip_text (button, whole);
  gtk_widget_set_hexpand (button, TRUE);
  return button;
}

static GtkWidget *
filter_menu_create_row (void)
{
  return g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST_ITEM, NULL);
}

static void
filter_menu_add_saved (ScopeFilterMenu *self,
                       const char      *name,
                       const char      *text)
{
  GtkWidget *row = filter_menu_create_row ();
  g_autofree char *rename = g_strdup_printf (_("Rename “%s”"), name);
  g_autofree char *remove = g_strdup_printf (_("Delete “%s”"), name);

  scope_ui_set_label (row, name);
  gtk_box_append (GTK_BOX (row), filter_menu_create_pick (self, name, text));
  gtk_box_append (GTK_BOX (row),
                  filter_menu_create_button (self, "document-edit-symbolic", rename, name, text,
                                             G_CALLBACK (filter_menu_rename_cb)));
  gtk_box_append (GTK_BOX (row),
                  filter_menu_create_button (self, "user-trash-symbolic", remove, name, text,
                                             G_CALLBACK (filter_menu_remove_cb)));
  gtk_box_append (self->saved, row);
}

static void
filter_menu_add_undo (ScopeFilterMenu *self)
{
  GtkWidget *row = filter_menu_create_row ();
  g_autofree char *text = g_strdup_printf (_("“%s” was deleted"), self->removed_name);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *undo = gtk_button_new_with_label (_("Undo"));

  scope_ui_set_label (row, text);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_tooltip_text (label, text);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_margin_start (label, 12);
  g_signal_connect_object (undo, "clicked", G_CALLBACK (filter_menu_undo_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), undo);
  gtk_box_append (self->saved, row);
}

static void
box_clear (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static void
filter_menu_fill_saved (ScopeFilterMenu *self)
{
  g_autoptr (GVariant) saved = scope_filter_shelf_get_saved ();
  GVariantIter iter;
  const char *name;
  const char *text;

  box_clear (self->saved);
  g_variant_iter_init (&iter, saved);
  while (g_variant_iter_next (&iter, "(&s&s)", &name, &text))
    filter_menu_add_saved (self, name, text);
  if (self->removed_name != NULL)
    filter_menu_add_undo (self);
  gtk_widget_set_visible (self->saved_title,
                          gtk_widget_get_first_child (GTK_WIDGET (self->saved)) != NULL);
}

static void
filter_menu_fill (ScopeFilterMenu *self)
{
  g_auto (GStrv) recent = scope_filter_shelf_get_recent ();

  filter_menu_fill_saved (self);
  box_clear (self->recent);
  for (guint i = 0; recent[i] != NULL; i++)
    {
      GtkWidget *row = filter_menu_create_row ();

      scope_ui_set_label (row, recent[i]);
      gtk_box_append (GTK_BOX (row), filter_menu_create_pick (self, NULL, recent[i]));
      gtk_box_append (self->recent, row);
    }
  gtk_widget_set_visible (self->recent_title, recent[0] != NULL);
  gtk_widget_set_visible (self->lists, recent[0] != NULL || gtk_widget_get_visible (self->saved_title));
}

/* ---- class ---- */

static void
scope_filter_menu_show (GtkWidget *widget)
{
  ScopeFilterMenu *self = SCOPE_FILTER_MENU (widget);

  g_clear_pointer (&self->removed_name, g_free);
  filter_menu_show_problem (self, NULL);
  filter_menu_set_renamed (self, NULL);
  filter_menu_fill (self);

  GTK_WIDGET_CLASS (scope_filter_menu_parent_class)->show (widget);
}

static void
scope_filter_menu_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_FILTER_MENU);

  G_OBJECT_CLASS (scope_filter_menu_parent_class)->dispose (object);
}

static void
scope_filter_menu_finalize (GObject *object)
{
  ScopeFilterMenu *self = SCOPE_FILTER_MENU (object);

  g_free (self->text);
  g_free (self->renamed);
  g_free (self->removed_name);
  g_free (self->removed_text);

  G_OBJECT_CLASS (scope_filter_menu_parent_class)->finalize (object);
}

static void
scope_filter_menu_class_init (ScopeFilterMenuClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_filter_menu_dispose;
  object_class->finalize = scope_filter_menu_finalize;
  widget_class->show = scope_filter_menu_show;

  signals[PICKED] = g_signal_new ("picked", SCOPE_TYPE_FILTER_MENU, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-filter-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterMenu, name);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterMenu, save);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterMenu, problem);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterMenu, saved_title);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterMenu, saved);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterMenu, lists);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterMenu, recent_title);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterMenu, recent);
}

static void
scope_filter_menu_init (ScopeFilterMenu *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (self->save, "clicked", G_CALLBACK (filter_menu_save_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->name, "activate", G_CALLBACK (filter_menu_save_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * scope_filter_menu_set_text:
 * @text: (nullable): the filter that would be saved
 */
void
scope_filter_menu_set_text (ScopeFilterMenu *self,
                            const char      *text)
{
  g_return_if_fail (SCOPE_IS_FILTER_MENU (self));

  scope_set_str (&self->text, text);
}
