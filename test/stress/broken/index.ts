// For each broken model a build of the code that is broken in the same way, and the scenarios in which it has to show.
import { SLEEP } from './bell.js';
import type { BrokenBuild } from './build.js';
import { CHAIN } from './chain.js';
import { HANDOVER } from './handover.js';
import { JOIN } from './join.js';
import { LAPPING } from './lapped.js';
import { LINES } from './lines.js';
import { OWNERSHIP } from './owner.js';
import { RETENTION } from './retained.js';
import { RING } from './ring.js';
import { CURSOR } from './sequence.js';
import { SLOTS } from './slots.js';

export { MEASURES } from './measures.js';

export const BROKEN_BUILDS: readonly BrokenBuild[] = [
  ...RING,
  ...SLEEP,
  ...CHAIN,
  ...JOIN,
  ...LINES,
  ...OWNERSHIP,
  ...HANDOVER,
  ...RETENTION,
  ...CURSOR,
  ...LAPPING,
  ...SLOTS,
];
