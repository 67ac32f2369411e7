/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "cli/scope-cli-api.h"
#include "cli/scope-cli-lines.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"

/* `batch`: a JSON Lines file of events, ten a request, one request at a time. A file is checked wholly before
 * anything is sent; a pipe line by line. What may have been published is never sent again. */

/* So many requests in a row that could not be sent, and the rest is not tried. */
#define GIVE_UP_AFTER 3
#define EXAMPLE "{\"channel\":\"news\",\"name\":\"hello\",\"data\":{}}"
#define PROGRESS_USEC (G_USEC_PER_SEC / 10)

/* What goes into one request. */
typedef struct
{
  GPtrArray *events; /* ScopeApiEvent * */
  guint64 first_line;
  guint64 last_line;
} ScopeCliBatchPart;

typedef struct
{
  ScopeCliApi api;
  ScopeCliLines lines;
  ScopeCliBatchPart parts[2];
  ScopeCliBatchPart *part;  /* of the request that goes out */
  ScopeCliBatchPart *next;
  gboolean has_more;        /* lines, after those of next */
  GError *line_error;       /* why there are no more */

  guint64 total;            /* events of the file; 0: not known */
  guint64 counts[SCOPE_API_UNKNOWN + 1]; /* events, by outcome */
  guint n_not_sent;         /* requests, in a row */
  char *given_up;           /* why the rest is not tried */
  gboolean is_checked;      /* the file is, wholly */
  gboolean shows_progress;
  gint64 started_usec;
  gint64 told_usec;
} ScopeCliBatch;

/* Lines */

static const char * const batch_keys[] = { "channel", "name", "data", "socket_id", "info", NULL };

G_GNUC_PRINTF (3, 4)
static ScopeApiEvent *
batch_fail (guint64     number,
            GError    **error,
            const char *format,
            ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("Line %llu: %s"), (unsigned long long) number, text);
  return NULL;
}

static char *
batch_find_unknown_key (const char *line,
                        gsize       length)
{
  ScopeJsonIter iter;
  ScopeSpan name;

  scope_json_iter_init (&iter, line, length);
  while (scope_json_iter_next (&iter, &name, NULL, NULL))
    {
      g_autofree char *key = scope_json_string_dup (line + name.offset, name.length);

      if (!g_strv_contains (batch_keys, key))
        return g_steal_pointer (&key);
    }
  return NULL;
}

static ScopeApiEvent *
batch_make_event (const char            *line,
                  const ScopeJsonWanted *wanted)
{
  g_autofree char *channel = scope_json_string_dup (line + wanted[0].value.offset, wanted[0].value.length);
  g_autofree char *name = scope_json_string_dup (line + wanted[1].value.offset, wanted[1].value.length);
  g_autofree char *data = g_strndup (line + wanted[2].value.offset, wanted[2].value.length);
  g_autofree char *socket_id = NULL;
  g_autofree char *info = NULL;
  const char *channels[] = { channel, NULL };

  if (wanted[3].kind == SCOPE_JSON_STRING)
    socket_id = scope_json_string_dup (line + wanted[3].value.offset, wanted[3].value.length);
  if (wanted[4].kind == SCOPE_JSON_STRING)
    info = scope_json_string_dup (line + wanted[4].value.offset, wanted[4].value.length);
  return scope_api_event_new (name, data, channels, socket_id, info);
}

/* A NUL ends a text here: what stands before it may be the name of another channel. */
static gboolean
batch_is_cut_short (const char            *line,
                    const ScopeJsonWanted *wanted)
{
  g_autoptr (GString) text = NULL;
  const char *token = line + wanted->value.offset;

  if (wanted->kind != SCOPE_JSON_STRING || !scope_json_string_has_escapes (token, wanted->value.length))
    return FALSE;
  text = g_string_new (NULL);
  return scope_json_string_decode (token, wanted->value.length, text) && strlen (text->str) < text->len;
}

