// Files in Node, as journals use them (see the seam in src/file/file-system.ts).
import type * as Fs from 'node:fs';
import { crc32 as ownCrc32 } from '../../file/crc32.js';
import type { Blocks, FileSystem, OpenFile } from '../../file/file-system.js';
import { nodeProcess } from './node-builtins.js';

/** Node's own checksum is three times as fast; it came with Node 20.15 and 22.2. */
interface Zlib {
  crc32?(bytes: Uint8Array, before: number): number;
}

/** What is held open for writing by this process, by path. */
const heldHere = new Set<string>();

/** The files of Node, or undefined elsewhere. */
export function nodeFiles(): FileSystem | undefined {
  const process = nodeProcess();
  if (process === undefined) return undefined;
  const builtin = process.getBuiltinModule as unknown as (name: string) => unknown;
  const fs = builtin('node:fs') as typeof Fs;
  const zlib = builtin('node:zlib') as Zlib;
  const syncFolder = async (path: string): Promise<void> => {
    const fd = fs.openSync(path, 'r');
    try {
      await called((done) => fs.fsync(fd, done));
    } finally {
      fs.closeSync(fd);
    }
  };
  return {
    makeFolder: async (path) => {
      // The first of the folders that were missing; each is an entry in the one above it.
      const first = fs.mkdirSync(path, { recursive: true });
      if (first === undefined) return;
      const made = fs.realpathSync(path);
      const top = fs.realpathSync(first);
      for (let folder = made; folder.length >= top.length; folder = parentOf(folder)) {
        await syncFolder(parentOf(folder));
      }
    },
    list: (path) => fs.readdirSync(path),
    create: (path) => openFile(fs, path, fs.openSync(path, 'wx+')),
    open: (path, mode) => openFile(fs, path, fs.openSync(path, mode === 'write' ? 'r+' : 'r')),
    remove: (path) => fs.unlinkSync(path),
    syncFolder,
    lock: (path) => lock(fs, path, process.pid),
    ...(hasDirectWrites(fs) ? { blocks: BLOCKS } : {}),
    crc32: zlib.crc32?.bind(zlib) ?? ownCrc32,
    now: () => Date.now(),
    random: () => Math.floor(Math.random() * 4_294_967_296),
  };
}

/** Whether files can be written past the system's cache: on Linux. */
function hasDirectWrites(fs: typeof Fs): boolean {
  return fs.constants.O_DIRECT !== undefined && typeof WebAssembly === 'object';
}

/** What every disk and file system is content with. */
const BLOCKS: Blocks = {
  blockBytes: 4_096,
  chunkBytes: 1_048_576,
  // The memory of WebAssembly begins at a page; nothing else that JavaScript can make is sure to.
  memory: (bytes) => {
    const pages = Math.ceil(bytes / 65_536);
    return new Uint8Array(new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer, 0, bytes);
  },
};

function openFile(fs: typeof Fs, path: string, fd: number): OpenFile {
  let isOpen = true;
  /** The same file, written past the cache; undefined before the first time, and -1 where its file system can't. */
  let direct: number | undefined;
  const closeDirect = () => {
    if (direct !== undefined && direct >= 0) fs.closeSync(direct);
    direct = -1;
  };
  return {
    size: () => fs.fstatSync(fd).size,
    read: (into, position) => {
      let done = 0;
      while (done < into.length) {
        const count = fs.readSync(fd, into, done, into.length - done, position + done);
        if (count === 0) break;
        done += count;
      }
      return done;
    },
    write: (parts, position) => {
      let rest: readonly Uint8Array[] = parts;
      let at = position;
      while (rest.length > 0) {
        const count = fs.writevSync(fd, rest, at);
        at += count;
        rest = without(rest, count);
      }
    },
    writeBlocks: async (bytes, position) => {
      try {
        direct ??= fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_DIRECT);
      } catch {
        direct = -1;
      }
      for (let done = 0; done < bytes.length; ) {
        // Where a write ended within a block, the cache takes the rest.
        const isDirect = direct >= 0 && done % BLOCKS.blockBytes === 0;
        try {
          done += await writeSome(fs, isDirect ? direct : fd, bytes.subarray(done), position + done);
        } catch (error) {
          if (!isDirect || (error as { code?: unknown }).code !== 'EINVAL') throw error;
          closeDirect();
        }
      }
    },
    truncate: (size) => fs.ftruncateSync(fd, size),
    sync: () => called((done) => fs.fdatasync(fd, done)),
    close: () => {
      if (isOpen) fs.closeSync(fd);
      isOpen = false;
      closeDirect();
    },
  };
}

/** The parts that are left once so many bytes have been written. */
function without(parts: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skipped = bytes;
  const rest: Uint8Array[] = [];
  for (const part of parts) {
    if (part.length > skipped) rest.push(part.subarray(skipped));
    skipped = Math.max(0, skipped - part.length);
  }
  return rest;
}

function writeSome(fs: typeof Fs, fd: number, bytes: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(fd, bytes, 0, bytes.length, position, (error, count) =>
      error ? reject(error) : resolve(count),
    );
  });
}

function called(call: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error ? reject(error) : resolve()));
  });
}

function parentOf(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return cut > 0 ? path.slice(0, cut) : path.slice(0, cut + 1);
}

/** A file that names the process which holds a lock, and when that process was started, where that can be known. */
function lock(fs: typeof Fs, path: string, pid: number): ReturnType<FileSystem['lock']> {
  const key = fs.realpathSync(parentOf(path));
  if (heldHere.has(key)) return { heldBy: pid };
  const own = `${pid} ${startOf(fs, pid)}\n`;
  for (;;) {
    try {
      fs.writeFileSync(path, own, { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(fs, path, pid);
    if (holder !== undefined) return { heldBy: holder };
    fs.rmSync(path, { force: true });
  }
  heldHere.add(key);
  return {
    release: () => {
      if (!heldHere.delete(key)) return;
      fs.rmSync(path, { force: true });
    },
  };
}

/** The process that holds a lock; undefined if it has ended. */
function holderOf(fs: typeof Fs, path: string, own: number): number | undefined {
  let text = '';
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const [first = '', start = ''] = text.trim().split(' ');
  const pid = Number(first);
  // Half written by a process that was killed just then; or by an earlier process of this number, since this one has none.
  if (!(Number.isInteger(pid) && pid > 0)) return undefined;
  const now = startOf(fs, pid);
  if (start !== '' && now !== '' && start !== now) return undefined;
  if (pid === own) return start !== '' && start === now ? pid : undefined;
  try {
    globalThis.process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM' ? pid : undefined;
  }
}

/** When a process was started, in ticks since the system was, together with which start of the system; '' where unknown. */
function startOf(fs: typeof Fs, pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return '';
  }
}
