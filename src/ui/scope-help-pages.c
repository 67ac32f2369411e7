/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-help"

#include "config.h"

#include "ui/scope-help-pages.h"

#include <glib/gi18n-lib.h>

#define HEADING(text) { SCOPE_HELP_HEADING, { text } }
#define TEXT(text) { SCOPE_HELP_TEXT, { text } }
#define HEADER(...) { SCOPE_HELP_HEADER, { __VA_ARGS__ } }
#define ROW(...) { SCOPE_HELP_ROW, { __VA_ARGS__ } }
#define FILTER(...) { SCOPE_HELP_FILTER, { __VA_ARGS__ } }
#define END { SCOPE_HELP_END, { NULL } }

/* clang-format off */
static const ScopeHelpItem first_steps[] = {
  TEXT (N_("Channelscope connects to an app of Pusher Channels, or of a server that speaks the same "
           "protocol, as any client does, and shows what arrives.")),
  HEADING (N_("Look Around")),
  TEXT (N_("Open Demo in the main menu starts a server on this computer with a small shop on it. It "
           "needs no account.")),
  HEADING (N_("Watch Your App")),
  TEXT (N_("1. Make a profile (Ctrl+N) with the app key and the cluster, or with the host of your own "
           "server. Import Configuration (Ctrl+I) fills one in from what your app has.")),
  TEXT (N_("2. Connect (Ctrl+Enter), then subscribe to a channel (Ctrl+S).")),
  TEXT (N_("3. Select an event to read its data. Type in the filter (Ctrl+F) to see less.")),
  TEXT (N_("If it does not connect, Run Doctor (F8) checks one thing after the other, from the name to the "
           "signature, and says what to do. It publishes nothing.")),
  TEXT (N_("Only what arrives from now on can be seen: the protocol has no history. Channels whose name "
           "begins with cache- send their last event again.")),
  END,
};

static const ScopeHelpItem profiles[] = {
  TEXT (N_("A profile says which app to connect to, and how. It is a small file without anything "
           "secret: the app key and secret, the encryption master key and all headers and parameters "
           "are kept in the keyring.")),
  TEXT (N_("Where there is no keyring, secrets can be used for one session only.")),
  TEXT (N_("With the app secret, private channels are signed here and events can be published. Such a "
           "profile begins as read-only: you are asked before anything is published or sent, and that is then "
           "allowed for ten minutes.")),
  HEADING (N_("Import and Export")),
  TEXT (N_("Import Configuration (Ctrl+I) reads a .env file, new Pusher(…), the options of Laravel Echo "
           "and of server libraries, and exported profiles. Nothing of it is run. What a program would "
           "compute is named, to be filled in.")),
  TEXT (N_("An exported profile has no secrets in it and can be given to others.")),
  HEADING (N_("What Is Remembered")),
  TEXT (N_("What the events of a saved profile look like is remembered from session to session: the names "
           "and types of their fields, never a value. An event that looks different is marked in the log. "
           "Schema in the menu of the log shows what was learnt, exports it as JSON Schema, and can forget "
           "it; it also goes with the profile.")),
  HEADING (N_("Values From a Program")),
  TEXT (N_("The value of a header or parameter may be cmd: and a program with its arguments. What it "
           "prints is the value, anew for each request; no shell is used. An imported configuration "
           "cannot bring such a program.")),
  END,
};

static const ScopeHelpItem channels[] = {
  TEXT (N_("The beginning of a channel’s name says what kind it is.")),
  HEADER (N_("Name begins with"), N_("Authorization"), N_("What is special")),
  ROW ("private-", N_("Needed"), N_("Clients may send events to each other.")),
  ROW ("private-encrypted-", N_("Needed"), N_("Data is encrypted from end to end; the server cannot read it.")),
  ROW ("presence-", N_("Needed"), N_("Everybody in it sees who is there; you too, if you join.")),
  ROW ("cache-", N_("Not needed"), N_("The last event is sent again to who subscribes, for half an hour.")),
  ROW ("private-cache-, private-encrypted-cache-, presence-cache-", N_("Needed"), N_("Both of these.")),
  ROW ("#server-to-user-", N_("By signing in"), N_("Events to one user. It is not subscribed to by name.")),
  ROW ("…", N_("Not needed"), N_("A public channel.")),
  TEXT (N_("A name has up to 200 bytes of A–Z a–z 0–9 _ - = @ , . ; but servers may stop at 164.")),
  HEADING (N_("Who Is There, Unseen")),
  TEXT (N_("With the app id and the app secret a presence channel is watched without joining it: the HTTP API "
           "is asked who is in it, more often while people come and go. Nobody there is told. It gives ids "
           "only, and who comes and goes between two answers is missed. Each answer counts as a message of "
           "the plan.")),
  TEXT (N_("Join as… makes you a member whom everyone there sees, as a user of your choice. Names that come "
           "with a joined channel label their ids from then on, also unseen. They are kept in memory as long "
           "as the profile is open, and written nowhere but where they came, in the recording.")),
  HEADING (N_("How Authorization Is Got")),
  TEXT (N_("If the profile has an authorization endpoint, it is asked with the socket’s id and the "
           "channel’s name, as your own clients do. It has to answer with status 200 or 201 and JSON, "
           "within 10 seconds. Its refusals are shown on the channel, with status and text.")),
  TEXT (N_("Without an endpoint, requests are signed here with the app secret. The keys of encrypted "
           "channels then come from the encryption master key.")),
  HEADING (N_("Signing In")),
  TEXT (N_("With a sign-in endpoint, or with a user in the profile and the app secret, the connection "
           "is signed in as that user. Servers that accept authorized connections only close others "
           "after about 30 seconds.")),
  HEADING (N_("Finding Channels")),
  TEXT (N_("Discover Channels (Ctrl+Shift+O) asks the HTTP API which channels are occupied: often while they "
           "come and go, seldom while nothing changes, and not at all once its window is closed. That takes the "
           "app id and the app secret. Enter subscribes to what is selected; presence channels are watched "
           "unseen. What this window is subscribed to stays occupied because of it.")),
  TEXT (N_("A rule subscribes to channels as they appear, to no more of them than it says, while there is a "
           "connection. The rule is kept with the profile; the channels it found are not.")),
  END,
};

