// Builds that are broken like the model sequence.pml: sequences in three cells.
import {
  type BrokenBuild,
  LOAD_AGAIN,
  LOAD_HI,
  LOAD_LO,
  SEQUENCE,
  SEQUENCES,
  STORED,
  STORED_AGAIN,
  STORED_LO,
} from './build.js';

export const CURSOR: readonly BrokenBuild[] = [
  {
    model: 'sequence',
    macro: 'STORE_LO_FIRST',
    patches: [{ file: SEQUENCE, from: STORED + STORED_LO, to: STORED_LO + STORED }],
    fixed: SEQUENCES,
    faults: ['sequence'],
  },
  {
    model: 'sequence',
    macro: 'STORE_COPY_EARLY',
    patches: [{ file: SEQUENCE, from: STORED_LO + STORED_AGAIN, to: STORED_AGAIN + STORED_LO }],
    fixed: SEQUENCES,
    faults: ['sequence'],
  },
  {
    model: 'sequence',
    macro: 'STORE_LO_ONLY',
    patches: [{ file: SEQUENCE, from: 'if (hi === highBits(before)) {', to: 'if (hi >= 0) {' }],
    fixed: SEQUENCES,
    faults: ['sequence'],
  },
  {
    model: 'sequence',
    macro: 'LOAD_IN_ORDER_OF_STORES',
    patches: [
      { file: SEQUENCE, from: `${LOAD_AGAIN}${LOAD_LO}${LOAD_HI}`, to: `${LOAD_HI}${LOAD_LO}${LOAD_AGAIN}` },
    ],
    fixed: SEQUENCES,
    faults: ['sequence'],
  },
  {
    model: 'sequence',
    macro: 'LOAD_WITHOUT_COPY',
    patches: [{ file: SEQUENCE, from: LOAD_HI, to: '    const hi = again;\n' }],
    fixed: SEQUENCES,
    faults: ['sequence'],
  },
  {
    model: 'sequence',
    macro: 'TORN_TAKEN_AT_ONCE',
    patches: [
      {
        file: SEQUENCE,
        from: 'if (hi === hiBefore && lo === loBefore && again === againBefore) {',
        to: 'if (hi > hiBefore) {',
      },
    ],
    fixed: SEQUENCES,
    faults: ['sequence'],
  },
  {
    model: 'sequence',
    macro: 'TORN_WAITED_FOR',
    patches: [{ file: SEQUENCE, from: '    hiBefore = hi;\n', to: '' }],
    fixed: { ...SEQUENCES, writer: { dies: true } },
    faults: ['hang'],
  },
];
