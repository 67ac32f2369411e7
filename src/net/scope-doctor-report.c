/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was found, in words and altogether. */

#define G_LOG_DOMAIN "scope-doctor"

#include "config.h"

#include "net/scope-doctor-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-redact.h"
#include "base/scope-text.h"

/* a header's value, and what follows its scheme ("Bearer …") */
static void
scope_doctor_add_value (GPtrArray *secrets,
                        const char *header)
{
  const char *colon = strchr (header, ':');
  const char *space = strrchr (header, ' ');

  if (colon == NULL)
    return;
  for (colon++; *colon == ' '; colon++)
    ;
  g_ptr_array_add (secrets, (gpointer) colon);
  if (space != NULL && space > colon)
    g_ptr_array_add (secrets, (gpointer) (space + 1));
}

/* What the other side says may repeat what it was sent. (The authorizer hides what it sends by itself.) */
char *
_scope_doctor_hide (ScopeDoctor *self,
                    const char *text)
{
  g_autoptr (GPtrArray) secrets = g_ptr_array_new ();

  g_ptr_array_add (secrets, self->options->key);
  if (self->options->secret != NULL)
    g_ptr_array_add (secrets, (gpointer) scope_secret_peek (self->options->secret));
  if (self->options->master_key != NULL)
    g_ptr_array_add (secrets, (gpointer) scope_secret_peek (self->options->master_key));
  for (char **header = self->options->headers; header != NULL && *header != NULL; header++)
    scope_doctor_add_value (secrets, *header);
  g_ptr_array_add (secrets, NULL);
  return scope_redact_text (text, (const char * const *) secrets->pdata);
}

/**
 * scope_doctor_state_get_word:
 *
 * Returns: (transfer none): the state for people, such as "failed"
 */
const char *
scope_doctor_state_get_word (ScopeDoctorState state)
{
  static const char * const words[] = { N_("waiting"), N_("checking…"), N_("good"), N_("failed"), N_("skipped") };

  g_return_val_if_fail (state < G_N_ELEMENTS (words), NULL);

  return _(words[state]);
}

/**
 * scope_doctor_get_step:
 *
 * Returns: (transfer none): as it stands now
 */
const ScopeDoctorStep *
scope_doctor_get_step (ScopeDoctor *self,
                       ScopeDoctorStepId id)
{
  g_return_val_if_fail (SCOPE_IS_DOCTOR (self) && id < SCOPE_N_DOCTOR_STEPS, NULL);

  return &self->steps[id];
}

/**
 * scope_doctor_get_first_failed:
 *
 * Returns: (transfer none) (nullable): the first step that failed; what comes later may follow from it
 */
const ScopeDoctorStep *
scope_doctor_get_first_failed (ScopeDoctor *self)
{
  g_return_val_if_fail (SCOPE_IS_DOCTOR (self), NULL);

  for (guint id = 0; id < SCOPE_N_DOCTOR_STEPS; id++)
    if (self->steps[id].state == SCOPE_DOCTOR_FAILED)
      return &self->steps[id];
  return NULL;
}

/* What has not been reached has not refused either: the way there failed, or nothing was heard. */
static gboolean
scope_doctor_is_unreached (ScopeDoctor *self)
{
  const ScopeDoctorStep *upgrade = &self->steps[SCOPE_DOCTOR_UPGRADE];
  const ScopeDoctorStep *greeting = &self->steps[SCOPE_DOCTOR_HANDSHAKE];

  for (guint id = 0; id <= SCOPE_DOCTOR_TLS; id++)
    if (self->steps[id].state == SCOPE_DOCTOR_FAILED)
      return TRUE;
  return upgrade->fault == SCOPE_FAULT_TLS_SPOKEN || upgrade->fault == SCOPE_FAULT_UPGRADE_SILENT
         || greeting->fault == SCOPE_FAULT_GREETING_SILENT;
}

/**
 * scope_doctor_get_verdict:
 *
 * Returns: what all steps together say
 */
ScopeDoctorVerdict
scope_doctor_get_verdict (ScopeDoctor *self)
{
  g_return_val_if_fail (SCOPE_IS_DOCTOR (self), SCOPE_DOCTOR_REFUSED);

  if (scope_doctor_is_unreached (self))
    return SCOPE_DOCTOR_UNREACHED;
  return scope_doctor_get_first_failed (self) != NULL ? SCOPE_DOCTOR_REFUSED : SCOPE_DOCTOR_ALL_GOOD;
}

static void
scope_doctor_append_step (ScopeDoctor *self,
                          GString *text,
                          ScopeDoctorStepId id)
{
  const ScopeDoctorStep *step = &self->steps[id];
  g_autofree char *took = NULL;

  g_string_append_printf (text, "%s: %s", scope_doctor_step_get_title (id), scope_doctor_state_get_word (step->state));
  if (step->state == SCOPE_DOCTOR_GOOD || step->state == SCOPE_DOCTOR_FAILED)
    {
      took = scope_text_format_duration (step->took_usec);
      g_string_append_printf (text, " (%s)", took);
    }
  g_string_append_c (text, '\n');
  if (step->message != NULL)
    g_string_append_printf (text, "  %s\n", step->message);
  if (step->advice != NULL)
    g_string_append_printf (text, "  → %s\n", step->advice);
}

/**
 * scope_doctor_dup_report:
 *
 * Returns: (transfer full): where to, when, and what each step found, as text; no secret, no app key
 */
char *
scope_doctor_dup_report (ScopeDoctor *self)
{
  g_autoptr (GString) text = NULL;
  g_autofree char *now = NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (SCOPE_IS_DOCTOR (self), NULL);

  text = g_string_new (NULL);
  now = scope_text_format_rfc3339 (scope_clock_get_wall_usec (self->clock));
  url = self->url != NULL ? _scope_doctor_hide (self, self->url) : g_strdup ("–");
  g_string_append_printf (text, "Channelscope %s, %s\n%s\n\n", SCOPE_VERSION, now, url);
  for (guint id = 0; id < SCOPE_N_DOCTOR_STEPS; id++)
    scope_doctor_append_step (self, text, id);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
