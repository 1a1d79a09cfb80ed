// The languages and the themes: what is taken from the reader's settings, and what the buttons change.

import { expect, Playground, test } from './playground.mjs';

/** How light the background is, from 0 to 255. */
async function lightness(playground) {
  const colour = await playground.host
    .locator('.playground')
    .evaluate((element) => getComputedStyle(element).backgroundColor);
  const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
  return (red + green + blue) / 3;
}

test('the language is switched by a button, everywhere and at once', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  await playground.button('中文').click();
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
  await expect(page.getByRole('heading', { name: 'Raft 演练场' }).first()).toBeVisible();
  await expect(playground.writeButton()).toHaveText('写入 x=1');
  await expect(playground.clock()).toHaveText('1.000 秒');
  await expect(playground.story().first()).toContainText(/[\u4e00-\u9fff]/);
  // Nothing stays behind: of Latin letters there are only names, units and the words of the paper.
  const kept = /S\d|Raft|Leader|Follower|Candidate|English|ms|match|next|no-op/g;
  const words = await playground.host.locator('.playground').innerText();
  const left = words.replace(kept, '').match(/[A-Za-z]{2,}/g);
  expect(left).toBeNull();
  for (const part of await playground.host.locator('.playground [aria-label]').all()) {
    expect((await part.getAttribute('aria-label')).replace(kept, '')).not.toMatch(/[A-Za-z]{2,}/);
  }
  await playground.button('English').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(playground.writeButton()).toHaveText('Write x=1');
});

test('a crash in Chinese is told in Chinese', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.set('lang', 'zh-CN');
  await playground.shape(3).click();
  await expect(playground.label(3)).toContainText('S3已宕机');
  await expect(playground.state(3)).toHaveText('已丢失');
  await expect(playground.story().first()).toContainText('S3 宕机');
});

test('the theme is switched by a button', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  expect(await lightness(playground)).toBeGreaterThan(200);
  await playground.button('Dark theme').click();
  await expect.poll(() => lightness(playground)).toBeLessThan(60);
  await playground.button('Light theme').click();
  await expect.poll(() => lightness(playground)).toBeGreaterThan(200);
});

test('a reader who changes to dark sees it at once @chromium', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  expect(await lightness(playground)).toBeGreaterThan(200);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => lightness(playground)).toBeLessThan(60);
});
