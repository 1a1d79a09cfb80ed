// The same recording gives the same trace hash here as natively: the story is that of
// crates/raft-sim/tests/same_bits.rs, told through the methods of the element.

import { readFileSync } from 'node:fs';

import { expect, Playground, test } from './playground.mjs';

const golden = readFileSync(new URL('../../crates/raft-sim/tests/same_bits.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'));

test('fifty histories end in the same bits as natively', async ({ page }) => {
  expect(golden).toHaveLength(50);
  const playground = await Playground.openPaused(page);
  const seeds = golden.map((line) => Number(line.split(' ')[0]));
  const told = await playground.host.evaluate(async (element, seeds) => {
    const rows = [];
    for (const seed of seeds) {
      element.seed = String(seed);
      element.seek(1_000_000);
      const before = element.snapshot().traceHash;
      element.crash((seed % 5) + 1);
      if (element.snapshot().leader) element.write('x', String(seed));
      element.seek(2_500_000);
      element.restart((seed % 5) + 1);
      element.seek(5_000_000);
      rows.push(`${seed} ${before} ${element.snapshot().traceHash}`);
      // Between two histories the page may draw.
      await new Promise(requestAnimationFrame);
    }
    return rows;
  }, seeds);
  expect(told).toEqual(golden);
});
