/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-raw-view"

#include "config.h"

#include "ui/scope-raw-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/scope-text.h"
#include "ui/scope-hex.h"
#include "ui/scope-payload.h"
#include "ui/scope-text-find.h"
#include "ui/scope-ui-util.h"

/* a piece in hexadecimal is six times as long as its bytes */
#define HEX_PIECE_BYTES 4096

struct _ScopeRawView
{
  AdwBin parent_instance;

  GtkTextView *text_view;
  GtkWidget *pieces;
  GtkLabel *piece_label;

  ScopeTextFind *find;
  char *needle;
  gboolean case_sensitive;
  GBytes *bytes;
  gboolean hex;
  guint piece;
};

enum
{
  PROP_0,
  PROP_LABEL,
  PROP_HEX,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeRawView, scope_raw_view, ADW_TYPE_BIN)

static guint
scope_raw_view_count_pieces (ScopeRawView *self)
{
  gsize length = self->bytes != NULL ? g_bytes_get_size (self->bytes) : 0;

  if (self->hex)
    return MAX (1, (length + HEX_PIECE_BYTES - 1) / HEX_PIECE_BYTES);
  return scope_payload_count_pieces (length);
}

static void
scope_raw_view_update_pieces (ScopeRawView *self)
{
  guint n_pieces = scope_raw_view_count_pieces (self);
  g_autofree char *text = g_strdup_printf (_("Piece %u of %u"), self->piece + 1, n_pieces);

  gtk_widget_set_visible (self->pieces, n_pieces > 1);
  gtk_label_set_text (self->piece_label, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "raw.previous", self->piece > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "raw.next", self->piece + 1 < n_pieces);
}

static char *
scope_raw_view_dup_piece (ScopeRawView *self,
                          guint         piece)
{
  gsize length;
  const char *bytes = g_bytes_get_data (self->bytes, &length);
  gsize from, to;

  if (self->hex)
    {
      from = MIN ((gsize) piece * HEX_PIECE_BYTES, length);
      return scope_hex_dump (bytes + from, MIN (length - from, HEX_PIECE_BYTES), from);
    }
  from = scope_payload_find_piece (bytes, length, piece);
  to = scope_payload_find_piece (bytes, length, piece + 1);
  return scope_text_bounded (bytes + from, to - from, G_MAXSIZE);
}

static void
scope_raw_view_show_piece (ScopeRawView *self,
                           guint         piece)
{
  g_autofree char *text = scope_raw_view_dup_piece (self, piece);

  self->piece = piece;
  scope_ui_set_exact_text (gtk_text_view_get_buffer (self->text_view), text);
  scope_raw_view_update_pieces (self);
}

/* ASCII letters alone: enough to find the right piece, within which GTK looks for itself */
static gboolean
scope_raw_view_matches (ScopeRawView *self,
                        const char   *at,
                        gsize         length)
{
  return self->case_sensitive ? memcmp (at, self->needle, length) == 0
                              : g_ascii_strncasecmp (at, self->needle, length) == 0;
}

/* the piece that holds the first place of the needle; the first one if none does */
static guint
scope_raw_view_find_piece (ScopeRawView *self)
{
  gsize length;
  const char *text = g_bytes_get_data (self->bytes, &length);
  gsize needle_length = self->needle != NULL ? strlen (self->needle) : 0;

  if (needle_length == 0 || self->hex || length <= SCOPE_PAYLOAD_PIECE_BYTES)
    return 0;
  for (gsize i = 0; i + needle_length <= length; i++)
    if (g_ascii_tolower (text[i]) == g_ascii_tolower (*self->needle)
        && scope_raw_view_matches (self, text + i, needle_length))
      return i / SCOPE_PAYLOAD_PIECE_BYTES;
  return 0;
}

static void
scope_raw_view_step (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  ScopeRawView *self = SCOPE_RAW_VIEW (widget);
  gboolean next = g_str_equal (action_name, "raw.next");

  if (self->bytes == NULL)
    return;
  if (next && self->piece + 1 < scope_raw_view_count_pieces (self))
    scope_raw_view_show_piece (self, self->piece + 1);
  else if (!next && self->piece > 0)
    scope_raw_view_show_piece (self, self->piece - 1);
}