static gboolean
batch_is_text_or_absent (ScopeJsonKind kind)
{
  return kind == SCOPE_JSON_STRING || kind == SCOPE_JSON_NULL || kind == SCOPE_JSON_NONE;
}

static ScopeApiEvent *
batch_read_event (const char *line,
                  gsize       length,
                  guint64     number,
                  GError    **error)
{
  ScopeJsonWanted wanted[] = { { .key = "channel" }, { .key = "name" }, { .key = "data" }, { .key = "socket_id" },
                               { .key = "info" } };
  ScopeJsonProblem problem;
  g_autofree char *why = NULL;
  g_autofree char *unknown = NULL;

  if (!scope_json_scan_object (line, length, wanted, G_N_ELEMENTS (wanted), &problem))
    {
      why = scope_json_problem_to_text (&problem);
      return batch_fail (number, error, _("this is no JSON object: %s; each line is one whole event, such as %s"), why,
                         EXAMPLE);
    }
  unknown = batch_find_unknown_key (line, length);
  if (unknown != NULL)
    return batch_fail (number, error, _("“%s” is not known: channel, name, data, socket_id and info are"), unknown);

  for (guint i = 0; i < 2; i++)
    if (wanted[i].kind != SCOPE_JSON_STRING)
      return batch_fail (number, error, _("“%s” is missing, or no text"), wanted[i].key);
  if (wanted[2].kind == SCOPE_JSON_NONE)
    return batch_fail (number, error, _("“%s” is missing"), wanted[2].key);
  for (guint i = 3; i < G_N_ELEMENTS (wanted); i++)
    if (!batch_is_text_or_absent (wanted[i].kind))
      return batch_fail (number, error, _("“%s” is no text"), wanted[i].key);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (i != 2 && batch_is_cut_short (line, &wanted[i]))
      return batch_fail (number, error, _("“%s” holds the character NUL"), wanted[i].key);
  return batch_make_event (line, wanted);
}

static gboolean
batch_is_blank (const char *line,
                gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (line[i]))
      return FALSE;
  return TRUE;
}

/* The next event that is there, checked. NULL at the end, and with an error. */
static ScopeApiEvent *
batch_next_event (ScopeCliBatch *self,
                  GString       *scratch,
                  GError       **error)
{
  const ScopeConnectionOptions *target = self->api.target;
  g_autoptr (ScopeApiEvent) event = NULL;
  const char *line;
  gsize length;

  do
    if (!scope_cli_lines_next (&self->lines, &line, &length, error))
      return NULL;
  while (batch_is_blank (line, length));

  event = batch_read_event (line, length, self->lines.number, error);
  if (event == NULL || self->is_checked)
    return g_steal_pointer (&event);
  g_string_truncate (scratch, 0);
  if (scope_api_event_append (event, TRUE, target->max_data, scope_secret_peek (target->master_key), scratch, error))
    return g_steal_pointer (&event);
  g_prefix_error (error, _("Line %llu: "), (unsigned long long) self->lines.number);
  return NULL;
}

/* Progress, for people who look on */

static guint64
batch_count_done (ScopeCliBatch *self)
{
  guint64 done = 0;

  for (guint i = 0; i < G_N_ELEMENTS (self->counts); i++)
    done += self->counts[i];
  return done;
}

static void
batch_clear_progress (ScopeCliBatch *self)
{
  if (self->shows_progress)
    fputs ("\r\033[K", stderr);
}

/* TRUE: it is time to tell something again */
static gboolean
batch_may_tell (ScopeCliBatch *self)
{
  gint64 now = g_get_monotonic_time ();

  if (!self->shows_progress || now - self->told_usec < PROGRESS_USEC)
    return FALSE;
  self->told_usec = now;
  return TRUE;
}

/* over what was told before; a line longer than the terminal would stay */
static void
batch_tell (const char *text)
{
  struct winsize size = { 0 };
  glong columns = ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1 : G_MAXLONG;
  g_autofree char *shown = g_utf8_substring (text, 0, MIN (columns, g_utf8_strlen (text, -1)));

  fprintf (stderr, "\r\033[K%s", shown);
  fflush (stderr);
}

