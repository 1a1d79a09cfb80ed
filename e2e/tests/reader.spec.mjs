// A reader whose browser prefers Chinese and the dark: the page starts like that.

import { expect, Playground, test } from './playground.mjs';

test.use({
  locale: 'zh-CN',
  colorScheme: 'dark',
  prefs: { 'intl.accept_languages': 'zh-CN', 'layout.css.prefers-color-scheme.content-override': 0 },
});

test('the page speaks the language of the browser, and is dark where it is', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html');
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
  await expect(playground.button('播放')).toBeVisible();
  await expect(playground.button('浅色主题')).toBeVisible();
  await expect(playground.host.locator('.playground')).toHaveCSS('background-color', 'rgb(18, 20, 25)');
});

test('an embed speaks the language of its page', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'example.html');
  await expect(playground.button('Play')).toBeVisible();
});
