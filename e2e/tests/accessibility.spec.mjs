// For everyone: what axe finds, names and announcements, and the width and zoom of any screen.

import AxeBuilder from '@axe-core/playwright';

import { goToLivelyMoment } from '../moment.mjs';
import { expect, others, Playground, test } from './playground.mjs';

/** What axe finds to be serious or critical: the rule, and the elements. */
async function findings(page) {
  // It looks at every element, several times: on two busy cores that takes its time.
  test.slow();
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })) }));
}

for (const theme of ['light', 'dark']) {
  for (const lang of ['en', 'zh']) {
    test(`axe finds nothing serious on the page, ${theme}, ${lang} @chromium`, async ({ page }) => {
      const playground = await Playground.openPaused(page);
      await playground.set('theme', theme);
      await playground.set('lang', lang);
      expect(await findings(page)).toEqual([]);
      await playground.host.evaluate(goToLivelyMoment);
      await expect(playground.story().nth(5)).toBeAttached();
      expect(await findings(page)).toEqual([]);
      await playground.button(lang === 'en' ? 'Help' : '帮助').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });
  }
}

test('axe finds nothing serious in an embedding page, nor in a message @chromium', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'example.html');
  await playground.host.evaluate(goToLivelyMoment);
  await expect(playground.story().nth(5)).toBeAttached();
  expect(await findings(page)).toEqual([]);
  await Playground.openPaused(page, 'index.html?seed=abc');
  await expect(page.getByRole('alert')).toBeVisible();
  expect(await findings(page)).toEqual([]);
});

test('the name of a server says all', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.host.evaluate(goToLivelyMoment);
  const { servers } = await playground.snapshot();
  for (const { id, role, term, log, commitIndex, votes, votedFor } of servers) {
    const facts = `S${id}, ${role}, term ${term}, ${log.length} entries, ${commitIndex} committed`;
    const tally = votes.includes(id) ? `${votes.length} of 5 votes` : 'writing its own vote';
    const gave = role === 'follower' && votedFor && votedFor !== id ? `${facts}, voted for S${votedFor}` : facts;
    const name = role === 'candidate' ? `${facts}, ${tally}` : gave;
    await expect(playground.shape(id)).toHaveAccessibleName(name);
    await expect(playground.shape(id)).toHaveRole('button');
  }
});

test('elections and crashes are announced, politely and not too often', async ({ page }) => {
  const playground = await Playground.open(page);
  const status = playground.host.getByRole('status');
  await playground.hurry();
  const leader = await playground.leader();
  await expect(status).toContainText(`S${leader} is the leader of term`);
  const said = playground.host.evaluate((element) => {
    const status = element.shadowRoot.querySelector('[role=status]');
    const times = [];
    return new Promise((done) => {
      const observer = new MutationObserver(() => {
        times.push(performance.now());
        if (times.length === 3) {
          observer.disconnect();
          done(times);
        }
      });
      observer.observe(status, { childList: true, characterData: true, subtree: true });
    });
  });
  for (const server of others()) {
    await playground.shape(server).click();
    await expect(playground.label(server)).toContainText('crashed');
    await playground.shape(server).click();
    await expect(playground.label(server)).not.toContainText('crashed');
  }
  await expect(status).toContainText('S5');
  const times = await said;
  // A second each, less what timers may be early and the drawing late.
  for (const [which, time] of times.slice(1).entries()) expect(time - times[which]).toBeGreaterThan(800);
});

for (const [name, width, height] of [
  ['320 px', 320, 640],
  ['375 px', 375, 812],
  ['a screen of 1280 px at 200 %', 640, 450],
  ['768 px', 768, 1024],
  ['1280 px', 1280, 900],
]) {
  test(`nothing overlaps or scrolls sideways at ${name}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    for (const address of ['index.html?seed=7', 'example.html']) {
      const playground = await Playground.openPaused(page, address);
      await playground.host.evaluate(goToLivelyMoment);
      for (const lang of ['en', 'zh']) {
        await playground.set('lang', lang);
        await expect(playground.host.locator('.playground')).toHaveAttribute('lang', new RegExp(`^${lang}`));
        expect(await sideways(page), 'parts that stick out').toEqual([]);
        expect(await playground.host.evaluate(overlaps), 'parts that overlap').toEqual([]);
        expect(await playground.host.evaluate(tooSmall), 'parts too small to hit').toEqual([]);
      }
      // Each server can be hit in its middle.
      for (const server of others()) {
        const crashed = /crashed|宕机/;
        const was = crashed.test(await playground.label(server).textContent());
        await playground.shape(server).click();
        const label = expect(playground.label(server));
        await (was ? label.not : label).toContainText(crashed);
      }
    }
  });
}

/** What makes the page wider than its window; what a part scrolls inside itself does not. */
function sideways(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const all = [...document.querySelectorAll('*')].flatMap((element) => [
      element,
      ...(element.shadowRoot?.querySelectorAll('*:not(.scroller *, svg *)') ?? []),
    ]);
    const out = all
      .map((element) => ({ element, right: element.getBoundingClientRect().right }))
      .filter(({ right }) => right > clientWidth);
    return [`${scrollWidth} > ${clientWidth}`, ...out.map(({ element, right }) => `${right}: ${element.outerHTML.slice(0, 80)}`)];
  });
}

/** Which labels and shapes of the ring lie on each other, and which words stick out of it. Runs in the page. */
function overlaps(element) {
  const root = element.shadowRoot;
  const ring = root.querySelector('.ring').getBoundingClientRect();
  const parts = [...root.querySelectorAll('.ring .server')].flatMap((server) => {
    const label = server.querySelector('.label');
    const outline = server.querySelector('.rim') ?? server.querySelector('.outline');
    return [
      { name: label.textContent, box: label.getBoundingClientRect() },
      { name: `shape of ${label.textContent}`, box: outline.getBoundingClientRect() },
    ];
  });
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const found = parts.flatMap((one, place) =>
    parts.slice(place + 1).filter((other) => meet(one.box, other.box)).map((other) => `${one.name} on ${other.name}`),
  );
  const out = parts.filter(
    ({ box }) =>
      box.left < ring.left - 1 || box.right > ring.right + 1 || box.top < ring.top - 1 || box.bottom > ring.bottom + 1,
  );
  return [...found, ...out.map(({ name }) => `${name} out of the ring`)];
}

/** What can be pressed but is smaller than 24 px. Runs in the page. */
function tooSmall(element) {
  const targets = element.shadowRoot.querySelectorAll('button, input, [role=button], [role=slider]');
  return [...targets]
    .map((target) => {
      const { width, height } = target.getBoundingClientRect();
      // A box is that of the line without its width.
      const line = target.querySelector('.link-hit');
      const wide = line ? Number.parseFloat(getComputedStyle(line).strokeWidth) : 0;
      return { target, box: { width: width + wide, height: height + wide } };
    })
    .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
    .map(({ target, box }) => `${target.outerHTML.slice(0, 60)}: ${box.width} x ${box.height}`);
}
