/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-log-column"

#include "config.h"

#include "ui/scope-log-column.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "ui/scope-format.h"

#define MAX_PATH_BYTES 1024
/* what a date takes before the time */
#define DATE_WIDTH 52

typedef struct
{
  const char *name;
  const char *title;
  const char *words;                /* NULL: the title is words */
  int widths[SCOPE_N_COLUMN_ROOMS]; /* -1: what is left */
  gboolean at_end;
} ColumnInfo;

struct _ScopeLogColumn
{
  ScopeLogColumnKind kind;
  const ColumnInfo *info;
  char *name;
  GPtrArray *path; /* NULL: none */
};

static const ColumnInfo infos[] = {
  [SCOPE_LOG_COLUMN_TIME] = { "time", N_("Time"), NULL, { 122, 118, 96 }, FALSE },
  /* Translators: a column's title: the time since the row before */
  [SCOPE_LOG_COLUMN_DELTA] = { "delta", N_("Δ"), N_("Since the Row Before (Δ)"), { 92, 84, 70 }, TRUE },
  /* Translators: a column's title: the time since the last event of the same channel and name */
  [SCOPE_LOG_COLUMN_SINCE_SAME] = { "since-same", N_("Δ Same"), N_("Since the Last of the Same (Δ Same)"),
                                    { 92, 84, 70 }, TRUE },
  /* Translators: a column's title: the time since the log's first row */
  [SCOPE_LOG_COLUMN_ELAPSED] = { "elapsed", N_("Elapsed"), N_("Since the Start"), { 100, 92, 78 }, TRUE },
  [SCOPE_LOG_COLUMN_DIRECTION] = { "direction", N_("Direction"), NULL, { 76, 64, 52 }, FALSE },
  [SCOPE_LOG_COLUMN_CHANNEL] = { "channel", N_("Channel"), NULL, { 168, 88, 70 }, FALSE },
  [SCOPE_LOG_COLUMN_EVENT] = { "event", N_("Event"), NULL, { 168, 104, 84 }, FALSE },
  [SCOPE_LOG_COLUMN_USER] = { "user", N_("User"), NULL, { 112, 84, 70 }, FALSE },
  [SCOPE_LOG_COLUMN_SIZE] = { "size", N_("Size"), NULL, { 76, 61, 50 }, TRUE },
  [SCOPE_LOG_COLUMN_PREVIEW] = { "preview", N_("Preview"), NULL, { -1, -1, -1 }, FALSE },
  [SCOPE_LOG_COLUMN_PATH] = { NULL, NULL, NULL, { 120, 92, 70 }, FALSE },
};

/* As in the filter: names with other characters than letters, digits and _ are quoted. */
static gboolean
path_is_plain (const char *text)
{
  gboolean quoted = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (*p == '"')
        quoted = !quoted;
      else if (quoted && *p == '\\' && p[1] != '\0')
        p++;
      else if (!quoted && strchr ("_.[]", *p) == NULL && !g_unichar_isalnum (g_utf8_get_char (p)))
        return FALSE;
    }
  return TRUE;
}

/* Paths are those of the filter: into `data`. */
static GPtrArray *
parse_data_path (const char *text)
{
  g_autoptr (GPtrArray) path = NULL;
  const ScopePathStep *first;

  if (strlen (text) > MAX_PATH_BYTES || !g_utf8_validate (text, -1, NULL) || !path_is_plain (text))
    return NULL;
  path = scope_path_parse (text);
  if (path == NULL || !g_str_has_prefix (text, "data"))
    return NULL;
  first = g_ptr_array_index (path, 0);
  if (g_strcmp0 (first->name, "data") != 0)
    return NULL;
  return g_steal_pointer (&path);
}

/**
 * scope_log_column_new:
 * @name: of the settings key `log-columns`
 *
 * Returns: (transfer full) (nullable): that column; %NULL if there is none of that name
 */
ScopeLogColumn *
scope_log_column_new (const char *name)
{
  g_autoptr (GPtrArray) path = NULL;
  ScopeLogColumn *self;
  guint kind = 0;

  g_return_val_if_fail (name != NULL, NULL);

  while (kind < SCOPE_LOG_COLUMN_PATH && !g_str_equal (name, infos[kind].name))
    kind++;
  if (kind == SCOPE_LOG_COLUMN_PATH)
    path = parse_data_path (name);
  if (kind == SCOPE_LOG_COLUMN_PATH && path == NULL)
    return NULL;
  self = g_rc_box_new0 (ScopeLogColumn);
  self->kind = kind;
  self->info = &infos[kind];
  self->name = g_strdup (name);
  self->path = g_steal_pointer (&path);
  return self;
}

/**
 * scope_log_column_ref:
 *
 * Returns: (transfer full): @self
 */
ScopeLogColumn *
scope_log_column_ref (ScopeLogColumn *self)
{
  return g_rc_box_acquire (self);
}

static void
log_column_clear (ScopeLogColumn *self)
{
  g_clear_pointer (&self->path, g_ptr_array_unref);
  g_free (self->name);
}

