// How the functional tests in tests/ meet the page: in the browsers of this machine,
// served from ../dist as `cargo xtask build` left it. Playwright's own browsers are
// never downloaded.
//
// A test that only Chromium can do has `@chromium` in its title.

import { defineConfig } from '@playwright/test';

export const port = Number(process.env.PLAYGROUND_PORT ?? 4173);

export const chromium = {
  browserName: 'chromium',
  launchOptions: {
    executablePath: process.env.PLAYGROUND_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      // Root, as in containers, has no sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
};

export const firefox = {
  browserName: 'firefox',
  // Drives an unpatched Firefox.
  channel: 'moz-firefox',
  launchOptions: {
    executablePath: process.env.PLAYGROUND_FIREFOX ?? '/usr/bin/firefox-esr',
  },
};

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results',
  // A test that passes at the second try is a test that failed.
  retries: 0,
  forbidOnly: true,
  // The page is a real-time picture: two at once do no harm, more would be a load on a small machine.
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'chromium', use: chromium },
    { name: 'firefox', use: firefox, grepInvert: /@chromium/ },
  ],
  webServer: {
    command: `node server.mjs ../dist ${port}`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
    timeout: 20_000,
  },
});