/* "1 min 5 s left", from a second on; NULL before */
static char *
batch_dup_left (ScopeCliBatch *self,
                guint64        done,
                gint64         passed_usec)
{
  g_autofree char *left = NULL;

  if (passed_usec < G_USEC_PER_SEC || done == 0 || done >= self->total)
    return NULL;
  left = scope_text_format_duration ((gint64) ((double) passed_usec / done * (self->total - done) / G_USEC_PER_SEC)
                                     * G_USEC_PER_SEC);
  return g_strdup_printf (_("%s left"), left);
}

static void
batch_show_progress (ScopeCliBatch *self)
{
  guint64 done = batch_count_done (self);
  guint64 good = self->counts[SCOPE_API_ACCEPTED];
  g_autoptr (GString) text = NULL;
  g_autofree char *rate = NULL;
  g_autofree char *left = NULL;
  gint64 passed;

  if (!batch_may_tell (self))
    return;

  passed = MAX (self->told_usec - self->started_usec, 1);
  rate = scope_text_format_rate ((double) done * G_USEC_PER_SEC / passed);
  text = g_string_new (NULL);
  if (self->total > 0)
    g_string_printf (text, _("%llu of %llu events (%u %%), %s"), (unsigned long long) done,
                     (unsigned long long) self->total, (guint) (done * 100 / self->total), rate);
  else
    g_string_printf (text, _("%llu events, %s"), (unsigned long long) done, rate);
  left = batch_dup_left (self, done, passed);
  if (left != NULL)
    g_string_append_printf (text, ", %s", left);
  if (good < done)
    {
      g_string_append (text, "; ");
      g_string_append_printf (text, _("%llu not accepted"), (unsigned long long) (done - good));
    }
  batch_tell (text->str);
}

/* of a large file, before anything is sent */
static void
batch_show_checking (ScopeCliBatch *self)
{
  g_autofree char *text = NULL;

  if (!batch_may_tell (self))
    return;
  text = g_strdup_printf (_("Checking: line %llu"), (unsigned long long) self->lines.number);
  batch_tell (text);
}

/* The file */

/* A wrong line far down must not come to light when half of the file is published. */
static gboolean
batch_check (ScopeCliBatch *self,
             GError       **error)
{
  g_autoptr (GString) scratch = g_string_new (NULL);
  g_autoptr (GError) local = NULL;
  ScopeApiEvent *event;

  if (!scope_cli_lines_rewind (&self->lines))
    return TRUE;
  while (!scope_cli_is_interrupted () && (event = batch_next_event (self, scratch, &local)) != NULL)
    {
      scope_api_event_free (event);
      self->total++;
      batch_show_checking (self);
    }
  self->is_checked = local == NULL;
  if (self->is_checked)
    return scope_cli_lines_rewind (&self->lines);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Fills next. */
static void
batch_collect (ScopeCliBatch *self)
{
  g_autoptr (GString) scratch = g_string_new (NULL);
  ScopeCliBatchPart *next = self->next;
  ScopeApiEvent *event;

  g_ptr_array_set_size (next->events, 0);
  while (self->has_more && next->events->len < SCOPE_LIMIT_BATCH_EVENTS)
    {
      event = batch_next_event (self, scratch, &self->line_error);
      self->has_more = event != NULL;
      if (event == NULL)
        break;
      if (next->events->len == 0)
        next->first_line = self->lines.number;
      next->last_line = self->lines.number;
      g_ptr_array_add (next->events, event);
    }
}

/* Requests */

/* The counts of {"batch":[{…},{}]} stand by index (protocol.md §9.1): told by channel. */
static char *
batch_dup_counts (ScopeCliBatch       *self,
                  const ScopeApiReply *reply)
{
  g_autofree char *list = scope_cli_api_dup_member (reply, "batch", SCOPE_JSON_ARRAY);
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);
  GString *counts;
  ScopeSpan value;

  if (list == NULL)
    return NULL;

  counts = g_string_new ("{");
  for (guint i = 0; i < self->part->events->len; i++)
    {
      const ScopeApiEvent *event = g_ptr_array_index (self->part->events, i);

      if (scope_json_get_element (list, strlen (list), i, &value) != SCOPE_JSON_OBJECT || value.length <= 2 ||
          !g_hash_table_add (told, event->channels[0]))
        continue;
      if (counts->len > 1)
        g_string_append_c (counts, ',');
      scope_json_append_string (counts, event->channels[0], -1);
      g_string_append_c (counts, ':');
      g_string_append_len (counts, list + value.offset, value.length);
    }
  g_string_append_c (counts, '}');
  if (counts->len > 2)
    return g_string_free (counts, FALSE);
  g_string_free (counts, TRUE);
  return NULL;
}

