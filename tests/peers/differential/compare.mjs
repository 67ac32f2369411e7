// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two recordings against each other and the list of allowed differences.

import { streams } from './normalise.mjs';

// The longest common sequence, and what only one of them has: [' ' | '-' (theirs) | '+' (ours), text]
export function difference(theirs, ours) {
  const common = Array.from({ length: theirs.length + 1 }, () => new Array(ours.length + 1).fill(0));
  for (let i = theirs.length - 1; i >= 0; i--)
    for (let k = ours.length - 1; k >= 0; k--)
      common[i][k] = theirs[i] === ours[k] ? common[i + 1][k + 1] + 1 : Math.max(common[i + 1][k], common[i][k + 1]);
  const lines = [];
  let [i, k] = [0, 0];
  while (i < theirs.length || k < ours.length) {
    if (i < theirs.length && k < ours.length && theirs[i] === ours[k]) {
      lines.push([' ', theirs[i]]);
      i += 1;
      k += 1;
    } else if (k >= ours.length || (i < theirs.length && common[i + 1][k] >= common[i][k + 1])) {
      lines.push(['-', theirs[i++]]);
    } else {
      lines.push(['+', ours[k++]]);
    }
  }
  return lines;
}

function matches(wanted, text) {
  return wanted instanceof RegExp ? wanted.test(text) : wanted === text;
}

// Each line of a list excuses one line of the difference, and has to: what is allowed must be there.
function excusesFor(script, stream, allowed) {
  return allowed.filter((one) => one.stream === stream && one.scripts.some((name) => matches(name, script.name)))
    .flatMap((one) => [...(one.theirs ?? []).map((text) => ['-', text]), ...(one.ours ?? []).map((text) => ['+', text])]);
}

// [{ stream, lines, faults, unused }] of the streams where something is not as it should be
export function compare(script, theirs, ours, allowed) {
  return streams.map((stream) => {
    const unused = excusesFor(script, stream, allowed);
    const lines = difference(theirs[stream], ours[stream]);
    const faults = lines.filter(([side, text]) => {
      const excuse = unused.findIndex(([of, wanted]) => of === side && matches(wanted, text));
      if (excuse !== -1)
        unused.splice(excuse, 1);
      return side !== ' ' && excuse === -1;
    });
    return { stream, lines, faults, unused };
  }).filter(({ faults, unused }) => faults.length > 0 || unused.length > 0);
}

function short(text) {
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length})` : text;
}

export function readable(differences) {
  return differences.flatMap(({ stream, lines, faults, unused }) => [
    `${stream} (- pusher-js, + ours, ~ allowed):`,
    ...lines.map((line) => `  ${line[0] === ' ' || faults.includes(line) ? line[0] : `~${line[0]}`} ${short(line[1])}`),
    ...unused.map(([side, text]) => `  allowed, but not there: ${side} ${text}`),
  ]).join('\n');
}
