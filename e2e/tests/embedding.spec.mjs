// Two playgrounds in somebody's page: each its own cluster, and neither in the way of the other or of the page.

import { expect, others, Playground, test } from './playground.mjs';

/** The example page with both of its playgrounds running; time stands in them until somebody plays. */
async function openBoth(page, address = 'example.html') {
  await page.goto(address);
  const both = ['first', 'second'].map((id) => new Playground(page.locator(`#${id}`)));
  for (const playground of both) await playground.ready();
  return both;
}

/** What a reader sees of a playground. */
const visible = (playground) => playground.host.locator('.playground').innerText();

test('what the author wrote stays until they run', async ({ page }) => {
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('example.html', { waitUntil: 'domcontentloaded' });
  const fallbacks = page.locator('.fallback');
  await expect(fallbacks).toHaveCount(2);
  for (const fallback of await fallbacks.all()) await expect(fallback).toBeVisible();
  const early = await page.locator('#first').evaluate((element) => {
    try {
      return element.snapshot();
    } catch (error) {
      return error.message;
    }
  });
  expect(early).toContain('wait for its promise `ready`');
  letGo();
  await expect(page.locator('.playground')).toHaveCount(2);
  for (const fallback of await fallbacks.all()) await expect(fallback).toBeHidden();
});

test('without script the page is what the author wrote @chromium', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  await page.goto('example.html');
  for (const fallback of await page.locator('.fallback').all()) await expect(fallback).toBeVisible();
  await page.goto('index.html');
  await expect(page.locator('svg.first-picture')).toBeVisible();
  await expect(page.locator('noscript p:lang(en)')).toBeVisible();
  await expect(page.locator('noscript p:lang(zh)')).toBeVisible();
  await context.close();
});

test('they share one program, and nothing moves until somebody plays', async ({ page, watch }) => {
  const both = await openBoth(page);
  expect(watch.requests.filter((address) => address.endsWith('.wasm'))).toHaveLength(1);
  for (const playground of both) {
    await expect(playground.button('Play')).toBeVisible();
    expect((await playground.snapshot()).playing).toBe(false);
  }
});

test('each has its own seed and history', async ({ page }) => {
  const [first, second] = await openBoth(page);
  await expect(first.host.getByText('Seed 1', { exact: true })).toBeVisible();
  await expect(second.host.getByText('Seed 20140619', { exact: true })).toBeVisible();
  for (const playground of [first, second]) await playground.call('seek', 2_000_000);
  const [one, other] = [await first.snapshot(), await second.snapshot()];
  expect(one.traceHash).not.toBe(other.traceHash);
});

test('a crash in one leaves the other as it was', async ({ page }) => {
  const [first, second] = await openBoth(page);
  for (const playground of [first, second]) await playground.call('seek', 1_000_000);
  const [shown, seen] = [await second.snapshot(), await visible(second)];
  await first.hurry();
  await first.button('Play').click();
  const leader = await first.leader();
  await first.writeButton().click();
  await expect(first.state(leader)).toHaveText('x 1');
  await first.shape(leader).click();
  await expect(first.label(leader)).toContainText('crashed');
  await first.leader(leader);
  expect(await second.snapshot()).toEqual(shown);
  expect(await visible(second)).toBe(seen);
});

test('both run at once, each at its own speed', async ({ page }) => {
  const [first, second] = await openBoth(page);
  await first.set('speed', '10');
  await second.set('speed', '2');
  // Both in sight: what is not in sight does not run.
  await page.setViewportSize({ width: 1000, height: 4000 });
  const start = await Promise.all([first, second].map(async (playground) => (await playground.snapshot()).nowUs));
  for (const playground of [first, second]) await playground.call('play');
  await expect.poll(async () => (await second.snapshot()).nowUs - start[1]).toBeGreaterThan(200_000);
  for (const playground of [first, second]) await playground.call('pause');
  const [slow, fast] = await Promise.all(
    [first, second].map(async (playground, which) => (await playground.snapshot()).nowUs - start[which]),
  );
  expect(slow).toBeGreaterThan(0);
  expect(fast / slow).toBeGreaterThan(2);
});

