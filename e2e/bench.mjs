// `npm run bench`: the budgets of the page, each beside the yardstick of the same run.
//
// Figures are taken in Chromium, because it tells what its main thread does. The exit status says whether all budgets
// are kept. `npm run bench -- playing throttled` takes only these.

import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

import playwright from 'playwright-core';

import { chromium } from './playwright.config.mjs';
import { serve } from './server.mjs';

const SECOND_US = 1_000_000;
const RECORDING_US = 600 * SECOND_US;
const WRITE_EVERY_US = 100_000;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const percentile = (values, share) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)];

const measurements = { playing, throttled, seeking, turning };

const rows = [];

/** Notes a figure; a budget is `['at most', 2]` or `['at least', 0.5]`, and what has none is a yardstick. */
function note(name, figure, unit, budget) {
  const kept = !budget || (budget[0] === 'at most' ? figure <= budget[1] : figure >= budget[1]);
  const verdict = budget ? `${budget[0]} ${String(budget[1]).padStart(6)}  ${kept ? 'kept' : 'MISSED'}` : 'yardstick';
  console.log(`${name.padEnd(64)} ${figure.toFixed(2).padStart(10)} ${unit.padEnd(26)} ${verdict}`);
  rows.push({ name, kept });
}

const dist = await serve(new URL('../dist', import.meta.url).pathname, 0);
const yardsticks = await serve(new URL('bench', import.meta.url).pathname, 0);
const at = (server, path) => `http://127.0.0.1:${server.address().port}/${path}`;

const browser = await playwright.chromium.launch(chromium.launchOptions);
const asked = process.argv.slice(2);
try {
  for (const [name, measure] of Object.entries(measurements)) {
    if (asked.length && !asked.includes(name)) continue;
    // What could not be measured is not known to be within its budget.
    await measure().catch((error) => note(`${name} could not be measured: ${error.message}`, NaN, '', ['at most', 0]));
  }
} finally {
  await browser.close();
  dist.close();
  yardsticks.close();
}
process.exitCode = rows.every(({ kept }) => kept) ? 0 : 1;

/** Five servers at the default speed, beside an empty page that moves 30 circles by hand. */
async function playing() {
  const rounds = { page: [], circles: [] };
  for (let round = 0; round < 5; round++) {
    rounds.circles.push(await busy(at(yardsticks, 'circles.html?shapes=30')));
    // Each round another history, from its first election on.
    rounds.page.push(await busy(at(dist, `index.html?seed=${round + 1}`)));
  }
  for (const [what, name, most] of [['script', 'script', 2], ['task', 'main thread', 1.35]]) {
    const [circles, page] = ['circles', 'page'].map((which) => median(rounds[which].map((times) => times[what])));
    note(`${name}, 30 circles moved by hand`, circles * 1000, 'ms a second');
    note(`${name}, the page playing 5 nodes`, page * 1000, 'ms a second');
    note(`${name}, the page to the circles`, page / circles, 'times', ['at most', most]);
  }
}

/** How much of ten seconds the main thread works, and how much of that is script. */
async function busy(address) {
  const page = await open(address);
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const read = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    const value = (name) => metrics.find((metric) => metric.name === name).value;
    return { now: value('Timestamp'), script: value('ScriptDuration'), task: value('TaskDuration') };
  };
  // Nothing of ours runs in the page meanwhile.
  await pause(1_000);
  const before = await read();
  await pause(10_000);
  const after = await read();
  await page.context().close();
  const share = (what) => (after[what] - before[what]) / (after.now - before.now);
  return { script: share('script'), task: share('task') };
}

/** Nine servers and a hundred messages on their way on a slow machine, beside 109 circles. */
async function throttled() {
  const rounds = { page: [], circles: [] };
  let inFlight;
  for (let round = 0; round < 3; round++) {
    rounds.circles.push(await slowFrames(at(yardsticks, 'circles.html?shapes=109'), async () => {}));
    rounds.page.push(
      await slowFrames(at(dist, `index.html?seed=${round + 1}`), async (page) => {
        inFlight = await crowd(page);
      }),
    );
  }
  const [circles, page] = ['circles', 'page'].map((which) => median(rounds[which]));
  note('messages in flight', inFlight, 'on average');
  note('95th percentile of the frame, 109 circles, CPU slowed 4 times', circles, 'ms');
  note('95th percentile of the frame, 9 nodes, CPU slowed 4 times', page, 'ms');
  note('the page to the circles', page / circles, 'times', ['at most', 1.35]);
}

