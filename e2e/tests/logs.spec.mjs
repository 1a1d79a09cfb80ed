// The table of logs: entries that are asked, by pointer and by key, and what stands out in it.

import { expect, Playground, test } from './playground.mjs';

/** Time stands; five entries are in every log. */
async function open(page) {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  for (let nth = 0; nth < 4; nth++) {
    await playground.call('write', 'xy'[nth % 2], String(nth));
    await playground.call('seek', 1_300_000 + nth * 300_000);
  }
  await expect(playground.entry(5, 5)).toContainText('y=3');
  return playground;
}

const details = (playground) => playground.host.locator('.entry-details');

test('a log that ends out of sight says where', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7&writes-per-second=20');
  await playground.call('seek', 1_000_000);
  const crashed = (await playground.leader()) === 1 ? 2 : 1;
  const length = (await playground.snapshot()).servers[crashed - 1].log.length;
  await playground.call('crash', crashed);
  await expect(playground.host.locator('.ends')).toHaveCount(0);
  await playground.call('seek', 4_000_000);
  await expect(playground.row(crashed).locator('.ends')).toBeVisible();
  const { servers } = await playground.snapshot();
  await expect(playground.row(crashed).locator('.ends')).toContainText(`ends at ${servers[crashed - 1].log.length}`);
  expect(servers[crashed - 1].log.length).toBeGreaterThan(length - 3);
  await expect(playground.host.locator('.ends')).toHaveCount(1);
});

/** Each drawing takes long: whatever can be put off is, and the browser shows what there is in between. */
function drawSlowly() {
  let now = Date.now();
  Date.now = () => (now += 20);
  const { setTimeout } = window;
  window.setTimeout = (then, delay, ...more) =>
    delay ? setTimeout(then, delay, ...more) : requestAnimationFrame(() => setTimeout(then, 0, ...more));
}

test('the end is not lost when the table is looked at while it is half drawn', async ({ page }) => {
  await page.addInitScript(drawSlowly);
  const playground = await Playground.openPaused(page, 'index.html?seed=7&writes-per-second=20');
  // With each change a scroll event comes, as one does soon after the table has gone on to its end.
  await playground.host.evaluate(({ shadowRoot }) => {
    const scroller = shadowRoot.querySelector('.logs .scroller');
    const changes = new MutationObserver(() => scroller.dispatchEvent(new Event('scroll')));
    changes.observe(scroller, { childList: true, subtree: true });
  });
  await playground.call('seek', 1_000_000);
  await expect(playground.row(1).locator('.entry-cell')).not.toHaveCount(4);
  await playground.call('seek', 4_000_000);
  await expect(playground.clock()).toHaveText('4.000 s');
  await expect(playground.host.locator('.logs th.index').last()).toBeInViewport();
  await expect(playground.button('To the end')).toHaveCount(0);
});

test('whoever scrolls back while the table is half drawn is not brought to its end', async ({ page }) => {
  await page.addInitScript(drawSlowly);
  const playground = await Playground.openPaused(page, 'index.html?seed=7&writes-per-second=20');
  await playground.call('seek', 4_000_000);
  await expect(playground.clock()).toHaveText('4.000 s');
  await expect(playground.host.locator('.logs th.index').last()).toBeInViewport();
  await playground.host.evaluate(({ shadowRoot }) => {
    const scroller = shadowRoot.querySelector('.logs .scroller');
    const changes = new MutationObserver(() => {
      scroller.scrollLeft = 0;
      changes.disconnect();
    });
    changes.observe(scroller, { childList: true, subtree: true });
  });
  await playground.call('seek', 4_600_000);
  await expect(playground.clock()).toHaveText('4.600 s');
  await expect(playground.button('To the end')).toBeVisible();
  await expect(playground.host.locator('.logs th.index').first()).toBeInViewport();
});

test('who scrolls back by little stays there, and gets away from the end', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7&writes-per-second=20');
  await playground.call('seek', 4_000_000);
  await expect(playground.host.locator('.logs th.index').last()).toBeInViewport();
  const scroller = playground.host.locator('.logs .scroller');
  const left = () => scroller.evaluate((scroller) => scroller.scrollLeft);
  const end = await left();
  for (let nth = 1; nth <= 10; nth++) {
    await scroller.evaluate((scroller) => scroller.scrollBy({ left: -30, behavior: 'instant' }));
    // After the page has heard of it.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
    expect(end - (await left())).toBeCloseTo(30 * nth, -1);
  }
  await expect(playground.button('To the end')).toBeVisible();
});

test('an entry that is pressed says where it is and why it is committed', async ({ page }) => {
  const playground = await open(page);
  await playground.entry(2, 3).click();
  await expect(details(playground)).toContainText('Entry 3');
  await expect(details(playground)).toContainText('on the disks of 5 of 5 voters');
  await expect(playground.entry(2, 3)).toHaveClass(/\basked\b/);
  // The same index is lit in every log.
  await expect(playground.host.locator('.entry-cell.lit')).toHaveCount(5);
  await playground.button('Close').click();
  await expect(details(playground)).toBeHidden();
});

