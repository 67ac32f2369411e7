// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a story is given to tell itself with, and the run of all of them against both servers.
//
// A story is { name, run, settings?, own?, differs? }. Where the two servers differ, the table says so:
// differs is a list of { section, soketi: {…}, sandbox: {…} }, with the section of the protocol's
// reference that says it, and the story finds this server's values in t.expected. Stories share the
// servers and keep apart by channel names; own: true gives a server to the story alone.

import assert from 'node:assert/strict';

import { Cli, connectionArgs, joinerFor, publisherFor, withDeadline } from '../lib.mjs';
import { Endpoint } from './endpoint.mjs';
import { KINDS, Server } from './servers.mjs';

const AT_ONCE = 4;
const STORY_DEADLINE = 90000;

let counter = 0;

// The messages that went over the wire (--frames), out of the lines that tell of them; `text` of a
// line is the line itself.
export const frameOf = (line) => JSON.parse(JSON.parse(line.text).text);

export function frames(cli, direction, event) {
  return cli.lines.filter((line) => line.type === 'frame' && line.direction === direction).map(frameOf)
    .filter((frame) => event === undefined || frame.event === event);
}

// What the HTTP API answered to a request that it should refuse, whatever its status was
export async function refusalOf(request) {
  try {
    const reply = await request;
    return { status: reply.status, text: await reply.text() };
  } catch (error) {
    return { status: error.status, text: error.body };
  }
}

class Teller {
  constructor(story, server) {
    this.server = server;
    this.port = server.port;
    this.kind = server.kind;
    this.after = [];
    this.expected = Object.assign({}, ...(story.differs ?? []).map((row) => row[server.kind]));
  }

  keep(thing) {
    this.after.push(thing);
    return thing;
  }

  // a name that no other story uses
  channel(prefix = '') {
    counter += 1;
    return `${prefix}story-${counter}`;
  }

  cli(args, options) {
    return this.keep(new Cli([...args, ...connectionArgs(this.port)], options));
  }

  watch(args, options) {
    return this.cli(['watch', ...args], options);
  }

  // subscribed to all of them
  async watching(channels, args = [], options = undefined) {
    const cli = this.watch([...channels, ...args], options);
    for (const channel of channels)
      await cli.subscribed(channel);
    return cli;
  }

  publisher(more) {
    return publisherFor(this.port, more);
  }

  joiner(user) {
    return this.keep(joinerFor(this.port, user));
  }

  async endpoint(options) {
    return this.keep(await new Endpoint(options).start());
  }

  async end() {
    for (const thing of this.after.reverse())
      await (thing.stop ?? thing.disconnect).call(thing);
  }
}

function checkTable(stories) {
  const names = stories.map((story) => story.name);
  assert.equal(new Set(names).size, names.length, 'two stories have one name');
  for (const { name, differs = [] } of stories) {
    for (const row of differs) {
      assert.match(row.section, /^§\d/, name);
      assert.notDeepEqual(row.soketi, row.sandbox, `${name}: no difference`);
      assert.deepEqual(Object.keys(row.soketi).sort(), Object.keys(row.sandbox).sort(), name);
    }
  }
}

// The servers that stories share, by kind and settings.
class Servers {
  constructor() {
    this.shared = new Map();
  }

  get(kind, { own, settings = {} }) {
    if (own)
      return new Server(kind, settings).start();
    const key = JSON.stringify([kind, settings]);
    if (!this.shared.has(key))
      this.shared.set(key, new Server(kind, settings).start());
    return this.shared.get(key);
  }

  async end() {
    for (const server of this.shared.values())
      await (await server.catch(() => null))?.kill();
  }
}

async function tell(story, kind, servers) {
  const server = await servers.get(kind, story);
  const teller = new Teller(story, server);
  try {
    await withDeadline(story.run(teller), story.name, STORY_DEADLINE);
  } finally {
    await teller.end();
    if (story.own)
      await server.kill();
  }
}

// TAP, in the table's order whatever ends first
function reporter(cases) {
  let next = 0;
  return () => {
    for (; next < cases.length && cases[next].done; next += 1) {
      const { name, error, seconds } = cases[next];
      if (error !== undefined)
        console.log(`# ${String(error.stack).replaceAll('\n', '\n# ')}`);
      console.log(`${error === undefined ? 'ok' : 'not ok'} ${next + 1} - ${name} # ${seconds.toFixed(1)} s`);
    }
  };
}

export async function runStories(stories, wanted) {
  checkTable(stories);
  const cases = stories.flatMap((story) => KINDS.map((kind) => ({ story, kind, name: `${kind}: ${story.name}` })))
    .filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
  const servers = new Servers();
  const report = reporter(cases);
  const waiting = [...cases];
  const work = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const start = performance.now();
      await tell(one.story, one.kind, servers).catch((error) => { one.error = error; });
      one.seconds = (performance.now() - start) / 1000;
      one.done = true;
      report();
    }
  };
  console.log(`1..${cases.length}`);
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await servers.end();
  process.exit(cases.some((one) => one.error !== undefined) ? 1 : 0);
}