/** Makes the page show nine servers and about a hundred messages; gives how many. */
function crowd(page) {
  return page.locator('raft-playground').evaluate(async (element) => {
    element.setAttribute('nodes', '9');
    element.setAttribute('writes-per-second', '500');
    element.setAttribute('seed', '7');
    if (element.snapshot().servers.length !== 9) throw new Error('the attribute `nodes` does nothing');
    element.seek(1_000_000);
    const counts = [];
    for (let us = 1_000_000; us < 1_200_000; us += 1_000) {
      element.seek(us);
      counts.push(element.snapshot().messages.length);
    }
    element.play();
    return counts.reduce((sum, count) => sum + count, 0) / counts.length;
  });
}

/** The 95th percentile of what lies between two pictures, in ms, with the processor slowed down. */
async function slowFrames(address, prepare) {
  const page = await open(address);
  await prepare(page);
  const client = await page.context().newCDPSession(page);
  await client.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await frames(page, 60);
  const times = await frames(page, 300);
  await page.context().close();
  return percentile(times, 0.95);
}

/** Anywhere in a recording of ten minutes with ten writes a second, with all that is drawn for it. */
async function seeking() {
  const page = await open(at(dist, 'index.html?seed=7'));
  await record(page);
  const times = await page.locator('raft-playground').evaluate(async (element, end) => {
    const { port1, port2 } = new MessageChannel();
    // By the time of another task the components have rendered.
    const rendered = () =>
      new Promise((resolve) => {
        port1.onmessage = resolve;
        port2.postMessage(null);
      });
    const times = [];
    let random = 1;
    // A page that is much too slow need not be waited for.
    const enough = performance.now() + 60_000;
    while (times.length < 200 && performance.now() < enough) {
      random = (random * 48_271) % 2_147_483_647;
      await new Promise(requestAnimationFrame);
      const start = performance.now();
      element.seek(Math.floor((random / 2_147_483_647) * end));
      await rendered();
      // Style and layout as well.
      element.shadowRoot.firstElementChild.getBoundingClientRect();
      times.push(performance.now() - start);
    }
    return times;
  }, RECORDING_US);
  await page.context().close();
  note(`median of ${times.length} seeks in 10 minutes, in the browser`, median(times), 'ms');
  note('slowest of them', Math.max(...times), 'ms', ['at most', 16]);
}

/** How fast a history is made here, with all that is kept and told of it, beside how fast the world turns natively. */
async function turning() {
  const native = spawnSync(
    'cargo',
    ['run', '--release', '--locked', '--quiet', '--package', 'raft-evidence', '--', 'bench'],
    { cwd: new URL('..', import.meta.url), encoding: 'utf8' },
  );
  const figure = /^the same with every property on\s+([\d.]+)/m.exec(native.stdout)?.[1];
  if (!figure) throw new Error(`raft-evidence did not tell the native figure:\n${native.stdout}${native.stderr}`);
  const turns = [];
  for (let round = 0; round < 3; round++) {
    const page = await open(at(dist, `index.html?seed=${round + 1}`));
    turns.push((RECORDING_US / SECOND_US / (await record(page))) * 1000);
    await page.context().close();
  }
  note('world with every property on, native', Number(figure), 'cluster-seconds a second');
  note('the same in the page, recorded and narrated', median(turns), 'cluster-seconds a second');
  // Like with like, the world alone, is compared by the native bench.
  note('the page to native', median(turns) / Number(figure), 'times');
}

/** Ten minutes of history, written to ten times a second; gives how long that took, in ms. */
function record(page) {
  return page.locator('raft-playground').evaluate(
    (element, [end, every]) => {
      element.pause();
      const start = performance.now();
      element.setAttribute('writes-per-second', String(1_000_000 / every));
      // Minute by minute: nobody goes further at once.
      for (let us = 60_000_000; us <= end; us += 60_000_000) element.seek(us);
      return performance.now() - start;
    },
    [RECORDING_US, WRITE_EVERY_US],
  );
}

async function open(address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(address);
  await page.evaluate(() => document.querySelector('raft-playground')?.ready.then(() => undefined));
  return page;
}

/** Lets the browser draw so many pictures; gives the times between them, in ms. */
function frames(page, count) {
  return page.evaluate(async (count) => {
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    while (times.length < count) {
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return times;
  }, count);
}

