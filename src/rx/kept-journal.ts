// A journal by hand that is kept in files.
import type { FileNode, FileOptions, ReplayOptions } from '../engine/index.js';
import { Journal, type JournalOptions, type JournalParts } from '../journal/by-hand/index.js';
import { FileJournal } from './file-journal.js';
import type { Replay } from './replay.js';

/** Options of a journal by hand that is kept in files. */
export interface KeptJournalOptions extends JournalOptions, Omit<FileOptions, 'onError'> {
  /** The path of its folder; it is made if it is not there. */
  readonly file: string;
}

/**
 * A journal by hand whose records are kept in the files of a folder. Made with `await engine.journal(Struct, { file })`. Its
 * sequences go on where the folder ends; `start` is for a new one.
 *
 * When its files can't be written any more, {@link error} says so, {@link durable} rejects, and writers go on without them.
 *
 * @example
 * ```ts
 * import { createEngine, f64, struct, u32 } from 'roda-rx';
 * import { mkdtempSync, rmSync } from 'node:fs';
 *
 * const folder = mkdtempSync('/tmp/prices-');
 * const Price = struct({ id: u32, price: f64 });
 * for (let run = 0; run < 2; run++) {
 *   const engine = createEngine();
 *   const prices = await engine.journal(Price, { file: folder, sync: 'batch' });
 *   if (prices.next !== 3 * run) throw new Error(`goes on at ${prices.next}`);
 *   const writer = prices.writer();
 *   for (let i = 0; i < 3; i++) writer.write({ id: i, price: 100 + i });
 *   await prices.durable(3 * run + 2);
 *   await engine.close();
 * }
 * rmSync(folder, { recursive: true });
 * ```
 */
export class KeptJournal<T> extends Journal<T> {
  /** What is known of its files. */
  readonly files: FileJournal<T>;
  private readonly node: FileNode;

  /** @internal */
  constructor(parts: JournalParts<T>, node: FileNode) {
    super(parts);
    this.node = node;
    this.files = new FileJournal(node, this.struct);
  }

  /** What ended its files before it was closed; undefined while all is well. */
  get error(): Error | undefined {
    return this.node.error;
  }

  /** As {@link FileJournal.durable}. */
  durable(sequence?: number): Promise<void> {
    return this.node.wait(sequence);
  }

  /** As {@link FileJournal.replay}. */
  replay(options: ReplayOptions = {}): Replay<T> {
    return this.files.replay(options);
  }

  /** Makes all of it durable, then gives its memory back; its writer and readers have to be closed. */
  override async close(): Promise<void> {
    await this.node.close();
    super.close();
  }
}
