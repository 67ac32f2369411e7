/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-text-find"

#include "config.h"

#include "ui/scope-text-find.h"

#include "base/scope-text.h"

#define TAG_NAME "found"
#define SLICE_USEC 4000
#define SLICE_LINES 32

struct _ScopeTextFind
{
  GObject parent_instance;

  GtkTextView *view; /* weak: it may own us */
  char *needle;
  gboolean case_sensitive;
  int line; /* the next to look at */
  guint n_found;
  guint idle_id;
};

G_DEFINE_FINAL_TYPE (ScopeTextFind, scope_text_find, G_TYPE_OBJECT)

/* Readable in light and dark style alike. */
static GtkTextTag *
scope_text_find_ensure_tag (GtkTextBuffer *buffer)
{
  GtkTextTag *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), TAG_NAME);

  if (tag == NULL)
    tag = gtk_text_buffer_create_tag (buffer, TAG_NAME, "background", "#f9f06b", "foreground",
                                      "black", "underline", PANGO_UNDERLINE_SINGLE, NULL);
  return tag;
}

static void
scope_text_find_mark (ScopeTextFind     *self,
                      GtkTextBuffer     *buffer,
                      const GtkTextIter *from,
                      const GtkTextIter *to)
{
  gtk_text_buffer_apply_tag (buffer, scope_text_find_ensure_tag (buffer), from, to);
  if (self->n_found == 0)
    {
      gtk_text_buffer_place_cursor (buffer, from);
      gtk_text_view_scroll_to_mark (self->view, gtk_text_buffer_get_insert (buffer), 0.1, FALSE, 0,
                                    0);
    }
  self->n_found++;
}

/* Looks at some lines. FALSE: there are no more, or enough was found. */
static gboolean
scope_text_find_look (ScopeTextFind *self,
                      GtkTextBuffer *buffer)
{
  GtkTextSearchFlags flags = GTK_TEXT_SEARCH_TEXT_ONLY;
  GtkTextIter at, limit, from, to;
  gboolean more;

  if (!self->case_sensitive)
    flags |= GTK_TEXT_SEARCH_CASE_INSENSITIVE;
  more = gtk_text_buffer_get_iter_at_line (buffer, &at, self->line);
  self->line += SLICE_LINES;
  if (!gtk_text_buffer_get_iter_at_line (buffer, &limit, self->line))
    gtk_text_buffer_get_end_iter (buffer, &limit);
  while (self->n_found < SCOPE_TEXT_FIND_MAX
         && gtk_text_iter_forward_search (&at, self->needle, flags, &from, &to, &limit))
    {
      scope_text_find_mark (self, buffer, &from, &to);
      at = to;
    }
  return more && self->line < gtk_text_buffer_get_line_count (buffer)
         && self->n_found < SCOPE_TEXT_FIND_MAX;
}

static gboolean
scope_text_find_idle_cb (gpointer user_data)
{
  ScopeTextFind *self = user_data;
  gint64 until = g_get_monotonic_time () + SLICE_USEC;
  gboolean more = self->view != NULL;

  while (more && g_get_monotonic_time () < until)
    more = scope_text_find_look (self, gtk_text_view_get_buffer (self->view));
  if (more)
    return G_SOURCE_CONTINUE;

  self->idle_id = 0;
  return G_SOURCE_REMOVE;
}

static void
scope_text_find_restart (ScopeTextFind *self)
{
  self->line = 0;
  self->n_found = 0;
  if (self->needle != NULL && self->idle_id == 0)
    self->idle_id = g_idle_add (scope_text_find_idle_cb, self);
}

/* A buffer that is replaced takes its tags and what is connected to it along. */
static void
scope_text_find_buffer_cb (ScopeTextFind *self)
{
  g_signal_connect_object (gtk_text_view_get_buffer (self->view), "changed", G_CALLBACK (scope_text_find_restart),
                           self, G_CONNECT_SWAPPED);
  scope_text_find_restart (self);
}

static void
scope_text_find_clear (ScopeTextFind *self)
{
  GtkTextBuffer *buffer = self->view != NULL ? gtk_text_view_get_buffer (self->view) : NULL;
  GtkTextIter start, end;

  g_clear_handle_id (&self->idle_id, g_source_remove);
  if (buffer == NULL || self->n_found == 0)
    return;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_remove_tag (buffer, scope_text_find_ensure_tag (buffer), &start, &end);
}

static void
scope_text_find_dispose (GObject *object)
{
  ScopeTextFind *self = SCOPE_TEXT_FIND (object);

  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_clear_weak_pointer (&self->view);

  G_OBJECT_CLASS (scope_text_find_parent_class)->dispose (object);
}

static void
scope_text_find_finalize (GObject *object)
{
  g_free (SCOPE_TEXT_FIND (object)->needle);

  G_OBJECT_CLASS (scope_text_find_parent_class)->finalize (object);
}

static void
scope_text_find_class_init (ScopeTextFindClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_text_find_dispose;
  object_class->finalize = scope_text_find_finalize;
}

static void
scope_text_find_init (ScopeTextFind *self)
{
}

/**
 * scope_text_find_new:
 * @view: where to highlight
 *
 * Returns: (transfer full): a find that looks for nothing yet
 */
ScopeTextFind *
scope_text_find_new (GtkTextView *view)
{
  ScopeTextFind *self;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view), NULL);

  self = g_object_new (SCOPE_TYPE_TEXT_FIND, NULL);
  g_set_weak_pointer (&self->view, view);
  g_signal_connect_object (view, "notify::buffer", G_CALLBACK (scope_text_find_buffer_cb), self, G_CONNECT_SWAPPED);
  scope_text_find_buffer_cb (self);
  return self;
}

/**
 * scope_text_find_set_needle:
 * @needle: (nullable): what to look for; %NULL or empty: nothing
 * @case_sensitive: whether capitals matter
 */
void
scope_text_find_set_needle (ScopeTextFind *self,
                            const char    *needle,
                            gboolean       case_sensitive)
{
  gboolean other;

  g_return_if_fail (SCOPE_IS_TEXT_FIND (self));

  if (needle != NULL && *needle == '\0')
    needle = NULL;
  other = self->case_sensitive != case_sensitive;
  self->case_sensitive = case_sensitive;
  if (!scope_set_str (&self->needle, needle) && !other)
    return;
  scope_text_find_clear (self);
  scope_text_find_restart (self);
}
