// A journal in files as users see it.
import {
  checkReplayOptions,
  type FileNode,
  type FileOptions,
  type Outlet,
  persist,
  ReplayNode,
  type ReplayOptions,
} from '../engine/index.js';
import type { CodedError } from '../errors/index.js';
import type { Cut } from '../file/index.js';
import type { Struct } from '../schema/index.js';
import { Replay } from './replay.js';

/**
 * Records of a source or a stage, kept in the files of a folder: the audit trail. Made with `await records.persist(folder)`.
 *
 * Sequences count all records that were ever written to the folder, so that they go on where an earlier process ended.
 */
export class FileJournal<T> {
  private readonly node: FileNode;
  /** The layout of its records. */
  readonly struct: Struct<T>;

  /** @internal */
  constructor(node: FileNode, struct: Struct<T>) {
    this.node = node;
    this.struct = struct;
  }

  /** Its folder. */
  get path(): string {
    return this.node.path;
  }

  /** The sequence of the oldest record that was kept when it was opened. */
  get first(): number {
    return this.node.found.first;
  }

  /** The sequence that the next record will have: that of the first one of this engine, until one was published. */
  get next(): number {
    return this.node.next;
  }

  /** The sequence before which everything outlasts a loss of power. */
  get durableNext(): number {
    return this.node.durable;
  }

  /**
   * What was cut off when it was opened, because its process had been killed while it wrote, or the power had been lost; never
   * something that had been reported durable. Undefined if nothing was.
   */
  get cut(): Cut | undefined {
    return this.node.found.cut;
  }

  /** What ended it before its engine was closed, such as FILE_FAILED for a full disk; undefined while all is well. */
  get error(): CodedError | undefined {
    return this.node.error;
  }

  /**
   * Resolves once a record, and all before it, would outlast a loss of power: their bytes have been synced, and so has the
   * name of their segment.
   *
   * @param sequence The record's; the last one that has been taken or emitted by now unless told.
   * @throws {Error} FILE_FAILED if the files can't be written; FILE_CLOSED if it was closed before that record.
   * @throws {TypeError} FILE_SEQUENCE for what is no sequence.
   */
  durable(sequence?: number): Promise<void> {
    return this.node.wait(sequence);
  }

  /**
   * Its records as a source: what has been written by now, unless `to` says otherwise.
   *
   * @param options `from`, `to`, `pace`, `timestamp`, `unit`, `speed`, `name`, `capacity`.
   * @throws {TypeError} OPTION for an option that can't be.
   */
  replay(options: ReplayOptions = {}): Replay<T> {
    const { engine, path, written } = this.node;
    checkReplayOptions(path, this.struct as Struct<unknown>, options);
    return new Replay(new ReplayNode(engine, this.struct, path, { to: written, ...options }));
  }
}

/** Opens a folder and keeps the records of an outlet in it. */
export async function persistRecords<T>(
  outlet: Outlet<T>,
  folder: string,
  options: FileOptions,
): Promise<FileJournal<T>> {
  return new FileJournal(await persist(outlet, folder, options), outlet.struct);
}