static const ScopeHelpItem transports[] = {
  TEXT (N_("Frames travel over WebSocket. Where that is blocked, Pusher’s own service has ways over "
           "plain HTTP; they come into play one after the other.")),
  HEADER (N_("Name"), N_("What it is"), N_("When it is tried")),
  ROW ("ws", N_("WebSocket; with TLS unless that is off"), N_("At once")),
  ROW ("wss", N_("WebSocket with TLS, where TLS is off"), N_("2 seconds after ws")),
  ROW ("xhr_streaming", N_("One long HTTP answer"), N_("2 seconds after ws, or 5 where TLS is off")),
  ROW ("xhr_polling", N_("Many short HTTP answers"), N_("4 seconds after xhr_streaming")),
  ROW ("sockjs", N_("SockJS, for servers that have nothing else"), N_("Where the other two over HTTP are off")),
  TEXT (N_("With a host of your own, only ws and wss are used unless others are listed in the profile. "
           "Disabled Transports counts over Allowed Transports.")),
  TEXT (N_("Which one is in use, and why, stands in the Connection view.")),
  END,
};

static const ScopeHelpItem filter[] = {
  TEXT (N_("Words alone find events that have all of them in channel, event, user or text, in whatever "
           "case. More exactly:")),
  TEXT (N_("A filter is made of comparisons: a field, an operator, a value. They are joined by and, or, not "
           "and parentheses. not binds before and, and before or.")),
  TEXT (N_("While you write, suggestions stand below the entry: Up and Down choose one, Tab or Return takes it, "
           "Escape closes them, Ctrl+Space opens them. Add Filter does without writing, and so does the menu "
           "of a row. A mistake is underlined, and the last good filter stays in force.")),
  HEADER (N_("Field"), N_("What it is")),
  ROW ("channel, event, user", N_("Names, and the id of the user who sent it")),
  ROW ("direction", N_("in or out")),
  ROW ("kind", N_("event, state, subscription, presence, error, …")),
  ROW ("size", N_("Bytes of the frame")),
  ROW ("time", N_("A time of day as 14:05, or a date and time")),
  ROW ("text", N_("The data as it came")),
  ROW ("data.order.lines[0].sku", N_("A place in the data. Names with other characters are quoted: "
                                     "data.\"order-id\"")),
  HEADER (N_("Operator"), N_("What it does")),
  ROW ("==  !=", N_("Is, is not")),
  ROW ("<  <=  >  >=", N_("Numbers, sizes and times")),
  ROW ("^=  $=  *=", N_("Begins with, ends with, contains")),
  ROW ("~", N_("Fits a regular expression")),
  ROW ("in (…)", N_("Is one of these")),
  ROW ("exists", N_("Is there")),
  ROW ("not, and, or, ( )", N_("Binding in this order")),
  HEADING (N_("Values")),
  HEADER (N_("Value"), N_("What it is")),
  ROW ("\"order.paid\"", N_("Text, with the escapes of JSON: \\\" is a quote, \\\\ a backslash")),
  ROW ("\"ann\"i", N_("Text in whatever case")),
  ROW ("100  -2.5  1e6", N_("A number; it is never compared with text")),
  ROW ("true  false  null", N_("As in JSON")),
  ROW ("14:05  14:05:30", N_("A local time on the day the log begins")),
  ROW ("2026-11-21T14:05:30Z", N_("A date and time")),
  HEADING (N_("Examples")),
  HEADER (N_("Filter"), N_("What it finds")),
  FILTER ("paid eur", N_("Whatever has both words")),
  FILTER ("event == \"order.paid\"", N_("Events of this name")),
  FILTER ("event in (\"order.paid\", \"order.sent\")", N_("Events of one of these names")),
  FILTER ("channel ^= \"private-\" and not event ^= \"client-\"", N_("Private channels, without what clients send")),
  FILTER ("kind == \"event\"", N_("Events alone, without rows about the connection")),
  FILTER ("direction == \"out\"", N_("What was sent from here")),
  FILTER ("user exists", N_("Events that say who sent them")),
  FILTER ("data.total >= 100", N_("Large orders")),
  FILTER ("data.lines[0].sku == \"A-7\"", N_("Orders whose first line is this article")),
  FILTER ("data.user.name *= \"ann\"i", N_("Part of a name; i after the quote ignores case")),
  FILTER ("not data.\"order-id\" exists", N_("Data in which something is missing")),
  FILTER ("text ~ \"[0-9]{16}\"", N_("Sixteen digits anywhere in the data")),
  FILTER ("time >= 14:05 and time < 14:10", N_("Five minutes")),
  FILTER ("kind == \"error\" or size > 8000", N_("Errors and large frames")),
  TEXT (N_("Text needs quotes and is compared with its case. A comparison with something that is not "
           "there is false.")),
  END,
};

