// The keyboard alone: everything that the help lists, where it acts, and where it keeps out of the way.

import { expect, others, Playground, test } from './playground.mjs';

/** Presses Tab until a part of the playground has the focus. */
async function tabTo(page, part) {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (await part.evaluate((element) => element.getRootNode().activeElement === element)) return;
  }
  throw new Error('sixty presses of Tab did not reach it');
}

test('the keyboard alone crashes and restarts a server', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  const leader = await playground.leader();
  await tabTo(page, playground.shape(1));
  for (let server = 1; server < leader; server++) await page.keyboard.press('ArrowRight');
  await expect(playground.shape(leader)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(playground.label(leader)).toContainText('crashed');
  await expect(playground.shape(leader)).toBeFocused();
  await expect(playground.shape(leader)).toHaveAccessibleName(/crashed/);
  await page.keyboard.press('Enter');
  await expect(playground.label(leader)).toContainText('follower');
  await page.keyboard.press('x');
  await expect(playground.label(leader)).toContainText('crashed');
  await page.keyboard.press(' ');
  await expect(playground.label(leader)).toContainText('follower');
});

test('the ring is one stop of Tab, and the arrows go round inside', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await tabTo(page, playground.shape(1));
  for (const [key, server] of [['ArrowLeft', 5], ['ArrowUp', 4], ['ArrowRight', 5], ['ArrowDown', 1], ['ArrowDown', 2]]) {
    await page.keyboard.press(key);
    await expect(playground.shape(server)).toBeFocused();
  }
  const more = playground.host.locator('.legend summary');
  await page.keyboard.press('Tab');
  await expect(playground.writeButton()).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(playground.shape(2)).toBeFocused();
  // The legend comes after the buttons, for the eye and for Tab alike.
  const follows = (one, other) =>
    other.evaluate((other, one) => Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING), one);
  expect(await follows(await playground.writeButton().elementHandle(), more)).toBe(true);
  const [button, legend] = [await playground.writeButton().boundingBox(), await more.boundingBox()];
  expect(legend.y).toBeGreaterThan(button.y);
});

test('a focused part can be seen to be focused', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await tabTo(page, playground.shape(1));
  const halo = playground.shape(1).locator('.halo');
  await expect(halo).toHaveCSS('stroke-width', '3px');
  await expect(playground.shape(2).locator('.halo')).not.toHaveCSS('stroke-width', '3px');
  await tabTo(page, playground.writeButton());
  await expect(playground.writeButton()).toHaveCSS('outline-style', 'solid');
});

test('digits select a server', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await tabTo(page, playground.shape(1));
  for (const server of others(1)) {
    await page.keyboard.press(String(server));
    await expect(playground.shape(server)).toBeFocused();
    await expect.poll(async () => (await playground.snapshot()).selected).toBe(server);
  }
  await tabTo(page, playground.slider());
  await page.keyboard.press('x');
  await expect(playground.label(5)).toContainText('crashed');
});

test('Space plays and pauses, unless a control has the focus', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.host.locator('.playground').focus();
  await page.keyboard.press(' ');
  await expect(playground.button('Pause')).toBeVisible();
  await page.keyboard.press(' ');
  await expect(playground.button('Play')).toBeVisible();
  await playground.button('Next event').focus();
  const { traceHash } = await playground.snapshot();
  await page.keyboard.press(' ');
  await expect.poll(async () => (await playground.snapshot()).traceHash).not.toBe(traceHash);
  await expect(playground.button('Play')).toBeVisible();
});

test('after a click Space plays and pauses, wherever the click was', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  const leader = await playground.leader();
  const toggles = async () => {
    for (const name of ['Pause', 'Play']) {
      await page.keyboard.press(' ');
      await expect(playground.button(name)).toBeVisible();
    }
  };
  await playground.shape(leader).click();
  await expect(playground.label(leader)).toContainText('crashed');
  await toggles();
  await expect(playground.label(leader)).toContainText('crashed');
  await page.keyboard.press('Enter');
  await expect(playground.label(leader)).toContainText('follower');
  await playground.writeButton().click();
  const write = await playground.writeButton().innerText();
  await toggles();
  await expect(playground.writeButton()).toHaveText(write);
  await playground.slider().click();
  await toggles();
  await page.getByRole('slider', { name: '1 s of the cluster takes' }).click();
  await toggles();
  await playground.slider().focus();
  await page.keyboard.press('ArrowLeft');
  await toggles();
  await playground.host.locator('.logs .scroller').focus();
  await toggles();
});

test('full stop and comma go to the next event and the previous', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.host.locator('.playground').focus();
  const { traceHash } = await playground.snapshot();
  await page.keyboard.press('.');
  await expect.poll(async () => (await playground.snapshot()).traceHash).not.toBe(traceHash);
  const next = (await playground.snapshot()).traceHash;
  await page.keyboard.press('.');
  await expect.poll(async () => (await playground.snapshot()).traceHash).not.toBe(next);
  await page.keyboard.press(',');
  await expect.poll(async () => (await playground.snapshot()).traceHash).toBe(next);
});

