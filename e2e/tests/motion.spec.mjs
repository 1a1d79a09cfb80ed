// Messages in the hand, and clients: what a pointer, a finger and a key do to them.

import { expect, finger, Playground, test } from './playground.mjs';

/** Time stands, a leader has sent what a client wrote, and it is on its way. */
async function open(page) {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  await playground.host.locator('button.write').click();
  await expect.poll(async () => (await playground.snapshot()).clients.length).toBe(1);
  await playground.call('seek', 1_024_000);
  await playground.host.locator('.ring').scrollIntoViewIfNeeded();
  return playground;
}

const flying = (playground) => playground.host.locator('.message:not(.aside)');
const details = (playground) => playground.host.locator('.message-details');

/** The middle of a message on the screen. */
async function middle(message) {
  const { x, y, width, height } = await message.locator('.glyph').boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

/** The first message with entries in it, as the snapshot tells it. */
const entries = async (playground) => (await playground.snapshot()).messages.find(({ kind }) => kind === 'entries');

test('the picture shows every message, and as many elements as there are', async ({ page }) => {
  const playground = await open(page);
  await expect(flying(playground)).toHaveCount((await playground.snapshot()).messages.length);
  // What has arrived is put aside, and comes back as another message.
  await playground.call('seek', 1_060_000);
  const { messages } = await playground.snapshot();
  await expect(flying(playground)).toHaveCount(messages.length);
});

test('in a crowd no arrow says how many entries it carries, and each does as soon as time stands', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  await playground.set('nodes', '9');
  await playground.set('writes-per-second', '500');
  const counts = () =>
    playground.host.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll('.message:not(.aside) .entries')]
        .filter((count) => count.getClientRects().length > 0)
        .map(({ textContent }) => Number(textContent)),
    );
  await playground.call('seek', 1_200_000);
  expect((await counts()).length).toBeGreaterThan(10);
  await playground.call('play');
  await expect(playground.host.locator('.traffic')).toHaveClass(/crowd/);
  expect(await counts()).toEqual([]);
  // Meanwhile others have come, with other numbers.
  await expect.poll(() => playground.seconds()).toBeGreaterThan(1.25);
  await playground.call('pause');
  const shown = await counts();
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.every((count) => count > 0)).toBe(true);
  // The same moment, looked at afresh.
  const code = await playground.call('getState');
  await page.goto('about:blank');
  const twin = await Playground.openPaused(page, `index.html#${code}`);
  const told = await twin.host.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll('.message:not(.aside) .entries')].map(({ textContent }) => Number(textContent)),
  );
  const sorted = (counts) => counts.toSorted((one, other) => one - other);
  expect(sorted(shown)).toEqual(sorted(told));
});

/** What is seen of the arcs: whether each is drawn just before and just after some shares of its circle. */
const drawn = ({ host }, shares) =>
  host.evaluate(({ shadowRoot }, shares) => {
    const tracks = [...shadowRoot.querySelectorAll('.timer-track')];
    return [...shadowRoot.querySelectorAll('.arc > svg')].map((strip, server) => {
      const radius = tracks[server].r.baseVal.value;
      const window = strip.parentElement.getBoundingClientRect();
      const up = (strip.getBoundingClientRect().top - window.top) / window.height;
      const middle = strip.viewBox.baseVal.y + strip.viewBox.baseVal.width * (0.5 - up);
      const at = (share) => {
        const turn = 2 * Math.PI * share;
        return new DOMPoint(radius * Math.sin(turn), middle - radius * Math.cos(turn));
      };
      const paths = [...strip.querySelectorAll('path')];
      return [shares[server] - 0.02, shares[server] + 0.02].map((share) =>
        paths.some((path) => path.isPointInStroke(at(share))),
      );
    });
  }, shares);

test('the arc around a server is as long as what is left of its timer', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  const left = () =>
    playground.host.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll('.remaining')].map(({ textContent }) => Number.parseInt(textContent.trim(), 10)),
    );
  await playground.call('seek', 0);
  const whole = await left();
  expect(whole).toHaveLength(5);
  for (const us of [12_000, 70_000, 111_000, 140_000]) {
    await playground.call('seek', us);
    const shares = (await left()).map((ms, server) => ms / whole[server]);
    expect(await drawn(playground, shares), `after ${us} µs`).toEqual(shares.map(() => [true, false]));
  }
});

