// Keeps the records of a source, a stage or a journal by hand in files.
import { fail } from '../errors/index.js';
import { type JournalOptions, type JournalParts, usersHere } from '../journal/by-hand/index.js';
import { platform } from '../runtime/platform/index.js';
import type { Struct } from '../schema/index.js';
import type { Engine } from './engine.js';
import { FileNode } from './file-node.js';
import { type FileOptions, fileSettings } from './file-options.js';
import type { Outlet } from './outlet.js';

/** Throws where nothing can be kept in files. */
export function checkFiles(engine: Engine, path: string): void {
  if (!platform().hasFiles) throw fail('FILE_UNAVAILABLE', { path, why: 'there are no files here' });
  if (!engine.memory.shared) {
    const why = 'its engine is inline, so that no worker sees its memory';
    throw fail('FILE_UNAVAILABLE', { path, why });
  }
}

/**
 * Opens a folder and keeps the records of a journal in it, from the first one on.
 *
 * @throws FILE_LATE after the first record; what opening is refused for.
 */
export async function persist<T>(outlet: Outlet<T>, path: string, options: FileOptions): Promise<FileNode> {
  const { engine, graph, journal, struct, name } = outlet;
  const settings = fileSettings(path, options);
  engine.checkOpen(`keep records in ${path}`);
  checkFiles(engine, path);
  if (graph.isSealed || graph.isDisposed) throw fail('FILE_LATE', { path, records: name });
  const node = new FileNode(engine, path, settings);
  node.join({
    journal,
    flush: () => {
      if (!graph.isDisposed) graph.source.flush();
    },
    activate: () => {
      if (!graph.isDisposed) engine.activate(graph);
    },
    fail: (error) => graph.source.error(error),
  });
  graph.files.add(node);
  outlet.files.add(node);
  try {
    await node.open(struct as never, 0);
  } catch (error) {
    graph.files.delete(node);
    outlet.files.delete(node);
    throw error;
  }
  node.attach();
  // It was taken down while it was being opened.
  if (graph.isDisposed) void node.close();
  return node;
}

/** Opens a folder, and makes a journal by hand that goes on where it ends. */
export async function keepJournal<T>(
  engine: Engine,
  struct: Struct<T>,
  path: string,
  files: FileOptions,
  options: JournalOptions,
): Promise<{ node: FileNode; parts: JournalParts<T> }> {
  const settings = fileSettings(path, files);
  engine.checkOpen(`keep records in ${path}`);
  checkFiles(engine, path);
  const node = new FileNode(engine, path, settings);
  const { next } = await node.open(struct as Struct<unknown>, options.start ?? 0);
  try {
    const parts = engine.journals.parts(struct, { ...options, start: next });
    const { core } = parts;
    node.join({
      journal: core,
      flush: () => usersHere(core.memory.buffer, core.address).writer?.flush(),
      activate: () => engine.pump.wake(),
      // There is no pipeline that could end: its owner finds the error in the journal.
      fail: () => {},
    });
    engine.files.byHand.add(node);
    node.attach();
    return { node, parts };
  } catch (error) {
    node.abandon();
    throw error;
  }
}
