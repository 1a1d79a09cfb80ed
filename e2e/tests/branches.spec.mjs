// The panels about time: branches side by side, and the space-time diagram.

import { expect, finger, Playground, test } from './playground.mjs';

/** A leader crashed in one branch, a write in the other; time stands at 1.6 s. */
async function forked(page) {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  const leader = await playground.leader();
  await playground.call('crash', leader);
  await playground.call('seek', 2_000_000);
  await playground.call('seek', 900_000);
  await playground.call('write', 'x', '1');
  await playground.call('seek', 1_600_000);
  return playground;
}

test('two branches stand side by side, and what differs stands out', async ({ page }) => {
  const playground = await forked(page);
  const panel = playground.host.locator('.branches');
  await playground.button('Branches 2').click();
  await expect(panel).toContainText('parts at');
  await panel.getByRole('button', { name: 'Compare' }).click();
  await expect(panel.getByRole('columnheader', { name: 'Shown now' })).toBeVisible();
  await expect(panel.locator('tr.differs').first()).toBeVisible();
  await expect(panel.locator('tr.differs', { hasText: 'role' }).first()).toContainText('crashed');
  // Keys with both values: here x is written, there it is not.
  await expect(panel.locator('tr.differs', { hasText: /^x/ }).first()).toHaveText('x1—');
  await panel.getByRole('button', { name: 'Stop comparing' }).click();
  await expect(panel.getByRole('table')).toHaveCount(0);
  await playground.button('Branches 2').click();
  await expect(panel).toHaveCount(0);
});

test('the space-time diagram is walked by keyboard, and leads to each event', async ({ page }) => {
  const playground = await forked(page);
  await playground.button('Space-time').click();
  const diagram = playground.host.locator('.diagram');
  await expect(diagram.locator('.arrow').first()).toBeAttached();
  await diagram.locator('.scroller').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(diagram.locator('.chosen')).not.toBeEmpty();
  const chosen = await diagram.locator('.chosen').textContent();
  await page.keyboard.press('Enter');
  await expect.poll(() => playground.seconds()).toBeCloseTo(Number(chosen.split(' ')[0]), 2);
  await expect(diagram.locator('.lit').first()).toBeAttached();

  // Zooming changes what is shown, not where the cursor is.
  const before = await playground.seconds();
  await page.keyboard.press('-');
  await expect(diagram).toContainText('500 ms');
  await playground.button('Zoom in').click();
  await expect(diagram).toContainText('200 ms');
  expect(await playground.seconds()).toBe(before);
});

test('dragging the diagram moves its window, and the list says the same as the picture', async ({ page }) => {
  const playground = await forked(page);
  await playground.button('Space-time').click();
  const diagram = playground.host.locator('.diagram');
  const start = () => diagram.locator('.ticks span').first().textContent();
  const [before, box] = [await start(), await diagram.locator('.space-time').boundingBox()];
  await page.mouse.move(box.x + 300, box.y + 18);
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 18, { steps: 5 });
  await page.mouse.up();
  expect(parseFloat(await start())).toBeLessThan(parseFloat(before));
  // Letting go is no click: time stays where it is, whatever is there.
  for (const y of [40, 60, 100]) {
    await page.mouse.move(box.x + 400, box.y + y);
    await page.mouse.down();
    await page.mouse.move(box.x + 420, box.y + y, { steps: 3 });
    await page.mouse.up();
  }
  expect((await playground.snapshot()).nowUs).toBe(1_600_000);
  await expect(diagram.locator('.chosen')).toBeEmpty();
  await playground.button('Follow the cursor').click();
  await expect.poll(start).toBe(before);

  await diagram.locator('summary').first().click();
  const first = diagram.locator('li button').first();
  const said = await first.textContent();
  await first.click();
  await expect(diagram.locator('.chosen')).toHaveText(said);
  await expect.poll(() => playground.seconds()).toBeCloseTo(Number(said.split(' ')[0]), 2);
});

test('with Ctrl the wheel zooms the diagram about the pointer, and a click beside an arrow means it', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 3_000_000);
  await playground.button('Space-time').click();
  const diagram = playground.host.locator('.diagram');
  const box = await diagram.locator('.space-time').boundingBox();
  await page.evaluate(() => addEventListener('wheel', (event) => { globalThis.keptFromPage = event.defaultPrevented; }));
  await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -120);
  await page.keyboard.up('Control');
  await expect(diagram).toContainText('100 ms');
  await expect(diagram.getByRole('button', { name: 'Follow the cursor' })).toBeEnabled();
  expect(await page.evaluate(() => globalThis.keptFromPage)).toBe(true);
  // Up and down without it belong to the page.
  await page.mouse.wheel(0, 10);
  await expect.poll(() => page.evaluate(() => globalThis.keptFromPage)).toBe(false);
  // Beside the middle of an arrow, where its line is not.
  const middle = await diagram.locator('.arrow > line').first().evaluate((line) => {
    const { left, top, width, height } = line.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  });
  await page.mouse.click(middle.x + 3, middle.y - 7);
  await expect(diagram.locator('.arrow.selected')).toHaveCount(1);
  await diagram.getByText('What the signs mean').click();
  await expect(diagram.getByText('stands for election')).toBeVisible();
});

