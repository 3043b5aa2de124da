// A disk in memory that forgets: what was not synced is lost, torn, or there without what was written before it, at random.
import { Buffer } from 'node:buffer';
import { crc32 } from '../../src/file/crc32.js';
import type { Blocks, FileSystem, OpenFile } from '../../src/file/file-system.js';

const SECTOR_BYTES = 512;

/** Numbers from 0 to below 1. */
export type Random = () => number;

/** A seeded generator (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Something done to a file that is not on the disk yet. */
type Pending = Write | { readonly size: number };

interface Write {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** A file: what is on the disk, what programs see, and what lies between. */
class Inode {
  disk: Uint8Array<ArrayBufferLike>;
  seen: Uint8Array<ArrayBufferLike>;
  pending: Pending[] = [];

  constructor(bytes: Uint8Array<ArrayBufferLike> = new Uint8Array(0)) {
    this.disk = bytes;
    this.seen = bytes.slice();
  }

  do(pending: Pending): void {
    this.seen = applied(this.seen, pending);
    this.pending.push(pending);
  }
}

function applied(before: Uint8Array, pending: Pending): Uint8Array {
  const size = 'size' in pending ? pending.size : Math.max(before.length, pending.at + pending.bytes.length);
  const after = new Uint8Array(size);
  after.set(before.subarray(0, size));
  if ('bytes' in pending) after.set(pending.bytes, pending.at);
  return after;
}

/** Thrown by everything once the disk has lost its power. */
export class PowerLoss extends Error {}

export class SimulatedDisk implements FileSystem {
  readonly crc32 = crc32;
  /** Syncs that were asked for, of files and folders. */
  syncs = 0;
  /** The sync in whose middle the power goes. */
  powerLossAt = Number.POSITIVE_INFINITY;
  /** Bytes that there is room for. */
  room = Number.POSITIVE_INFINITY;
  /** Whether syncs fail. */
  failSyncs = false;
  clock = 1_000;
  private isOff = false;
  /** Names on the disk, and as programs see them; and what lies between. */
  private names = new Map<string, Inode>();
  private seenNames = new Map<string, Inode>();
  private pendingNames: Array<{ readonly name: string; readonly inode: Inode | undefined }> = [];
  private readonly locks = new Set<string>();

  private readonly chance: Random;
  readonly blocks?: Blocks;

  /** @param hasBlocks Whether blocks are written by themselves: small ones, of which some last for many turns. */
  constructor(chance: Random, hasBlocks = false) {
    this.chance = chance;
    if (hasBlocks)
      this.blocks = { blockBytes: 64, chunkBytes: 256, memory: (bytes) => new Uint8Array(bytes) };
  }

  async makeFolder(): Promise<void> {
    this.check();
  }

  list(path: string): readonly string[] {
    this.check();
    const names = [...this.seenNames.keys()].filter((name) => name.startsWith(`${path}/`));
    return names.map((name) => name.slice(path.length + 1));
  }

  create(path: string): OpenFile {
    this.check();
    if (this.seenNames.has(path)) throw new Error(`EEXIST: ${path}`);
    const inode = new Inode();
    this.rename(path, inode);
    return this.handle(inode);
  }

  open(path: string): OpenFile {
    this.check();
    const inode = this.seenNames.get(path);
    if (inode === undefined) throw new Error(`ENOENT: ${path}`);
    return this.handle(inode);
  }

  remove(path: string): void {
    this.check();
    if (!this.seenNames.has(path)) throw new Error(`ENOENT: ${path}`);
    this.rename(path, undefined);
  }

  async syncFolder(): Promise<void> {
    this.beginSync();
    for (const { name, inode } of this.pendingNames.splice(0)) setOrDelete(this.names, name, inode);
  }

  lock(path: string): { release: () => void } | { heldBy: number } {
    if (this.locks.has(path)) return { heldBy: 42 };
    this.locks.add(path);
    return { release: () => this.locks.delete(path) };
  }

  now(): number {
    return this.clock++;
  }

  random(): number {
    return Math.floor(this.chance() * 4_294_967_296);
  }

  /** What programs see of a file. */
  bytes(path: string): Uint8Array {
    return (this.seenNames.get(path) as Inode).seen;
  }

  /** Puts other bytes in the place of a file's, on the disk as well. */
  replace(path: string, bytes: Uint8Array): void {
    const inode = new Inode(bytes);
    this.seenNames.set(path, inode);
    this.names.set(path, inode);
  }