test('arrows go from entry to entry, and Enter asks', async ({ page }) => {
  const playground = await open(page);
  await playground.entry(1, 5).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowDown');
  await expect(playground.entry(2, 3)).toBeFocused();
  await expect(playground.host.locator('.entry-cell.lit')).toHaveCount(5);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(playground.entry(1, 3)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(details(playground)).toContainText('Entry 3');
  // One stop a log: the next one is in the next row.
  await page.keyboard.press('Tab');
  await expect(playground.entry(2, 5)).toBeFocused();
});

test('an entry that the leader does not have stands out, and so does a value', async ({ page }) => {
  const playground = await open(page);
  const leader = await playground.leader();
  // Nobody hears of its last write but itself; the client asks the next leader.
  await playground.host.locator(`[data-server="${leader}"]`).focus();
  await page.keyboard.press('m');
  await page.getByText('Isolate', { exact: false }).first().click();
  await playground.call('write', 'x', 'lost');
  await playground.call('seek', 5_000_000);
  await expect(playground.entry(leader, 6)).toContainText('x=lost');
  await playground.leader(leader);
  const row = playground.row(leader);
  await expect(row.locator('.entry.differs')).toHaveCount(1);
  await expect(row.locator('.entry.differs')).toHaveAttribute('aria-label', /The leader has another entry here/);
  const value = row.locator('.pair.differs');
  await expect(value).toContainText('not so on the leader');

  // It is overwritten.
  await playground.host.locator('.ring').press('h');
  await playground.call('seek', 7_000_000);
  await expect(playground.host.locator('.entry.differs')).toHaveCount(0);
  await expect(playground.host.locator('.pair.differs')).toHaveCount(0);
});

test('the focus stays with its entry where the end is left by keyboard', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.set('writes-per-second', '10');
  await playground.call('seek', 6_000_000);
  await playground.host.locator('tbody tr').nth(1).locator('button.entry[tabindex="0"]').focus();
  const focused = () =>
    playground.host.evaluate(({ shadowRoot }) => Number(shadowRoot.activeElement?.closest('td')?.dataset.index));
  const last = await focused();
  for (let left = 1; left <= 25; left++) {
    await page.keyboard.press('ArrowLeft');
    await expect.poll(focused).toBe(last - left);
    // A picture later the table may have drawn others.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  }
  expect(await focused()).toBe(last - 25);
});

test('a table that has become wider draws all columns that it has room for', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await page.setViewportSize({ width: 375, height: 800 });
  await playground.set('writes-per-second', '10');
  for (const us of [6_000_000, 500_000]) await playground.call('seek', us);
  await page.setViewportSize({ width: 1280, height: 800 });
  const blank = () =>
    playground.host.evaluate(({ shadowRoot }) => {
      const edge = (selector, side) => shadowRoot.querySelector(`.logs ${selector}`).getBoundingClientRect()[side];
      return [...shadowRoot.querySelectorAll('.logs thead .left-out')].reduce((sum, part) => {
        const { left, right } = part.getBoundingClientRect();
        return sum + Math.max(0, Math.min(right, edge('th.state', 'left')) - Math.max(left, edge('.corner', 'right')));
      }, 0);
    });
  for (const us of [900_000, 1_200_000, 1_500_000, 2_000_000]) {
    await playground.call('seek', us);
    await expect.poll(blank, `after ${us} \u00b5s`).toBeLessThan(3);
  }
});

test('whoever has scrolled back still sees the state, and a button leads to the end again', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.set('writes-per-second', '10');
  await playground.call('seek', 6_000_000);
  const scroller = playground.host.locator('.logs .scroller');
  const button = playground.button('To the end');
  await expect(button).toBeHidden();
  const end = await scroller.evaluate((scroller) => scroller.scrollLeft);
  await scroller.evaluate((scroller) => scroller.scrollTo(300, 0));
  await expect(button).toBeVisible();
  // The state lies over the entries, whole and at the right edge.
  const state = playground.host.locator('td.state').nth(2);
  await expect(state).toBeInViewport({ ratio: 1 });
  const [cell, table] = [await state.boundingBox(), await scroller.boundingBox()];
  expect(Math.abs(cell.x + cell.width - table.x - table.width)).toBeLessThan(2);
  await button.click();
  await expect(button).toBeHidden();
  await expect(scroller).toBeFocused();
  await expect.poll(() => scroller.evaluate((scroller) => scroller.scrollLeft)).toBe(end);
  // It follows again.
  await playground.call('seek', 7_000_000);
  await expect.poll(() => scroller.evaluate((scroller) => scroller.scrollLeft)).toBeGreaterThan(end + 100);
  // And whoever is on the button when it goes by itself is in the table then.
  await scroller.evaluate((scroller) => scroller.scrollTo(300, 0));
  await button.focus();
  await scroller.evaluate((scroller) => scroller.scrollTo(scroller.scrollWidth, 0));
  await expect(button).toBeHidden();
  await expect(scroller).toBeFocused();
});

test('an entry that has the focus comes out from under the state', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  const playground = await Playground.openPaused(page);
  await playground.set('writes-per-second', '10');
  await playground.call('seek', 6_000_000);
  const scroller = playground.host.locator('.logs .scroller');
  await scroller.evaluate((scroller) => scroller.scrollTo(300, 0));
  const covered = () =>
    playground.host.evaluate(({ shadowRoot }) => {
      const edge = shadowRoot.querySelector('.logs th.state').getBoundingClientRect().left;
      return shadowRoot.activeElement.getBoundingClientRect().right - edge;
    });
  await playground.host.locator('tbody tr').nth(1).locator('button.entry').first().focus();
  for (let right = 0; right < 14; right++) {
    await page.keyboard.press('ArrowRight');
    expect(await covered()).toBeLessThan(1);
  }
});

test('entries that a snapshot covers, and that are kept all the same, stand under one roof', async ({ page }) => {
  const playground = await open(page);
  const leader = await playground.leader();
  await playground.host.locator(`[data-server="${leader}"]`).focus();
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: 'Take a snapshot' }).click();
  await playground.call('seek', 2_500_000);
  const covered = (server) => playground.row(server).locator('.entry-cell.in-snapshot .entry');
  await expect(covered(leader)).toHaveCount(5);
  await expect(covered(leader).first()).toHaveAttribute('aria-label', /The snapshot covers it/);
  await expect(covered((leader % 5) + 1)).toHaveCount(0);
});
