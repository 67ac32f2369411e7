/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-report"

#include "config.h"

#include "net/scope-report.h"

/**
 * scope_subscription_status_to_name:
 *
 * Returns: the word of cli-contract.md, untranslated
 */
const char *
scope_subscription_status_to_name (ScopeSubscriptionStatus status)
{
  switch (status)
    {
    case SCOPE_SUBSCRIPTION_PENDING:
      return "pending";
    case SCOPE_SUBSCRIPTION_SUBSCRIBED:
      return "subscribed";
    case SCOPE_SUBSCRIPTION_ERROR:
      return "error";
    case SCOPE_SUBSCRIPTION_UNSUBSCRIBED:
      return "unsubscribed";
    default:
      g_return_val_if_reached ("unknown");
    }
}

/**
 * scope_presence_action_to_name:
 *
 * Returns: the word of cli-contract.md, untranslated
 */
const char *
scope_presence_action_to_name (ScopePresenceAction action)
{
  switch (action)
    {
    case SCOPE_PRESENCE_SNAPSHOT:
      return "snapshot";
    case SCOPE_PRESENCE_ADDED:
      return "added";
    case SCOPE_PRESENCE_REMOVED:
      return "removed";
    case SCOPE_PRESENCE_UPDATED:
      return "updated";
    default:
      g_return_val_if_reached ("unknown");
    }
}

/**
 * scope_user_status_to_name:
 *
 * Returns: the word of cli-contract.md, untranslated
 */
const char *
scope_user_status_to_name (ScopeUserStatus status)
{
  switch (status)
    {
    case SCOPE_USER_SIGNED_IN:
      return "signed_in";
    case SCOPE_USER_ERROR:
      return "error";
    case SCOPE_USER_SIGNED_OUT:
      return "signed_out";
    default:
      g_return_val_if_reached ("unknown");
    }
}
