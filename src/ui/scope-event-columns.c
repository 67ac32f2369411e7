/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-columns"

#include "config.h"

#include "ui/scope-event-columns.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-event-cell.h"
#include "ui/scope-log-filler.h"
#include "ui/scope-ui-util.h"

#define DEFAULT_COLUMNS "time delta channel event size preview"
/* widths are kept once the hand rests */
#define SAVE_DELAY_MSEC 500
#define MIN_WIDTH 24
#define MAX_WIDTH 4000
/* what the sign of a rule takes before the time */
#define SIGN_WIDTH 20

struct _ScopeEventColumns
{
  GObject parent_instance;

  GtkColumnView *view; /* weak */
  GSettings *settings; /* NULL: nothing is kept */
  GSignalGroup *list_signals;
  GSignalGroup *shape_signals;
  ScopeGlyphTable *glyphs; /* of all cells */
  GHashTable *cells;   /* set of children of cells */
  ScopeLogFiller *filler;
  ScopeColorRules *rules;
  char *needle;        /* NULL: none */
  gboolean match_case;
  ScopeLogTime time;
  ScopeColumnRoom room;
  guint save_id;
  guint order_id;
  gboolean applying; /* the columns are changed from here */
};

G_DEFINE_FINAL_TYPE (ScopeEventColumns, scope_event_columns, G_TYPE_OBJECT)

static const char column_key[] = "scope-log-column";

static ScopeLogColumn *
get_info (GtkColumnViewColumn *column)
{
  return g_object_get_data (G_OBJECT (column), column_key);
}

static GListModel *
scope_event_columns_get_model (ScopeEventColumns *self)
{
  return gtk_column_view_get_columns (self->view);
}

/* ---- widths ---- */

static char *
scope_event_columns_dup_width_key (ScopeEventColumns *self,
                                   ScopeLogColumn    *info)
{
  return g_strconcat (self->room == SCOPE_COLUMNS_COMPACT ? "compact:" : "",
                      scope_log_column_get_name (info), NULL);
}

static int
scope_event_columns_get_default_width (ScopeEventColumns *self,
                                       ScopeLogColumn    *info)
{
  int width = scope_log_column_get_width (info, self->room, &self->time);
  gboolean is_time = scope_log_column_get_kind (info) == SCOPE_LOG_COLUMN_TIME;

  if (is_time && scope_color_rules_get_active (self->rules))
    width += SIGN_WIDTH;
  return width;
}

static int
scope_event_columns_get_width (ScopeEventColumns *self,
                               ScopeLogColumn    *info)
{
  g_autofree char *key = scope_event_columns_dup_width_key (self, info);
  g_autoptr (GVariant) kept = NULL;
  int width = 0;

  if (self->settings != NULL && self->room != SCOPE_COLUMNS_NARROW)
    {
      kept = g_settings_get_value (self->settings, "log-column-widths");
      if (g_variant_lookup (kept, key, "i", &width) && width >= MIN_WIDTH && width <= MAX_WIDTH)
        return width;
    }
  return scope_event_columns_get_default_width (self, info);
}

static void
scope_event_columns_apply_widths (ScopeEventColumns *self)
{
  GListModel *model = scope_event_columns_get_model (self);

  self->applying = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (model, i);
      int width = scope_event_columns_get_width (self, get_info (column));

      if (gtk_column_view_column_get_fixed_width (column) != width)
        gtk_column_view_column_set_fixed_width (column, width);
    }
  self->applying = FALSE;
}