static void
batch_print (ScopeCliBatch       *self,
             const ScopeApiReply *reply)
{
  g_autofree char *subject = g_strdup_printf (_("Lines %llu to %llu"), (unsigned long long) self->part->first_line,
                                              (unsigned long long) self->part->last_line);
  g_autofree char *counts = NULL;
  ScopeCliOutcome outcome = {
    .n_events = self->part->events->len,
    .first_line = self->part->first_line,
    .last_line = self->part->last_line,
    .subject = subject,
  };

  if (reply->outcome == SCOPE_API_ACCEPTED)
    outcome.counts = counts = batch_dup_counts (self, reply);
  /* people are told what went wrong, and all in a sum at the end */
  if (!self->api.ndjson && reply->outcome == SCOPE_API_ACCEPTED && counts == NULL)
    return;
  batch_clear_progress (self);
  scope_cli_api_print (&self->api, reply, &outcome);
}

/* What is refused for the whole app will be refused again. */
static void
batch_look_ahead (ScopeCliBatch       *self,
                  const ScopeApiReply *reply)
{
  gboolean for_good
      = reply->outcome == SCOPE_API_REFUSED && (reply->status == 401 || reply->status == 403 || reply->status == 404);

  self->n_not_sent = reply->outcome == SCOPE_API_NOT_SENT ? self->n_not_sent + 1 : 0;
  if (self->given_up == NULL && (for_good || self->n_not_sent == GIVE_UP_AFTER))
    self->given_up = g_strdup_printf (_("Not tried after what became of line %llu"),
                                      (unsigned long long) self->part->first_line);
}

static ScopeApiReply *
batch_send (ScopeCliBatch *self,
            GError       **error)
{
  g_autoptr (GCancellable) cancellable = NULL;
  ScopeCliCall call = { NULL };
  ScopeApiReply *reply;

  if (self->given_up != NULL)
    {
      reply = scope_api_reply_new ();
      reply->outcome = SCOPE_API_NOT_SENT;
      reply->text = g_strdup (self->given_up);
      if (self->is_checked)
        batch_collect (self);
      return reply;
    }
  cancellable = g_cancellable_new ();
  scope_api_client_publish_batch_async (self->api.client, self->part->events, cancellable, scope_cli_call_cb, &call);
  /* while the server works; a pipe would keep its answer waiting */
  if (self->is_checked)
    batch_collect (self);
  return scope_cli_api_wait (&self->api, &call, cancellable, error);
}

static gboolean
batch_publish (ScopeCliBatch *self,
               GError       **error)
{
  g_autoptr (ScopeApiReply) reply = batch_send (self, error);

  if (reply == NULL)
    return FALSE;
  self->counts[reply->outcome] += self->part->events->len;
  batch_print (self, reply);
  if (self->given_up == NULL)
    batch_look_ahead (self, reply);
  batch_show_progress (self);
  return TRUE;
}

