// Builds that are broken like the model bell.pml: sleeping and waking.
import {
  BELL,
  type BrokenBuild,
  POSITION,
  PUBLISHED,
  READER,
  RING_WRITER,
  SHORT,
  SLEEPY,
  WAITING,
  WRITER,
} from './build.js';

export const SLEEP: readonly BrokenBuild[] = [
  {
    model: 'bell',
    macro: 'RING_WITHOUT_STORE',
    patches: [
      {
        file: BELL,
        from: '    cells.store(i32, bell, AWAKE);\n    cells.notify(i32, bell);\n',
        to: '    cells.notify(i32, bell);\n',
      },
    ],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'RING_WITHOUT_NOTIFY',
    patches: [{ file: BELL, from: '    cells.notify(i32, bell);\n', to: '' }],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'MISSING_RECHECK',
    patches: [{ file: BELL, from: 'if (!isReady()) sleep(i32', to: 'sleep(i32' }],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'BELL_SET_LATE',
    patches: [
      {
        file: BELL,
        from: '  cells.store(i32, bell, ASLEEP);\n  if (!isReady()) sleep(i32, bell, ASLEEP, timeoutMs);\n',
        to: '  if (!isReady()) {\n  cells.store(i32, bell, ASLEEP);\n  sleep(i32, bell, ASLEEP, timeoutMs);\n}\n',
      },
    ],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'WAKE_BEFORE_STORE',
    patches: [{ file: WRITER, from: `${PUBLISHED}    this.wake();\n`, to: `    this.wake();\n${PUBLISHED}` }],
    fixed: { ...SLEEPY, capacity: 1 },
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'WAKE_BEFORE_ADVANCE',
    patches: [{ file: READER, from: POSITION + RING_WRITER, to: RING_WRITER + POSITION }],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'WRITER_BELL_SET_LATE',
    patches: [
      { file: WAITING, from: '    writer.setBell(bell);\n', to: '' },
      {
        file: WAITING,
        from: '() => writer.look() > 0, FOREVER_MS);',
        to: '() => { const ready = writer.look() > 0; writer.setBell(bell); return ready; }, FOREVER_MS);',
      },
    ],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'END_WITHOUT_WAKE',
    patches: [
      {
        file: WRITER,
        from: '    cells.store(i32, cell + at.END_KIND, kind);\n    this.wake();\n',
        to: '    cells.store(i32, cell + at.END_KIND, kind);\n',
      },
    ],
    fixed: SHORT,
    faults: ['hang'],
  },
];
