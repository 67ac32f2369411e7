/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter-builder"

#include "config.h"

#include "ui/scope-filter-builder.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/scope-text.h"
#include "capture/scope-filter-complete.h"
#include "capture/scope-filter.h"
#include "json/scope-json.h"
#include "session/scope-filter-suggestions.h"
#include "ui/scope-ui-util.h"

#define MAX_VALUES 50
#define MAX_PATHS 100
#define MAX_CHARS 26

struct _ScopeFilterBuilder
{
  GtkPopover parent_instance;

  GtkDropDown *field;
  GtkDropDown *op;
  GtkEditable *value;
  GtkWidget *scrolled;
  GtkListBox *values;
  GtkLabel *problem;
  GtkWidget *only;
  GtkWidget *exclude;

  GtkStringList *fields; /* names, then payload paths */
  GPtrArray *chosen;     /* for "in": values, in the order they were chosen */
  ScopeVocabulary *vocabulary;
  GSignalGroup *vocabulary_signals;
};

enum
{
  BUILT,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeFilterBuilder, scope_filter_builder, GTK_TYPE_POPOVER)

/* ---- what is asked ---- */

static const char *
builder_get_field (ScopeFilterBuilder *self)
{
  guint selected = gtk_drop_down_get_selected (self->field);
  const char *field = gtk_string_list_get_string (self->fields, selected);

  return field != NULL ? field : "channel";
}

static const char *
builder_get_op (ScopeFilterBuilder *self)
{
  const char * const *ops = scope_filter_get_operators (builder_get_field (self));
  guint selected = gtk_drop_down_get_selected (self->op);

  return selected < g_strv_length ((char **) ops) ? ops[selected] : ops[0];
}

static gboolean
builder_is_list (ScopeFilterBuilder *self)
{
  return g_str_equal (builder_get_op (self), "in");
}

static gboolean
builder_is_chosen (ScopeFilterBuilder *self,
                   const char         *value)
{
  return g_ptr_array_find_with_equal_func (self->chosen, value, g_str_equal, NULL);
}

/* Numbers and the like stand as they are where they mean something. */
static gboolean
builder_takes_token (ScopeFilterBuilder *self,
                     const char         *text)
{
  const char *field = builder_get_field (self);

  if (strchr ("^$*~", *builder_get_op (self)) != NULL)
    return FALSE;
  if (g_str_equal (field, "size"))
    return TRUE;
  return g_str_has_prefix (field, "data") && scope_json_check (text, strlen (text), NULL, NULL);
}

static void
builder_append_value (ScopeFilterBuilder *self,
                      GString            *text,
                      const char         *value)
{
  if (builder_takes_token (self, value))
    g_string_append (text, value);
  else
    scope_json_append_string (text, value, -1);
}

/* What was chosen, and what is typed besides. */
static void
builder_append_list (ScopeFilterBuilder *self,
                     GString            *text,
                     const char         *typed)
{
  gboolean has_typed = *typed != '\0' && !builder_is_chosen (self, typed);

  g_string_append (text, " (");
  for (guint i = 0; i < self->chosen->len; i++)
    {
      g_string_append (text, i > 0 ? ", " : "");
      builder_append_value (self, text, self->chosen->pdata[i]);
    }
  g_string_append (text, has_typed && self->chosen->len > 0 ? ", " : "");
  if (has_typed)
    builder_append_value (self, text, typed);
  g_string_append_c (text, ')');
}

static char *
builder_dup_text (ScopeFilterBuilder *self)
{
  const char *op = builder_get_op (self);
  const char *value = gtk_editable_get_text (self->value);
  GString *text = g_string_new (builder_get_field (self));

  g_string_append_printf (text, " %s", op);
  if (builder_is_list (self))
    {
      builder_append_list (self, text, value);
    }
  else if (!g_str_equal (op, "exists"))
    {
      g_string_append_c (text, ' ');
      builder_append_value (self, text, value);
    }
  return g_string_free (text, FALSE);
}

static void
builder_tell (ScopeFilterBuilder *self,
              const char         *problem)
{
  scope_ui_show_text (self->problem, problem);
}

