/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-profile-editor.h"

#include "ui/scope-field-note.h"
#include "ui/scope-keyring-card.h"

G_BEGIN_DECLS

/* in the order of the form */
typedef enum
{
  SCOPE_FIELD_NAME,
  SCOPE_FIELD_KEY,
  SCOPE_FIELD_CLUSTER,
  SCOPE_FIELD_HOST,
  SCOPE_FIELD_PORT,
  SCOPE_FIELD_USE_TLS,
  SCOPE_FIELD_PATH,
  SCOPE_FIELD_APP_ID,
  SCOPE_FIELD_SECRET,
  SCOPE_FIELD_MASTER_KEY,
  SCOPE_FIELD_AUTH_ENDPOINT,
  SCOPE_FIELD_AUTH_METHOD,
  SCOPE_FIELD_AUTH_PARAMS,
  SCOPE_FIELD_AUTH_HEADERS,
  SCOPE_FIELD_PRESENCE_USER,
  SCOPE_FIELD_USER_ENDPOINT,
  SCOPE_FIELD_USER_METHOD,
  SCOPE_FIELD_USER_PARAMS,
  SCOPE_FIELD_USER_HEADERS,
  SCOPE_FIELD_USER_DATA,
  SCOPE_FIELD_API_HOST,
  SCOPE_FIELD_API_PORT,
  SCOPE_FIELD_CONNECT_AT_START,
  SCOPE_FIELD_READ_ONLY,
  SCOPE_FIELD_SUBSCRIPTIONS,
  SCOPE_FIELD_TRANSPORTS,
  SCOPE_FIELD_DISABLED_TRANSPORTS,
  SCOPE_FIELD_WSS_PORT,
  SCOPE_FIELD_HTTP_HOST,
  SCOPE_FIELD_HTTP_PORT,
  SCOPE_FIELD_HTTPS_PORT,
  SCOPE_FIELD_HTTP_PATH,
  SCOPE_FIELD_WHOLE_PATH,
  SCOPE_FIELD_ORIGIN,
  SCOPE_FIELD_HEADERS,
  SCOPE_FIELD_CA_FILE,
  SCOPE_FIELD_PROXY,
  SCOPE_FIELD_MAX_DATA,
  SCOPE_FIELD_ACTIVITY_TIMEOUT,
  SCOPE_FIELD_PONG_TIMEOUT,
  SCOPE_FIELD_UNAVAILABLE_TIMEOUT,
  SCOPE_FIELD_CONNECT_TIMEOUT,
  SCOPE_FIELD_RECONNECT_DELAY,
  SCOPE_FIELD_MAX_DELAY,
  SCOPE_FIELD_MAX_ATTEMPTS,
  SCOPE_N_FIELDS,
} ScopeEditorField;

struct _ScopeProfileEditor
{
  AdwWindow parent_instance;

  GtkWidget *rows[SCOPE_N_FIELDS];
  GtkWidget *inputs[SCOPE_N_FIELDS];     /* a text view in its row, else the row or switch itself */
  ScopeFieldNote *notes[SCOPE_N_FIELDS]; /* NULL for switches */
  gboolean touched[SCOPE_N_FIELDS];
  gboolean loading;                      /* what changes now was not typed */

  ScopeKeyringCard *card;
  GtkWidget *form;
  GtkToggleButton *expert;
  GtkWidget *expert_box;
  GtkMenuButton *cluster_button;
  GtkWidget *cancel_button;
  GtkWidget *save_button;
  GtkSpinner *save_spinner;
  GtkWidget *test_button;
  GtkWidget *cancel_test_button;
  GtkSpinner *test_spinner;
  GtkImage *test_icon;
  GtkLabel *test_label;

  ScopeProfileStore *store;
  ScopeProfile *original;                /* NULL: a new profile */
  ScopeProfile *working;                 /* what is edited; has the id from the start */
  gboolean secrets_known;                /* the fields hold what the keyring holds */
  gboolean stored_new;                   /* a new profile's items are in the keyring */
  gboolean saved;

