/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-events-view"

#include "config.h"

#include "ui/scope-events-view-private.h"

#include "ui/scope-mark-look.h"
#include "ui/scope-ordered-box.h"
#include "ui/scope-tab-stop.h"
#include "ui/scope-ui-util.h"

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_FOLLOW,
  PROP_PAUSED,
  PROP_NARROW,
  PROP_HAS_SELECTION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeEventsView, scope_events_view, ADW_TYPE_BIN)

/* ---- selection ---- */

static void
scope_events_view_selected_cb (ScopeEventsView *self)
{
  ScopeEventItem *item = gtk_single_selection_get_selected_item (self->selection);
  guint position = gtk_single_selection_get_selected (self->selection);

  if (self->reselecting)
    return;

  _scope_events_view_update_row_actions (self, item);
  if (item != NULL)
    {
      /* its position has changed only: rows before it went */
      gboolean same = self->selected_sequence == scope_event_item_get_sequence (item);

      self->jumping &= same;
      self->selected_sequence = scope_event_item_get_sequence (item);
      scope_inspector_set_item (self->inspector, item);
      scope_inspector_set_hidden (self->inspector, FALSE);
      _scope_events_view_show_inspector (self, TRUE);
      /* whoever picks a row wants to keep it in sight, also beside the inspector */
      if (!same)
        scope_log_follower_show_row (self->follower, position);
    }
  _scope_events_view_update_find (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_SELECTION]);
}

/* With the filter changed the row stands elsewhere, or nowhere. */
void
_scope_events_view_reselect (ScopeEventsView *self)
{
  guint position = GTK_INVALID_LIST_POSITION;

  if (self->selected_sequence != 0)
    position = scope_freeze_model_find (self->model, self->selected_sequence);
  if (position >= _scope_events_view_count_shown (self))
    position = GTK_INVALID_LIST_POSITION;

  self->reselecting = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->reselecting = FALSE;
  scope_inspector_set_hidden (self->inspector, self->selected_sequence != 0 &&
                                                   position == GTK_INVALID_LIST_POSITION);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_SELECTION]);
  if (position != GTK_INVALID_LIST_POSITION && !scope_log_follower_get_follow (self->follower))
    scope_log_follower_show_row (self->follower, position);
}

/* The list keeps no rows: to the selection, one that is told again is another. */
static void
scope_events_view_told_again_cb (ScopeEventsView *self,
                                 guint            position,
                                 guint            removed,
                                 guint            added)
{
  guint found;

  if (self->selected_sequence == 0 || added == 0 || self->reselecting
      || gtk_single_selection_get_selected (self->selection) != GTK_INVALID_LIST_POSITION)
    return;
  found = scope_freeze_model_find (self->model, self->selected_sequence);
  if (found >= position && found - position < added)
    _scope_events_view_reselect (self);
}

static void
scope_events_view_filtering_cb (ScopeEventsView *self)
{
  if (!scope_event_list_get_filtering (_scope_events_view_get_list (self)))
    _scope_events_view_reselect (self);
  _scope_events_view_go_on_jumping (self);
  _scope_events_view_update_all (self);
}

/* A selection would be searched for, row by row, among everything that a new filter lets through.
 */
void
_scope_events_view_apply_filter (ScopeEventsView *self)
{
  ScopeEventList *list = _scope_events_view_get_list (self);
  g_autoptr (ScopeFilter) filter = NULL;

  if (list == NULL)
    return;

  self->reselecting = TRUE;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  self->reselecting = FALSE;
  filter = _scope_events_view_dup_filter (self);
  scope_event_list_set_picks (list, self->picks);
  scope_event_list_set_filter (list, filter);
  if (!scope_event_list_get_filtering (list))
    _scope_events_view_reselect (self);
  _scope_events_view_update_all (self);
}

static void
scope_events_view_mutes_cb (ScopeEventsView *self)
{
  _scope_events_view_apply_filter (self);
  _scope_events_view_update_mutes (self);
}

/* ---- class ---- */

