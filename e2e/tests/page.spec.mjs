// The page itself: it starts, without help from anywhere else, and says what keeps it from starting.

import { expect, Playground, test } from './playground.mjs';

test('the page starts without an error, and a leader appears', async ({ page, watch }) => {
  await page.goto('');
  const playground = new Playground(page.locator('raft-playground'));
  await expect(page).toHaveTitle('Raft Playground');
  const leader = await playground.leader();
  await expect(playground.label(leader)).toBeVisible();
  await expect(page.getByRole('button', { name: new RegExp(`^S${leader}, leader, term \\d+`) })).toBeVisible();
  await expect(playground.row(leader)).toContainText('leader');
  await expect(playground.story().filter({ hasText: `S${leader} is the leader of term` })).toBeVisible();
  // The watch would have found anything from elsewhere; this shows that it was looking.
  expect(watch.requests.some((address) => address.endsWith('.wasm'))).toBe(true);
});

test('a first picture stands there until the program runs', async ({ page }) => {
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('', { waitUntil: 'domcontentloaded' });
  const picture = page.locator('svg.first-picture');
  await expect(picture).toBeVisible();
  await expect(page.locator('.playground')).toHaveCount(0);
  letGo();
  await expect(page.locator('.playground')).toBeVisible();
  await expect(picture).toBeHidden();
});

test('a program that cannot be loaded leaves a message, the first picture and an event', async ({ page, watch }) => {
  watch.expects(/web_bg\.wasm|[Ww]eb[Aa]ssembly|404/);
  await page.addInitScript(() => {
    globalThis.seen = new Promise((resolve) => addEventListener('raft-error', (event) => resolve(event.detail.message)));
  });
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, contentType: 'text/plain', body: 'not found' }));
  await page.goto('');
  await expect(page.getByRole('alert')).toContainText('The playground could not be loaded.');
  await expect(page.locator('svg.first-picture')).toBeVisible();
  expect(await page.evaluate(() => globalThis.seen)).toContain('The playground could not be loaded.');
  const refusal = page.locator('raft-playground').evaluate((element) => element.ready.catch((error) => error.name));
  expect(await refusal).toBe('Error');
});

test('everything works under a strict policy', async ({ page }) => {
  const answer = await page.goto('strict/index.html?seed=7');
  expect(answer.headers()['content-security-policy']).toContain("default-src 'none'");
  const playground = new Playground(page.locator('raft-playground'));
  await playground.ready();
  await playground.hurry();
  const leader = await playground.leader();
  await playground.writeButton().click();
  await expect(playground.state(leader)).toHaveText('x 1');
  await playground.shape(leader).click();
  await expect(playground.label(leader)).toContainText('crashed');
  // The style is there too: without it the panels would have no frame.
  await expect(page.locator('.panel').first()).toHaveCSS('border-top-style', 'solid');
});

test('without a seed in the address each visit is another history', async ({ page }) => {
  const seeds = new Set();
  for (const _ of [1, 2, 3]) {
    const playground = await Playground.open(page, 'index.html');
    seeds.add((await playground.snapshot()).seed);
  }
  expect(seeds.size).toBe(3);
});

test('the same seed is the same history', async ({ page }) => {
  const hashes = new Set();
  for (const _ of [1, 2]) {
    const playground = await Playground.openPaused(page, 'index.html?seed=18446744073709551615');
    await expect(page.getByText('Seed 18446744073709551615')).toBeVisible();
    await playground.call('seek', 3_000_000);
    hashes.add((await playground.snapshot()).traceHash);
  }
  expect(hashes.size).toBe(1);
});

test('another cluster is one click away', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 2_000_000);
  await playground.button('New cluster').click();
  await expect(page.getByText('Seed 7', { exact: true })).toBeHidden();
  await expect(playground.story()).toHaveCount(0);
  const { seed } = await playground.snapshot();
  expect(seed).not.toBe('7');
  await expect.poll(() => new URL(page.url()).searchParams.get('seed')).toBe(seed);
});

for (const seed of ['abc', '-1', '18446744073709551616', '1.5', '+7']) {
  const words = {
    en: `“${seed}” is not a seed: a whole number from 0 to 18446744073709551615.`,
    zh: `“${seed}”不是种子：种子是 0 到 18446744073709551615 之间的整数。`,
  };
  test(`?seed=${seed} is answered by a clear message, and a cluster runs all the same`, async ({ page }) => {
    const playground = await Playground.open(page, `index.html?seed=${encodeURIComponent(seed)}`);
    const message = page.getByRole('alert');
    await expect(message).toContainText(words.en);
    const { seed: instead } = await playground.snapshot();
    await expect(message).toContainText(`This is seed ${instead} instead.`);
    await playground.button('中文').click();
    await expect(message).toContainText(words.zh);
    await expect(message).toContainText(`现在改用种子 ${instead}。`);
    await playground.call('seek', 2_000_000);
    expect((await playground.snapshot()).leader).toBeTruthy();
    await playground.button('新集群').click();
    await expect(message).toBeHidden();
  });
}

test('an empty seed is none', async ({ page }) => {
  const playground = await Playground.open(page, 'index.html?seed=');
  await expect(page.getByRole('alert')).toBeHidden();
  expect((await playground.snapshot()).seed).not.toBe('0');
});

test('the address asks for a size and a busy client', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7&nodes=3&writes-per-second=100');
  await expect(playground.shapes()).toHaveCount(3);
  await playground.call('seek', 2_000_000);
  expect((await playground.snapshot()).servers[0].log.length).toBeGreaterThan(100);
});

test('the language and the theme that were chosen are there again after a reload', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.button('中文').click();
  await playground.button('深色主题').click();
  await page.reload();
  await playground.ready();
  await expect(playground.button('English')).toBeVisible();
  await expect(playground.host.locator('.playground')).toHaveAttribute('data-theme', 'dark');
});

test('a busy client fills the states, and the rows keep their height', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7&writes-per-second=20');
  const height = async () => (await playground.row(1).boundingBox()).height;
  const before = await height();
  const ring = await playground.host.locator('.picture').boundingBox();
  await playground.call('seek', 4_000_000);
  await expect(playground.state(1).locator('.pair')).toHaveCount(8);
  expect(await height()).toBe(before);
  expect(await playground.host.locator('.picture').boundingBox()).toEqual(ring);
});

for (const [width, height] of [[844, 390], [1366, 650]]) {
  test(`in a window of ${width} x ${height} time is one row at the bottom`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const playground = await Playground.openPaused(page);
    await playground.call('seek', 1_000_000);
    const dock = await playground.host.locator('.transport').boundingBox();
    expect(dock.height).toBeLessThan(70);
    expect(dock.y + dock.height).toBeCloseTo(height, 0);
    await playground.writeButton().click();
    await playground.slider().click({ position: { x: 20, y: 15 } });
    expect((await playground.snapshot()).nowUs).toBeLessThan(1_000_000);
  });
}
