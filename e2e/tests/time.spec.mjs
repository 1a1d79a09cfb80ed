// Going through time: the slider by mouse and by keyboard, the steps, the story, and doing something in the past.

import { expect, others, Playground, test } from './playground.mjs';

/** Two seconds with a write in each; time stands at the end. */
async function twoWrites(page) {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  await playground.call('write', 'x', 'old');
  await playground.call('seek', 1_500_000);
  await playground.call('write', 'x', 'new');
  await playground.call('seek', 2_000_000);
  for (const server of others()) await expect(playground.state(server)).toHaveText('x new');
  return playground;
}

test('dragging the slider back shows the older state, forward the newer', async ({ page }) => {
  const playground = await twoWrites(page);
  const { traceHash } = await playground.snapshot();
  const span = 1000 * Number(await playground.slider().getAttribute('aria-valuemax'));
  const at = (us) => playground.onSlider(us / span);

  const [now, between, before] = [await at(2_000_000), await at(1_400_000), await at(900_000)];
  await page.mouse.move(now.x, now.y);
  await page.mouse.down();
  await page.mouse.move(between.x, between.y, { steps: 10 });
  for (const server of others()) await expect(playground.state(server)).toHaveText('x old');
  expect(await playground.seconds()).toBeCloseTo(1.4, 1);
  await page.mouse.move(before.x, before.y, { steps: 10 });
  for (const server of others()) await expect(playground.state(server)).toHaveText('empty');
  await page.mouse.up();

  // After the button is released the pointer moves nothing.
  await page.mouse.move(now.x, now.y, { steps: 5 });
  for (const server of others()) await expect(playground.state(server)).toHaveText('empty');
  expect(await playground.seconds()).toBeCloseTo(0.9, 1);

  await page.mouse.move(before.x, before.y);
  await page.mouse.down();
  await page.mouse.move(now.x, now.y, { steps: 10 });
  await page.mouse.up();
  for (const server of others()) await expect(playground.state(server)).toHaveText('x new');
  await playground.call('seek', 2_000_000);
  expect((await playground.snapshot()).traceHash).toBe(traceHash);
});

test('the slider obeys the keyboard', async ({ page }) => {
  const playground = await twoWrites(page);
  const slider = playground.slider();
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(playground.clock()).toHaveText('0.000 s');
  await expect(slider).toHaveAttribute('aria-valuenow', '0');
  await expect(playground.label(1)).toContainText('follower');
  expect((await playground.snapshot()).servers.every(({ log }) => log.length === 0)).toBe(true);
  const seconds = [0];
  for (const key of ['PageUp', 'ArrowRight', 'ArrowUp', 'ArrowLeft', 'PageDown']) {
    await page.keyboard.press(key);
    await expect.poll(() => playground.seconds()).not.toBe(seconds.at(-1));
    seconds.push(await playground.seconds());
  }
  const [home, page1, right, up, left, page2] = seconds;
  expect(page1).toBeGreaterThan(home);
  expect(right).toBeGreaterThan(page1);
  expect(up).toBeGreaterThan(right);
  expect(left).toBe(right);
  expect(page2).toBeCloseTo(right - page1, 3);
  await page.keyboard.press('End');
  for (const server of others()) await expect(playground.state(server)).toHaveText('x new');
});

test('the steps go from event to event, there and back', async ({ page }) => {
  const playground = await twoWrites(page);
  const hashes = [(await playground.snapshot()).traceHash];
  for (const _ of [1, 2, 3]) {
    await playground.button('Next event').click();
    await expect.poll(async () => (await playground.snapshot()).traceHash).not.toBe(hashes.at(-1));
    hashes.push((await playground.snapshot()).traceHash);
  }
  expect(new Set(hashes).size).toBe(4);
  for (const hash of hashes.slice(1, -1).reverse()) {
    await playground.button('Previous event').click();
    await expect.poll(async () => (await playground.snapshot()).traceHash).toBe(hash);
  }
});