static void
scope_raw_view_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  ScopeRawView *self = SCOPE_RAW_VIEW (object);

  switch (prop_id)
    {
    case PROP_LABEL:
      scope_ui_set_label (self->text_view, g_value_get_string (value));
      break;
    case PROP_HEX:
      scope_raw_view_set_hex (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_raw_view_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_HEX:
      g_value_set_boolean (value, SCOPE_RAW_VIEW (object)->hex);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_raw_view_dispose (GObject *object)
{
  g_clear_object (&SCOPE_RAW_VIEW (object)->find);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_RAW_VIEW);

  G_OBJECT_CLASS (scope_raw_view_parent_class)->dispose (object);
}

static void
scope_raw_view_finalize (GObject *object)
{
  ScopeRawView *self = SCOPE_RAW_VIEW (object);

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->needle);

  G_OBJECT_CLASS (scope_raw_view_parent_class)->finalize (object);
}

static void
scope_raw_view_class_init (ScopeRawViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_raw_view_dispose;
  object_class->finalize = scope_raw_view_finalize;
  object_class->get_property = scope_raw_view_get_property;
  object_class->set_property = scope_raw_view_set_property;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL,
                                                G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_HEX] = g_param_spec_boolean (
      "hex", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-raw-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeRawView, text_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeRawView, pieces);
  gtk_widget_class_bind_template_child (widget_class, ScopeRawView, piece_label);
  gtk_widget_class_install_action (widget_class, "raw.previous", NULL, scope_raw_view_step);
  gtk_widget_class_install_action (widget_class, "raw.next", NULL, scope_raw_view_step);
}

static void
scope_raw_view_init (ScopeRawView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->find = scope_text_find_new (self->text_view);
  scope_raw_view_update_pieces (self);
}

/**
 * scope_raw_view_is_text:
 * @bytes: any
 *
 * Returns: whether they are UTF-8
 */
gboolean
scope_raw_view_is_text (GBytes *bytes)
{
  gsize length;
  const char *text;

  g_return_val_if_fail (bytes != NULL, FALSE);

  text = g_bytes_get_data (bytes, &length);
  return length == 0 || g_utf8_validate_len (text, length, NULL);
}

static void
scope_raw_view_take (ScopeRawView *self,
                     GBytes       *bytes,
                     gboolean      hex)
{
  if (bytes != NULL)
    g_bytes_ref (bytes);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = bytes;
  self->piece = 0;
  scope_raw_view_set_hex (self, hex);
}

/**
 * scope_raw_view_set_bytes:
 * @bytes: (nullable): what to show; ill-formed UTF-8 and control characters are made visible
 * @placeholder: (nullable): said instead if there are no bytes
 */
void
scope_raw_view_set_bytes (ScopeRawView *self,
                          GBytes       *bytes,
                          const char   *placeholder)
{
  g_return_if_fail (SCOPE_IS_RAW_VIEW (self));

  if (bytes != NULL)
    {
      scope_raw_view_set_known (self, bytes, scope_raw_view_is_text (bytes));
      return;
    }
  scope_raw_view_take (self, NULL, FALSE);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view),
                            placeholder != NULL ? placeholder : "", -1);
  scope_raw_view_update_pieces (self);
}

/**
 * scope_raw_view_set_known:
 * @bytes: what to show
 * @is_text: what scope_raw_view_is_text() says of them
 *
 * As scope_raw_view_set_bytes(), without looking at all of them.
 */
void
scope_raw_view_set_known (ScopeRawView *self,
                          GBytes       *bytes,
                          gboolean      is_text)
{
  g_return_if_fail (SCOPE_IS_RAW_VIEW (self));
  g_return_if_fail (bytes != NULL);

  scope_raw_view_take (self, bytes, !is_text);
  scope_raw_view_show_piece (self, scope_raw_view_find_piece (self));
}

/**
 * scope_raw_view_set_hex:
 * @hex: whether each byte is shown in hexadecimal
 *
 * Other bytes begin as text, unless they are none.
 */
void
scope_raw_view_set_hex (ScopeRawView *self,
                        gboolean      hex)
{
  g_return_if_fail (SCOPE_IS_RAW_VIEW (self));

  if (self->hex == hex)
    return;
  self->hex = hex;
  if (self->bytes != NULL)
    scope_raw_view_show_piece (self, scope_raw_view_find_piece (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEX]);
}

/**
 * scope_raw_view_set_find:
 * @needle: (nullable): what to highlight; %NULL: nothing
 * @case_sensitive: whether capitals matter
 */
void
scope_raw_view_set_find (ScopeRawView *self,
                         const char   *needle,
                         gboolean      case_sensitive)
{
  gboolean other;

  g_return_if_fail (SCOPE_IS_RAW_VIEW (self));

  other = scope_set_str (&self->needle, needle) || self->case_sensitive != case_sensitive;
  self->case_sensitive = case_sensitive;
  if (other && needle != NULL && self->bytes != NULL)
    scope_raw_view_show_piece (self, scope_raw_view_find_piece (self));
  scope_text_find_set_needle (self->find, needle, case_sensitive);
}