static void
builder_build (ScopeFilterBuilder *self,
               const char         *mode)
{
  g_autofree char *text = builder_dup_text (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeFilter) filter = NULL;

  if (builder_is_list (self) && self->chosen->len == 0 &&
      *gtk_editable_get_text (self->value) == '\0')
    {
      builder_tell (self, _("Choose a value, or type one"));
      return;
    }
  filter = scope_filter_new (text, NULL, &error);
  builder_tell (self, error != NULL ? error->message : NULL);
  if (filter == NULL)
    return;
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[BUILT], 0, mode, text);
}

static void
builder_only_cb (ScopeFilterBuilder *self)
{
  builder_build (self, "only");
}

static void
builder_exclude_cb (ScopeFilterBuilder *self)
{
  builder_build (self, "exclude");
}

/* ---- values ---- */

static GtkWidget *
builder_create_label (const char *text,
                      const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* The row itself is pressed: the check only shows what its name says. */
static GtkWidget *
builder_create_check (void)
{
  return g_object_new (GTK_TYPE_CHECK_BUTTON, "can-focus", FALSE, "can-target", FALSE,
                       "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
}

static const char *
builder_get_row_value (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "scope-value");
}

static void
builder_update_row (ScopeFilterBuilder *self,
                    GtkWidget          *row)
{
  const char *name = g_object_get_data (G_OBJECT (row), "scope-name");
  GtkWidget *check = g_object_get_data (G_OBJECT (row), "scope-check");
  gboolean chosen = check != NULL && builder_is_chosen (self, builder_get_row_value (row));
  /* Translators: a value in a list of several to choose from; %s is "private-news, 3 rows" */
  g_autofree char *told = chosen ? g_strdup_printf (_("%s, chosen"), name) : g_strdup (name);

  if (check != NULL)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (check), chosen);
  scope_ui_set_label (row, told);
}

/* count NULL: of a value that was typed */
static GtkWidget *
builder_create_row (ScopeFilterBuilder *self,
                    const char         *value,
                    const char         *count)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *check = builder_is_list (self) ? builder_create_check () : NULL;
  g_autofree char *shown = scope_text_for_display (value, -1, 200);
  char *name = count != NULL ? g_strdup_printf ("%s, %s", shown, count) : g_strdup (shown);
  GtkWidget *label = builder_create_label (shown, NULL);

  if (check != NULL)
    gtk_box_append (GTK_BOX (box), check);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  if (count != NULL)
    gtk_box_append (GTK_BOX (box), builder_create_label (count, "dim-label"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_tooltip_text (row, name);
  g_object_set_data_full (G_OBJECT (row), "scope-value", g_strdup (value), g_free);
  g_object_set_data_full (G_OBJECT (row), "scope-name", name, g_free);
  g_object_set_data (G_OBJECT (row), "scope-check", check);
  builder_update_row (self, row);
  return row;
}

static gboolean
builder_append_word (ScopeFilterBuilder *self,
                     const ScopeWord    *word)
{
  g_autofree char *count = g_strdup_printf (ngettext ("%u row", "%u rows", word->count), word->count);

  if (builder_is_list (self) && builder_is_chosen (self, word->text))
    return FALSE;
  gtk_list_box_append (self->values, builder_create_row (self, word->text, count));
  return TRUE;
}

static void
builder_fill_values (ScopeFilterBuilder *self)
{
  const char *needle = gtk_editable_get_text (self->value);
  g_autoptr (GPtrArray) words = NULL;
  GtkListBoxRow *row;
  gboolean any = FALSE;

  while ((row = gtk_list_box_get_row_at_index (self->values, 0)) != NULL)
    gtk_list_box_remove (self->values, GTK_WIDGET (row));
  if (self->vocabulary != NULL && !g_str_equal (builder_get_op (self), "exists"))
    words = scope_vocabulary_find (self->vocabulary, builder_get_field (self), needle, MAX_VALUES);
  for (guint i = 0; builder_is_list (self) && i < self->chosen->len; i++, any = TRUE)
    gtk_list_box_append (self->values, builder_create_row (self, self->chosen->pdata[i], NULL));
  for (guint i = 0; words != NULL && i < words->len; i++)
    any |= builder_append_word (self, words->pdata[i]);
  gtk_widget_set_visible (self->scrolled, any);
}

static void
builder_toggle (ScopeFilterBuilder *self,
                const char         *value)
{
  guint position;

  builder_tell (self, NULL);
  if (g_ptr_array_find_with_equal_func (self->chosen, value, g_str_equal, &position))
    g_ptr_array_remove_index (self->chosen, position);
  else
    g_ptr_array_add (self->chosen, g_strdup (value));
}

static void
builder_picked_cb (ScopeFilterBuilder *self,
                   GtkListBoxRow      *row)
{
  g_autofree char *value = g_strdup (builder_get_row_value (GTK_WIDGET (row)));

  if (builder_is_list (self))
    {
      builder_toggle (self, value);
      builder_update_row (self, GTK_WIDGET (row));
      return;
    }
  gtk_editable_set_text (self->value, value);
  gtk_widget_grab_focus (self->only);
}

/* Of several values each is entered; entering nothing more is the end. */
static void
builder_entered_cb (ScopeFilterBuilder *self)
{
  const char *value = gtk_editable_get_text (self->value);

  if (!builder_is_list (self) || *value == '\0')
    {
      builder_build (self, "only");
      return;
    }
  if (!builder_is_chosen (self, value))
    builder_toggle (self, value);
  gtk_editable_set_text (self->value, "");
}

/* ---- fields and operators ---- */

static void
builder_op_cb (ScopeFilterBuilder *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->value), !g_str_equal (builder_get_op (self), "exists"));
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->value),
                                  builder_is_list (self) ? _("Value; Enter adds it") : _("Value"));
  builder_tell (self, NULL);
  builder_fill_values (self);
}

