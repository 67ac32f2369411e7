/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-field-note"

#include "config.h"

#include "ui/scope-field-note.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "json/scope-json.h"
#include "ui/scope-ui-util.h"

struct _ScopeFieldNote
{
  AdwPreferencesRow parent_instance;

  GtkWidget *icon;
  GtkWidget *label;

  GtkWidget *field; /* weak */
  ScopeNoteKind kind;
  gboolean reserve_space;
};

enum
{
  PROP_0,
  PROP_FIELD,
  PROP_RESERVE_SPACE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeFieldNote, scope_field_note, ADW_TYPE_PREFERENCES_ROW)

static void
scope_field_note_update_accessible (ScopeFieldNote *self,
                                    GtkAccessible  *input,
                                    const char     *text)
{
  GtkAccessibleInvalidState invalid = self->kind == SCOPE_NOTE_ERROR ? GTK_ACCESSIBLE_INVALID_TRUE
                                                                     : GTK_ACCESSIBLE_INVALID_FALSE;

  gtk_accessible_update_state (input, GTK_ACCESSIBLE_STATE_INVALID, invalid, -1);
  gtk_accessible_update_property (input, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

/* GTK 4.8 shows an entry row itself to assistive technology, later ones the text inside: tell both.
 * */
static void
scope_field_note_update_field (ScopeFieldNote *self,
                               const char     *text)
{
  GtkEditable *delegate;

  if (self->field == NULL)
    return;

  scope_field_note_update_accessible (self, GTK_ACCESSIBLE (self->field), text);
  delegate = GTK_IS_EDITABLE (self->field)
                 ? gtk_editable_get_delegate (GTK_EDITABLE (self->field))
                 : NULL;
  if (delegate != NULL)
    scope_field_note_update_accessible (self, GTK_ACCESSIBLE (delegate), text);
  scope_ui_set_class (self->field, "error", self->kind == SCOPE_NOTE_ERROR);
}

static void
scope_field_note_dispose (GObject *object)
{
  ScopeFieldNote *self = SCOPE_FIELD_NOTE (object);

  g_clear_weak_pointer (&self->field);

  G_OBJECT_CLASS (scope_field_note_parent_class)->dispose (object);
}

static void
scope_field_note_set_reserve_space (ScopeFieldNote *self,
                                    gboolean        reserve_space)
{
  if (self->reserve_space == reserve_space)
    return;

  self->reserve_space = reserve_space;
  gtk_label_set_wrap (GTK_LABEL (self->label), !reserve_space);
  gtk_label_set_ellipsize (GTK_LABEL (self->label),
                           reserve_space ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  scope_ui_set_class (self, "scope-note", reserve_space);
  scope_field_note_set (self, SCOPE_NOTE_NONE, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESERVE_SPACE]);
}

static void
scope_field_note_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  ScopeFieldNote *self = SCOPE_FIELD_NOTE (object);

  switch (prop_id)
    {
    case PROP_FIELD:
      g_value_set_object (value, self->field);
      break;

    case PROP_RESERVE_SPACE:
      g_value_set_boolean (value, self->reserve_space);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_field_note_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  ScopeFieldNote *self = SCOPE_FIELD_NOTE (object);

  switch (prop_id)
    {
    case PROP_FIELD:
      scope_field_note_set_field (self, g_value_get_object (value));
      break;

    case PROP_RESERVE_SPACE:
      scope_field_note_set_reserve_space (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* Nothing in a note takes the keyboard, and a list gives up at the first row that does not: whoever
 * comes along with Tab is sent on to the row behind. */
static gboolean
scope_field_note_focus (GtkWidget        *widget,
                        GtkDirectionType  direction)
{
  gboolean back = direction == GTK_DIR_TAB_BACKWARD || direction == GTK_DIR_UP;
  GtkWidget *row = widget;

  do
    row = back ? gtk_widget_get_prev_sibling (row) : gtk_widget_get_next_sibling (row);
  while (row != NULL && !gtk_widget_get_visible (row));
  return row != NULL && gtk_widget_child_focus (row, direction);
}

static void
scope_field_note_class_init (ScopeFieldNoteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_field_note_dispose;
  object_class->get_property = scope_field_note_get_property;
  object_class->set_property = scope_field_note_set_property;
  widget_class->focus = scope_field_note_focus;

  properties[PROP_FIELD] =
      g_param_spec_object ("field", NULL, NULL, GTK_TYPE_WIDGET,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_RESERVE_SPACE] =
      g_param_spec_boolean ("reserve-space", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, SCOPE_UI_PATH "scope-field-note.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeFieldNote, icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeFieldNote, label);
}

static void
scope_field_note_init (ScopeFieldNote *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_field_note_new:
 *
 * Returns: (transfer floating): a note that says nothing yet
 */
GtkWidget *
scope_field_note_new (void)
{
  return g_object_new (SCOPE_TYPE_FIELD_NOTE, NULL);
}

/**
 * scope_field_note_set_field:
 * @field: (nullable): an entry row, switch or text view
 *
 * Ties the note to the field it speaks about.
 */
void
scope_field_note_set_field (ScopeFieldNote *self,
                            GtkWidget      *field)
{
  g_return_if_fail (SCOPE_IS_FIELD_NOTE (self));
  g_return_if_fail (field == NULL || GTK_IS_WIDGET (field));

  if (!g_set_weak_pointer (&self->field, field))
    return;

  if (field != NULL)
    gtk_accessible_update_relation (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                    self->label, NULL, -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FIELD]);
}

/* a style class of libadwaita */
static const char *
note_kind_to_class (ScopeNoteKind kind)
{
  switch (kind)
    {
    case SCOPE_NOTE_HINT:
      return "dim-label";

    case SCOPE_NOTE_WARNING:
      return "warning";

    case SCOPE_NOTE_ERROR:
      return "error";

    case SCOPE_NOTE_NONE:
    default:
      return NULL;
    }
}

/**
 * scope_field_note_set:
 * @kind: how much it matters
 * @text: (nullable): one sentence; %NULL or empty leaves no note
 */
void
scope_field_note_set (ScopeFieldNote *self,
                      ScopeNoteKind   kind,
                      const char     *text)
{
  const char *classes[] = { "caption", NULL, NULL };

  g_return_if_fail (SCOPE_IS_FIELD_NOTE (self));

  if (text == NULL || *text == '\0')
    kind = SCOPE_NOTE_NONE;

  if (kind == SCOPE_NOTE_NONE)
    text = "";

  self->kind = kind;
  gtk_widget_set_visible (GTK_WIDGET (self), kind != SCOPE_NOTE_NONE || self->reserve_space);
  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_widget_set_tooltip_text (self->label, self->reserve_space && *text != '\0' ? text : NULL);
  gtk_widget_set_visible (self->icon, !self->reserve_space || kind > SCOPE_NOTE_HINT);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), scope_note_kind_to_icon (kind));
  classes[1] = note_kind_to_class (kind);
  gtk_widget_set_css_classes (self->label, classes);
  gtk_widget_set_css_classes (self->icon, classes + 1);
  scope_ui_set_label (self, text);
  scope_field_note_update_field (self, text);
}

/**
 * scope_field_note_check_json:
 * @text: what stands in a field of JSON that may be empty
 *
 * Returns: (transfer full) (nullable): what is wrong with it, as a sentence; `NULL` for nothing
 */
char *
scope_field_note_check_json (const char *text)
{
  ScopeJsonProblem problem;
  g_autofree char *what = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (*text == '\0' || scope_json_check (text, strlen (text), NULL, &problem))
    return NULL;
  what = scope_json_problem_to_text (&problem);
  return g_strdup_printf (_("Not JSON: %s."), what);
}

/**
 * scope_note_kind_to_icon:
 *
 * Returns: (nullable): an icon's name
 */
const char *
scope_note_kind_to_icon (ScopeNoteKind kind)
{
  switch (kind)
    {
    case SCOPE_NOTE_HINT:
      return "dialog-information-symbolic";

    case SCOPE_NOTE_WARNING:
      return "dialog-warning-symbolic";

    case SCOPE_NOTE_ERROR:
      return "dialog-error-symbolic";

    case SCOPE_NOTE_NONE:
    default:
      return NULL;
    }
}