test('a line of the story leads to its moment', async ({ page }) => {
  const playground = await twoWrites(page);
  const line = playground.story().filter({ hasText: /appended x=new/ }).last();
  const when = await line.locator('.when').innerText();
  await line.locator('.when').click();
  await expect(playground.clock()).toHaveText(`${when} s`);
  await expect(playground.state(1)).toHaveText('x old');
  await expect(playground.story().first()).toContainText('appended x=new');
});

test('playing moves the clock, pausing stops it', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  const start = await playground.seconds();
  await playground.button('Play').click();
  await expect.poll(() => playground.seconds()).toBeGreaterThan(start);
  await playground.button('Pause').click();
  await expect(playground.button('Play')).toBeVisible();
  const stopped = (await playground.snapshot()).nowUs;
  await framesGoBy(page, 20);
  expect((await playground.snapshot()).nowUs).toBe(stopped);
});

test('while time runs every lane ends at the cursor', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  await playground.call('seek', 1_000_000);
  await playground.call('play');
  for (let picture = 0; picture < 5; picture++) {
    await framesGoBy(page, 15);
    const apart = await playground.host.evaluate(({ shadowRoot }) => {
      const box = (selector) => [...shadowRoot.querySelectorAll(selector)].map((element) => element.getBoundingClientRect());
      const [cursor] = box('.cursor');
      return box('.to-come').map((rest) => Math.abs(rest.left - cursor.left));
    });
    expect(apart).toHaveLength(1);
    expect(apart[0]).toBeLessThan(1.5);
  }
});

test('marks keep their elements when others come', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.set('writes-per-second', '10');
  const marks = playground.host.locator('.marks .committed');
  await playground.call('seek', 2_000_000);
  await expect.poll(() => marks.count()).toBeGreaterThan(3);
  const before = await marks.evaluateAll((all) => {
    for (const [nth, mark] of all.entries()) mark.nth = nth;
    return all.length;
  });
  await playground.call('seek', 4_000_000);
  await expect.poll(() => marks.count()).toBeGreaterThan(before);
  const kept = await marks.evaluateAll((all, before) => all.slice(0, before).map(({ nth }) => nth), before);
  expect(kept).toEqual([...kept.keys()]);
});

test('the speed slider sets how long a second takes', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  const speed = page.getByRole('slider', { name: '1 s of the cluster takes' });
  const output = playground.host.locator('.speed output');
  await expect(output).toHaveText('25 s');
  await speed.focus();
  await page.keyboard.press('End');
  await expect(output).toHaveText('0.1 s');
  await page.keyboard.press('Home');
  await expect(output).toHaveText('1000 s');
  await expect(speed).toHaveAttribute('aria-valuetext', 'One second of the cluster takes 1000 s');
});

test('what is done in the past keeps all that came before, and begins another future', async ({ page }) => {
  const playground = await twoWrites(page);
  await playground.call('seek', 1_400_000);
  const before = await playground.snapshot();
  const leader = await playground.leader();
  await playground.shape(leader).click();
  await expect(playground.label(leader)).toContainText('crashed');

  // The others still have what was promised, go on from there, and never see the write of the other future.
  await playground.call('seek', 3_000_000);
  const second = await playground.leader(leader);
  for (const server of others(leader)) await expect(playground.state(server)).toHaveText('x old');
  await playground.call('write', 'y', 'other');
  await playground.call('restart', leader);
  await playground.call('seek', 4_000_000);
  for (const server of others()) await expect(playground.state(server).locator('.pair')).toHaveText(['x old', 'y other']);
  expect(second).not.toBe(leader);
  expect((await playground.snapshot()).properties.every(({ holds }) => holds)).toBe(true);

  // The past before the deed is the same, to the last bit.
  await playground.call('seek', 1_000_000);
  await playground.call('seek', 1_399_999);
  expect((await playground.snapshot()).servers.map(({ log }) => log)).toEqual(before.servers.map(({ log }) => log));
});