static void
builder_field_cb (ScopeFilterBuilder *self)
{
  const char * const *ops = scope_filter_get_operators (builder_get_field (self));
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);

  for (guint i = 0; ops[i] != NULL; i++)
    gtk_string_list_append (words, scope_filter_describe_operator (ops[i]));
  gtk_drop_down_set_model (self->op, G_LIST_MODEL (words));
  gtk_drop_down_set_selected (self->op, 0);
  gtk_editable_set_text (self->value, "");
  g_ptr_array_set_size (self->chosen, 0);
  builder_op_cb (self);
}

static gboolean
builder_has_field (ScopeFilterBuilder *self,
                   const char         *field)
{
  const char *other;

  for (guint i = 0; (other = gtk_string_list_get_string (self->fields, i)) != NULL; i++)
    if (g_str_equal (other, field))
      return TRUE;
  return FALSE;
}

/* The payload paths there are stand behind the fields. What is there stays where it is. */
static void
builder_add_paths (ScopeFilterBuilder *self)
{
  const guint most = g_strv_length ((char **) scope_filter_get_fields ()) + MAX_PATHS;
  g_autoptr (GPtrArray) paths = NULL;

  if (self->vocabulary != NULL)
    paths = scope_vocabulary_find_paths (self->vocabulary, "", MAX_PATHS);
  for (guint i = 0; paths != NULL && i < paths->len; i++)
    {
      const char *path = ((ScopeWord *) paths->pdata[i])->text;

      if (g_list_model_get_n_items (G_LIST_MODEL (self->fields)) >= most)
        return;
      if (!g_str_equal (path, "data") && !builder_has_field (self, path))
        gtk_string_list_append (self->fields, path);
    }
}

static void
builder_fill_fields (ScopeFilterBuilder *self)
{
  const char * const *names = scope_filter_get_fields ();
  guint selected = gtk_drop_down_get_selected (self->field);

  gtk_string_list_splice (self->fields, 0, g_list_model_get_n_items (G_LIST_MODEL (self->fields)), NULL);
  for (guint i = 0; names[i] != NULL; i++)
    gtk_string_list_append (self->fields, names[i]);
  builder_add_paths (self);
  gtk_drop_down_set_selected (self->field, selected != GTK_INVALID_LIST_POSITION ? selected : 0);
}

