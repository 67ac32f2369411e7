/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-statistics-view"

#include "config.h"

#include "ui/scope-top-list.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "capture/scope-filter-terms.h"
#include "ui/scope-format.h"
#include "ui/scope-statistics-data.h"
#include "ui/scope-ui-util.h"

#define N_ROWS 10
#define NAME_CHARS 14

typedef struct
{
  GtkWidget *row;
  GtkLabel *name;
  GtkLabel *figure;
  GtkLabel *share;
  GtkProgressBar *bar;
  guint32 id;
} TopRow;

struct _ScopeTopList
{
  AdwBin parent_instance;

  ScopeTallyName kind;
  ScopeNames *names;
  GtkListBox *list;
  GtkLabel *more;
  TopRow rows[N_ROWS];
};

G_DEFINE_FINAL_TYPE (ScopeTopList, scope_top_list, ADW_TYPE_BIN)

static const char * const titles[] = { N_("Top Channels"), N_("Top Events"), N_("Top Users") };
static const char * const fields[] = { "channel", "event", "user" };

static void
scope_top_list_activated_cb (ScopeTopList  *self,
                             GtkListBoxRow *row)
{
  TopRow *top = &self->rows[gtk_list_box_row_get_index (row)];
  const char *name = self->names != NULL ? scope_names_get (self->names, top->id) : NULL;
  g_autofree char *filter = NULL;

  if (top->id == SCOPE_NAMES_OVERFLOW)
    return;
  filter = name != NULL ? scope_filter_format_term (fields[self->kind], name)
                        : g_strdup_printf ("not (%s exists)", fields[self->kind]);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.filter", "(ss)", "only", filter);
}

static GtkLabel *
new_label (GtkWidget  *box,
           float       xalign,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
scope_top_list_add_row (ScopeTopList *self,
                        TopRow       *top)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  top->name = new_label (line, 0, "scope-plain");
  gtk_widget_set_hexpand (GTK_WIDGET (top->name), TRUE);
  gtk_label_set_ellipsize (top->name, PANGO_ELLIPSIZE_MIDDLE);
  /* a long name takes no list its place beside the others */
  gtk_label_set_max_width_chars (top->name, NAME_CHARS);
  top->figure = new_label (line, 1, "numeric");
  top->share = new_label (line, 1, "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (top->share), "dim-label");
  gtk_label_set_width_chars (top->share, 5);
  gtk_box_append (GTK_BOX (box), line);
  top->bar = GTK_PROGRESS_BAR (g_object_new (GTK_TYPE_PROGRESS_BAR, "accessible-role",
                                             GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (top->bar));
  gtk_widget_add_css_class (box, "scope-top-row");

  top->row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (top->row), box);
  gtk_widget_set_visible (top->row, FALSE);
  gtk_list_box_append (self->list, top->row);
}

static void
top_row_update (TopRow          *top,
                const ScopeRank *rank,
                const char      *name,
                double           share,
                gboolean         by_bytes)
{
  g_autofree char *count = scope_format_count (rank->figures.count);
  g_autofree char *bytes = scope_text_format_size (rank->figures.bytes);
  /* Translators: a share of all */
  g_autofree char *percent = g_strdup_printf (_("%.0f %%"), share * 100);
  g_autofree char *events = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%s event", "%s events", (gulong) rank->figures.count), count);
  g_autofree char *label = g_strdup_printf ("%s, %s, %s, %s", name, events, bytes, percent);
  g_autofree char *tooltip = g_strdup_printf ("%s\n%s, %s", name, events, bytes);

  top->id = rank->id;
  gtk_label_set_text (top->name, name);
  gtk_label_set_text (top->figure, by_bytes ? bytes : count);
  gtk_label_set_text (top->share, percent);
  gtk_progress_bar_set_fraction (top->bar, CLAMP (share, 0, 1));
  gtk_widget_set_tooltip_text (top->row, tooltip);
  scope_ui_set_label (top->row, label);
}

static void
scope_top_list_dispose (GObject *object)
{
  g_clear_object (&SCOPE_TOP_LIST (object)->names);

  G_OBJECT_CLASS (scope_top_list_parent_class)->dispose (object);
}

static void
scope_top_list_class_init (ScopeTopListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_top_list_dispose;
}

static void
scope_top_list_init (ScopeTopList *self)
{
}

/**
 * scope_top_list_new:
 * @kind: what is ranked
 *
 * Returns: (transfer floating): a list of nothing
 */
GtkWidget *
scope_top_list_new (ScopeTallyName kind)
{
  ScopeTopList *self = g_object_new (SCOPE_TYPE_TOP_LIST, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkLabel *title = new_label (box, 0, "heading");

  g_return_val_if_fail (kind < SCOPE_TALLY_N_NAMES, GTK_WIDGET (self));

  self->kind = kind;
  gtk_label_set_text (title, _(titles[kind]));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "scope-top-list");
  scope_ui_set_label (self->list, _(titles[kind]));
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (scope_top_list_activated_cb),
                            self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  for (guint i = 0; i < N_ROWS; i++)
    scope_top_list_add_row (self, &self->rows[i]);
  self->more = new_label (box, 0, "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->more), "caption");
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "scope-chart-card");
  adw_bin_set_child (ADW_BIN (self), box);
  return GTK_WIDGET (self);
}

static void
scope_top_list_update_more (ScopeTopList *self,
                            guint         n,
                            guint         n_shown)
{
  g_autofree char *text = NULL;
  guint n_more = n - n_shown;

  if (n == 0)
    text = g_strdup (self->kind == SCOPE_TALLY_USER ? _("No event came from a user.")
                                                    : _("Nothing yet."));
  else if (n_more > 0)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "and %u more", "and %u more", n_more),
                            n_more);
  gtk_widget_set_visible (GTK_WIDGET (self->more), text != NULL);
  gtk_label_set_text (self->more, text != NULL ? text : "");
}

/**
 * scope_top_list_update:
 * @tally: the figures
 * @names: of the session
 * @by_bytes: rank by bytes, not by count
 */
void
scope_top_list_update (ScopeTopList     *self,
                       const ScopeTally *tally,
                       ScopeNames       *names,
                       gboolean          by_bytes)
{
  g_autoptr (GArray) top = NULL;
  ScopeFigures total;

  g_return_if_fail (SCOPE_IS_TOP_LIST (self));

  g_set_object (&self->names, names);
  top = scope_tally_dup_top (tally, self->kind, by_bytes, N_ROWS);
  total = scope_tally_get_total (tally);
  for (guint i = 0; i < N_ROWS; i++)
    {
      gtk_widget_set_visible (self->rows[i].row, i < top->len);
      if (i < top->len)
        {
          const ScopeRank *rank = &g_array_index (top, ScopeRank, i);
          g_autofree char *name = scope_statistics_data_dup_name (names, self->kind, rank->id);
          double share = by_bytes ? rank->figures.bytes / MAX (total.bytes, 1.0)
                                  : rank->figures.count / MAX (total.count, 1.0);

          top_row_update (&self->rows[i], rank, name, share, by_bytes);
        }
    }
  scope_top_list_update_more (self, scope_tally_count_names (tally, self->kind), top->len);
}
