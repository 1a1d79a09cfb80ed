// What a reader does to the cluster, with the mouse, and what comes of it.

import { expect, others, Playground, test } from './playground.mjs';

test('a click on the leader crashes it, and another one is elected', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.hurry();
  const first = await playground.leadership();
  await playground.shape(first.server).click();
  await expect(playground.label(first.server)).toContainText('crashed');
  await expect(playground.row(first.server)).toContainText('crashed');
  await expect(playground.state(first.server)).toHaveText('lost');
  const second = await playground.leadership(first.server);
  expect(second.term).toBeGreaterThan(first.term);
  await expect(playground.label(first.server)).toContainText('crashed');
});

test('a click on a crashed server restarts it, and it follows', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.hurry();
  const crashed = await playground.leader();
  await playground.shape(crashed).click();
  const leader = await playground.leader(crashed);
  await playground.writeButton().click();
  await expect(playground.state(leader)).toHaveText('x 1');
  await playground.shape(crashed).click();
  await expect(playground.label(crashed)).toContainText('follower');
  // What was written while it was down reaches it.
  await expect(playground.state(crashed)).toHaveText('x 1');
  const { servers } = await playground.snapshot();
  expect(servers[crashed - 1].leader).toBe(leader);
  expect(servers[crashed - 1].log).toEqual(servers[leader - 1].log);
});

test('a click on the words beside a server only selects it', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.label(3).click();
  await expect.poll(async () => (await playground.snapshot()).selected).toBe(3);
  await expect(playground.label(3)).toContainText('follower');
  await playground.row(4).getByRole('rowheader').click();
  await expect.poll(async () => (await playground.snapshot()).selected).toBe(4);
  await expect(playground.label(4)).toContainText('follower');
});

test('a write reaches every log and every key-value map', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.hurry();
  await playground.leader();
  await expect(playground.writeButton()).toHaveText('Write x=1');
  await playground.writeButton().click();
  await expect(playground.writeButton()).toHaveText('Write y=2');
  await playground.writeButton().click();
  for (const server of others()) {
    await expect(playground.entry(server, 2)).toContainText('x=1');
    await expect(playground.entry(server, 3)).toContainText('y=2');
    await expect(playground.entry(server, 3)).toHaveClass(/\bcommitted\b/);
    await expect(playground.state(server).locator('.pair')).toHaveText(['x 1', 'y 2']);
  }
});

test('a write is not committed before a majority has it', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.hurry();
  const leader = await playground.leader();
  const [one, two, three, last] = others(leader);
  for (const server of [one, two, three]) await playground.shape(server).click();
  await playground.writeButton().click();
  await expect(playground.entry(last, 2)).toContainText('x=1');
  // As soon as the leader knows that the last one has it, it would commit if two of five were enough.
  // More than that one has it once the client, who hears nothing, has asked again.
  await expect.poll(async () => (await playground.snapshot()).servers[last - 1].matchIndex).toBeGreaterThanOrEqual(2);
  await expect(playground.entry(leader, 2)).toHaveClass(/\buncommitted\b/);
  await expect(playground.state(leader)).toHaveText('empty');
  await playground.shape(one).click();
  await expect(playground.entry(leader, 2)).toHaveClass(/\bcommitted\b/);
  for (const server of [leader, one, last]) await expect(playground.state(server)).toHaveText('x 1');
});

test('without a leader a client asks until somebody leads', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  await playground.call('seek', 0);
  const title = 'Nobody leads now: the client asks one server after the other.';
  await expect(playground.writeButton()).toHaveAttribute('title', title);
  await playground.writeButton().click();
  await expect(playground.writeButton()).toHaveText('Write y=2');
  const asking = await playground.snapshot();
  expect(asking.clients).toMatchObject([{ id: 1, waitsFor: 'x=1', tries: 1, queued: 0 }]);
  await expect(playground.story().first()).toContainText(`Client 1 asked S${asking.clients[0].asked} to write x=1`);
  await playground.call('seek', 2_000_000);
  for (const server of others()) await expect(playground.state(server)).toHaveText('x 1');
  await expect(playground.story().filter({ hasText: /Client 1 got the answer of S\d: x=1 is written/ })).toHaveCount(1);
  expect((await playground.snapshot()).clients).toMatchObject([{ id: 1, waitsFor: null, queued: 0 }]);
});

test('the page around hears of elections, commits, crashes and restarts', async ({ page }) => {
  const playground = await Playground.open(page);
  await page.evaluate(() => {
    globalThis.heard = [];
    document.body.addEventListener('raft-change', ({ detail }) => globalThis.heard.push(detail));
  });
  const heard = (kind) => page.evaluate((kind) => globalThis.heard.find((change) => change.kind === kind), kind);
  await playground.hurry();
  const leader = await playground.leader();
  await playground.call('write', 'key', 'value');
  await expect.poll(() => heard('committed')).toMatchObject({ text: `S${leader} committed key=value`, server: leader });
  await playground.call('crash', leader);
  await expect.poll(() => heard('crashed')).toMatchObject({ text: `S${leader} crashed`, server: leader });
  await playground.call('restart', leader);
  await expect.poll(() => heard('restarted')).toMatchObject({ text: `S${leader} restarted`, server: leader });
  const next = await playground.leader(leader);
  await expect.poll(() => page.evaluate(() => globalThis.heard.findLast(({ kind }) => kind === 'elected')?.server)).toBe(next);
  const change = await heard('crashed');
  expect(change.atUs).toBeGreaterThan(0);
});

test('nine properties hold, and go on holding through crashes', async ({ page }) => {
  const playground = await Playground.openPaused(page);
  const holding = playground.host.locator('.properties').getByRole('img', { name: 'has held so far' });
  await expect(holding).toHaveCount(9);
  for (const server of others()) {
    const { nowUs } = await playground.snapshot();
    await playground.call('seek', nowUs + 1_000_000);
    await playground.call('write', 'x', String(server));
    await playground.call('crash', server);
    await playground.call('seek', nowUs + 2_000_000);
    await playground.call('restart', server);
  }
  await expect(playground.state(1)).not.toHaveText('lost');
  await expect(holding).toHaveCount(9);
  expect((await playground.snapshot()).properties.map(({ holds }) => holds)).toEqual(Array(9).fill(true));
});
