// Whatever is shown can be asked why it is there, and a question does nothing to the cluster.

import { expect, Playground, test } from './playground.mjs';

const details = (playground) => playground.host.locator('.details');

/** Time stands where a candidate has some votes, and others are on their way. */
async function standing(page) {
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  for (let us = 200_000; us < 400_000; us += 1_000) {
    await playground.call('seek', us);
    const { messages } = await playground.snapshot();
    if (messages.some(({ kind }) => kind === 'vote-granted')) return playground;
  }
  throw new Error('nobody stood for election');
}

test('a click on a vote mark asks for the vote, and crashes nobody', async ({ page }) => {
  const playground = await standing(page);
  const candidate = (await playground.snapshot()).servers.find(({ role }) => role === 'candidate').id;
  const marks = playground.host.locator('.vote-mark');
  await expect(marks).toHaveCount(5);
  for (let voter = 0; voter < 5; voter++) {
    await marks.nth(voter).click();
    await expect(details(playground)).toBeVisible();
    await expect(details(playground).locator('p').first()).not.toBeEmpty();
  }
  const { servers } = await playground.snapshot();
  expect(servers[candidate - 1].role).toBe('candidate');
});

test('the details of a candidate tell each vote, and why', async ({ page }) => {
  const playground = await standing(page);
  const candidate = (await playground.snapshot()).servers.find(({ role }) => role === 'candidate').id;
  await playground.shape(candidate).focus();
  const votes = details(playground).locator('.votes li');
  await expect(votes).toHaveCount(5);
  await votes.nth(candidate - 1).getByRole('button', { name: 'why?' }).click();
  await expect(details(playground)).toContainText('election timeout ran out');
});

test('a message says why it was sent, and leads to what led to it', async ({ page }) => {
  const playground = await standing(page);
  await page.keyboard.press('n');
  await expect(details(playground).locator('.why')).toContainText('§5.4.1');
  await details(playground).getByRole('button', { name: 'why?' }).click();
  await expect(details(playground)).toContainText('What led to it');
});

test('a write that is followed leaves its stages and the lanes whole', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  // The page goes up to it at once, and not under the next click.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  await playground.call('seek', 1_000_000);
  const width = async (selector) => (await playground.host.locator(selector).boundingBox()).width;
  const share = async () => (await width('.lanes .to-come')) / (await width('.lanes'));
  const ahead = await share();
  expect(ahead).toBeLessThan(0.6);
  await playground.button('Follow a write').click();
  await playground.button('Write, and follow it').click();
  const next = playground.button('Next stage');
  await expect(next).toBeVisible();
  let stages = 0;
  for (; await next.count(); stages++) {
    await expect(next).toBeInViewport({ ratio: 0.9 });
    const widths = await details(playground)
      .locator('li')
      .evaluateAll((stages) => stages.map((stage) => stage.getBoundingClientRect().width));
    expect(widths).toEqual(Array(8).fill(widths[0]));
    expect(widths[0]).toBeGreaterThan(200);
    await next.click();
  }
  expect(stages).toBeGreaterThan(4);
  await expect(details(playground).locator('li.done')).toHaveCount(8);
  expect(await share()).toBeLessThan(ahead);
});

test('the secondary button opens a link and leaves it whole', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  const line = await playground.host.locator('[data-link="1 2"] .link-line').boundingBox();
  await page.mouse.click(line.x + line.width / 2, line.y + line.height / 2, { button: 'right' });
  await expect(details(playground)).toContainText('Link S1 – S2');
  await expect(playground.host.locator('.link.cut')).toHaveCount(0);
});

test('what the focus is on is selected again by its key', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  await playground.call('seek', 1_000_000);
  await playground.shape(1).focus();
  await page.keyboard.press('3');
  await expect(details(playground)).toContainText('S3');
  await playground.call('seek', 1_052_000);
  for (const key of ['n', 'm']) await page.keyboard.press(key);
  await expect(playground.host.getByRole('menu')).toHaveAccessibleName(/S3/);
});

test('another branch shows its own messages', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  await playground.call('seek', 1_000_000);
  const drawn = () =>
    playground.host.evaluate((element) =>
      [...element.shadowRoot.querySelectorAll('.traffic .message:not(.aside)')]
        .map((message) => `${getComputedStyle(message).transform} ${message.querySelectorAll('path').length}`)
        .sort(),
    );
  const { leader } = await playground.snapshot();
  await playground.shape((leader % 5) + 1).focus();
  await page.keyboard.press('t');
  await playground.call('seek', 1_008_000);
  const one = await drawn();
  await playground.call('seek', 999_999);
  await page.keyboard.press('w');
  await playground.call('seek', 1_008_000);
  const other = await drawn();
  expect(other).not.toEqual(one);
  for (const expected of [one, other]) {
    await playground.host.getByRole('button', { name: /^Branches/ }).click();
    await playground.host.getByRole('button', { name: 'Switch to it' }).first().click();
    await expect.poll(drawn).toEqual(expected);
    await playground.host.getByRole('button', { name: /^Branches/ }).click();
  }
});