test('keys in one do not act on the other, reach the page or scroll it', async ({ page }) => {
  const [first, second] = await openBoth(page);
  for (const playground of [first, second]) await playground.call('seek', 1_000_000);
  const shown = await second.snapshot();
  await page.evaluate(() => {
    globalThis.reached = [];
    document.addEventListener('keydown', ({ key }) => globalThis.reached.push(key));
  });
  await first.shape(3).focus();
  const scrolled = await page.evaluate(() => scrollY);
  const keys = [' ', ' ', 'Enter', 'x', 'ArrowDown', 'ArrowUp', '4', 'w', '.', ',', '[', ']', 'l', 'l'];
  for (const key of keys) await page.keyboard.press(key);
  await first.slider().focus();
  const slider = await page.evaluate(() => scrollY);
  for (const key of ['ArrowLeft', 'PageDown', 'Home', 'End', 'ArrowUp']) await page.keyboard.press(key);
  expect(await page.evaluate(() => scrollY)).toBe(slider);
  expect(slider).toBeGreaterThanOrEqual(scrolled);
  expect(await page.evaluate(() => globalThis.reached)).toEqual([]);
  expect(await second.snapshot()).toEqual(shown);
});

test('keys outside belong to the page', async ({ page }) => {
  const [first, second] = await openBoth(page);
  for (const playground of [first, second]) await playground.call('seek', 1_000_000);
  const shown = [await first.snapshot(), await second.snapshot()];
  await page.evaluate(() => {
    globalThis.reached = [];
    document.addEventListener('keydown', (event) => globalThis.reached.push([event.key, event.defaultPrevented]));
  });
  const keys = [' ', 'Enter', 'x', '1', 'w', '.', '[', 'l', '?'];
  for (const key of keys) await page.keyboard.press(key);
  expect(await page.evaluate(() => globalThis.reached)).toEqual(keys.map((key) => [key, false]));
  expect([await first.snapshot(), await second.snapshot()]).toEqual(shown);
});

