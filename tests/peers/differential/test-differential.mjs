// SPDX-License-Identifier: GPL-3.0-or-later
//
// pusher-js and our connection live through the same scripts against the same server; what they tell, and what
// the server sees, must be the same but for the list in allowed.mjs. With names as arguments only those scripts run.

import { allowed } from './allowed.mjs';
import { Client, sides } from './client.mjs';
import { compare, readable } from './compare.mjs';
import { streams } from './normalise.mjs';
import { scripts } from './scripts.mjs';
import { ScriptedServer } from './server.mjs';
import { disconnect, state, sync } from './steps.mjs';

const AT_ONCE = 4;
const STEP_DEADLINE = 30000;

async function within(promise, milliseconds) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// every script ends like this: nothing under way, disconnected, all sockets closed
function ending(at) {
  const steps = [];
  if (at.client.state === 'connected' && at.server.current?.isOpen && !at.server.current.endedByUs)
    steps.push(sync);
  steps.push(disconnect);
  if (at.client.state !== 'disconnected')
    steps.push(state('disconnected'));
  steps.push({ text: 'all sockets close', run: () => at.server.allClosed() });
  return steps;
}

// null, or at which step it came to a halt and why
async function live(at, script) {
  let last = '';
  try {
    for (const [number, step] of script.steps.entries()) {
      last = `step ${number + 1} (${step.text})`;
      await within(step.run(at), STEP_DEADLINE);
    }
    for (const step of ending(at)) {
      last = `the end (${step.text})`;
      await within(step.run(at), STEP_DEADLINE);
    }
  } catch (error) {
    return `${last}: ${error.message}`;
  }
  return null;
}

async function record(script, side) {
  const server = new ScriptedServer(script);
  await server.start();
  const client = new Client(side);
  const at = { client, server, syncs: 0 };
  await client.open(server, script.options);
  const halt = await live(at, script);
  await client.stop();
  const recording = { ...client.recording(), ...server.recording(), halt, stderr: client.errors };
  server.stop();
  if (side === 'ours' && client.exit !== 0)
    recording.errors.push(`the driver ended with ${client.exit}: ${client.errors}`);
  return recording;
}

async function judge(script) {
  const [theirs, ours] = await Promise.all(Object.keys(sides).map((side) => record(script, side)));
  const texts = [readable(compare(script, theirs, ours, allowed))];
  for (const [side, { halt }] of [['pusher-js', theirs], ['ours', ours]])
    if (halt !== null)
      texts.push(`${side} came to a halt at ${halt}`);
  return { script, theirs, ours, text: texts.filter((text) => text !== '').join('\n') };
}

// A comparison that can't fail proves nothing: each line we told is taken away once.
function deafTo({ script, theirs, ours }) {
  return streams.flatMap((stream) => ours[stream].filter((_, i) =>
    compare(script, theirs, { ...ours, [stream]: ours[stream].filter((line, k) => k !== i) }, allowed).length === 0)
    .map((line) => `${script.name}: nobody would miss ${JSON.stringify(line)} among ${stream}`));
}

let number = 0;
let failed = 0;

function tell(name, fault) {
  number += 1;
  if (fault !== '')
    console.log(`# ${fault.replaceAll('\n', '\n# ')}`);
  console.log(`${fault === '' ? 'ok' : 'not ok'} ${number} - ${name}`);
  failed += fault === '' ? 0 : 1;
}

const names = process.argv.slice(2);
const chosen = names.length === 0 ? scripts : scripts.filter(({ name }) => names.some((one) => name.includes(one)));
const judged = [];

console.log(`1..${chosen.length + 3}`);
const waiting = [...chosen];
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) {
    const result = await judge(script);
    judged.push(result);
    tell(script.name, result.text);
  }
}));

tell('scripts have names of their own', new Set(scripts.map(({ name }) => name)).size === scripts.length
  ? '' : 'two scripts have the same name');
tell('each line counts', judged.filter(({ text }) => text === '').flatMap(deafTo).join('\n'));
tell('each allowed difference has its script', allowed.flatMap((one) => one.scripts.filter((name) =>
  !scripts.some((script) => (name instanceof RegExp ? name.test(script.name) : name === script.name)))).join('\n'));
process.exit(failed === 0 ? 0 : 1);