  ScopeCredentials *pending;             /* being stored */
  gboolean busy;
  gboolean closed;
  GCancellable *cancellable;             /* of the keyring */
  GCancellable *test_cancellable;        /* NULL: no test runs */
  gboolean stale;                        /* something changed since the test began */
};

/* the choices of SCOPE_FIELD_TYPE_REQUEST */
enum
{
  SCOPE_REQUEST_POST,
  SCOPE_REQUEST_GET,
  SCOPE_REQUEST_JSONP,
};

/* The form in one table: scope-profile-editor-table.c. A field's template child has its id; the
 * note below it "<id>_note". */
typedef enum
{
  SCOPE_FIELD_TYPE_TEXT,
  SCOPE_FIELD_TYPE_NUMBER,  /* an entry; empty is 0 */
  SCOPE_FIELD_TYPE_SECONDS, /* an entry; empty is the default */
  SCOPE_FIELD_TYPE_SWITCH,
  SCOPE_FIELD_TYPE_REQUEST, /* how an endpoint is asked */
  SCOPE_FIELD_TYPE_LINES,   /* a text view */
  SCOPE_FIELD_TYPE_SECRET,  /* an entry for the keyring */
  SCOPE_FIELD_TYPE_SECRET_LINES,
} ScopeFieldType;

typedef struct
{
  const char *id;
  const char *hint;     /* N_(); NULL: it depends */
  const char *property; /* of ScopeProfile; NULL for what the keyring holds */
  ScopeFieldType type;
  ScopeCredentialKind credential;
  /* of text that is not empty */
  gboolean (*check) (ScopeProfileEditor *self,
                     const char         *text,
                     GError            **error);
} ScopeFieldInfo;

extern const ScopeFieldInfo _scope_profile_editor_fields[SCOPE_N_FIELDS];

/* the known clusters, in order; NULL after the last */
const char *_scope_profile_editor_get_cluster (guint index, const char **place);

/* the fields: scope-profile-editor-fields.c */
void              _scope_profile_editor_bind_fields      (GtkWidgetClass     *widget_class);
void              _scope_profile_editor_init_fields      (ScopeProfileEditor *self);
void              _scope_profile_editor_load             (ScopeProfileEditor *self);
void              _scope_profile_editor_load_credentials (ScopeProfileEditor *self,
                                                          ScopeCredentials   *credentials,
                                                          gboolean            only_untouched);
/* (transfer full): blanks around it removed; of several lines those that are not blank */
char             *_scope_profile_editor_dup_text         (ScopeProfileEditor *self,
                                                          ScopeEditorField    field);
char            **_scope_profile_editor_dup_lines        (ScopeProfileEditor *self,
                                                          ScopeEditorField    field);
/* opens whatever hides it */
void              _scope_profile_editor_reveal           (ScopeProfileEditor *self,
                                                          ScopeEditorField    field);
/* checks all and shows what is wrong: scope-profile-editor-checks.c. Both reasons are nullable,
 * transfer full: a translated sentence. */
void              _scope_profile_editor_validate         (ScopeProfileEditor *self,
                                                          char              **save_reason,
                                                          char              **test_reason);
/* only when all is valid */
void              _scope_profile_editor_collect          (ScopeProfileEditor *self,
                                                          ScopeProfile       *profile);
ScopeCredentials *_scope_profile_editor_collect_credentials (ScopeProfileEditor *self);
gboolean          _scope_profile_editor_credentials_touched (ScopeProfileEditor *self);
gboolean          _scope_profile_editor_field_is_empty   (ScopeProfileEditor *self,
                                                          ScopeEditorField    field);

/* something was typed; called by the fields: scope-profile-editor.c */
void              _scope_profile_editor_update           (ScopeProfileEditor *self);

G_END_DECLS
