// SPDX-License-Identifier: GPL-3.0-or-later
//
// channelscope-cli through every story, against soketi and against the sandbox. Arguments: only the
// cases whose names have one of these words.

import { channelStories } from './channels.mjs';
import { connectionStories } from './connections.mjs';
import { encryptedStories } from './encrypted.mjs';
import { eventStories } from './events.mjs';
import { memberStories } from './members.mjs';
import { runStories } from './story.mjs';
import { userStories } from './users.mjs';

await runStories([...connectionStories, ...channelStories, ...eventStories, ...memberStories, ...encryptedStories,
                  ...userStories], process.argv.slice(2));