/* Widths of columns that are not shown now are kept. */
static void
scope_event_columns_save_widths (ScopeEventColumns *self)
{
  GListModel *model = scope_event_columns_get_model (self);
  g_autoptr (GVariant) before = g_settings_get_value (self->settings, "log-column-widths");
  GVariantBuilder after = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{si}"));
  g_autoptr (GHashTable) now = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GVariantIter iter;
  GHashTableIter shown;
  gpointer shown_key, shown_width;
  const char *key;
  int width;

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (model, i);
      ScopeLogColumn *info = get_info (column);

      width = gtk_column_view_column_get_fixed_width (column);
      if (width == scope_event_columns_get_default_width (self, info))
        width = -1;
      g_hash_table_insert (now, scope_event_columns_dup_width_key (self, info),
                           GINT_TO_POINTER (width));
    }
  g_variant_iter_init (&iter, before);
  while (g_variant_iter_next (&iter, "{&si}", &key, &width))
    if (!g_hash_table_contains (now, key))
      g_variant_builder_add (&after, "{si}", key, width);
  g_hash_table_iter_init (&shown, now);
  while (g_hash_table_iter_next (&shown, &shown_key, &shown_width))
    if (GPOINTER_TO_INT (shown_width) >= MIN_WIDTH)
      g_variant_builder_add (&after, "{si}", shown_key, GPOINTER_TO_INT (shown_width));
  g_settings_set_value (self->settings, "log-column-widths", g_variant_builder_end (&after));
}

static gboolean
scope_event_columns_save_cb (gpointer user_data)
{
  ScopeEventColumns *self = user_data;

  self->save_id = 0;
  scope_event_columns_save_widths (self);
  return G_SOURCE_REMOVE;
}

static void
scope_event_columns_width_cb (ScopeEventColumns *self)
{
  if (self->applying || self->settings == NULL || self->room == SCOPE_COLUMNS_NARROW)
    return;
  g_clear_handle_id (&self->save_id, g_source_remove);
  self->save_id = g_timeout_add (SAVE_DELAY_MSEC, scope_event_columns_save_cb, self);
}

/* ---- columns ---- */

static GMenuModel *
column_new_menu (ScopeLogColumn *info)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) own = g_menu_new ();
  g_autoptr (GMenu) all = g_menu_new ();
  g_autoptr (GMenuItem) hide = NULL;

  if (scope_log_column_get_kind (info) == SCOPE_LOG_COLUMN_TIME)
    {
      g_menu_append (own, _("_Time of Day"), "win.log-time::clock");
      g_menu_append (own, _("Since the _Start"), "win.log-time::elapsed");
    }
  else
    {
      hide = g_menu_item_new (_("_Hide This Column"), NULL);
      g_menu_item_set_action_and_target (hide, "win.hide-column", "s",
                                         scope_log_column_get_name (info));
      g_menu_append_item (own, hide);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (own));
  g_menu_append (all, _("_Columns…"), "win.columns");
  g_menu_append (all, _("_Reset Columns"), "win.reset-columns");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (all));
  return G_MENU_MODEL (menu);
}

static GtkColumnViewColumn *
scope_event_columns_create (ScopeEventColumns *self,
                            ScopeLogColumn    *info)
{
  GtkColumnViewColumn *column =
      gtk_column_view_column_new (scope_log_column_get_title (info),
                                  scope_event_cell_factory_new (self, info));
  g_autoptr (GMenuModel) menu = column_new_menu (info);

  g_object_set_data_full (G_OBJECT (column), column_key, scope_log_column_ref (info),
                          (GDestroyNotify) scope_log_column_unref);
  gtk_column_view_column_set_expand (column,
                                     scope_log_column_get_kind (info) == SCOPE_LOG_COLUMN_PREVIEW);
  gtk_column_view_column_set_resizable (column, TRUE);
  if (self->settings != NULL)
    gtk_column_view_column_set_header_menu (column, menu);
  g_signal_connect_object (column, "notify::fixed-width",
                           G_CALLBACK (scope_event_columns_width_cb), self, G_CONNECT_SWAPPED);
  return column;
}