/* FALSE with an error; all of what could be read is published before a wrong line is told */
static gboolean
batch_run (ScopeCliBatch *self,
           GError       **error)
{
  batch_collect (self);
  while (self->next->events->len > 0 && !scope_cli_loop_is_over ())
    {
      ScopeCliBatchPart *part = self->next;

      self->next = self->part;
      self->part = part;
      if (!batch_publish (self, error))
        return FALSE;
      if (!self->is_checked && !scope_cli_loop_is_over ())
        batch_collect (self);
    }
  if (self->line_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->line_error));
  return FALSE;
}

static void
batch_tell_sum (ScopeCliBatch *self)
{
  g_autofree char *sum = NULL;

  batch_clear_progress (self);
  sum = g_strdup_printf (_("%llu events: %llu accepted, %llu refused, %llu not sent, %llu unknown\n"),
                         (unsigned long long) batch_count_done (self),
                         (unsigned long long) self->counts[SCOPE_API_ACCEPTED],
                         (unsigned long long) self->counts[SCOPE_API_REFUSED],
                         (unsigned long long) self->counts[SCOPE_API_NOT_SENT],
                         (unsigned long long) self->counts[SCOPE_API_UNKNOWN]);
  if (!self->api.ndjson)
    scope_cli_output_write (sum, strlen (sum));
  if (scope_cli_is_interrupted () && batch_count_done (self) == 0)
    scope_cli_message (_("Interrupted before anything was sent"));
  else if (scope_cli_is_interrupted ())
    scope_cli_message (_("Interrupted after line %llu; what follows it was not sent"),
                       (unsigned long long) self->part->last_line);
}

/* Nothing that is wrong, and perhaps not what was meant. */
static void
batch_tell_empty (ScopeCliBatch *self)
{
  gboolean is_stdin = strcmp (self->lines.name, "-") == 0;

  scope_cli_message (_("“%s” holds no events, so nothing was sent: an event is a line such as %s"),
                     is_stdin ? _("standard input") : self->lines.name, EXAMPLE);
}

static int
batch_with (ScopeCliBatch *self)
{
  g_autoptr (GError) error = NULL;
  gboolean good;

  self->shows_progress = isatty (STDERR_FILENO);
  self->told_usec = g_get_monotonic_time ();
  if (!batch_check (self, &error))
    {
      batch_clear_progress (self);
      return scope_cli_fail (error);
    }

  self->started_usec = g_get_monotonic_time ();
  good = batch_run (self, &error);
  batch_tell_sum (self);
  if (good && batch_count_done (self) == 0 && !scope_cli_loop_is_over ())
    batch_tell_empty (self);
  if (scope_cli_is_interrupted ())
    return SCOPE_CLI_INTERRUPTED;
  if (!good)
    return scope_cli_fail (error);
  return batch_count_done (self) == self->counts[SCOPE_API_ACCEPTED] && !scope_cli_output_is_gone ()
           ? SCOPE_CLI_DONE
           : SCOPE_CLI_NOT_DONE;
}

static void
batch_init_parts (ScopeCliBatch *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->parts); i++)
    self->parts[i].events = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_api_event_free);
  self->part = &self->parts[0];
  self->next = &self->parts[1];
  self->has_more = TRUE;
}

static void
batch_clear (ScopeCliBatch *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->parts); i++)
    g_clear_pointer (&self->parts[i].events, g_ptr_array_unref);
  g_clear_error (&self->line_error);
  g_clear_pointer (&self->given_up, g_free);
}

int
scope_cli_batch (ScopeCliOptions *options)
{
  ScopeCliBatch self = { 0 };
  g_autoptr (GError) error = NULL;
  int status = SCOPE_CLI_USAGE;

  if (!scope_cli_lines_open (&self.lines, g_ptr_array_index (options->arguments, 0), &error))
    status = scope_cli_fail (error);
  else if (scope_cli_api_open (&self.api, options, &status))
    {
      batch_init_parts (&self);
      status = batch_with (&self);
      scope_cli_api_close (&self.api);
    }
  scope_cli_lines_close (&self.lines);
  batch_clear (&self);
  return status;
}
