/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "protocol/scope-machine.h"

/* Carries out what a ScopeMachine asks for, on time of its own, and writes down what it announced:
 *
 *   error(source,code,action)  state(previous>current[,code])  open(generation,ws|wss)
 *   close(generation,code)     ping  pong                      in(seconds,#attempt)
 *
 * After each step the machine's invariants are checked, and that it kept one socket. */
typedef struct
{
  ScopeMachine *machine;
  gint64 now_usec;
  gint64 armed_at[SCOPE_N_TIMERS];
  GString *trace;
  double random;

  ScopeState state;
  guint socket;          /* the generation that is open, or 0 */
  char *error_text;      /* of the last error */
  char *state_text;      /* of the last state change */
  const char *state_meaning;
} MachineDriver;

void          machine_driver_options (ScopeMachineOptions       *options);
MachineDriver *machine_driver_new    (const ScopeMachineOptions *options); /* NULL: the defaults */
void          machine_driver_free    (MachineDriver             *self);

/* The generation is filled in if it is 0. */
void          machine_driver_step    (MachineDriver             *self,
                                      ScopeInput                 input);
/* Time passes; timers that fall due are stepped in order. */
void          machine_driver_advance (MachineDriver             *self,
                                      gint64                     usec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MachineDriver, machine_driver_free)
