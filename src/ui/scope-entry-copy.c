/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-entry-copy"

#include "config.h"

#include "ui/scope-entry-copy.h"

#include <string.h>

#include "capture/scope-export.h"
#include "ui/scope-payload.h"

typedef struct
{
  char *what;
  ScopeEntry *entry;
  ScopeNames *names; /* of its row, as a line; NULL: its payload or frame */
} Copy;

static void
copy_free (gpointer data)
{
  Copy *self = data;

  g_free (self->what);
  g_clear_pointer (&self->entry, scope_entry_unref);
  g_clear_object (&self->names);
  g_free (self);
}

static GBytes *
copy_dup_row (Copy *self)
{
  char *row = scope_export_dup_row (self->entry, self->names,
                                    g_strcmp0 (self->what, "csv") == 0 ? SCOPE_EXPORT_CSV
                                                                       : SCOPE_EXPORT_NDJSON);

  return row != NULL ? g_bytes_new_take (row, strlen (row)) : NULL;
}

static GBytes *
copy_dup_bytes (Copy *self)
{
  if (self->names != NULL)
    return copy_dup_row (self);
  if (g_strcmp0 (self->what, "frame") == 0)
    return self->entry->frame != NULL ? g_bytes_ref (self->entry->frame) : NULL;
  if (g_strcmp0 (self->what, "raw") == 0)
    return scope_entry_dup_raw (self->entry, NULL);
  return scope_payload_dup_copy (self->entry);
}

/* The clipboard gets the bytes. Only text that is none goes as bytes that call themselves text. */
static GdkContentProvider *
copy_create_content (Copy *self)
{
  g_autoptr (GBytes) bytes = copy_dup_bytes (self);
  gsize length = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  GValue value = G_VALUE_INIT;
  GdkContentProvider *content;

  if (bytes == NULL)
    return NULL;
  if (length > 0 && !g_utf8_validate_len (text, length, NULL))
    return gdk_content_provider_new_for_bytes ("text/plain;charset=utf-8", bytes);
  g_value_init (&value, G_TYPE_STRING);
  g_value_take_string (&value, g_strndup (length > 0 ? text : "", length));
  content = gdk_content_provider_new_for_value (&value);
  g_value_unset (&value);
  return content;
}

static void
copy_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, copy_create_content (task_data), g_object_unref);
}

static void
copy_made_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GdkContentProvider) content = g_task_propagate_pointer (G_TASK (result), NULL);

  if (content != NULL)
    gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (source)), content);
}

static void
copy_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Copy *copy = g_task_get_task_data (task);
  GError *error = NULL;

  copy->entry = scope_event_item_read_finish (SCOPE_EVENT_ITEM (source), result, &error);
  if (copy->entry != NULL)
    g_task_run_in_thread (task, copy_thread);
  else
    g_task_return_error (task, error);
}

static void
copy_now (GtkWidget *widget,
          Copy      *copy)
{
  g_autoptr (GdkContentProvider) content = copy_create_content (copy);

  if (content != NULL)
    gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), content);
}

/* On a worker thread; the copy goes with the task. */
static void
copy_begin (GtkWidget      *widget,
            ScopeEventItem *item,
            Copy           *copy,
            GCancellable   *cancellable)
{
  g_autoptr (GTask) task = g_task_new (widget, cancellable, copy_made_cb, NULL);

  g_task_set_source_tag (task, copy_begin);
  g_task_set_task_data (task, copy, copy_free);
  if (copy->entry == NULL)
    scope_event_item_read_async (item, cancellable, copy_read_cb, g_steal_pointer (&task));
  else
    g_task_run_in_thread (task, copy_thread);
}

static void
copy_start (GtkWidget      *widget,
            ScopeEventItem *item,
            Copy           *copy,
            GCancellable   *cancellable)
{
  if (scope_event_item_is_long (item))
    {
      copy_begin (widget, item, copy, cancellable);
      return;
    }
  if (copy->entry != NULL)
    copy_now (widget, copy);
  copy_free (copy);
}

/**
 * scope_entry_copy:
 * @widget: in the window that copies
 * @item: the row
 * @entry: (nullable): its entry, if it was read
 * @what: "payload" (indented if JSON), "raw", "frame"; anything else: the payload
 * @cancellable: gives up what is still being read
 *
 * Copies the whole of it to the clipboard. A long row is read and made ready on a worker thread.
 */
void
scope_entry_copy (GtkWidget      *widget,
                  ScopeEventItem *item,
                  ScopeEntry     *entry,
                  const char     *what,
                  GCancellable   *cancellable)
{
  Copy *copy;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (SCOPE_IS_EVENT_ITEM (item));

  copy = g_new0 (Copy, 1);
  copy->what = g_strdup (what);
  copy->entry = entry != NULL ? scope_entry_ref (entry) : NULL;
  copy_start (widget, item, copy, cancellable);
}

/**
 * scope_entry_copy_row:
 * @widget: in the window that copies
 * @item: the row
 * @names: what it refers to
 * @format: "ndjson" or "csv"
 * @cancellable: gives up what is still being read
 *
 * Copies the row as a line of an export. A long one is read and made ready on a worker thread.
 */
void
scope_entry_copy_row (GtkWidget      *widget,
                      ScopeEventItem *item,
                      ScopeNames     *names,
                      const char     *format,
                      GCancellable   *cancellable)
{
  ScopeEntry *entry;
  Copy *copy;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (SCOPE_IS_EVENT_ITEM (item));
  g_return_if_fail (SCOPE_IS_NAMES (names));

  entry = scope_event_item_is_long (item) ? NULL : scope_event_item_get_entry (item);
  copy = g_new0 (Copy, 1);
  copy->what = g_strdup (format);
  copy->entry = entry != NULL ? scope_entry_ref (entry) : NULL;
  copy->names = g_object_ref (names);
  copy_start (widget, item, copy, cancellable);
}
