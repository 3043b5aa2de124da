// Builds that are broken like the model chain.pml: back-pressure through a chain of journals.
import type { Fixed } from '../scenario.js';
import { AWAKE, type BrokenBuild, RELAY, SLEEPY, WAITING, WRITER } from './build.js';

const RELAYED: Fixed = { ...SLEEPY, readers: [AWAKE], relay: { wait: 'park' } };

export const CHAIN: readonly BrokenBuild[] = [
  {
    model: 'chain',
    macro: 'ADVANCE_BEFORE_PUBLISH',
    patches: [
      {
        file: RELAY,
        from: '    writer.publish();\n    reader.advance(count);\n',
        to: '    reader.advance(count);\n    writer.publish();\n',
      },
    ],
    fixed: { ...RELAYED, capacity: 64, relay: { wait: 'hybrid' } },
    faults: ['order'],
  },
  {
    model: 'chain',
    macro: 'FULL_UNPUBLISHED',
    patches: [{ file: WAITING, from: '  writer.publish();\n', to: '' }],
    fixed: { ...RELAYED, writer: { ...RELAYED.writer, batch: 4 } },
    faults: ['hang'],
  },
  {
    model: 'chain',
    macro: 'WRITER_BELL_UNSET',
    patches: [
      {
        file: WRITER,
        from: '    this.memory.cells.store(this.memory.i32, this.journal.cell + at.WRITER_BELL, bell);\n',
        to: '',
      },
    ],
    fixed: RELAYED,
    faults: ['hang'],
  },
];
