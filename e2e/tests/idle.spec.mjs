// No work without need: whoever cannot be seen or stands still asks for no picture of the screen.

import { expect, Playground, test } from './playground.mjs';

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const own = globalThis.requestAnimationFrame.bind(globalThis);
    const count = { asked: 0 };
    globalThis.requestAnimationFrame = (callback) => {
      count.asked++;
      return own(callback);
    };
    /** How often the page asks for a picture while so many go by. */
    globalThis.askedDuring = async (frames) => {
      const before = count.asked;
      for (let frame = 0; frame < frames; frame++) await new Promise(own);
      return count.asked - before;
    };
    // No driver of browsers can cover a window; the page is only told that it is.
    let state = 'visible';
    Object.defineProperty(document, 'visibilityState', { get: () => state });
    Object.defineProperty(document, 'hidden', { get: () => state === 'hidden' });
    globalThis.setVisibility = (next) => {
      state = next;
      document.dispatchEvent(new Event('visibilitychange'));
    };
  });
});

const FRAMES = 20;
const asked = (page) => page.evaluate((frames) => globalThis.askedDuring(frames), FRAMES);

test('while it plays it asks once for each picture', async ({ page }) => {
  await Playground.open(page);
  // The frame in which the count begins or ends may be missed.
  await expect.poll(() => asked(page)).toBeGreaterThanOrEqual(FRAMES - 1);
  expect(await asked(page)).toBeLessThanOrEqual(FRAMES + 1);
});

test('while it plays nearly every picture is another one', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.set('speed', '5');
  expect(await playground.movesDuring(60)).toBeGreaterThan(40);
});

test('while it is paused it does nothing', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.button('Pause').click();
  await expect(playground.button('Play')).toBeVisible();
  expect(await asked(page)).toBe(0);
  await playground.button('Play').click();
  await expect.poll(() => asked(page)).toBeGreaterThan(FRAMES / 2);
});

test('while the document is hidden it does nothing, and time stands', async ({ page }) => {
  const playground = await Playground.open(page);
  await expect.poll(() => asked(page)).toBeGreaterThan(FRAMES / 2);
  await page.evaluate(() => globalThis.setVisibility('hidden'));
  expect(await asked(page)).toBe(0);
  const { nowUs } = await playground.snapshot();
  expect(await asked(page)).toBe(0);
  expect((await playground.snapshot()).nowUs).toBe(nowUs);
  await page.evaluate(() => globalThis.setVisibility('visible'));
  await expect.poll(() => asked(page)).toBeGreaterThan(FRAMES / 2);
  await expect.poll(async () => (await playground.snapshot()).nowUs).toBeGreaterThan(nowUs);
});

test('while it is off the screen it does nothing', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 500 });
  const playground = await Playground.open(page, 'example.html');
  await playground.host.scrollIntoViewIfNeeded();
  await playground.call('play');
  await expect.poll(() => asked(page)).toBeGreaterThan(FRAMES / 2);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await expect.poll(() => asked(page)).toBe(0);
  const { nowUs } = await playground.snapshot();
  expect(await asked(page)).toBe(0);
  expect((await playground.snapshot()).nowUs).toBe(nowUs);
  await playground.host.scrollIntoViewIfNeeded();
  await expect.poll(() => asked(page)).toBeGreaterThan(FRAMES / 2);
});

test('taken out of the page it does nothing', async ({ page }) => {
  const playground = await Playground.open(page, 'example.html');
  await playground.call('play');
  await expect.poll(() => asked(page)).toBeGreaterThan(FRAMES / 2);
  await playground.host.evaluate((element) => {
    globalThis.kept = element;
    element.remove();
  });
  await expect.poll(() => asked(page)).toBe(0);
  expect(await asked(page)).toBe(0);
  await page.evaluate(() => document.querySelector('main').prepend(globalThis.kept));
  await expect.poll(() => asked(page)).toBeGreaterThan(FRAMES / 2);
});