/* To a screen reader GTK 4.8 calls them by the names of their types. */
static void
scope_event_columns_name_parts (ScopeEventColumns *self)
{
  GListModel *model = scope_event_columns_get_model (self);
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  GtkWidget *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;
  GtkWidget *list = header != NULL ? gtk_widget_get_next_sibling (header) : NULL;

  for (guint i = 0; title != NULL && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (model, i);

      const char *name = gtk_column_view_column_get_title (column);
      const char *words = scope_log_column_get_words (get_info (column));

      scope_ui_set_label (title, name);
      gtk_widget_set_tooltip_text (title, g_str_equal (words, name) ? NULL : words);
      title = gtk_widget_get_next_sibling (title);
    }
  if (header != NULL)
    scope_ui_set_label (header, _("Columns"));
  if (list != NULL)
    scope_ui_set_label (list, _("Rows"));
}

static gboolean
scope_event_columns_stands_at (ScopeEventColumns *self,
                               guint              position,
                               const char        *name)
{
  g_autoptr (GtkColumnViewColumn) column =
      g_list_model_get_item (scope_event_columns_get_model (self), position);

  return column != NULL && g_str_equal (scope_log_column_get_name (get_info (column)), name);
}

/* Takes away those from position on that are not to stand there, up to the one of that name. */
static void
scope_event_columns_put (ScopeEventColumns  *self,
                         guint               position,
                         const char         *name,
                         const char * const *wanted)
{
  GListModel *model = scope_event_columns_get_model (self);
  g_autoptr (ScopeLogColumn) info = scope_log_column_new (name);
  g_autoptr (GtkColumnViewColumn) made = NULL;

  for (guint i = position; i < g_list_model_get_n_items (model);)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (model, i);
      const char *there = scope_log_column_get_name (get_info (column));

      if (g_str_equal (there, name) || !g_strv_contains (wanted, there))
        gtk_column_view_remove_column (self->view, column);
      else
        i++;
    }
  made = scope_event_columns_create (self, info);
  gtk_column_view_insert_column (self->view, position, made);
}

static char **
scope_event_columns_dup_names (ScopeEventColumns *self)
{
  static const char * const narrow[] = { "time", "channel", "event", "size", "preview", NULL };
  g_auto (GStrv) chosen = NULL;

  if (self->room == SCOPE_COLUMNS_NARROW)
    return g_strdupv ((char **) narrow);
  if (self->settings != NULL)
    chosen = g_settings_get_strv (self->settings, "log-columns");
  else
    chosen = g_strsplit (DEFAULT_COLUMNS, " ", -1);
  return scope_log_columns_normalize ((const char * const *) chosen);
}

/* They are added and removed rather than shown and hidden: hidden ones keep their width in GTK
 * 4.8. */
static void
scope_event_columns_apply (ScopeEventColumns *self)
{
  g_auto (GStrv) names = scope_event_columns_dup_names (self);
  GListModel *model = scope_event_columns_get_model (self);
  guint n = 0;

  self->applying = TRUE;
  gtk_column_view_set_reorderable (self->view, self->settings != NULL &&
                                                   self->room != SCOPE_COLUMNS_NARROW);
  for (; names[n] != NULL; n++)
    if (!scope_event_columns_stands_at (self, n, names[n]))
      scope_event_columns_put (self, n, names[n], (const char * const *) names);
  while (g_list_model_get_n_items (model) > n)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (model, n);

      gtk_column_view_remove_column (self->view, column);
    }
  self->applying = FALSE;
  scope_event_columns_apply_widths (self);
  scope_event_columns_name_parts (self);
}

/* ---- what is done in the header ---- */

static gboolean
scope_event_columns_order_cb (gpointer user_data)
{
  ScopeEventColumns *self = user_data;
  GListModel *model = scope_event_columns_get_model (self);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) order = NULL;

  self->order_id = 0;
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (model, i);

      g_strv_builder_add (names, scope_log_column_get_name (get_info (column)));
    }
  order = g_strv_builder_end (names);
  g_settings_set_strv (self->settings, "log-columns", (const char * const *) order);
  return G_SOURCE_REMOVE;
}

/* A column that is dragged is taken out and put in again. */
static void
scope_event_columns_moved_cb (ScopeEventColumns *self)
{
  if (!self->applying && self->settings != NULL && self->order_id == 0)
    self->order_id = g_idle_add (scope_event_columns_order_cb, self);
}