test('a future that was left is kept, and can be taken up again', async ({ page }) => {
  const playground = await twoWrites(page);
  const { traceHash: old } = await playground.snapshot();
  await playground.call('seek', 1_400_000);
  // A sentence makes room for the next one after a second, which a click can take.
  await playground.host.evaluate((element) => {
    const status = element.shadowRoot.querySelector('[role=status].unseen');
    window.said = [];
    const listener = new MutationObserver(() => window.said.push(status.textContent));
    listener.observe(status, { childList: true, characterData: true, subtree: true });
  });
  await playground.shape(await playground.leader()).click();
  await expect.poll(() => page.evaluate(() => window.said.join(' '))).toContain('the old one is kept');
  await playground.call('seek', 2_000_000);
  const { traceHash: now } = await playground.snapshot();
  await playground.button('Branches 2').click();
  const other = playground.button('Switch to it');
  for (const hash of [old, now, old]) {
    await other.click();
    await expect.poll(async () => (await playground.snapshot()).traceHash).toBe(hash);
  }
  await playground.call('seek', 1_300_000);
  await playground.writeButton().click();
  await expect(playground.button('Branches 3')).toBeVisible();
  await expect(other).toHaveCount(2);
});

/** Lets the browser draw so many pictures. */
function framesGoBy(page, frames) {
  return page.evaluate(async (frames) => {
    for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame);
  }, frames);
}

test('the story draws what has room, and all of it as soon as it is scrolled; the focus stays on its line', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7&writes-per-second=20');
  await playground.call('seek', 4_000_000);
  const lines = playground.host.locator('.story li:not(.left-out)');
  const scroller = playground.host.locator('.story .scroller');
  await expect(lines.nth(5)).toBeAttached();
  const few = await lines.count();
  expect(few).toBeLessThan(40);
  const heights = await scroller.evaluate((scroller) => [scroller.clientHeight, scroller.querySelector('.left-out').offsetTop]);
  expect(heights[1] - (await scroller.evaluate((scroller) => scroller.offsetTop))).toBeGreaterThan(heights[0]);
  const line = lines.nth(few - 1);
  const told = await line.innerText();
  // The focus scrolls there.
  await line.locator('.when').focus();
  await expect.poll(() => lines.count()).toBeGreaterThan(40);
  await expect(line).toHaveText(told, { useInnerText: true });
  await expect(line.locator('.when')).toBeFocused();
  await line.locator('.when').blur();
  await scroller.evaluate((scroller) => scroller.scrollTo(0, 0));
  await expect(lines).toHaveCount(few);
});

test('the focus in the story outlasts what is told meanwhile, and End finds the end', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7&writes-per-second=20');
  await playground.call('seek', 4_000_000);
  const scroller = playground.host.locator('.story .scroller');
  await scroller.focus();
  await expect.poll(() => playground.host.locator('.story li:not(.left-out)').count()).toBeGreaterThan(40);
  await page.keyboard.press('End');
  await expect
    .poll(() => scroller.evaluate((scroller) => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop))
    .toBeLessThan(2);
  await scroller.evaluate((scroller) => scroller.scrollTo(0, 0));
  await playground.story().nth(3).locator('.when').focus();
  const { nowUs } = await playground.snapshot();
  // Less than fifty lines later.
  await playground.call('seek', nowUs + 100_000);
  await expect(playground.host.locator('.story .when:focus')).toHaveCount(1);
});

for (const lang of ['en', 'zh']) {
  for (const [width, height] of [[500, 900], [640, 360], [640, 900], [715, 480], [740, 900]]) {
    test(`at ${width} x ${height} px the speed and the lanes have room, ${lang}`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      const playground = await Playground.openPaused(page);
      await playground.set('lang', lang);
      const [speed, panels, lanes] = await Promise.all(
        ['.speed', '.time-panels', '.lanes'].map((part) => playground.host.locator(part).boundingBox()),
      );
      expect(speed.x + speed.width <= panels.x || speed.y + speed.height <= panels.y).toBe(true);
      expect(lanes.width).toBeGreaterThan(100);
      // What it holds stays in it.
      const { scrollWidth, clientWidth } = await playground.host.locator('.speed').evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }));
      expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    });
  }
}