/**
 * scope_log_column_unref:
 * @self: (transfer full): a column
 */
void
scope_log_column_unref (ScopeLogColumn *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) log_column_clear);
}

/**
 * scope_log_column_get_name:
 *
 * Returns: its name in settings
 */
const char *
scope_log_column_get_name (ScopeLogColumn *self)
{
  return self->name;
}

/**
 * scope_log_column_get_title:
 *
 * Returns: what stands above it; of a path the path
 */
const char *
scope_log_column_get_title (ScopeLogColumn *self)
{
  return self->info->title != NULL ? _(self->info->title) : self->name;
}

/**
 * scope_log_column_get_words:
 *
 * Returns: what it is called where there is room
 */
const char *
scope_log_column_get_words (ScopeLogColumn *self)
{
  return self->info->words != NULL ? _(self->info->words) : scope_log_column_get_title (self);
}

/**
 * scope_log_column_get_kind:
 *
 * Returns: what it shows
 */
ScopeLogColumnKind
scope_log_column_get_kind (ScopeLogColumn *self)
{
  return self->kind;
}

/**
 * scope_log_column_get_width:
 *
 * Returns: pixels, unless the user wants it otherwise; -1: what the others leave
 */
int
scope_log_column_get_width (ScopeLogColumn     *self,
                            ScopeColumnRoom     room,
                            const ScopeLogTime *time)
{
  int width = self->info->widths[room];

  if (self->kind == SCOPE_LOG_COLUMN_TIME && time->with_date && !time->elapsed)
    width += DATE_WIDTH;
  return width;
}

/**
 * scope_log_column_get_at_end:
 *
 * Returns: whether its texts stand at the end of their cells
 */
gboolean
scope_log_column_get_at_end (ScopeLogColumn *self)
{
  return self->info->at_end;
}

/**
 * scope_log_column_format_elapsed:
 * @usec: microseconds, also negative: a clock was set back
 *
 * Returns: (transfer full): hours if there are any, minutes, seconds to the millisecond
 */
char *
scope_log_column_format_elapsed (gint64 usec)
{
  const char *sign = usec < 0 ? "−" : "";
  gint64 msec = ABS (usec) / 1000;
  int hours = MIN (msec / 3600000, G_MAXINT);
  int minutes = msec / 60000 % 60;
  int seconds = msec / 1000 % 60;

  if (hours > 0)
    return g_strdup_printf ("%s%d:%02d:%02d.%03d", sign, hours, minutes, seconds, (int) (msec % 1000));
  return g_strdup_printf ("%s%d:%02d.%03d", sign, minutes, seconds, (int) (msec % 1000));
}

/**
 * scope_log_column_format_day_clock:
 * @wall_usec: microseconds since 1970
 *
 * Returns: (transfer full): the local day and time
 */
char *
scope_log_column_format_day_clock (gint64 wall_usec)
{
  g_autofree char *clock = scope_text_format_clock (wall_usec);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (wall_usec / G_USEC_PER_SEC);
  g_autofree char *day = NULL;

  /* Translators: a day in a narrow column, as of strftime(): 21 Nov */
  if (time != NULL)
    day = g_date_time_format (time, _("%-d %b"));
  return day != NULL ? g_strdup_printf ("%s %s", day, clock) : g_steal_pointer (&clock);
}

static char *
dup_time (gint64              wall_usec,
          ScopeEventItem     *item,
          const ScopeLogTime *time)
{
  if (time->elapsed)
    return scope_log_column_format_elapsed (scope_event_item_get_elapsed_usec (item));
  if (time->with_date)
    return scope_log_column_format_day_clock (wall_usec);
  return scope_text_format_clock (wall_usec);
}

static char *
dup_delta (gint64 usec)
{
  if (usec == SCOPE_SINCE_UNKNOWN)
    return g_strdup ("–");
  return usec >= 0 ? scope_text_format_delta (usec) : NULL;
}

static char *
dup_value (ScopeLogColumn *self,
           ScopeEventItem *item,
           gboolean       *at_end)
{
  ScopeJsonKind kind;
  char *text;

  if (scope_event_item_is_long (item))
    return g_strdup ("…");
  text = scope_event_item_dup_value (item, self->path, &kind);
  *at_end = kind == SCOPE_JSON_NUMBER;
  return text;
}

/**
 * scope_log_column_can_tell:
 * @item: a row
 *
 * Returns: whether scope_log_column_dup_text() needs no file for it
 */
gboolean
scope_log_column_can_tell (ScopeLogColumn *self,
                           ScopeEventItem *item)
{
  switch (self->kind)
    {
    case SCOPE_LOG_COLUMN_CHANNEL:
    case SCOPE_LOG_COLUMN_EVENT:
    case SCOPE_LOG_COLUMN_USER:
      return scope_event_item_knows_names (item);
    case SCOPE_LOG_COLUMN_PREVIEW:
    case SCOPE_LOG_COLUMN_PATH:
      return scope_event_item_is_loaded (item);
    case SCOPE_LOG_COLUMN_TIME:
    case SCOPE_LOG_COLUMN_DELTA:
    case SCOPE_LOG_COLUMN_SINCE_SAME:
    case SCOPE_LOG_COLUMN_ELAPSED:
    case SCOPE_LOG_COLUMN_DIRECTION:
    case SCOPE_LOG_COLUMN_SIZE:
    default:
      return TRUE;
    }
}

