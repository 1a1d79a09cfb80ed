// The links of the ring and what parts them: clicks, lines, menus, dials and keys; and that nine servers have room.

import { expect, finger, Playground, test } from './playground.mjs';

const link = (playground, a, b) => playground.host.locator(`[data-link="${a} ${b}"]`);
const cut = (playground) => playground.host.locator('.link.cut');

/** A place on the screen in the middle of a link. */
async function middle(playground, a, b) {
  const { x, y, width, height } = await link(playground, a, b).locator('.link-line').boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

async function led(page) {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  return playground;
}

test('a click on a link cuts it, shows it, and another click heals it', async ({ page }) => {
  const playground = await led(page);
  const { x, y } = await middle(playground, 1, 2);
  await page.mouse.click(x, y);
  await expect(link(playground, 1, 2)).toHaveAccessibleName('Link S1 – S2, cut');
  await expect(cut(playground)).toHaveCount(1);
  const details = playground.host.locator('.link-details');
  await expect(details.getByRole('heading', { name: 'Link S1 – S2' })).toBeVisible();
  // One direction alone.
  await details.getByRole('button', { name: 'Heal S1 → S2' }).click();
  await expect(link(playground, 1, 2)).toHaveAccessibleName('Link S1 – S2, nothing gets from S2 to S1');
  await expect(playground.host.locator('.cut-arrow')).toHaveCount(1);
  // The page may have been scrolled to that button.
  const again = await middle(playground, 1, 2);
  await page.mouse.click(again.x, again.y);
  await expect(link(playground, 1, 2)).toHaveAccessibleName('Link S1 – S2, whole');
  await details.getByRole('button', { name: 'Close' }).click();
  await expect(details).toHaveCount(0);
});

test('links are reached by keyboard, one stop of Tab before the servers', async ({ page }) => {
  const playground = await led(page);
  await playground.shape(1).focus();
  await page.keyboard.press('Shift+Tab');
  await expect(link(playground, 1, 2)).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(link(playground, 1, 3)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(link(playground, 4, 5)).toBeFocused();
  await expect(playground.host.locator('.link-details')).toContainText('Link S4 – S5');
  await page.keyboard.press('Enter');
  await expect(link(playground, 4, 5)).toHaveAccessibleName(/cut/);
  await expect(link(playground, 4, 5)).toBeFocused();
  await page.keyboard.press('h');
  await expect(cut(playground)).toHaveCount(0);
  await expect(playground.story().first()).toContainText(/whole|healed/i);
});

test('a line across the ring parts the servers', async ({ page }) => {
  const playground = await led(page);
  const { x, y, width, height } = await playground.host.locator('.ring').boundingBox();
  await page.mouse.move(x + 30, y + height * 0.6);
  await page.mouse.down();
  await page.mouse.move(x + width - 30, y + height * 0.6, { steps: 5 });
  const line = playground.host.locator('.parting');
  await expect(line.locator('circle.one-side')).toHaveCount(2);
  await expect(line.locator('circle.other-side')).toHaveCount(3);
  await page.mouse.up();
  await expect(line).toHaveCount(0);
  await expect(cut(playground)).toHaveCount(6);
  await expect(playground.story().first()).toContainText('S1 S2 S5 | S3 S4');
  await playground.button('Heal').click();
  await expect(cut(playground)).toHaveCount(0);
});

test('P opens the partitions, a choice closes them, Escape gives the focus back', async ({ page }) => {
  const playground = await led(page);
  const leader = await playground.leader();
  await playground.host.locator('.playground').focus();
  await page.keyboard.press('p');
  const menu = playground.host.locator('#partition');
  await expect(menu).toBeVisible();
  const alone = menu.getByRole('button', { name: `Leader S${leader} alone` });
  await expect(alone).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(menu).toBeHidden();
  await expect(cut(playground)).toHaveCount(4);
  await expect(playground.shape(leader)).toHaveAccessibleName(/cut off/);
  await playground.button('Network').click();
  const dials = playground.host.locator('#network');
  await expect(dials).toBeVisible();
  await expect(menu).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(dials).toBeHidden();
});

test('a dial sets what it says, on release and once', async ({ page }) => {
  const playground = await led(page);
  await playground.button('Network').click();
  const lost = playground.host.locator('#network').getByLabel('lost');
  await lost.focus();
  await page.keyboard.press('End');
  await expect(lost).toHaveAttribute('aria-valuetext', '100%');
  await expect(playground.story().first()).toContainText(/100.%/);
  await page.keyboard.press('Home');
  await expect(playground.story().first()).toContainText(/ 0.%/);
  await page.keyboard.press('Escape');
});

test('R reads what was written last', async ({ page }) => {
  // In some histories an answer takes longer than half a second.
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  await playground.call('seek', 1_000_000);
  await playground.writeButton().click();
  await playground.call('seek', 1_500_000);
  await page.keyboard.press('r');
  await playground.call('seek', 2_000_000);
  const answers = playground.story().filter({ hasText: /Client 1.*x/ });
  await expect(answers.first()).toBeVisible();
  expect((await playground.snapshot()).clients).toMatchObject([{ waitsFor: null }]);
});

test('the first picture is where the ring will be', async ({ page }) => {
  for (const [width, height] of [[1280, 900], [1280, 720], [768, 1024], [375, 812], [320, 640]]) {
    await page.setViewportSize({ width, height });
    let letGo;
    const held = new Promise((resolve) => (letGo = resolve));
    await page.route('**/*.wasm', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto('index.html?seed=7', { waitUntil: 'domcontentloaded' });
    const first = await page.locator('svg.first-picture').boundingBox();
    letGo();
    const ring = await page.locator('.ring').boundingBox();
    for (const side of ['x', 'y', 'width', 'height']) expect(Math.abs(first[side] - ring[side]), `${side} at ${width}`).toBeLessThan(3);
    await page.unroute('**/*.wasm');
  }
});

for (const [width, height] of [[320, 640], [375, 812], [1280, 720], [1280, 900]]) {
  test(`words of any number of servers keep clear of each other at ${width}×${height} px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    for (const nodes of [1, 2, 3, 4, 6, 7, 8, 9]) {
      const playground = await Playground.openPaused(page, `index.html?seed=7&nodes=${nodes}`);
      await playground.call('seek', 1_000_000);
      expect(await playground.host.evaluate(overlaps), `${nodes} servers`).toEqual([]);
      // The most words that there are.
      for (const key of ['x', 'y']) await playground.call('write', key, '1');
      await playground.call('seek', 1_500_000);
      for (let server = 1; server <= nodes; server += 1) await playground.call('crash', server);
      await expect(playground.host.locator('.ring .server.crashed')).toHaveCount(nodes);
      expect(await playground.host.evaluate(overlaps), `${nodes} servers that have crashed`).toEqual([]);
    }
  });
}

test('on a phone a link is hit 10 px beside its line', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 });
  const playground = await led(page);
  const { x, y } = await middle(playground, 3, 4);
  const hit = (down) =>
    playground.host.evaluate((element, [x, y]) => element.shadowRoot.elementFromPoint(x, y).closest('[data-link]')?.dataset.link, [x, y + down]);
  expect(await hit(10)).toBe('3 4');
  expect(await hit(-10)).toBe('3 4');
  expect(await hit(16)).toBeUndefined();
});

test('on a phone an open menu leaves time in reach', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 });
  const playground = await led(page);
  for (const name of ['Partition', 'Network']) {
    await playground.button(name).click();
    const menu = await playground.host.locator('.popover:popover-open').boundingBox();
    const dock = await playground.host.locator('.transport').boundingBox();
    expect(menu.y + menu.height).toBeLessThanOrEqual(dock.y);
    await page.keyboard.press('Escape');
  }
});

/** Which words and shapes of the ring lie on each other, and which words stick out of it. Runs in the page. */
function overlaps(element) {
  const root = element.shadowRoot;
  const ring = root.querySelector('.ring').getBoundingClientRect();
  const parts = [...root.querySelectorAll('.ring .server')].flatMap((server) => {
    const outline = server.querySelector('.rim') ?? server.querySelector('.outline');
    const standing = (text) => text.parentElement.getAttribute('transform') === server.getAttribute('transform');
    const counts = [...root.querySelectorAll('.remaining')].filter(standing);
    const words = [...server.querySelectorAll('.label tspan'), ...counts].map((word) => word.getBoundingClientRect());
    const name = server.querySelector('.label').textContent;
    return [
      ...words.filter(({ width }) => width > 0).map((box) => ({ name, server, box })),
      { name: `shape of ${name}`, server, box: outline.getBoundingClientRect(), isShape: true },
    ];
  });
  // A shape has round corners.
  const inset = ({ box, isShape }) => {
    const by = isShape ? box.width * 0.12 : 2;
    return { left: box.left + by, right: box.right - by, top: box.top + by, bottom: box.bottom - by };
  };
  const meet = (a, b) => Math.min(a.right, b.right) > Math.max(a.left, b.left) && Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top);
  const found = parts.flatMap((one, place) =>
    parts
      .slice(place + 1)
      .filter((other) => other.server !== one.server && meet(inset(one), inset(other)))
      .map((other) => `${one.name} on ${other.name}`),
  );
  const out = parts.filter(({ box }) => box.left < ring.left - 1 || box.right > ring.right + 1 || box.top < ring.top - 1 || box.bottom > ring.bottom + 4);
  return [...found, ...out.map(({ name }) => `${name} out of the ring`)];
}

test.describe('by finger', () => {
  test.use({ viewport: { width: 375, height: 812 }, hasTouch: true });

  test('a line in any direction is drawn once it is asked for, and then the page scrolls again @chromium', async ({ page }) => {
    const playground = await led(page);
    const touch = await finger(page);
    const ring = playground.host.locator('.ring');
    const down = async () => {
      const { x, y, width, height } = await ring.boundingBox();
      const middle = x + width / 2 + 2;
      await touch({ x: middle, y: y + height * 0.36 }, { x: middle, y: y + height * 0.8 }, 12);
    };
    await playground.host.getByRole('button', { name: 'Partition' }).click();
    await playground.host.getByRole('button', { name: 'Draw a line' }).click();
    await expect(playground.host.locator('.gestures .hint')).toContainText('Draw a line across the ring');
    // Who has changed their mind leaves it by Escape.
    await page.keyboard.press('Escape');
    await expect(playground.host.locator('.gestures .hint')).not.toContainText('Draw a line across the ring');
    await playground.button('Partition').click();
    await playground.host.getByRole('button', { name: 'Draw a line' }).click();
    await ring.scrollIntoViewIfNeeded();
    const scrolled = await page.evaluate(() => scrollY);
    await down();
    // Below the first server, between the two sides: one part of the servers is on the left and the other on the right.
    await expect.poll(() => cut(playground).count()).toBeGreaterThanOrEqual(4);
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    await expect(playground.host.locator('.gestures .hint')).not.toContainText('Draw a line across the ring');
    const parted = await cut(playground).count();
    await page.evaluate(() => scrollTo(0, 200));
    const { x, y, width, height } = await ring.boundingBox();
    await touch({ x: x + width / 2 + 2, y: y + height * 0.4 }, { x: x + width / 2 + 2, y: y + height * 0.8 }, 12);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeLessThan(190);
    expect(await cut(playground).count()).toBe(parted);
  });
});

test('a click on a link cuts that link, also where others cross it and lie above', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.set('nodes', '9');
  await playground.host.locator('.ring').scrollIntoViewIfNeeded();
  const cut = () =>
    playground.host.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll('.link.cut')].map(({ dataset }) => dataset.link),
    );
  for (const ends of ['1 5', '1 6', '2 4', '3 8']) {
    // Where another is nearest only by being above it.
    const at = await playground.host.evaluate(({ shadowRoot }, ends) => {
      const line = shadowRoot.querySelector(`[data-link="${ends}"] .link-line`);
      const [x1, y1, x2, y2] = ['x1', 'y1', 'x2', 'y2'].map((name) => line[name].baseVal.value);
      const all = [...shadowRoot.querySelectorAll('.link-line')].filter((other) => other !== line);
      const gap = (x, y) =>
        Math.min(
          ...all.map((other) => {
            const [ax, ay, bx, by] = ['x1', 'y1', 'x2', 'y2'].map((name) => other[name].baseVal.value);
            const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
            const share = Math.min(1, Math.max(0, along));
            return Math.hypot(ax + (bx - ax) * share - x, ay + (by - ay) * share - y);
          }),
        );
      const points = Array.from({ length: 41 }, (_, step) => 0.1 + step * 0.02)
        .map((share) => [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share])
        .map(([x, y]) => ({ at: new DOMPoint(x, y).matrixTransform(line.getScreenCTM()), gap: gap(x, y) }))
        .filter(({ at, gap }) => {
          const reached = shadowRoot.elementFromPoint(at.x, at.y)?.closest('[data-link]');
          return gap > 3 && reached && reached.dataset.link !== ends;
        });
      return points.length > 0 ? { x: points[0].at.x, y: points[0].at.y } : null;
    }, ends);
    expect(at, `${ends} has a place where another lies above it`).not.toBeNull();
    await page.mouse.move(at.x, at.y);
    await page.mouse.click(at.x, at.y);
    await expect.poll(cut).toEqual([ends]);
    await playground.host.locator('button.heal').click();
    await expect.poll(cut).toEqual([]);
  }
});

test('what a stalled disk has not kept of a term and a vote is framed', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  // Before it has written anything, however long the page has played.
  await playground.call('seek', 10_000);
  const server = playground.host.locator('[data-server="2"]');
  await server.click({ button: 'right' });
  await playground.host.getByRole('menuitemradio', { name: 'stalled' }).click();
  await page.keyboard.press('Escape');
  await playground.call('seek', 1_000_000);
  await expect(server).toHaveAttribute('aria-label', /term not on disk, vote not on disk/);
  await expect(server.locator('.volatile')).toHaveCount(2);
  await expect(playground.host.locator('.ring .volatile'), 'the others have written theirs').toHaveCount(2);
});

for (const [nodes, height] of [[5, 720], [9, 720], [5, 830], [9, 860]]) {
  test(`in a window ${height} px high what can be done to ${nodes} servers is in sight`, async ({ page }) => {
    await page.setViewportSize({ width: 1280, height });
    const playground = await Playground.openPaused(page, `index.html?seed=7&nodes=${nodes}`);
    const top = async (part) => (await playground.host.locator(part).first().boundingBox()).y;
    const dock = await top('.transport');
    for (const button of await playground.host.locator('.gestures button:visible').all()) {
      const { y, height } = await button.boundingBox();
      expect(y + height, await button.innerText()).toBeLessThanOrEqual(dock);
    }
    // Details come up as far as they can be read, and the ring stays under the pointer, also at the end of the page.
    await page.evaluate(() => window.scrollTo(0, 10_000));
    await page.waitForTimeout(100);
    const before = await top('.ring .label');
    await playground.host.locator('.ring .label').nth(2).click();
    await expect.poll(async () => dock - (await top('.details'))).toBeGreaterThan(90);
    expect(Math.abs((await top('.ring .label')) - before)).toBeLessThan(4);
  });
}

for (const [width, height, nodes] of [[1280, 800, 9], [1280, 720, 9], [1280, 720, 5], [375, 812, 9]]) {
  test(`who presses a server twice crashes and restarts it, ${nodes} servers at ${width} x ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const playground = await Playground.openPaused(page, `index.html?seed=7&nodes=${nodes}`);
    await playground.call('seek', 1_500_000);
    const outline = playground.shape(3).locator('.outline');
    const { x, y, width: w, height: h } = await outline.boundingBox();
    const middle = [x + w / 2, y + h / 2];
    const crashed = async () => {
      const { servers } = await playground.snapshot();
      return servers.filter(({ role }) => role === 'crashed').map(({ id }) => id);
    };
    await page.mouse.click(...middle);
    await expect.poll(crashed).toEqual([3]);
    await page.waitForTimeout(500);
    await page.mouse.click(...middle);
    await expect.poll(crashed).toEqual([]);
    await expect(playground.host.locator('.link.cut')).toHaveCount(0);
    // What made room for the details goes back with them.
    await page.waitForTimeout(1_500);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
    expect((await outline.boundingBox()).y).toBeCloseTo(y, 0);
  });
}

test('on a phone what the details cover comes out from under them, and goes back with them', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 });
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  await playground.call('seek', 1_500_000);
  await playground.shape(3).click();
  const lowest = async () => {
    const label = await playground.host.locator('.ring .label').nth(2).boundingBox();
    return (await playground.host.locator('.details').boundingBox()).y - label.y - label.height;
  };
  await expect.poll(lowest).toBeGreaterThan(-2);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
});