test('the address of the page and its language are not theirs', async ({ page }) => {
  const [first] = await openBoth(page, 'example.html?seed=5');
  expect((await first.snapshot()).seed).toBe('1');
  await first.button('中文').click();
  await expect(first.button('播放')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  expect(new URL(page.url()).search).toBe('?seed=5');
});

test('attributes act while it runs', async ({ page }) => {
  const [first, second] = await openBoth(page);
  await first.set('lang', 'zh-SG');
  await expect(first.button('播放')).toBeVisible();
  await first.set('lang', 'en');
  await expect(first.button('Play')).toBeVisible();
  await first.set('speed', '0.5');
  await expect(first.host.locator('.speed output')).toHaveText('0.5 s');
  await first.set('seed', '20140619');
  await expect(first.host.getByText('Seed 20140619', { exact: true })).toBeVisible();
  for (const playground of [first, second]) await playground.call('seek', 2_000_000);
  expect((await first.snapshot()).traceHash).toBe((await second.snapshot()).traceHash);
  await first.set('nodes', '9');
  await expect(first.shapes()).toHaveCount(9);
  await first.set('writes-per-second', '500');
  await first.call('seek', 2_000_000);
  expect((await first.snapshot()).messages.length).toBeGreaterThan(20);
  await first.set('theme', 'dark');
  await expect(first.host.locator('.playground')).toHaveCSS('color-scheme', 'dark');
  await first.set('theme', 'light');
  await expect(first.host.locator('.playground')).toHaveCSS('color-scheme', 'light');
});

test('attributes that cannot be read are answered in words, and it runs all the same', async ({ page }) => {
  await openBoth(page);
  const told = await page.evaluate(async () => {
    const element = document.createElement('raft-playground');
    for (const [name, value] of Object.entries({
      id: 'third', seed: 'seven', speed: '0', nodes: '10', 'writes-per-second': '-1', theme: 'pink', lang: 'xx',
    })) {
      element.setAttribute(name, value);
    }
    const told = new Promise((resolve) => element.addEventListener('raft-error', ({ detail }) => resolve(detail.message)));
    document.querySelector('main').append(element);
    await element.ready;
    return told;
  });
  const third = new Playground(page.locator('#third'));
  const message = third.host.getByRole('alert');
  for (const words of [
    '“seven” is not a seed', '“0” is not a speed', '“10” is not a number of servers',
    '“-1” is not a number of writes a second', '“pink” is not a theme', '“xx” is not a language',
  ]) {
    await expect(message).toContainText(words);
    expect(told).toContain(words);
  }
  await third.call('seek', 2_000_000);
  await third.leader();
});

for (const [name, value, words] of [
  ['seed', '-3', '“-3” is not a seed'],
  ['speed', 'fast', '“fast” is not a speed'],
  ['nodes', '0', '“0” is not a number of servers: a whole number from 1 to 9'],
  ['writes-per-second', '2.5', '“2.5” is not a number of writes a second: a whole number from 0 to 1000'],
  ['theme', 'pink', '“pink” is not a theme'],
  ['lang', 'xx', '“xx” is not a language'],
]) {
  test(`a bad ${name}, set while it runs, is answered in words and changes nothing`, async ({ page }) => {
    const [first, second] = await openBoth(page);
    await first.call('seek', 1_000_000);
    const shown = await first.snapshot();
    const told = await first.host.evaluate(async (element, [name, value]) => {
      const told = new Promise((resolve) => element.addEventListener('raft-error', ({ detail }) => resolve(detail.message)));
      element.setAttribute(name, value);
      return told;
    }, [name, value]);
    expect(told).toContain(words);
    await expect(first.host.getByRole('alert')).toContainText(words);
    expect(await first.snapshot()).toEqual(shown);
    await expect(second.host.getByRole('alert')).toBeHidden();
  });
}

test('one that is moved in the page goes on with its history', async ({ page }) => {
  const [first] = await openBoth(page);
  await first.call('seek', 1_000_000);
  await first.call('write', 'x', 'kept');
  await first.call('seek', 1_500_000);
  const shown = await first.snapshot();
  await first.host.evaluate((element) => document.querySelector('main').append(element));
  expect(await first.snapshot()).toEqual(shown);
  for (const server of others()) await expect(first.state(server)).toHaveText('x kept');
  await first.button('Play').click();
  await expect.poll(async () => (await first.snapshot()).nowUs).toBeGreaterThan(shown.nowUs);
});

test('methods do what gestures do', async ({ page }) => {
  const [first] = await openBoth(page);
  await first.call('seek', 1_000_000);
  const leader = await first.leader();
  await first.call('write', 'colour', 'blue');
  // Its request takes a while to the leader.
  await first.call('seek', 1_020_000);
  await expect(first.entry(leader, 2)).toContainText('colour=blue');
  await first.call('crash', leader);
  await expect(first.label(leader)).toContainText('crashed');
  await first.call('restart', leader);
  await expect(first.label(leader)).toContainText('follower');
  await first.call('play');
  await expect(first.button('Pause')).toBeVisible();
  await first.call('pause');
  await expect(first.button('Play')).toBeVisible();
  // What is up already is not restarted.
  const shown = await first.snapshot();
  await first.call('restart', leader);
  expect(await first.snapshot()).toEqual(shown);
});

test('a write says whether somebody leads', async ({ page }) => {
  const [first] = await openBoth(page);
  expect(await first.call('write', 'x', '1')).toBe(false);
  await first.call('seek', 1_000_000);
  expect(await first.call('write', 'x', '1')).toBe(true);
  await first.call('crash', await first.leader());
  expect(await first.call('write', 'x', '1')).toBe(false);
});

test('methods throw at wrong arguments, and nothing happens', async ({ page }) => {
  const [first] = await openBoth(page);
  await first.call('seek', 1_000_000);
  const shown = await first.snapshot();
  const thrown = await first.host.evaluate((element) => {
    const calls = {
      'crash(1.5)': () => element.crash(1.5),
      'crash("2")': () => element.crash('2'),
      'restart()': () => element.restart(),
      'crash(0)': () => element.crash(0),
      'restart(6)': () => element.restart(6),
      'seek(NaN)': () => element.seek(NaN),
      'seek(-1)': () => element.seek(-1),
      'seek("1")': () => element.seek('1'),
      'write()': () => element.write(),
      'write("x", 1)': () => element.write('x', 1),
      'write("", "1")': () => element.write('', '1'),
      'a long key': () => element.write('x'.repeat(65), '1'),
      'a long value': () => element.write('x', '1'.repeat(257)),
    };
    return Object.entries(calls).map(([name, call]) => {
      try {
        call();
        return [name, 'nothing'];
      } catch (error) {
        return [name, error.name];
      }
    });
  });
  expect(thrown).toEqual([
    ['crash(1.5)', 'TypeError'],
    ['crash("2")', 'TypeError'],
    ['restart()', 'TypeError'],
    ['crash(0)', 'RangeError'],
    ['restart(6)', 'RangeError'],
    ['seek(NaN)', 'RangeError'],
    ['seek(-1)', 'RangeError'],
    ['seek("1")', 'TypeError'],
    ['write()', 'TypeError'],
    ['write("x", 1)', 'TypeError'],
    ['write("", "1")', 'RangeError'],
    ['a long key', 'RangeError'],
    ['a long value', 'RangeError'],
  ]);
  expect(await first.snapshot()).toEqual(shown);
});
