// What every test stands on: a watch over whatever goes wrong in the background, and a
// `Playground`, which finds the parts of one <raft-playground> as a reader finds them.

import { test as base, expect } from '@playwright/test';

export { expect };

export const test = base.extend({
  /** Preferences of Firefox: it has no other way to ask for reduced motion or a colour scheme. */
  prefs: [{}, { option: true, scope: 'worker' }],

  launchOptions: [
    async ({ launchOptions, browserName, prefs }, use) =>
      use(browserName === 'firefox' ? { ...launchOptions, firefoxUserPrefs: prefs } : launchOptions),
    { scope: 'worker' },
  ],

  /** Every test fails if the console complains, a request fails, or one leaves the origin. */
  watch: [
    async ({ page, baseURL }, use) => {
      const watch = new Watch(page, new URL(baseURL).origin);
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
          console.error(`forbidden by ${violatedDirective}: ${blockedURI}`),
        );
      });
      await use(watch);
      expect(watch.problems(), 'went wrong in the background').toEqual([]);
    },
    { auto: true },
  ],
});

class Watch {
  #all = [];
  #expected = [];
  /** Addresses of everything that was asked for. */
  requests = [];

  constructor(page, origin) {
    page.on('pageerror', (error) => this.#all.push(`error: ${error.message}`));
    page.on('console', (line) => {
      if (['error', 'warning'].includes(line.type())) this.#all.push(`console: ${line.text()}`);
    });
    page.on('request', (request) => {
      this.requests.push(request.url());
      const { protocol, origin: asked } = new URL(request.url());
      if (asked !== origin && !['data:', 'blob:'].includes(protocol)) {
        this.#all.push(`left the origin: ${request.url()}`);
      }
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.#all.push(`${response.status()}: ${response.url()}`);
    });
    page.on('requestfailed', (request) => {
      this.#all.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
    });
  }

  /** For tests that break something on purpose. */
  expects(pattern) {
    this.#expected.push(pattern);
  }

  problems() {
    return this.#all.filter((problem) => !this.#expected.some((pattern) => pattern.test(problem)));
  }
}

/** One <raft-playground>. */
export class Playground {
  /** The element itself. */
  host;

  constructor(host) {
    this.host = host;
  }

  /** Goes to a page and waits until its only, or first, playground runs. */
  static async open(page, address = 'index.html?seed=7') {
    await page.goto(address);
    const playground = new Playground(page.locator('raft-playground').first());
    await playground.ready();
    return playground;
  }

  /** The same with time standing, so that only what the test does moves it. */
  static async openPaused(page, address) {
    const playground = await Playground.open(page, address);
    await playground.call('pause');
    return playground;
  }

  ready() {
    return this.host.evaluate((element) => element.ready.then(() => undefined));
  }

  /** Calls a method of the element. */
  call(method, ...args) {
    return this.host.evaluate((element, [method, args]) => element[method](...args), [method, args]);
  }

  snapshot() {
    return this.call('snapshot');
  }

  /** Sets an attribute, as an author would. */
  set(attribute, value) {
    return this.host.evaluate((element, [name, value]) => element.setAttribute(name, value), [attribute, value]);
  }

  /** Fast enough for a test to see a whole election. */
  hurry() {
    return this.set('speed', '1');
  }

  /** What crashes and restarts a server. */
  shape(server) {
    return this.host.locator(`[data-server="${server}"]`);
  }

  shapes() {
    return this.host.locator('[data-server]');
  }

  /** The words beside a server. */
  label(server) {
    return this.host.locator('.ring .label').nth(server - 1);
  }

  /** The row of a server in the table of logs. */
  row(server) {
    return this.host.locator('.logs tbody tr').nth(server - 1);
  }

  /** The entry of a server's log, from 1. */
  entry(server, index) {
    return this.row(server).locator('.entry-cell').nth(index - 1).locator('.entry');
  }

  /** The key-value map of a server. */
  state(server) {
    return this.row(server).locator('td.state');
  }

  writeButton() {
    return this.host.locator('button.write');
  }

  clock() {
    return this.host.locator('.clock');
  }

  /** The time that the clock shows, in seconds. */
  async seconds() {
    return Number.parseFloat(await this.clock().innerText());
  }

  slider() {
    return this.host.locator('[role=slider]');
  }

  story() {
    return this.host.locator('.story li');
  }

  button(name) {
    return this.host.getByRole('button', { name, exact: true });
  }

  /** Who leads, by what the picture says; waits until somebody does. */
  async leader(except) {
    return (await this.leadership(except)).server;
  }

  /** Who leads and in which term, by what the picture says; waits until somebody does, other than `except`. */
  async leadership(except) {
    let found;
    await expect
      .poll(async () => (found = (await this.#leaderships()).find(({ server }) => server !== except)), {
        message: 'no server is labelled as the leader',
      })
      .toBeTruthy();
    return found;
  }

  async #leaderships() {
    const servers = await this.host.locator('.ring .server').evaluateAll((servers) =>
      servers.map((server) => ({
        label: server.querySelector('.label').textContent,
        term: Number(server.querySelector('.term')?.textContent),
      })),
    );
    return servers
      .map(({ label, term }) => ({ server: Number(/^S(\d)leader/.exec(label)?.[1]), term }))
      .filter(({ server }) => server);
  }

  /** How often the cursor of the slider moves while so many pictures of the screen go by. */
  movesDuring(frames) {
    return this.host.evaluate(async (element, frames) => {
      const cursor = element.shadowRoot.querySelector('.cursor');
      const places = [];
      for (let frame = 0; frame < frames; frame++) {
        await new Promise(requestAnimationFrame);
        places.push(getComputedStyle(cursor).transform);
      }
      return places.filter((place, frame) => frame > 0 && place !== places[frame - 1]).length;
    }, frames);
  }

  /** Where the pointer has to go for a moment: a share of the slider's length. */
  async onSlider(share) {
    const { x, y, width, height } = await this.slider().boundingBox();
    return { x: x + width * share, y: y + height / 2 };
  }
}

/** The numbers of the servers, except some. */
export function others(...except) {
  return [1, 2, 3, 4, 5].filter((server) => !except.includes(server));
}

/** A finger that goes from one place to another, as the browser gets it; only Chromium can be told so. */
export async function finger(page) {
  const session = await page.context().newCDPSession(page);
  const tell = (type, touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
  return async (from, to, steps = 8) => {
    await tell('touchStart', [from]);
    for (let step = 1; step <= steps; step++) {
      const at = (axis) => from[axis] + ((to[axis] - from[axis]) * step) / steps;
      await tell('touchMove', [{ x: at('x'), y: at('y') }]);
      await page.waitForTimeout(20);
    }
    await tell('touchEnd', []);
  };
}