static void
scope_events_view_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_FOLLOW:
      g_value_set_boolean (value, scope_log_follower_get_follow (self->follower));
      break;
    case PROP_PAUSED:
      g_value_set_boolean (value, scope_freeze_model_get_frozen (self->model));
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_HAS_SELECTION:
      g_value_set_boolean (value, gtk_single_selection_get_selected (self->selection)
                                      != GTK_INVALID_LIST_POSITION);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_events_view_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      scope_events_view_set_session (self, g_value_get_object (value));
      break;
    case PROP_FOLLOW:
      scope_log_follower_set_follow (self->follower, g_value_get_boolean (value));
      break;
    case PROP_PAUSED:
      scope_freeze_model_set_frozen (self->model, g_value_get_boolean (value));
      break;
    case PROP_NARROW:
      scope_events_view_set_narrow (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_events_view_dispose (GObject *object)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (object);

  g_clear_handle_id (&self->count_id, g_source_remove);
  _scope_events_view_stop_copying (self);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->list_signals);
  g_clear_object (&self->channel_signals);
  g_clear_object (&self->mark_signals);
  g_clear_object (&self->mute_signals);
  if (self->follower != NULL)
    g_object_run_dispose (G_OBJECT (self->follower));
  if (self->columns != NULL)
    g_object_run_dispose (G_OBJECT (self->columns));
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_EVENTS_VIEW);
  g_clear_object (&self->session);
  g_clear_object (&self->shapes);
  g_clear_object (&self->picks);

  G_OBJECT_CLASS (scope_events_view_parent_class)->dispose (object);
}

static void
scope_events_view_finalize (GObject *object)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (object);

  g_clear_object (&self->columns);
  g_clear_object (&self->follower);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (scope_events_view_parent_class)->finalize (object);
}

static void
scope_events_view_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-events-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, toolbar);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, second_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, find_bar);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, count);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, follow);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, pause);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, bin);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, paned);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, log_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, pane);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, column_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, pill);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, page);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, bar);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, mute_bar);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, only_bar);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, dropped_note);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, inspector);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, row_menu);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, cell_menu);
}

static void
scope_events_view_mark_diff_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  scope_inspector_mark_diff (SCOPE_EVENTS_VIEW (widget)->inspector);
}

static void
scope_events_view_class_init (ScopeEventsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = scope_events_view_dispose;
  object_class->finalize = scope_events_view_finalize;
  object_class->get_property = scope_events_view_get_property;
  object_class->set_property = scope_events_view_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SCOPE_TYPE_SESSION,
                                                  flags | G_PARAM_READWRITE);
  properties[PROP_FOLLOW] =
      g_param_spec_boolean ("follow", NULL, NULL, TRUE, flags | G_PARAM_READWRITE);
  properties[PROP_PAUSED] =
      g_param_spec_boolean ("paused", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);
  properties[PROP_NARROW] =
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);
  properties[PROP_HAS_SELECTION] = g_param_spec_boolean ("has-selection", NULL, NULL, FALSE,
                                                         flags | G_PARAM_READABLE);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SCOPE_TYPE_DROPPED_NOTE);
  g_type_ensure (SCOPE_TYPE_ADAPTIVE_BIN);
  g_type_ensure (SCOPE_TYPE_FILTER_ENTRY);
  g_type_ensure (SCOPE_TYPE_FIND_BAR);
  g_type_ensure (SCOPE_TYPE_HINT_BAR);
  g_type_ensure (SCOPE_TYPE_HINT_PAGE);
  g_type_ensure (SCOPE_TYPE_INSPECTOR);
  g_type_ensure (SCOPE_TYPE_LOG_PANE);
  g_type_ensure (SCOPE_TYPE_ORDERED_BOX);
  g_type_ensure (SCOPE_TYPE_TAB_STOP);
  scope_events_view_bind_template (widget_class);
  _scope_events_view_class_init_copy (widget_class);
  gtk_widget_class_install_action (widget_class, "events.mute", NULL, _scope_events_view_mute);
  gtk_widget_class_install_action (widget_class, "events.mark-diff", NULL,
                                   scope_events_view_mark_diff_cb);
  gtk_widget_class_install_action (widget_class, "events.compose", NULL,
                                   _scope_events_view_compose);
  gtk_widget_class_install_action (widget_class, "events.show-schema", NULL,
                                   _scope_events_view_show_schema);
}

static void
scope_events_view_notify_follow_cb (ScopeEventsView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOW]);
  _scope_events_view_update_pill (self);
}

static void
scope_events_view_notify_frozen_cb (ScopeEventsView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAUSED]);
  _scope_events_view_update_all (self);
}

