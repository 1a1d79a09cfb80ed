// The same recording gives the same trace hash here as natively: those of crates/raft-sim/tests/same_bits.txt, opened
// through the element.

import { readFileSync } from 'node:fs';

import { expect, Playground, test } from './playground.mjs';

const golden = readFileSync(new URL('../../crates/raft-sim/tests/same_bits.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');

test('a thousand histories end in the same bits as natively', async ({ page }) => {
  test.setTimeout(180_000);
  expect(golden).toHaveLength(1000);
  const playground = await Playground.openPaused(page);
  const codes = golden.map((line) => line.split(' ')[1]);
  const told = await playground.host.evaluate(async (element, codes) => {
    const rows = [];
    for (const code of codes) {
      if (!element.setState(code)) throw new Error(`told otherwise: ${code}`);
      if (element.getState() !== code) throw new Error(`encoded otherwise: ${code}`);
      rows.push(`${element.snapshot().traceHash} ${code}`);
      // Between some histories the page may draw.
      if (rows.length % 20 === 0) await new Promise(requestAnimationFrame);
    }
    return rows;
  }, codes);
  expect(told).toEqual(golden);
});