static const ScopeHelpItem errors[] = {
  TEXT (N_("When a server closes the connection it gives a code. 4000–4099: not again unchanged. "
           "4100–4199: again after a while. 4200–4299: again at once.")),
  { SCOPE_HELP_CODES, { NULL } },
  HEADING (N_("Texts of Errors")),
  TEXT (N_("Servers send these as they are, in English.")),
  HEADER (N_("Text"), N_("What it means")),
  ROW ("Existing subscription to channel …", N_("It was subscribed to twice. Nothing is wrong.")),
  ROW ("No current subscription to channel …", N_("It was left too early. Nothing is wrong.")),
  ROW ("Invalid signature: Expected HMAC SHA256 hex digest of …",
       N_("The app secret is wrong, or the endpoint signed something else. The text shows what should "
          "have been signed.")),
  ROW ("Invalid key in subscription auth data", N_("The endpoint signs for another app: compare the app keys.")),
  ROW ("Auth value for subscription to … is invalid", N_("The endpoint’s answer is not of the form key:signature.")),
  ROW ("To send client events, you must enable this feature", N_("Client events are off in the app’s settings.")),
  ROW ("Cannot broadcast client event", N_("Events can be sent to subscribed channels only.")),
  ROW ("Unsupported event received on socket", N_("Names of client events begin with client-.")),
  ROW ("Timestamp expired", N_("This computer’s clock and the server’s differ by more than 10 minutes.")),
  ROW ("Unknown auth_key", N_("The key is wrong, or belongs to another cluster.")),
  END,
};

static const ScopeHelpItem publishing[] = {
  TEXT (N_("The Publish view has two ways. The HTTP API is your server's: it reaches channels of every kind, and "
           "needs the app's id and secret. A client event goes over this connection to the others in a private "
           "or presence channel.")),
  TEXT (N_("A read-only profile asks first. Then publishing is allowed for ten minutes; a bar below the title "
           "says how long still, and locks again.")),
  HEADING (N_("Variables")),
  TEXT (N_("They are filled in when an event is published, in its channels, its name and its data.")),
  HEADER (N_("Variable"), N_("What it becomes")),
  ROW ("{{now}}", N_("The time, as 2026-11-21T14:05:30.000000Z")),
  ROW ("{{uuid}}", N_("A random id, the same at each place of one event")),
  ROW ("{{n}}", N_("1 for the first event, 2 for the next, and so on")),
  HEADING (N_("Many Events")),
  TEXT (N_("A list is published in its order, ten events a request. It may be repeated. At most 100 messages a "
           "second leave, and Stop stops at once. What may have arrived is never sent again by itself.")),
  HEADING (N_("Templates and Copies")),
  TEXT (N_("Templates are kept with the profile, without anything secret, and go with it. Copy As makes the same "
           "call for curl, signed for ten minutes, or for a server library; the secret is in none of them.")),
  END,
};

const ScopeHelpPage scope_help_pages[] = {
  { "first-steps", N_("First Steps"), first_steps },
  { "profiles", N_("Profiles and Secrets"), profiles },
  { "options", N_("Options of Other Libraries"), scope_help_options },
  { "channels", N_("Channels and Authorization"), channels },
  { "transports", N_("Transports"), transports },
  { "publishing", N_("Publishing"), publishing },
  { "filter", N_("Filter Language"), filter },
  { "errors", N_("Error Codes and Texts"), errors },
};
/* clang-format on */

const guint scope_help_n_pages = G_N_ELEMENTS (scope_help_pages);