static void
scope_events_view_init_model (ScopeEventsView *self)
{
  self->model = scope_freeze_model_new ();
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->model)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  scope_log_pane_set_events (self->pane, self->selection);
  self->follower = scope_log_follower_new (
      self->pane, gtk_scrolled_window_get_vadjustment (self->scrolled), self->model);

  g_signal_connect_object (self->model, "items-changed",
                           G_CALLBACK (_scope_events_view_items_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "notify::frozen",
                           G_CALLBACK (scope_events_view_notify_frozen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed",
                           G_CALLBACK (scope_events_view_told_again_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected",
                           G_CALLBACK (scope_events_view_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->follower, "notify::follow",
                           G_CALLBACK (scope_events_view_notify_follow_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->follower, "notify::n-new",
                           G_CALLBACK (_scope_events_view_queue_count), self, G_CONNECT_SWAPPED);
}

static void
scope_events_view_init_signals (ScopeEventsView *self)
{
  static const char * const watched[] =
      { "notify::state", "notify::state-detail", "notify::retry-at-usec" };

  self->session_signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_group_connect_swapped (self->session_signals, watched[i],
                                    G_CALLBACK (_scope_events_view_queue_count), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::loading",
                                  G_CALLBACK (_scope_events_view_go_on_jumping), self);
  self->list_signals = g_signal_group_new (SCOPE_TYPE_EVENT_LIST);
  g_signal_group_connect_swapped (self->list_signals, "notify::filtering",
                                  G_CALLBACK (scope_events_view_filtering_cb), self);
  g_signal_group_connect_swapped (self->list_signals, "notify::n-total",
                                  G_CALLBACK (_scope_events_view_queue_count), self);
  self->channel_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->channel_signals, "items-changed",
                                  G_CALLBACK (_scope_events_view_queue_count), self);
  self->mute_signals = g_signal_group_new (SCOPE_TYPE_MUTES);
  g_signal_group_connect_swapped (self->mute_signals, "changed",
                                  G_CALLBACK (scope_events_view_mutes_cb), self);
  self->mark_signals = g_signal_group_new (SCOPE_TYPE_MARK_LIST);
  g_signal_group_connect_swapped (self->mark_signals, "changed",
                                  G_CALLBACK (scope_mark_look_refresh), self->column_view);
  g_signal_connect_object (self->filter_entry, "changed",
                           G_CALLBACK (_scope_events_view_apply_filter), self,
                           G_CONNECT_SWAPPED);
}

static void
scope_events_view_init (ScopeEventsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->columns = scope_event_columns_new (self->column_view);
  _scope_events_view_init_layout (self);
  scope_events_view_init_model (self);
  scope_events_view_init_signals (self);
  _scope_events_view_init_find (self);
  _scope_events_view_init_keys (self);
  _scope_events_view_init_menu (self);
  _scope_events_view_update_row_actions (self, NULL);
}

/* A capture has no new events to follow or hold back: it is read from its beginning. */
static void
scope_events_view_update_offline (ScopeEventsView *self)
{
  gboolean offline = self->session != NULL && scope_session_get_offline (self->session);

  if (offline)
    scope_log_follower_set_follow (self->follower, FALSE);
  gtk_widget_set_visible (self->follow, !offline);
  gtk_widget_set_visible (self->pause, !offline);
}

/**
 * scope_events_view_set_session:
 * @session: (nullable): whose log to show; filter and pause do not outlast it
 */
void
scope_events_view_set_session (ScopeEventsView *self,
                               ScopeSession    *session)
{
  ScopeEventList *list = NULL;
  g_autoptr (ScopeVocabulary) vocabulary = NULL;

  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));
  g_return_if_fail (session == NULL || SCOPE_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  if (session != NULL)
    list = scope_session_get_events (session);
  scope_events_view_close_inspector (self);
  self->jumping = FALSE;
  scope_filter_entry_set_text (self->filter_entry, "");
  scope_dropped_note_set_session (self->dropped_note, session);
  vocabulary = list != NULL ? scope_vocabulary_new (list) : NULL;
  scope_filter_entry_set_vocabulary (self->filter_entry, vocabulary);
  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->list_signals, list);
  g_signal_group_set_target (self->channel_signals,
                             session != NULL ? scope_session_get_channels (session) : NULL);
  g_signal_group_set_target (self->mute_signals,
                             session != NULL ? scope_session_get_mutes (session) : NULL);
  g_signal_group_set_target (self->mark_signals,
                             session != NULL ? scope_session_get_marks (session) : NULL);
  self->wants_focus = session != NULL;
  scope_find_bar_close (self->find_bar);
  scope_find_set_list (scope_find_bar_get_find (self->find_bar), list);
  scope_event_columns_set_list (self->columns, list);
  scope_freeze_model_set_list (self->model, list);
  scope_events_view_update_offline (self);
  scope_events_view_mutes_cb (self);
  _scope_events_view_update_all (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

/**
 * scope_events_view_set_narrow:
 * @narrow: whether there is room for one pane only
 */
void
scope_events_view_set_narrow (ScopeEventsView *self,
                              gboolean         narrow)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  if (self->narrow == narrow)
    return;

  self->narrow = narrow;
  _scope_events_view_lay_out (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
}

/**
 * scope_events_view_set_filter:
 * @text: a filter, "" for none
 */
void
scope_events_view_set_filter (ScopeEventsView *self,
                              const char      *text)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_filter_entry_set_text (self->filter_entry, text);
}

/**
 * scope_events_view_combine_filter:
 * @mode: "replace", "only" (also this) or "exclude" (all but this)
 * @text: a filter
 *
 * Puts it in the place of the present filter, or beside it. A present one with a mistake goes.
 */
void
scope_events_view_combine_filter (ScopeEventsView *self,
                                  const char      *mode,
                                  const char      *text)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));
  g_return_if_fail (mode != NULL);
  g_return_if_fail (text != NULL);

  scope_filter_entry_combine (self->filter_entry, mode, text);
}