test('on the page itself keys act before anything has been clicked', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  const { traceHash } = await playground.snapshot();
  await page.keyboard.press('.');
  await expect.poll(async () => (await playground.snapshot()).traceHash).not.toBe(traceHash);
  await page.keyboard.press(' ');
  await expect(playground.button('Pause')).toBeVisible();
  await page.keyboard.press(' ');
  await expect(playground.button('Play')).toBeVisible();
  const shown = await playground.snapshot();
  for (const modifier of ['Control', 'Alt']) await page.keyboard.press(`${modifier}+.`);
  expect(await playground.snapshot()).toEqual(shown);
  // Once: what has the focus takes the key, and the page does not take it again.
  await playground.button('Play').focus();
  await page.keyboard.press(' ');
  await expect(playground.button('Pause')).toBeVisible();
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.evaluate(() => document.activeElement.blur());
  const { lang } = await playground.snapshot();
  await page.keyboard.press('l');
  expect((await playground.snapshot()).lang).toBe(lang);
});

test('brackets change the speed', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  const output = playground.host.locator('.speed output');
  await playground.host.locator('.playground').focus();
  await page.keyboard.press('[');
  await expect(output).toHaveText('50 s');
  await page.keyboard.press(']');
  await page.keyboard.press(']');
  await expect(output).toHaveText('10 s');
});

test('W writes and L changes the language', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  const leader = await playground.leader();
  await playground.host.locator('.playground').focus();
  await page.keyboard.press('w');
  await playground.call('seek', 1_020_000);
  await expect(playground.entry(leader, 2)).toContainText('x=1');
  await page.keyboard.press('l');
  await expect(page.getByRole('heading', { name: 'Raft 演练场', level: 1 })).toBeVisible();
  await page.keyboard.press('L');
  await expect(page.getByRole('heading', { name: 'Raft Playground', level: 1 })).toBeVisible();
});

test('the help opens with ?, lists the keys, and gives the focus back', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await tabTo(page, playground.writeButton());
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help' });
  await expect(help).toBeVisible();
  for (const key of ['Space', '. ,', '[ ]', '1 – 9', '← → ↑ ↓', 'Enter, X', 'W', 'R', 'P', 'H', 'L', '?']) {
    await expect(help.getByText(key, { exact: true })).toBeVisible();
  }
  // No key goes through to the cluster behind.
  await page.keyboard.press('w');
  await page.keyboard.press('l');
  await expect(help).toHaveAccessibleName('Help');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(playground.writeButton()).toBeFocused();
  await playground.button('Help').click();
  await expect(help).toBeVisible();
  await help.getByRole('button', { name: 'Close' }).click();
  await expect(help).toBeHidden();
});

for (const modifier of ['Control', 'Alt', 'Meta']) {
  test(`no key acts while ${modifier} is held`, async ({ page }) => {
    const playground = await Playground.openPaused(page);
    await playground.call('seek', 1_000_000);
    await playground.shape(1).focus();
    const shown = await playground.snapshot();
    // Sent straight to the page: the browser itself would open and close things.
    const taken = await playground.shape(1).evaluate((shape, modifier) => {
      const keys = [' ', 'Enter', 'x', '.', ',', '[', ']', 'w', 'r', 'p', 'h', 'l', '?', '2', 'ArrowRight'];
      return keys.filter((key) => {
        const event = new KeyboardEvent('keydown', {
          key, [`${{ Control: 'ctrl', Alt: 'alt', Meta: 'meta' }[modifier]}Key`]: true,
          bubbles: true, composed: true, cancelable: true,
        });
        shape.dispatchEvent(event);
        return event.defaultPrevented;
      });
    }, modifier);
    expect(taken).toEqual([]);
    expect(await playground.snapshot()).toEqual(shown);
    await expect(playground.shape(1)).toBeFocused();
    await expect(page.getByRole('dialog')).toBeHidden();
    // The same keys without it do act.
    await page.keyboard.press('x');
    await expect(playground.label(1)).toContainText('crashed');
  });
}

test('Escape closes the details, whatever opened them, and nothing if none are open', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 1_000_000);
  await playground.host.locator('.who').nth(1).click();
  const details = playground.host.locator('.details');
  await expect(details).toBeVisible();
  await page.evaluate(() => addEventListener('keydown', (event) => { globalThis.kept = event.defaultPrevented; }));
  await page.keyboard.press('Escape');
  await expect(details).toHaveCount(0);
  await playground.host.locator('.ring').press('Escape');
  expect(await page.evaluate(() => globalThis.kept)).toBe(false);
});

test('one line of the story is a stop for Tab, and arrows go from line to line', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7&writes-per-second=10');
  await playground.call('seek', 10_000_000);
  const lines = playground.host.locator('.story li');
  await expect(lines.nth(5)).toBeAttached();
  await expect(playground.host.locator('.story li button:not([tabindex="-1"])')).toHaveCount(1);
  await lines.first().locator('.when').focus();
  for (let nth = 0; nth < 30; nth++) await page.keyboard.press('ArrowDown');
  await expect(lines.nth(30).locator('.when')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(lines.nth(30).locator('.ask')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(lines.nth(29).locator('.ask')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(playground.host.locator('.story :focus')).toHaveCount(0);
});

test('arrows go through what a key has opened', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  await playground.call('seek', 1_000_000);
  await playground.shape(1).focus();
  await page.keyboard.press('p');
  const presets = playground.host.locator('#partition button');
  await expect(presets.first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(presets.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(presets.last()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(playground.host.locator('#partition')).toBeHidden();
});