/* ---- settings ---- */

/* A row may lose its cells before the factory hears of it. */
static void
scope_event_columns_cell_gone (gpointer  cells,
                               GObject  *child)
{
  g_hash_table_remove (cells, child);
}

static void
scope_event_columns_forget_cells (ScopeEventColumns *self)
{
  GHashTableIter iter;
  gpointer child;

  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, &child, NULL))
    {
      g_object_weak_unref (child, scope_event_columns_cell_gone, self->cells);
      g_hash_table_iter_remove (&iter);
    }
}

static void
scope_event_columns_foreach_cell (ScopeEventColumns *self,
                                  void             (*refresh) (GtkWidget *child))
{
  GHashTableIter iter;
  gpointer child;

  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, &child, NULL))
    refresh (child);
}

static void
scope_event_columns_refresh (ScopeEventColumns *self)
{
  scope_event_columns_foreach_cell (self, scope_event_cell_refresh);
}

static void
scope_event_columns_refresh_marks (ScopeEventColumns *self)
{
  scope_event_columns_foreach_cell (self, scope_event_cell_refresh_mark);
}

static void
scope_event_columns_load_time (ScopeEventColumns *self)
{
  self->time.elapsed =
      self->settings != NULL && g_settings_get_enum (self->settings, "log-time") == 1;
}

static void
scope_event_columns_load_rules (ScopeEventColumns *self)
{
  static const char * const none[] = { NULL };
  g_auto (GStrv) texts = NULL;

  if (self->settings != NULL)
    texts = g_settings_get_strv (self->settings, "log-colors");
  g_clear_pointer (&self->rules, scope_color_rules_unref);
  self->rules = scope_color_rules_new (texts != NULL ? (const char * const *) texts : none);
}

static void
scope_event_columns_setting_cb (ScopeEventColumns *self,
                                const char        *key)
{
  if (self->view == NULL)
    return;
  if (g_str_equal (key, "log-columns"))
    scope_event_columns_apply (self);
  else if (g_str_equal (key, "log-column-widths"))
    scope_event_columns_apply_widths (self);
  else if (g_str_equal (key, "log-time"))
    scope_event_columns_load_time (self);
  else if (g_str_equal (key, "log-colors"))
    scope_event_columns_load_rules (self);
  else
    return;
  scope_event_columns_apply_widths (self);
  scope_event_columns_refresh (self);
}

/* ---- days ---- */

static gint64
list_get_time (GListModel *list,
               guint       position)
{
  g_autoptr (ScopeEventItem) item = g_list_model_get_item (list, position);

  return item != NULL ? scope_event_item_get_record (item)->time_usec : 0;
}

static gboolean
is_other_day (gint64 one_usec,
              gint64 other_usec)
{
  g_autoptr (GDateTime) one = g_date_time_new_from_unix_local (one_usec / G_USEC_PER_SEC);
  g_autoptr (GDateTime) other = g_date_time_new_from_unix_local (other_usec / G_USEC_PER_SEC);

  return one != NULL && other != NULL &&
         (g_date_time_get_day_of_year (one) != g_date_time_get_day_of_year (other) ||
          g_date_time_get_year (one) != g_date_time_get_year (other));
}

static void
scope_event_columns_items_changed_cb (ScopeEventColumns *self,
                                      guint              position,
                                      guint              removed,
                                      guint              added,
                                      GListModel        *list)
{
  guint n_items = g_list_model_get_n_items (list);
  gboolean with_date = self->time.with_date;

  if (removed == 0 && with_date)
    return;
  with_date =
      n_items > 0 && is_other_day (list_get_time (list, 0), list_get_time (list, n_items - 1));
  if (self->time.with_date == with_date || self->view == NULL)
    return;
  self->time.with_date = with_date;
  scope_event_columns_apply_widths (self);
  scope_event_columns_refresh (self);
}

/* ---- class ---- */

