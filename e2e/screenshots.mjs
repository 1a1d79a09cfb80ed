// `npm run screenshots`: pictures of a lively moment, wide and narrow, light and dark, in both languages, into
// screenshots/. To be looked at; nothing compares them.

import { mkdirSync, rmSync } from 'node:fs';

import playwright from 'playwright-core';

import { goToLivelyMoment } from './moment.mjs';
import { chromium, firefox } from './playwright.config.mjs';
import { serve } from './server.mjs';

const WIDTHS = [1280, 768, 375, 320];
const THEMES = ['light', 'dark'];
const LANGUAGES = ['en', 'zh-CN'];
const HEIGHTS = { 1280: 900, 768: 1024, 375: 812, 320: 640 };

const folder = new URL('screenshots/', import.meta.url);

function all() {
  const pictures = [];
  for (const width of WIDTHS) {
    for (const theme of THEMES) {
      for (const language of LANGUAGES) pictures.push({ address: 'index.html', width, theme, language });
      pictures.push({ address: 'example.html', width, theme, language: 'en' });
    }
  }
  return pictures;
}

/** Firefox shows the same; a few pictures are enough to see that it does. */
function some() {
  return [
    { address: 'index.html', width: 1280, theme: 'light', language: 'en' },
    { address: 'index.html', width: 375, theme: 'dark', language: 'zh-CN' },
  ];
}

async function take(browser, origin, { address, width, theme, language }) {
  const context = await browser.newContext({
    viewport: { width, height: HEIGHTS[width] },
    colorScheme: theme,
    locale: language,
    deviceScaleFactor: width < 500 ? 2 : 1,
  });
  const page = await context.newPage();
  await page.goto(`${origin}/${address}`);
  const playgrounds = page.locator('raft-playground');
  await playgrounds.first().evaluate(goToLivelyMoment);
  for (const playground of await playgrounds.all()) {
    // Not every browser takes theme and language from its context.
    await playground.evaluate((element, [theme, lang]) => {
      element.setAttribute('theme', theme);
      element.setAttribute('lang', lang);
    }, [theme, language]);
  }
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const name = [browser.browserType().name(), address.replace('.html', ''), width, theme, language].join('-');
  const path = (suffix) => new URL(`${name}${suffix}.png`, folder).pathname;
  await page.screenshot({ path: path('') });
  // As tall as it is: a picture of the full page would show the transport across its middle.
  await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  await page.screenshot({ path: path('-all') });
  await context.close();
  console.log(`${name}.png, ${name}-all.png`);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const server = await serve(new URL('../dist', import.meta.url).pathname, 0);
const origin = `http://127.0.0.1:${server.address().port}`;
for (const [{ browserName, launchOptions, channel }, pictures] of [[chromium, all()], [firefox, some()]]) {
  const browser = await playwright[browserName].launch({ ...launchOptions, channel });
  for (const picture of pictures) await take(browser, origin, picture);
  await browser.close();
}
server.close();
console.log(`\nThe pictures are in ${folder.pathname}`);
