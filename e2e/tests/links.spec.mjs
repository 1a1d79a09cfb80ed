// Links that replay exactly what somebody saw: the code of a recording behind the hash of the address.

import { expect, Playground, test } from './playground.mjs';

/** A history with a crash in it, and its code. */
async function told(playground) {
  return playground.host.evaluate((element) => {
    element.seek(1_000_000);
    element.crash(element.snapshot().leader);
    element.seek(2_345_678);
    return { code: element.getState(), hash: element.snapshot().traceHash };
  });
}

test('a link shows exactly what was shown, and stands still', async ({ page }) => {
  const { code, hash } = await told(await Playground.openPaused(page, 'index.html?seed=7'));
  expect(code.length).toBeLessThan(60);
  const opened = await Playground.open(page, `index.html#${code}`);
  const { traceHash, nowUs, playing } = await opened.snapshot();
  expect({ traceHash, nowUs }).toEqual({ traceHash: hash, nowUs: 2_345_678 });
  expect(await opened.host.evaluate((element) => element.getState())).toBe(code);
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(playing).toBe(false);
});

test('another link in the same page is opened, too', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'index.html?seed=7');
  const { code, hash } = await told(playground);
  await playground.host.evaluate((element) => element.seek(0));
  await page.evaluate((code) => (location.hash = code), code);
  await expect.poll(async () => (await playground.snapshot()).traceHash).toBe(hash);
});

for (const [what, hash, said] of [
  ['of a later version', 'v9.AAAA', 'version 9'],
  ['with a wrong character', 'v1.AB!C', 'character 6'],
  ['that is not whole', 'v1.AAAA', 'This link cannot be opened'],
]) {
  test(`a link ${what} is answered by a clear message, and a cluster runs all the same`, async ({ page }) => {
    const playground = await Playground.open(page, `index.html#${hash}`);
    await expect(page.getByRole('alert')).toContainText(said);
    await playground.hurry();
    await playground.leader();
  });
}

test('a new cluster takes the link out of the address', async ({ page }) => {
  const { code } = await told(await Playground.openPaused(page, 'index.html?seed=7'));
  const opened = await Playground.open(page, `index.html#${code}`);
  await opened.button('New cluster').click();
  await expect.poll(() => new URL(page.url()).hash).toBe('');
});

test('whoever does something to the cluster of a link takes the link out of the address', async ({ page }) => {
  const { code } = await told(await Playground.openPaused(page, 'index.html?seed=7'));
  const opened = await Playground.open(page, `index.html#${code}`);
  await opened.button('Previous event').click();
  expect(new URL(page.url()).hash).toBe(`#${code}`);
  await opened.writeButton().click();
  await expect.poll(() => new URL(page.url()).hash).toBe('');
});

test('an embed opens the code of its attribute, and leaves the address of its page alone', async ({ page }) => {
  const playground = await Playground.openPaused(page, 'example.html');
  const { code, hash } = await told(playground);
  await playground.host.evaluate((element) => element.seek(0));
  await playground.set('state', code);
  await expect.poll(async () => (await playground.snapshot()).traceHash).toBe(hash);
  expect(new URL(page.url()).hash).toBe('');
});

test('setState throws at what is no code, and nothing happens', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  const thrown = await playground.host.evaluate((element) => {
    const before = element.getState();
    const messages = [7, 'v1.', 'hello'].map((code) => {
      try {
        element.setState(code);
        return 'nothing thrown';
      } catch ({ message }) {
        return message;
      }
    });
    return { messages, same: element.getState() === before };
  });
  expect(thrown.same).toBe(true);
  expect(thrown.messages[0]).toContain('must be a string');
  for (const message of thrown.messages.slice(1)) expect(message).toContain('cannot be opened');
});