static void
scope_event_columns_dispose (GObject *object)
{
  ScopeEventColumns *self = SCOPE_EVENT_COLUMNS (object);

  scope_event_columns_flush (self);
  g_clear_handle_id (&self->order_id, g_source_remove);
  g_clear_object (&self->list_signals);
  g_clear_object (&self->shape_signals);
  if (self->filler != NULL)
    g_object_run_dispose (G_OBJECT (self->filler));
  g_clear_weak_pointer (&self->view);
  scope_event_columns_forget_cells (self);

  G_OBJECT_CLASS (scope_event_columns_parent_class)->dispose (object);
}

static void
scope_event_columns_finalize (GObject *object)
{
  ScopeEventColumns *self = SCOPE_EVENT_COLUMNS (object);

  g_clear_object (&self->filler);
  g_hash_table_unref (self->cells);
  scope_color_rules_unref (self->rules);
  scope_glyph_table_unref (self->glyphs);
  g_free (self->needle);

  G_OBJECT_CLASS (scope_event_columns_parent_class)->finalize (object);
}

static void
scope_event_columns_class_init (ScopeEventColumnsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_event_columns_dispose;
  object_class->finalize = scope_event_columns_finalize;
}

static void
scope_event_columns_init (ScopeEventColumns *self)
{
  self->cells = g_hash_table_new (NULL, NULL);
  self->settings = scope_ui_get_settings ();
  self->list_signals = g_signal_group_new (SCOPE_TYPE_EVENT_LIST);
  g_signal_group_connect_swapped (self->list_signals, "items-changed",
                                  G_CALLBACK (scope_event_columns_items_changed_cb), self);
  self->shape_signals = g_signal_group_new (SCOPE_TYPE_SHAPE_MEMORY);
  g_signal_group_connect_swapped (self->shape_signals, "flags-changed",
                                  G_CALLBACK (scope_event_columns_refresh_marks), self);
  self->glyphs = scope_glyph_table_new ();
  scope_event_columns_load_time (self);
  scope_event_columns_load_rules (self);
}

/**
 * scope_event_columns_new:
 * @view: the log, without columns; held weakly
 *
 * Returns: (transfer full): what gives it its columns
 */