  /** The disk that a process finds after this one was killed: nothing that it had written is lost. */
  killed(): SimulatedDisk {
    const next = new SimulatedDisk(this.chance, this.blocks !== undefined);
    next.clock = this.clock;
    next.names = this.names;
    next.seenNames = this.seenNames;
    next.pendingNames = this.pendingNames;
    this.isOff = true;
    return next;
  }

  /** The disk after a loss of power: of what was not synced, any part may be there, in whatever order it came. */
  afterPowerLoss(): SimulatedDisk {
    const next = new SimulatedDisk(this.chance, this.blocks !== undefined);
    next.clock = this.clock;
    const survivors = new Map<Inode, Inode>();
    const names = new Map(this.names);
    for (const { name, inode } of this.pendingNames) if (this.chance() < 0.5) setOrDelete(names, name, inode);
    for (const [name, inode] of names) {
      const survivor = survivors.get(inode) ?? this.survivor(inode);
      survivors.set(inode, survivor);
      next.names.set(name, survivor);
      next.seenNames.set(name, survivor);
    }
    this.isOff = true;
    return next;
  }

  /** A file after a loss of power. */
  private survivor({ disk, pending }: Inode): Inode {
    const keep = this.chance();
    const parts = pending.flatMap((done): Pending[] => ('size' in done ? [done] : sectorsOf(done)));
    // A cut has its place among the writes: what was written before it does not come back.
    let bytes = disk;
    const mood = Math.floor(this.chance() * 3);
    const chosen = mood === 0 ? parts : mood === 1 ? parts.slice(0, Math.floor(keep * parts.length)) : parts;
    for (const part of chosen) {
      if (mood === 2 && this.chance() >= keep) continue;
      const torn = 'bytes' in part && this.chance() < 0.05;
      const kept = torn
        ? { ...part, bytes: part.bytes.subarray(0, this.chance() * part.bytes.length) }
        : part;
      bytes = applied(bytes, kept);
    }
    return new Inode(bytes);
  }

  private handle(inode: Inode): OpenFile {
    return {
      size: () => inode.seen.length,
      read: (into, position) => {
        this.check();
        const found = inode.seen.subarray(position, position + into.length);
        into.set(found);
        return found.length;
      },
      write: (parts, position) => {
        this.check();
        let at = position;
        for (const part of parts) {
          const fits = part.slice(0, Math.max(0, Math.min(part.length, this.room)));
          this.room -= fits.length;
          inode.do({ at, bytes: fits });
          if (fits.length < part.length)
            throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
          at += part.length;
        }
      },
      writeBlocks: async (bytes, position) => {
        const { blockBytes } = this.blocks as Blocks;
        if (bytes.length % blockBytes !== 0 || position % blockBytes !== 0) throw new Error('EINVAL');
        const given = bytes.slice();
        for (let turns = this.chance() * 40; turns > 0; turns--) await Promise.resolve();
        if (Buffer.compare(bytes, given) !== 0) throw new Error('memory changed while it was being written');
        this.check();
        const fits = given.slice(0, Math.max(0, this.room));
        this.room -= fits.length;
        inode.do({ at: position, bytes: fits });
        if (fits.length < given.length)
          throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      },
      truncate: (size) => {
        this.check();
        this.room += Math.max(0, inode.seen.length - size);
        inode.do({ size });
      },
      sync: async () => {
        // What is written while a sync runs is not part of it.
        const { length } = inode.pending;
        this.beginSync();
        if (this.failSyncs) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
        const synced = inode.pending.splice(0, length);
        for (const pending of synced) inode.disk = applied(inode.disk, pending);
        await Promise.resolve();
      },
      close: () => {},
    };
  }

  private rename(name: string, inode: Inode | undefined): void {
    setOrDelete(this.seenNames, name, inode);
    this.pendingNames.push({ name, inode });
  }

  private beginSync(): void {
    this.check();
    if (++this.syncs < this.powerLossAt) return;
    this.isOff = true;
    throw new PowerLoss(`the power is lost in sync ${this.syncs}`);
  }

  private check(): void {
    if (this.isOff) throw new PowerLoss('the power is lost');
  }
}

function setOrDelete(names: Map<string, Inode>, name: string, inode: Inode | undefined): void {
  if (inode === undefined) names.delete(name);
  else names.set(name, inode);
}

/** A write in parts that reach the disk each by itself. */
function sectorsOf({ at, bytes }: Write): Write[] {
  const parts: Write[] = [];
  for (let from = 0; from < bytes.length; ) {
    const length = Math.min(bytes.length - from, SECTOR_BYTES - ((at + from) % SECTOR_BYTES));
    parts.push({ at: at + from, bytes: bytes.subarray(from, from + length) });
    from += length;
  }
  return parts;
}
