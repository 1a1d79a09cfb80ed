// What can be done to a server, what its inspector says, and the options of the cluster.

import { Playground, expect, test } from './playground.mjs';

async function led(page) {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  return { playground, leader: await playground.leader() };
}

const menu = (playground) => playground.host.getByRole('menu');

test('the secondary button opens a menu, and its items act', async ({ page }) => {
  const { playground, leader } = await led(page);
  await playground.shape(leader).click({ button: 'right' });
  await expect(menu(playground)).toBeVisible();
  await expect(menu(playground).getByRole('menuitem', { name: 'Transfer leadership to it' })).toHaveAttribute('title', 'It leads already');
  await menu(playground).getByRole('menuitem', { name: /^Pause/ }).click();
  await expect(menu(playground)).toBeHidden();
  await expect(playground.shape(leader)).toBeFocused();
  const { servers } = await playground.snapshot();
  expect(servers[leader - 1].paused).toBe(true);
});

test('keys open the menu, go through it, and leave it', async ({ page }) => {
  const { playground, leader } = await led(page);
  await playground.shape(leader).focus();
  await page.keyboard.press('m');
  await expect(menu(playground).getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(menu(playground).getByRole('menuitem').nth(1)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu(playground)).toBeHidden();
  await expect(playground.shape(leader)).toBeFocused();
});

test('T lets the selected server time out', async ({ page }) => {
  const { playground, leader } = await led(page);
  const other = (leader % 5) + 1;
  await playground.shape(other).focus();
  await page.keyboard.press('t');
  await playground.button('Next event').click();
  await expect(playground.label(other)).toContainText('candidate');
});

test('a menu at the edge of a phone is seen whole', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const { playground } = await led(page);
  for (const server of [1, 2, 3, 4, 5]) {
    await playground.shape(server).scrollIntoViewIfNeeded();
    await playground.shape(server).focus();
    await page.keyboard.press('m');
    await expect(menu(playground)).toBeVisible();
    const { x, y, width, height } = await menu(playground).boundingBox();
    expect(x).toBeGreaterThanOrEqual(0);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(320);
    expect(y + height).toBeLessThanOrEqual(640);
    await page.keyboard.press('Escape');
  }
});

test('the inspector shows figure 2 and how the server came to its role', async ({ page }) => {
  const { playground, leader } = await led(page);
  await playground.label(leader).click();
  const inspector = playground.host.locator('.server-details');
  for (const field of ['currentTerm', 'votedFor', 'commitIndex', 'lastApplied', 'nextIndex', 'matchIndex']) {
    await expect(inspector.getByText(field, { exact: true })).toBeVisible();
  }
  await expect(inspector.locator('.stage-box.now')).toContainText('leader');
  await expect(inspector.locator('.way.lit')).toHaveCount(1);
  await expect(inspector.locator('.role-diagram p')).toContainText('make a majority');
  await inspector.getByRole('button', { name: 'Close' }).click();
  await expect(inspector).toHaveCount(0);
});

test('options that exclude each other are refused in words', async ({ page }) => {
  const { playground } = await led(page);
  await playground.host.locator('[popovertarget=settings]').click();
  const lease = playground.host.getByRole('switch', { name: /^Lease reads/ });
  await expect(lease).toHaveAttribute('aria-disabled', 'true');
  await expect(lease).toContainText('need CheckQuorum');
  await playground.host.getByRole('switch', { name: /^CheckQuorum/ }).click();
  await lease.click();
  await expect(lease).toHaveAttribute('aria-checked', 'true');
});

test('a rule that is off is seen until all are on', async ({ page }) => {
  const { playground } = await led(page);
  const warning = playground.host.locator('.not-raft');
  await expect(warning).toHaveCount(0);
  await playground.host.locator('[popovertarget=rules]').click();
  const rules = playground.host.locator('.rules');
  await expect(rules.getByRole('switch')).toHaveCount(32);
  await rules.getByRole('switch').first().click();
  await expect(warning).toHaveText('Not Raft: 1 rule off');
  await rules.getByRole('button', { name: 'All on' }).click();
  await expect(warning).toHaveCount(0);
});

test('a press on a server opens its details and moves nothing under the pointer', async ({ page }) => {
  for (const height of [640, 720, 900, 1200]) {
    await page.setViewportSize({ width: 1280, height });
    const { playground, leader } = await led(page);
    const before = await playground.shape(leader).boundingBox();
    await playground.label(leader).click();
    await expect(playground.host.locator('.server-details')).toBeVisible();
    const after = await playground.shape(leader).boundingBox();
    expect(Math.abs(after.y - before.y), `at ${height}`).toBeLessThan(3);
    expect(Math.abs(after.width - before.width), `at ${height}`).toBeLessThan(3);
  }
});

test('who follows a crashed leader is told above its details, and on a phone below the ring', async ({ page }) => {
  const { playground, leader } = await led(page);
  const [above, below] = ['.server-details .latest', '.newest .latest'].map((line) => playground.host.locator(line));
  await expect(below).toBeHidden();
  await playground.shape(leader).click();
  await expect(above).toContainText(`S${leader} crashed`);
  await playground.call('seek', 2_000_000);
  const { server, term } = await playground.leadership(leader);
  await expect(above).toContainText(`S${server} is the leader of term ${term}`);

  await page.setViewportSize({ width: 375, height: 812 });
  await expect(below).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(below).toContainText(`S${server} is the leader of term ${term}`);
  await below.getByRole('button', { name: /^why/ }).click();
  await expect(playground.host.locator('.event-details')).toBeVisible();
});

for (const height of [812, 667]) {
  test(`on a phone ${height} px high details open above time, in sight, and leave the ring free`, async ({ page }) => {
    await page.setViewportSize({ width: 375, height });
    const { playground, leader } = await led(page);
    const at = (selector) => playground.host.locator(selector).boundingBox();
    await playground.label(leader).click();
    const details = playground.host.locator('.details');
    await expect(details).toBeVisible();
    const ring = async () => {
      const { y, height } = await at('.picture');
      return y + height;
    };
    await expect.poll(async () => (await ring()) - (await at('.details')).y).toBeLessThan(2);
    const [sheet, dock] = [await at('.details'), await at('.transport')];
    expect(sheet.y + sheet.height).toBeCloseTo(dock.y, 0);
    expect(sheet.height).toBeGreaterThan(180);
    expect(sheet.height).toBeLessThanOrEqual(height * 0.55);
    await details.getByRole('button', { name: 'Close' }).click();
    await expect(details).toHaveCount(0);
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);

    // Whoever is at the logs stays there, and sees it too.
    const entry = playground.entry(leader, 1);
    await entry.evaluate((entry) => scrollBy(0, entry.getBoundingClientRect().top - 100));
    const before = await entry.boundingBox();
    await page.mouse.click(before.x + before.width / 2, before.y + before.height / 2);
    await expect(playground.host.locator('.entry-details')).toBeInViewport({ ratio: 0.9 });
    expect((await entry.boundingBox()).y).toBeCloseTo(before.y, 0);
  });
}
