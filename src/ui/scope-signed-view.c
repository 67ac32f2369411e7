/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-signed-view"

#include "config.h"

#include "ui/scope-signed-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/scope-text.h"
#include "ui/scope-ui-util.h"

/* More is shown from a little before the place that matters. */
#define MAX_SHOWN_BYTES (16 * 1024)
#define BEFORE_BYTES 512
/* A text view tells its height too late: room for so many lines is made by the length. */
#define LINE_LETTERS 40
#define MAX_LINES 8
#define LINE_PIXELS 18
#define MARGIN_PIXELS 20

struct _ScopeSignedView
{
  AdwBin parent_instance;

  GtkLabel *title;
  GtkWidget *copy_button;
  GtkScrolledWindow *scroller;
  GtkTextView *text_view;
  GtkLabel *note;

  char *text;
};

enum
{
  PROP_0,
  PROP_TITLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeSignedView, scope_signed_view, ADW_TYPE_BIN)

static gboolean
signed_view_tells (char c)
{
  return c == '\n' || c == '\r' || c == '\t';
}

/* A line feed is told, and begins a line all the same. */
static void
signed_view_insert (ScopeSignedView *self,
                    const char      *text,
                    gsize            length,
                    const char      *tag)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  g_autofree char *piece = g_strndup (text, length);
  g_autofree char *shown = NULL;
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  if (signed_view_tells (*piece))
    {
      const char *told = *piece == '\n' ? "\\n" : *piece == '\r' ? "\\r" : "\\t";

      gtk_text_buffer_insert_with_tags_by_name (buffer, &end, told, -1, "control", tag, NULL);
      if (*piece == '\n')
        gtk_text_buffer_insert (buffer, &end, "\n", 1);
      return;
    }
  shown = scope_text_for_display (piece, -1, G_MAXSIZE);
  gtk_text_buffer_insert_with_tags_by_name (buffer, &end, shown, -1, "text", tag, NULL);
}

/* Up to the next control character that is told, or the letter that is marked. */
static gsize
signed_view_measure (const char *at,
                     const char *end,
                     const char *marked)
{
  const char *stop = at + 1;

  if (signed_view_tells (*at))
    return 1;
  if (at == marked)
    return MIN (end, g_utf8_next_char (at)) - at;
  while (stop < end && stop != marked && !signed_view_tells (*stop))
    stop++;
  return stop - at;
}

static void
signed_view_make_room (ScopeSignedView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  int n_lines = gtk_text_buffer_get_line_count (buffer) + gtk_text_buffer_get_char_count (buffer) / LINE_LETTERS;

  gtk_scrolled_window_set_min_content_height (self->scroller, MARGIN_PIXELS + LINE_PIXELS * MIN (n_lines, MAX_LINES));
}

static void
signed_view_show_place (ScopeSignedView *self,
                        int              offset)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter place;

  gtk_text_buffer_get_iter_at_offset (buffer, &place, offset);
  gtk_text_buffer_place_cursor (buffer, &place);
  gtk_text_view_scroll_to_mark (self->text_view, gtk_text_buffer_get_insert (buffer), 0.1, FALSE, 0, 0);
}

static void
signed_view_fill (ScopeSignedView *self,
                  const char      *from,
                  const char      *end,
                  const char      *marked)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  int marked_at = 0;

  for (const char *at = from; at < end;)
    {
      gsize length = signed_view_measure (at, end, marked);

      if (at == marked)
        marked_at = gtk_text_buffer_get_char_count (buffer);
      signed_view_insert (self, at, length, at == marked ? "difference" : NULL);
      at += length;
    }
  signed_view_make_room (self);
  signed_view_show_place (self, marked_at);
}

/* (nullable) (transfer full) */
static char *
signed_view_dup_note (ScopeSignedView *self,
                      const char      *marked,
                      gboolean         is_cut)
{
  g_autofree char *letter = NULL;
  g_autofree char *shown = NULL;
  gsize place;

  if (marked == NULL)
    return is_cut ? g_strdup (_("Only a part is shown; copying takes all of it.")) : NULL;
  if (*marked == '\0')
    return g_strdup (is_cut ? _("First difference: it ends here. Only a part is shown; copying takes all of it.")
                            : _("First difference: it ends here"));

  letter = g_strndup (marked, g_utf8_next_char (marked) - marked);
  shown = scope_text_for_display (letter, -1, 16);
  place = marked - self->text + 1;
  if (is_cut)
    /* Translators: a number of bytes, a letter */
    return g_strdup_printf (_("First difference at byte %zu: “%s”. Only a part is shown; copying takes all of it."),
                            place, shown);
  /* Translators: a number of bytes, a letter */
  return g_strdup_printf (_("First difference at byte %zu: “%s”"), place, shown);
}

