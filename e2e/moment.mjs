// A lively moment: a leader and a candidate, a crashed server, entries of several terms, messages on their way.
// Pictures are made of it, and whatever has to hold however full the page is, is looked at there.

/** Brings a playground there; runs in the page. Always the same moment, as long as histories are the same. */
export async function goToLivelyMoment(element) {
  await element.ready;
  element.pause();
  const here = () => {
    const { leader, servers, messages } = element.snapshot();
    const has = (role) => servers.some((server) => server.role === role);
    return leader && has('candidate') && has('crashed') && messages.length >= 6;
  };
  // Two leaders crash, the first of them comes back; the moment is when two have stood for the third election at once.
  const tell = () => {
    element.seek(600_000);
    const first = element.snapshot().leader;
    if (!first) return false;
    element.write('x', '3');
    element.seek(700_000);
    element.write('y', '1');
    element.seek(900_000);
    element.crash(first);
    element.seek(1_500_000);
    const second = element.snapshot().leader;
    if (!second) return false;
    element.write('x', '7');
    element.seek(1_700_000);
    element.restart(first);
    element.seek(1_900_000);
    element.write('z', '9');
    // It has just come to the leader, and not to its disk.
    element.seek(1_916_000);
    element.crash(second);
    for (let us = 2_000_000; us < 2_400_000; us += 2_000) {
      element.seek(us);
      if (here()) return true;
    }
    return false;
  };
  for (let seed = 1; seed <= 200; seed++) {
    element.seed = seed;
    if (tell()) return;
  }
  throw new Error('no history of the first two hundred has such a moment');
}