/** Where the messages in flight are, as shares of the ring. */
const places = ({ host }) =>
  host.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll('.message:not(.aside)')]
      .map((message) => {
        const { e, f } = new DOMMatrix(getComputedStyle(message).transform);
        return `${Math.round(e)} ${Math.round(f)} ${message.querySelector('.solid')?.getAttribute('d') ?? ''}`;
      })
      .sort(),
  );

test('in a ring of other servers messages go from its servers to its servers', async ({ page, context }) => {
  const [used, fresh] = [await Playground.openPaused(page), await Playground.openPaused(await context.newPage())];
  // An election and what follows it, in rings in which the same servers stand elsewhere.
  const moments = Array.from({ length: 40 }, (_, moment) => 150_000 + moment * 5_000);
  for (const servers of [5, 7, 9]) {
    await used.set('nodes', String(servers));
    for (const us of moments) await used.call('seek', us);
  }
  for (const playground of [used, fresh]) await playground.set('nodes', '3');
  let seen = 0;
  for (const us of moments) {
    for (const playground of [used, fresh]) await playground.call('seek', us);
    const expected = await places(fresh);
    expect(await places(used)).toEqual(expected);
    seen += expected.length;
  }
  expect(seen).toBeGreaterThan(10);
});

test('a message goes evenly along its way', async ({ page }) => {
  const playground = await open(page);
  const { sentUs, arrivesUs } = await entries(playground);
  const message = flying(playground).filter({ has: page.locator('.count') }).first();
  await page.mouse.click(...Object.values(await middle(message)));
  const selected = playground.host.locator('.message.selected');
  const places = [];
  for (const step of [0, 1, 2]) {
    await playground.call('seek', sentUs + Math.round(((arrivesUs - sentUs) / 8) * (step + 2)));
    await expect(selected).toHaveCount(1);
    places.push(await middle(selected));
  }
  const [begin, half, end] = places;
  expect(Math.hypot(end.x - begin.x, end.y - begin.y)).toBeGreaterThan(10);
  expect(Math.abs(half.x - (begin.x + end.x) / 2)).toBeLessThan(1);
  expect(Math.abs(half.y - (begin.y + end.y) / 2)).toBeLessThan(1);
});

test('a press on a message opens it, and stops time', async ({ page }) => {
  const playground = await open(page);
  await playground.set('speed', '1000');
  await playground.call('play');
  const message = flying(playground).filter({ has: page.locator('.count') }).first();
  const { x, y } = await middle(message);
  // Within reach, but beside it.
  await page.mouse.click(x + 5, y - 5);
  await expect(details(playground)).toContainText('AppendEntries request');
  await expect(details(playground)).toContainText('prevLogIndex');
  await expect(playground.button('Play')).toBeVisible();
  await expect(playground.host.locator('.message.selected')).toHaveCount(1);
});

test('a message that is dropped is gone, and one that is duplicated is there twice', async ({ page }) => {
  const playground = await open(page);
  const count = await flying(playground).count();
  await page.mouse.click(...Object.values(await middle(flying(playground).first())));
  await details(playground).getByRole('button', { name: 'Duplicate' }).click();
  await expect(flying(playground)).toHaveCount(count + 1);
  // It says so, and leads there and back.
  const copy = details(playground).getByRole('button', { name: /^copy arrives/ });
  await copy.click();
  await expect(playground.host.locator('.message.selected')).toHaveCount(1);
  await copy.click();
  await details(playground).getByRole('button', { name: 'Drop' }).click();
  await expect(flying(playground)).toHaveCount(count);
  await expect(details(playground)).toBeHidden();
});