static void
signed_view_tell (ScopeSignedView *self,
                  const char      *marked,
                  gboolean         is_cut)
{
  g_autofree char *note = signed_view_dup_note (self, marked, is_cut);

  scope_ui_show_text (self->note, note);
}

static const char *
signed_view_align (const char *text,
                   const char *at)
{
  while (at > text && ((guchar) *at & 0xc0) == 0x80)
    at--;
  return at;
}

static void
signed_view_copy_cb (GtkWidget  *widget,
                     const char *action,
                     GVariant   *parameter)
{
  ScopeSignedView *self = SCOPE_SIGNED_VIEW (widget);

  if (self->text != NULL)
    scope_ui_copy (widget, self->text);
}

static void
scope_signed_view_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  ScopeSignedView *self = SCOPE_SIGNED_VIEW (object);
  const char *title;
  g_autofree char *copy = NULL;

  switch (prop_id)
    {
    case PROP_TITLE:
      title = g_value_get_string (value) != NULL ? g_value_get_string (value) : "";
      copy = g_strdup_printf (_("Copy: %s"), title);
      gtk_label_set_text (self->title, title);
      scope_ui_set_label (self->text_view, title);
      scope_ui_set_label (self->copy_button, copy);
      gtk_widget_set_tooltip_text (self->copy_button, copy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_signed_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_SIGNED_VIEW);

  G_OBJECT_CLASS (scope_signed_view_parent_class)->dispose (object);
}

static void
scope_signed_view_finalize (GObject *object)
{
  g_free (SCOPE_SIGNED_VIEW (object)->text);

  G_OBJECT_CLASS (scope_signed_view_parent_class)->finalize (object);
}

static void
scope_signed_view_class_init (ScopeSignedViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_signed_view_dispose;
  object_class->finalize = scope_signed_view_finalize;
  object_class->set_property = scope_signed_view_set_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL,
                                                G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-signed-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeSignedView, title);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignedView, copy_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignedView, scroller);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignedView, text_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignedView, note);
  gtk_widget_class_install_action (widget_class, "signed.copy", NULL, signed_view_copy_cb);
}

static void
scope_signed_view_init (ScopeSignedView *self)
{
  GtkTextBuffer *buffer;

  gtk_widget_init_template (GTK_WIDGET (self));
  buffer = gtk_text_view_get_buffer (self->text_view);
  gtk_text_buffer_create_tag (buffer, "text", "insert-hyphens", FALSE, NULL);
  gtk_text_buffer_create_tag (buffer, "control", "insert-hyphens", FALSE, "style", PANGO_STYLE_ITALIC, NULL);
  /* by form, not by color */
  gtk_text_buffer_create_tag (buffer, "difference", "weight", PANGO_WEIGHT_BOLD, "underline",
                              PANGO_UNDERLINE_DOUBLE, "scale", 1.2, NULL);
}

/**
 * scope_signed_view_set_text:
 * @text: (nullable): UTF-8
 * @difference: the byte that is marked, -1: none
 */
void
scope_signed_view_set_text (ScopeSignedView *self,
                            const char      *text,
                            gssize           difference)
{
  const char *from, *end, *marked;
  gsize length;

  g_return_if_fail (SCOPE_IS_SIGNED_VIEW (self));

  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), "", 0);
  scope_set_str (&self->text, text);
  if (text == NULL)
    return;

  length = strlen (self->text);
  marked = difference >= 0 && (gsize) difference <= length ? self->text + difference : NULL;
  if (marked != NULL)
    marked = signed_view_align (self->text, marked);
  from = marked != NULL && length > MAX_SHOWN_BYTES && marked - self->text > BEFORE_BYTES ? marked - BEFORE_BYTES
                                                                                            : self->text;
  from = signed_view_align (self->text, from);
  end = (gsize) (self->text + length - from) > MAX_SHOWN_BYTES ? signed_view_align (self->text, from + MAX_SHOWN_BYTES)
                                                              : self->text + length;
  signed_view_fill (self, from, end, marked);
  signed_view_tell (self, marked, from > self->text || end < self->text + length);
}
