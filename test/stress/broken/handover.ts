// Builds that are broken like the model handover.pml: sources that are given to workers.
import type { Ending, Fixed } from '../scenario.js';
import { type BrokenBuild, WRITER_BY_HAND } from './build.js';

const FEED = 'src/engine/feed.ts';
const GRAPH = 'src/engine/graph.ts';
const SOURCE = 'src/engine/source-node.ts';
const WORKER = 'src/engine/worker-host.ts';

const given = (ending: Ending, capacity = 64): Fixed => ({
  kind: 'handover',
  capacity,
  handover: { ending },
});

export const HANDOVER: readonly BrokenBuild[] = [
  {
    model: 'handover',
    macro: 'GIVEN_UNPUBLISHED',
    patches: [
      {
        file: SOURCE,
        from: '    this.flush();\n    this.opened.clear();\n    const stamps',
        to: '    this.opened.clear();\n    const stamps',
      },
    ],
    fixed: given('returns'),
    faults: ['order'],
  },
  {
    model: 'handover',
    macro: 'ENDED_WHILE_WRITTEN',
    patches: [
      {
        file: FEED,
        from: '    this.asked ??= payload;\n',
        to: '    this.asked ??= payload;\n    new JournalWriter(this.source.outlet.journal).end(EndKind.COMPLETE);\n',
      },
    ],
    fixed: given('is stopped', 2),
    faults: ['order', 'count'],
  },
  {
    model: 'handover',
    macro: 'ENDED_AGAIN',
    patches: [{ file: FEED, from: '    if (endKind(outlet.journal) === EndKind.OPEN) {\n', to: '    {\n' }],
    fixed: given('fails'),
    faults: ['order'],
  },
  {
    model: 'handover',
    macro: 'FREED_WHILE_FED',
    patches: [{ file: GRAPH, from: ' || this.isFed) return false;', to: ') return false;' }],
    fixed: given('is removed'),
    faults: ['order', 'count', 'hang', 'threw'],
  },
  {
    model: 'handover',
    macro: 'JOINED_UNRUNG',
    patches: [{ file: FEED, from: '    else this.worker.wake();\n', to: '' }],
    fixed: given('is stopped'),
    faults: ['unplaced'],
  },
  {
    model: 'handover',
    macro: 'JOINED_UNSEEN',
    patches: [
      { file: WRITER_BY_HAND, from: ' || this.hasNewReaders()),', to: '),' },
      {
        file: WRITER_BY_HAND,
        from: '  private hasNewReaders(): boolean {\n    return this.open === undefined && this.core.hasNewReaders;\n  }\n',
        to: '',
      },
    ],
    fixed: given('is stopped'),
    faults: ['unplaced'],
  },
  {
    model: 'handover',
    macro: 'STOPPED_UNRUNG',
    patches: [
      {
        file: WORKER,
        from: "      this.announce();\n      this.link.post({ type: 'stop' });\n",
        to: "      this.engine.memory.cells.add(this.engine.memory.i32, this.control + Control.MAIL, 1);\n      this.link.post({ type: 'stop' });\n",
      },
    ],
    fixed: given('is stopped'),
    faults: ['hang'],
  },
  {
    model: 'handover',
    macro: 'DEATH_UNNOTICED',
    patches: [
      {
        file: WORKER,
        from: '    this.onLoopEnd?.(this.stopping ? undefined : { name, message }, { name, message });\n',
        to: '',
      },
    ],
    fixed: given('dies'),
    faults: ['hang', 'unplaced'],
  },
];