test('a message is delayed by dragging it back along its way', async ({ page }) => {
  const playground = await open(page);
  const { id, arrivesUs, sentUs } = await entries(playground);
  const message = flying(playground).filter({ has: page.locator('.count') }).first();
  const { x, y } = await middle(message);
  await page.mouse.move(x, y);
  await page.mouse.down();
  const way = await playground.host.locator('.way').evaluate((path) => {
    const at = (length) => {
      const { x, y } = path.getPointAtLength(length).matrixTransform(path.getScreenCTM());
      return { x, y };
    };
    return { from: at(0), to: at(path.getTotalLength()) };
  });
  const back = { x: (x + way.from.x) / 2, y: (y + way.from.y) / 2 };
  await page.mouse.move(back.x, back.y, { steps: 4 });
  // It is under the pointer, and will arrive later; nothing has been done to it yet.
  await expect.poll(async () => Math.hypot((await middle(message)).x - back.x, (await middle(message)).y - back.y)).toBeLessThan(4);
  await page.mouse.up();
  const delayed = (await playground.snapshot()).messages.find((message) => message.id === id);
  expect(delayed.arrivesUs).toBeGreaterThan(arrivesUs + (1_024_000 - sentUs) / 2);
  await page.mouse.move(5, 5);
});

test('by keyboard the messages are gone through one by one', async ({ page }) => {
  const playground = await open(page);
  const count = await flying(playground).count();
  await playground.host.locator('.messages').focus();
  await page.keyboard.press('n');
  await expect(details(playground)).toContainText(`1 of ${count} in flight`);
  await page.keyboard.press('n');
  await expect(details(playground)).toContainText(`2 of ${count} in flight`);
  await page.keyboard.press('b');
  await expect(details(playground)).toContainText(`1 of ${count} in flight`);
  await playground.button('Next message').click();
  await expect(details(playground)).toContainText(`2 of ${count} in flight`);
  await playground.button('Close').first().click();
  await expect(details(playground)).toBeHidden();
});

test('a client shows what it waits for and what it was told, and opens by keyboard', async ({ page }) => {
  const playground = await open(page);
  const client = playground.host.getByRole('button', { name: /^Client 1, / });
  await expect(client).toContainText('x=1 …');
  await playground.call('seek', 1_150_000);
  await expect(client).toContainText('✓ x=1');
  await client.focus();
  await page.keyboard.press('Enter');
  const panel = playground.host.locator('.client-details');
  await expect(panel).toContainText('Client 1 asked');
  await expect(panel.getByRole('listitem')).toHaveCount(2);
  // Each line leads back to its moment.
  await panel.getByRole('button').last().click();
  await expect.poll(async () => (await playground.snapshot()).nowUs).toBe(1_000_000);
});

test.describe('by finger', () => {
  test.use({ viewport: { width: 375, height: 812 }, hasTouch: true });

  test('a message is delayed by dragging it, and beside it the page scrolls @chromium', async ({ page }) => {
    const playground = await open(page);
    const touch = await finger(page);
    const { id, to } = await entries(playground);
    const delayed = async () => (await playground.snapshot()).messages.find((message) => message.id === id).arrivesUs;
    const message = flying(playground).filter({ has: page.locator('.count') }).first();
    const at = await middle(message);
    const leader = await playground.shape(await playground.leader()).boundingBox();
    const before = await delayed();
    await touch(at, { x: (at.x + leader.x + leader.width / 2) / 2, y: (at.y + leader.y + leader.height / 2) / 2 });
    expect(await delayed(), `to S${to}`).toBeGreaterThan(before);

    await page.evaluate(() => scrollTo(0, 0));
    const ring = await playground.host.locator('.ring').boundingBox();
    const x = ring.x + ring.width / 2;
    await touch({ x, y: ring.y + ring.height * 0.6 }, { x, y: ring.y + ring.height * 0.2 });
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(20);
  });

  test('a message is big enough on a phone @chromium', async ({ page }) => {
    const playground = await open(page);
    const { width, height } = await flying(playground).first().locator('.hit').boundingBox();
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
    const { x, y } = await middle(flying(playground).first());
    await page.touchscreen.tap(x + 8, y);
    await expect(details(playground)).toBeVisible();
  });
});