/**
 * scope_log_column_dup_text:
 * @item: a row
 * @time: how times are told
 * @at_end: (out): whether this text stands at the end of its cell: numbers do
 *
 * Returns: (transfer full) (nullable): what its cell shows
 */
char *
scope_log_column_dup_text (ScopeLogColumn     *self,
                           ScopeEventItem     *item,
                           const ScopeLogTime *time,
                           gboolean           *at_end)
{
  const ScopeRecord *record = scope_event_item_get_record (item);

  *at_end = self->info->at_end;
  switch (self->kind)
    {
    case SCOPE_LOG_COLUMN_TIME:
      return dup_time (record->time_usec, item, time);
    case SCOPE_LOG_COLUMN_DELTA:
      return dup_delta (scope_event_item_get_delta_usec (item));
    case SCOPE_LOG_COLUMN_SINCE_SAME:
      return dup_delta (scope_event_item_get_since_same_usec (item));
    case SCOPE_LOG_COLUMN_ELAPSED:
      return scope_log_column_format_elapsed (scope_event_item_get_elapsed_usec (item));
    case SCOPE_LOG_COLUMN_DIRECTION:
      return g_strdup (scope_format_direction (record->direction));
    case SCOPE_LOG_COLUMN_CHANNEL:
      return g_strdup (scope_event_item_get_channel (item));
    case SCOPE_LOG_COLUMN_EVENT:
      return g_strdup (scope_event_item_get_event (item));
    case SCOPE_LOG_COLUMN_USER:
      return g_strdup (scope_event_item_get_user (item));
    case SCOPE_LOG_COLUMN_SIZE:
      return record->size > 0 ? scope_text_format_size (record->size) : NULL;
    case SCOPE_LOG_COLUMN_PREVIEW:
      return g_strdup (scope_event_item_get_preview (item));
    case SCOPE_LOG_COLUMN_PATH:
    default:
      return dup_value (self, item, at_end);
    }
}

/**
 * scope_log_column_dup_note:
 * @item: a row
 *
 * Returns: (transfer full) (nullable): what the cell's text leaves open
 */
char *
scope_log_column_dup_note (ScopeLogColumn *self,
                           ScopeEventItem *item)
{
  if (self->kind == SCOPE_LOG_COLUMN_SINCE_SAME
      && scope_event_item_get_since_same_usec (item) == SCOPE_SINCE_UNKNOWN)
    return g_strdup (_("None of the same is among the 4,096 rows before"));
  if (self->kind == SCOPE_LOG_COLUMN_PATH && scope_event_item_is_long (item))
    return g_strdup (_("This payload is too long to be read for the list; the inspector shows it"));
  if (self->kind == SCOPE_LOG_COLUMN_SIZE)
    {
      gsize size = scope_event_item_get_data_size (item);

      return size > SCOPE_LIMIT_DATA_BYTES ? scope_format_size_share (size) : NULL;
    }
  return NULL;
}

/**
 * scope_log_columns_get_known:
 *
 * Returns: (transfer none): names
 */
const char * const *
scope_log_columns_get_known (void)
{
  static const char *known[SCOPE_LOG_COLUMN_PATH + 1];

  for (guint i = 0; i < SCOPE_LOG_COLUMN_PATH; i++)
    known[i] = infos[i].name;
  return known;
}

static gboolean
columns_hold (GPtrArray  *names,
              const char *name)
{
  return g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL);
}

/**
 * scope_log_columns_normalize:
 * @names: what settings say
 *
 * Returns: (transfer full): the columns to show
 */
char **
scope_log_columns_normalize (const char * const *names)
{
  GPtrArray *known;

  g_return_val_if_fail (names != NULL, NULL);

  known = g_ptr_array_new ();
  g_ptr_array_add (known, g_strdup ("time"));
  for (guint i = 0; names[i] != NULL && known->len < SCOPE_MAX_LOG_COLUMNS; i++)
    {
      g_autoptr (ScopeLogColumn) column = scope_log_column_new (names[i]);

      if (column != NULL && !columns_hold (known, names[i]))
        g_ptr_array_add (known, g_strdup (names[i]));
    }
  g_ptr_array_add (known, NULL);
  return (char **) g_ptr_array_free (known, FALSE);
}

/**
 * scope_log_columns_check_path:
 * @text: what was typed
 *
 * Returns: (transfer full) (nullable): what is wrong with it
 */
char *
scope_log_columns_check_path (const char *text)
{
  g_autoptr (GPtrArray) path = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  path = parse_data_path (text);
  if (path != NULL)
    return NULL;
  if (!g_str_has_prefix (text, "data"))
    return g_strdup (_("A path begins with “data”: data.total, data.items[0].price"));
  return g_strdup (_("This is no path: data.total, data.items[0].price, data.\"order-id\""));
}
