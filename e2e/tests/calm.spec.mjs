// For readers who prefer reduced motion: nothing moves until asked, and then in steps.

import { expect, Playground, test } from './playground.mjs';

test.use({ contextOptions: { reducedMotion: 'reduce' }, prefs: { 'ui.prefersReducedMotion': 1 } });

test('nothing moves until asked, although the page plays by itself', async ({ page }) => {
  const playground = await Playground.open(page);
  expect(await page.evaluate(() => matchMedia('(prefers-reduced-motion: reduce)').matches)).toBe(true);
  await expect(playground.button('Play')).toBeVisible();
  const { nowUs } = await playground.snapshot();
  expect(await playground.movesDuring(30)).toBe(0);
  expect((await playground.snapshot()).nowUs).toBe(nowUs);
});

test('when asked it steps', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  // Without this there would be a step with every event too.
  await playground.set('speed', '100');
  await playground.button('Play').click();
  await expect.poll(() => playground.movesDuring(60)).toBeGreaterThan(0);
  expect(await playground.movesDuring(60)).toBeLessThan(10);
});

test('every step shows its time, in the clock, to the ear, and by the timers', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  await playground.set('speed', '100');
  await playground.button('Play').click();
  const shown = () =>
    playground.host.evaluate(({ shadowRoot }) => [
      shadowRoot.querySelector('.clock').textContent,
      shadowRoot.querySelector('.lanes').getAttribute('aria-valuenow'),
      [...shadowRoot.querySelectorAll('.remaining')].map(({ textContent }) => textContent).join(),
    ]);
  for (let step = 0; step < 3; step++) {
    const before = await shown();
    const stillShown = async () => (await shown()).filter((words, which) => words === before[which]);
    await expect.poll(stillShown, { timeout: 2_000 }).toEqual([]);
  }
});

test('between two steps no message comes, goes or moves', async ({ page }) => {
  const playground = await Playground.open(page, 'index.html?seed=7');
  await playground.call('seek', 1_000_000);
  await playground.set('writes-per-second', '50');
  await playground.call('play');
  const changes = await playground.host.evaluate(async ({ shadowRoot }) => {
    const clock = shadowRoot.querySelector('.clock');
    const messages = () =>
      [...shadowRoot.querySelectorAll('.message:not(.aside)')].map((message) => getComputedStyle(message).transform).join();
    let [steps, between, before] = [0, 0, null];
    for (const end = performance.now() + 3_000; performance.now() < end; ) {
      await new Promise(requestAnimationFrame);
      // After everybody has painted.
      await new Promise((resolve) => setTimeout(resolve));
      const now = { clock: clock.textContent, messages: messages() };
      if (before && now.clock !== before.clock) steps++;
      else if (before && now.messages !== before.messages) between++;
      before = now;
    }
    return { steps, between };
  });
  expect(changes.steps).toBeGreaterThan(1);
  expect(changes.between).toBe(0);
});

test('no style is animated', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.call('seek', 1_000_000);
  await playground.shape(1).click();
  await expect(playground.label(1)).toContainText('crashed');
  // What takes a course is an animation that never runs: its time is set.
  const animations = await playground.host.evaluate((element) => {
    const all = [...element.shadowRoot.getAnimations(), ...document.getAnimations()];
    return all.filter(({ playState }) => playState !== 'paused').length;
  });
  expect(animations).toBe(0);
});