/**
 * scope_events_view_focus_filter:
 *
 * Moves the keyboard focus into the filter.
 */
void
scope_events_view_focus_filter (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_filter_entry_grab_focus (self->filter_entry);
}

/**
 * scope_events_view_focus_log:
 *
 * Moves the keyboard focus to the log.
 */
void
scope_events_view_focus_log (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->pane));
}

/**
 * scope_events_view_jump_to_end:
 *
 * Shows the newest event and follows again, also if paused.
 */
void
scope_events_view_jump_to_end (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_freeze_model_set_frozen (self->model, FALSE);
  scope_log_follower_set_follow (self->follower, TRUE);
}

/**
 * scope_events_view_close_inspector:
 *
 * Unselects, and gives its room back to the log.
 */
void
scope_events_view_close_inspector (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  self->selected_sequence = 0;
  self->cleared_sequence = 0;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  _scope_events_view_show_inspector (self, FALSE);
}

/**
 * scope_events_view_clear:
 *
 * Empties the log; the recording keeps all.
 */
void
scope_events_view_clear (ScopeEventsView *self)
{
  guint64 selected;

  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));
  g_return_if_fail (_scope_events_view_get_list (self) != NULL);

  selected = self->selected_sequence;
  scope_events_view_close_inspector (self);
  self->cleared_sequence = selected;
  scope_event_list_clear (_scope_events_view_get_list (self));
}

/**
 * scope_events_view_undo_clear:
 *
 * Brings back what was cleared; what was selected is selected again, unless another row is by now.
 */
void
scope_events_view_undo_clear (ScopeEventsView *self)
{
  gboolean none;

  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));
  g_return_if_fail (_scope_events_view_get_list (self) != NULL);

  none = self->selected_sequence == 0;
  if (none)
    self->selected_sequence = self->cleared_sequence;
  self->cleared_sequence = 0;
  scope_event_list_undo_clear (_scope_events_view_get_list (self));
  if (none && gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION)
    self->selected_sequence = 0;
  else if (none)
    scope_events_view_selected_cb (self);
}

/**
 * scope_events_view_copy:
 * @what: "payload", "raw" or "frame"
 *
 * Copies that of the selected row.
 */
void
scope_events_view_copy (ScopeEventsView *self,
                        const char      *what)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  _scope_events_view_stop_copying (self);
  if (self->selected_sequence != 0)
    scope_inspector_copy (self->inspector, what);
}

/**
 * scope_events_view_refresh:
 *
 * Says again why there is nothing to see: the wait for the next attempt has become shorter.
 */
void
scope_events_view_refresh (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  _scope_events_view_update_page (self);
}

/**
 * scope_events_view_save_columns:
 *
 * To be called before the window goes: widths are kept a moment after they were changed.
 */
void
scope_events_view_save_columns (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_event_columns_flush (self->columns);
}

/**
 * scope_events_view_set_raised:
 * @raised: whether something covers the lower edge of the log
 *
 * Moves the button that leads to the newest event out of the way of a toast.
 */
void
scope_events_view_set_raised (ScopeEventsView *self,
                              gboolean         raised)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_ui_set_class (self->pill, "scope-raised", raised);
}
