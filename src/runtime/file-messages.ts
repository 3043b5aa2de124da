// What an engine and its worker for files say to each other. What is appended never travels this way; what is read does.
import type {
  Chunk,
  Cut,
  LogOptions,
  ProblemData,
  ReadRange,
  RecordLayout,
  SyncPolicy,
} from '../file/index.js';
import type { JournalHandle } from '../journal/index.js';
import type { TextTableHandle } from '../schema/index.js';

/** A journal in files that has been opened. */
export interface Opened {
  /** The sequence of the oldest record that it keeps. */
  readonly first: number;
  /** The sequence of the next record. */
  readonly next: number;
  readonly cut: Cut | undefined;
}

/** A journal in memory whose records are to be kept. */
export interface Attachment {
  readonly journal: JournalHandle;
  /** The reader's line. */
  readonly reader: number;
  /** Cell indices of the bell and the line of whoever carries them. */
  readonly bell: number;
  readonly line: number;
}

export type ToFileWorker =
  | {
      readonly type: 'init';
      readonly memory: WebAssembly.Memory | undefined;
      readonly texts: TextTableHandle;
      readonly engineBell: number;
    }
  | {
      readonly type: 'open';
      readonly id: number;
      readonly path: string;
      readonly layout: RecordLayout;
      readonly options: LogOptions;
      readonly sync: SyncPolicy;
    }
  | { readonly type: 'attach'; readonly id: number; readonly to: Attachment }
  | { readonly type: 'sync'; readonly id: number; readonly until: number }
  | { readonly type: 'close'; readonly id: number }
  | {
      readonly type: 'read';
      readonly id: number;
      readonly path: string;
      readonly layout: RecordLayout;
      readonly range: ReadRange;
    }
  /** A chunk has been used up: another may come. */
  | { readonly type: 'more'; readonly id: number }
  | { readonly type: 'stop' };

export type FromFileWorker =
  | { readonly type: 'opened'; readonly id: number; readonly opened: Opened }
  | { readonly type: 'closed'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly problem: ProblemData }
  | { readonly type: 'chunk'; readonly id: number; readonly chunk: Chunk }
  | { readonly type: 'read-to-end'; readonly id: number; readonly cut: Cut | undefined };

/** Chunks that are on their way before the first of them is used up. */
export const CHUNKS_AHEAD = 3;