ScopeEventColumns *
scope_event_columns_new (GtkColumnView *view)
{
  ScopeEventColumns *self;

  g_return_val_if_fail (GTK_IS_COLUMN_VIEW (view), NULL);

  self = g_object_new (SCOPE_TYPE_EVENT_COLUMNS, NULL);
  g_set_weak_pointer (&self->view, view);
  self->filler = scope_log_filler_new (view);
  scope_event_columns_apply (self);
  g_signal_connect_object (scope_event_columns_get_model (self), "items-changed",
                           G_CALLBACK (scope_event_columns_moved_cb), self, G_CONNECT_SWAPPED);
  if (self->settings != NULL)
    g_signal_connect_object (self->settings, "changed",
                             G_CALLBACK (scope_event_columns_setting_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * scope_event_columns_set_room:
 * @room: how much of it there is
 */
void
scope_event_columns_set_room (ScopeEventColumns *self,
                              ScopeColumnRoom    room)
{
  g_return_if_fail (SCOPE_IS_EVENT_COLUMNS (self));

  if (self->room == room || self->view == NULL)
    return;
  scope_event_columns_flush (self);
  self->room = room;
  scope_event_columns_apply (self);
}

/**
 * scope_event_columns_flush:
 *
 * Keeps widths that were changed a moment ago.
 */
void
scope_event_columns_flush (ScopeEventColumns *self)
{
  g_return_if_fail (SCOPE_IS_EVENT_COLUMNS (self));

  if (self->save_id != 0 && self->view != NULL)
    scope_event_columns_save_widths (self);
  g_clear_handle_id (&self->save_id, g_source_remove);
}

/**
 * scope_event_columns_set_list:
 * @list: (nullable): whose rows are shown
 */
void
scope_event_columns_set_list (ScopeEventColumns *self,
                              ScopeEventList    *list)
{
  g_return_if_fail (SCOPE_IS_EVENT_COLUMNS (self));

  self->time.with_date = FALSE;
  g_signal_group_set_target (self->list_signals, list);
  scope_log_filler_forget (self->filler);
  if (list != NULL)
    scope_event_columns_items_changed_cb (self, 0, 0, 0, G_LIST_MODEL (list));
  if (self->view != NULL)
    scope_event_columns_apply_widths (self);
}

/**
 * scope_event_columns_set_shapes:
 * @shapes: (nullable): what flags the rows of the session that is shown
 */
void
scope_event_columns_set_shapes (ScopeEventColumns *self,
                                ScopeShapeMemory  *shapes)
{
  g_return_if_fail (SCOPE_IS_EVENT_COLUMNS (self));

  g_signal_group_set_target (self->shape_signals, shapes);
  scope_event_columns_refresh_marks (self);
}

/**
 * scope_event_columns_set_find:
 * @needle: (nullable): what to mark in texts
 * @match_case: whether `A` and `a` differ
 */
void
scope_event_columns_set_find (ScopeEventColumns *self,
                              const char        *needle,
                              gboolean           match_case)
{
  g_return_if_fail (SCOPE_IS_EVENT_COLUMNS (self));

  if (g_strcmp0 (self->needle, needle) == 0 && self->match_case == match_case)
    return;
  g_free (self->needle);
  self->needle = g_strdup (needle);
  self->match_case = match_case;
  scope_event_columns_refresh (self);
}

const ScopeLogTime *
_scope_event_columns_get_time (ScopeEventColumns *self)
{
  return &self->time;
}

ScopeColorRules *
_scope_event_columns_get_rules (ScopeEventColumns *self)
{
  return self->rules;
}

const char *
_scope_event_columns_get_needle (ScopeEventColumns *self,
                                 gboolean          *match_case)
{
  *match_case = self->match_case;
  return self->needle;
}

/* transfer full */
ScopeShapeMemory *
_scope_event_columns_dup_shapes (ScopeEventColumns *self)
{
  return g_signal_group_dup_target (self->shape_signals);
}

ScopeGlyphTable *
_scope_event_columns_get_glyphs (ScopeEventColumns *self)
{
  return self->glyphs;
}

void
_scope_event_columns_add_cell (ScopeEventColumns *self,
                               GtkWidget         *child)
{
  g_object_weak_ref (G_OBJECT (child), scope_event_columns_cell_gone, self->cells);
  g_hash_table_add (self->cells, child);
}

void
_scope_event_columns_remove_cell (ScopeEventColumns *self,
                                  GtkWidget         *child)
{
  if (g_hash_table_remove (self->cells, child))
    g_object_weak_unref (G_OBJECT (child), scope_event_columns_cell_gone, self->cells);
}

/**
 * scope_event_columns_find_at:
 * @inside: a widget inside of a row
 *
 * Returns: (transfer none) (nullable): the name of the column its cell stands in
 */
const char *
scope_event_columns_find_at (GtkColumnView *view,
                             GtkWidget     *inside)
{
  GtkWidget *row = gtk_widget_get_parent (inside);
  g_autoptr (GtkColumnViewColumn) column = NULL;
  ScopeLogColumn *info;
  guint position = 0;

  g_return_val_if_fail (GTK_IS_COLUMN_VIEW (view), NULL);
  g_return_val_if_fail (GTK_IS_WIDGET (inside), NULL);

  while (row != NULL && !GTK_IS_LIST_VIEW (gtk_widget_get_parent (row)))
    {
      inside = row;
      row = gtk_widget_get_parent (inside);
    }
  if (row == NULL)
    return NULL;
  while ((inside = gtk_widget_get_prev_sibling (inside)) != NULL)
    position++;
  column = g_list_model_get_item (gtk_column_view_get_columns (view), position);
  info = column != NULL ? g_object_get_data (G_OBJECT (column), column_key) : NULL;
  return info != NULL ? scope_log_column_get_name (info) : NULL;
}