static gboolean
builder_is_choosing (ScopeFilterBuilder *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->values));
}

/* Nothing that was chosen or typed changes, nor does a value go from under the focus. */
static void
builder_learnt_cb (ScopeFilterBuilder *self)
{
  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  builder_add_paths (self);
  if (!builder_is_choosing (self))
    builder_fill_values (self);
}

/* ---- class ---- */

static void
scope_filter_builder_show (GtkWidget *widget)
{
  ScopeFilterBuilder *self = SCOPE_FILTER_BUILDER (widget);

  builder_fill_fields (self);
  gtk_drop_down_set_selected (self->field, 0);
  builder_field_cb (self);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  if (self->vocabulary != NULL)
    scope_vocabulary_set_active (self->vocabulary, TRUE);

  GTK_WIDGET_CLASS (scope_filter_builder_parent_class)->show (widget);
}

static void
scope_filter_builder_hide (GtkWidget *widget)
{
  ScopeFilterBuilder *self = SCOPE_FILTER_BUILDER (widget);

  if (self->vocabulary != NULL)
    scope_vocabulary_set_active (self->vocabulary, FALSE);

  GTK_WIDGET_CLASS (scope_filter_builder_parent_class)->hide (widget);
}

static void
scope_filter_builder_dispose (GObject *object)
{
  ScopeFilterBuilder *self = SCOPE_FILTER_BUILDER (object);

  g_clear_object (&self->vocabulary_signals);
  g_clear_object (&self->vocabulary);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_FILTER_BUILDER);

  G_OBJECT_CLASS (scope_filter_builder_parent_class)->dispose (object);
}

static void
scope_filter_builder_finalize (GObject *object)
{
  g_clear_object (&SCOPE_FILTER_BUILDER (object)->fields);
  g_ptr_array_unref (SCOPE_FILTER_BUILDER (object)->chosen);

  G_OBJECT_CLASS (scope_filter_builder_parent_class)->finalize (object);
}

static void
scope_filter_builder_class_init (ScopeFilterBuilderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_filter_builder_dispose;
  object_class->finalize = scope_filter_builder_finalize;
  widget_class->show = scope_filter_builder_show;
  widget_class->hide = scope_filter_builder_hide;

  signals[BUILT] = g_signal_new ("built", SCOPE_TYPE_FILTER_BUILDER, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-filter-builder.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterBuilder, field);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterBuilder, op);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterBuilder, value);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterBuilder, scrolled);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterBuilder, values);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterBuilder, problem);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterBuilder, only);
  gtk_widget_class_bind_template_child (widget_class, ScopeFilterBuilder, exclude);
}

static void
scope_filter_builder_init (ScopeFilterBuilder *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->chosen = g_ptr_array_new_with_free_func (g_free);
  self->fields = gtk_string_list_new (NULL);
  gtk_drop_down_set_model (self->field, G_LIST_MODEL (self->fields));
  self->vocabulary_signals = g_signal_group_new (SCOPE_TYPE_VOCABULARY);
  g_signal_group_connect_swapped (self->vocabulary_signals, "changed",
                                  G_CALLBACK (builder_learnt_cb), self);
  builder_fill_fields (self);
  g_signal_connect_object (self->field, "notify::selected", G_CALLBACK (builder_field_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->op, "notify::selected", G_CALLBACK (builder_op_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->value, "changed", G_CALLBACK (builder_fill_values), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->value, "activate", G_CALLBACK (builder_entered_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->values, "row-activated", G_CALLBACK (builder_picked_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->only, "clicked", G_CALLBACK (builder_only_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->exclude, "clicked", G_CALLBACK (builder_exclude_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * scope_filter_builder_set_vocabulary:
 * @vocabulary: (nullable): what the log holds
 */
void
scope_filter_builder_set_vocabulary (ScopeFilterBuilder *self,
                                     ScopeVocabulary    *vocabulary)
{
  g_return_if_fail (SCOPE_IS_FILTER_BUILDER (self));

  g_set_object (&self->vocabulary, vocabulary);
  g_signal_group_set_target (self->vocabulary_signals, vocabulary);
}
