// Runs the example `turn` of raft-sim as WebAssembly, and prints how many seconds of the processor a run takes, in the
// median. The first runs are compiled on the way, and are not the median.
import { readFileSync } from 'node:fs';

const module = await WebAssembly.compile(readFileSync(process.argv[1]));
const times = [];
for (let run = 0; run < 7; run++) {
  const { exports } = await WebAssembly.instantiate(module);
  const before = process.cpuUsage();
  exports.main(0, 0);
  const { user, system } = process.cpuUsage(before);
  times.push((user + system) / 1e6);
}
times.sort((a, b) => a - b);
console.log(times[3]);