for (const [width, height] of [[1366, 650], [375, 667]]) {
  test(`in a short window of ${width} x ${height} the diagram and the branches have its width`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const playground = await forked(page);
    const shows = (selector) => playground.host.locator(selector).boundingBox();
    // What has happened is marked on the low lanes too, whole and inside them.
    if (width > 700) {
      const [lanes, mark] = [await shows('.lanes'), await shows('.marks .elected >> nth=0')];
      expect(mark.y).toBeGreaterThanOrEqual(lanes.y);
      expect(mark.y + mark.height).toBeLessThanOrEqual(lanes.y + lanes.height);
      expect(mark.height).toBeGreaterThan(6);
    }
    const button = await playground.button('Space-time').boundingBox();
    await playground.button('Space-time').click();
    expect((await shows('.space-time')).width).toBeGreaterThan(width - 100);
    await expect(playground.host.locator('.diagram .lane-names').getByText('S5')).toBeVisible();
    // The row stays where it was, with what closes the diagram under the pointer.
    if (width > 700) expect((await playground.button('Space-time').boundingBox()).y).toBeCloseTo(button.y, 0);
    // Time can be dragged all the same.
    const lanes = await shows('.lanes');
    const knobs = () =>
      playground.host.evaluate(({ shadowRoot }) => shadowRoot.querySelector('.cursor').getBoundingClientRect().left);
    await page.mouse.click(lanes.x + lanes.width / 4, lanes.y + lanes.height / 2);
    expect(Math.abs((await knobs()) - lanes.x - lanes.width / 4)).toBeLessThan(3);
    await playground.button('Space-time').click();
    await playground.button('Branches 2').click();
    expect((await shows('.branches')).width).toBeGreaterThan(width - 100);
  });
}

test.describe('by finger', () => {
  test.use({ viewport: { width: 375, height: 812 }, hasTouch: true });

  test('the diagram is dragged @chromium', async ({ page }) => {
    const playground = await forked(page);
    await playground.button('Space-time').click();
    const start = () => playground.host.locator('.ticks span').first().textContent();
    const { x, y } = await playground.host.locator('.space-time').boundingBox();
    const touch = await finger(page);
    await touch({ x: x + 100, y: y + 30 }, { x: x + 250, y: y + 32 });
    // Half the window is 100 ms.
    await expect.poll(async () => parseFloat(await start())).toBeLessThan(1.45);
  });
});

test('in the diagram the lines of the servers go on with time, as far as it has come', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  await playground.button('Space-time').click();
  // Long enough not to move on meanwhile.
  await playground.button('Zoom out').click();
  /** Where the covered time begins, and where the cursor stands. */
  const places = () =>
    playground.host.evaluate(({ shadowRoot }) =>
      ['.ahead rect', '.moment line'].map(
        (part) => shadowRoot.querySelector(`.space-time ${part}`).getBoundingClientRect().left,
      ),
    );
  const [before] = await places();
  await playground.call('play');
  for (let picture = 0; picture < 4; picture++) {
    await page.waitForTimeout(150);
    const [ahead, cursor] = await places();
    expect(Math.abs(ahead - cursor)).toBeLessThan(3);
  }
  await playground.call('pause');
  const [end] = await places();
  expect(end).toBeGreaterThan(before + 5);
  // In the past all that is known is uncovered.
  await playground.call('seek', 1_000_000);
  const [still, cursor] = await places();
  expect(Math.abs(still - end)).toBeLessThan(2);
  expect(cursor).toBeLessThan(end - 5);
});

for (const [height, servers] of [[720, 5], [720, 9], [800, 9], [900, 5]]) {
  test(`in a window of 1280 x ${height} the whole ring of ${servers} is seen above the diagram`, async ({ page }) => {
    await page.setViewportSize({ width: 1280, height });
    const playground = await Playground.openPaused(page, `index.html?nodes=${servers}`);
    await playground.call('seek', 1_000_000);
    await playground.button('Space-time').click();
    await expect
      .poll(() =>
        playground.host.evaluate(({ shadowRoot }) => {
          const top = shadowRoot.querySelector('.transport').getBoundingClientRect().top;
          const shapes = [...shadowRoot.querySelectorAll('.ring .shape')];
          return shapes.filter((shape) => shape.getBoundingClientRect().bottom > top - 20).length;
        }),
      )
      .toBe(0);
    const scroller = await playground.host.locator('.diagram .scroller').boundingBox();
    const panel = await playground.host.locator('.diagram').boundingBox();
    expect(scroller.y + scroller.height, 'all lines of the servers').toBeLessThanOrEqual(panel.y + panel.height + 1);
  });
}

test('on a phone the ring stays whole above space-time, and what is opened below is brought up', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 });
  const playground = await forked(page);
  const box = (selector) => playground.host.locator(selector).boundingBox();
  await playground.button('Space-time').click();
  const lowest = async () => {
    const labels = await playground.host.locator('.ring .label').evaluateAll((labels) =>
      labels.map((label) => label.getBoundingClientRect().bottom),
    );
    return Math.max(...labels) - (await box('.transport')).y;
  };
  await expect.poll(lowest).toBeLessThan(2);

  const before = await box('.space-time');
  await playground.button('Later').click();
  await expect(playground.button('Follow the cursor')).toBeEnabled();
  expect((await box('.space-time')).y, 'nothing moves down').toBeCloseTo(before.y, 0);

  await playground.button('Follow the cursor').click();
  await playground.host.locator('.diagram summary').first().click();
  await expect(playground.host.locator('.diagram ol li').nth(3)).toBeInViewport({ ratio: 1 });

  await playground.button('Branches 2').click();
  const panel = playground.host.locator('.branches');
  await panel.getByRole('button', { name: 'Compare' }).click();
  await expect(panel.locator('tr.differs').nth(2)).toBeInViewport({ ratio: 1 });
});

test('on a phone the ring is brought up where a line is to be drawn', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 667 });
  const playground = await forked(page);
  await playground.host.locator('.logs').evaluate((logs) => logs.scrollIntoView());
  await playground.host.locator('#partition').evaluate((menu) => menu.showPopover());
  await playground.host.getByRole('button', { name: /^Draw a line/ }).click();
  await expect(playground.host.locator('.picture')).toBeInViewport({ ratio: 0.9 });
});
