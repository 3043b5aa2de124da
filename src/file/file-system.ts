// The seam at the file calls: all that journals in files ask of a system, so that tests can put a failing disk in its place.
import type { Crc32 } from './crc32.js';

/** A file that is open. */
export interface OpenFile {
  /** Bytes that it has now. */
  size(): number;
  /** Reads up to a whole buffer from a position; returns how many bytes there were. */
  read(into: Uint8Array, position: number): number;
  /** Writes all parts one behind the other; throws if that is not possible, having written any part of them. */
  write(parts: readonly Uint8Array[], position: number): void;
  /**
   * Writes whole {@link Blocks} from the start of one on, past the cache if the file's system can; the memory must not change
   * before it resolves. There if blocks are.
   */
  writeBlocks?(bytes: Uint8Array, position: number): Promise<void>;
  truncate(size: number): void;
  /** Resolves once all that was written before the call would outlast a loss of power, the file's size included. */
  sync(): Promise<void>;
  /** Closed again, it does nothing. */
  close(): void;
}

/** How files are written past the system's cache. */
export interface Blocks {
  /** Bytes of a block: they begin at multiples of it in memory and in files. */
  readonly blockBytes: number;
  /** Bytes that are worth a write of their own. */
  readonly chunkBytes: number;
  /** Makes memory that begins at a block. */
  memory(bytes: number): Uint8Array;
}

/** Files and folders, by path. What it can't do it throws as the system said it. */
export interface FileSystem {
  /** Makes a folder, and those above it, if need be; they outlast a loss of power once it has resolved. */
  makeFolder(path: string): Promise<void>;
  /** Names of the files of a folder, in any order. */
  list(path: string): readonly string[];
  /** Makes a file that must not exist yet, to be read and written. */
  create(path: string): OpenFile;
  open(path: string, mode: 'read' | 'write'): OpenFile;
  remove(path: string): void;
  /** Resolves once the names in a folder would outlast a loss of power. */
  syncFolder(path: string): Promise<void>;
  /**
   * Takes a lock that ends with the process at the latest.
   *
   * @returns How to give it back, or the process that has it.
   */
  lock(path: string): { readonly release: () => void } | { readonly heldBy: number };
  /** Where files can be written past the system's cache. */
  readonly blocks?: Blocks;
  readonly crc32: Crc32;
  /** Milliseconds since 1970. */
  now(): number;
  /** A random number of 32 bits. */
  random(): number;
}
