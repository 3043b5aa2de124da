// The worker of an engine that has to do with files: opens journals, keeps them, reads them back.
import { FileLog, type FileSystem, LogReader, Persister, problemData } from '../file/index.js';
import { openJournal } from '../journal/journal.js';
import { JournalReader } from '../journal/reader.js';
import { type Memory, openMemory } from '../memory/memory.js';
import { openTextTable, type TextTable } from '../schema/text-table.js';
import type { FromFileWorker, ToFileWorker } from './file-messages.js';

type Message<K extends ToFileWorker['type']> = Extract<ToFileWorker, { type: K }>;

/** A journal that is open. */
interface Kept {
  readonly order: Message<'open'>;
  readonly log: FileLog;
  persister: Persister | undefined;
}

export class FileWorker {
  private readonly files: FileSystem;
  private readonly post: (message: FromFileWorker, transfer?: readonly ArrayBuffer[]) => void;
  private readonly turn: () => Promise<void>;
  private readonly kept = new Map<number, Kept>();
  private readonly readers = new Map<number, LogReader>();
  private memory: Memory | undefined;
  private texts: TextTable | undefined;
  private engineBell = 0;

  /** @param turn Resolves on the next turn of the event loop. */
  constructor(
    files: FileSystem,
    post: (message: FromFileWorker, transfer?: readonly ArrayBuffer[]) => void,
    turn: () => Promise<void>,
  ) {
    this.files = files;
    this.post = post;
    this.turn = turn;
  }

  /** Takes a message; false once it is told to end. */
  handle(message: ToFileWorker): boolean {
    switch (message.type) {
      case 'init':
        this.engineBell = message.engineBell;
        if (message.memory !== undefined) {
          this.memory = openMemory(message.memory);
          this.texts = openTextTable(this.memory, message.texts);
        }
        return true;
      case 'open':
        void this.open(message);
        return true;
      case 'attach':
        void this.attach(message);
        return true;
      case 'sync':
        this.kept.get(message.id)?.persister?.requestSync(message.until);
        return true;
      case 'close':
        void this.close(message.id);
        return true;
      case 'read':
        this.read(message);
        return true;
      case 'more':
        this.more(message.id);
        return true;
      case 'stop':
        for (const reader of this.readers.values()) reader.close();
        return false;
    }
  }

  private async open(order: Message<'open'>): Promise<void> {
    const { id, path, layout, options } = order;
    try {
      const log = await FileLog.open(this.files, path, layout, options);
      this.kept.set(id, { order, log, persister: undefined });
      const { first, next, cut } = log;
      this.post({ type: 'opened', id, opened: { first, next, cut } });
    } catch (error) {
      this.post({ type: 'failed', id, problem: problemData(error, path) });
    }
  }

  private async attach({ id, to }: Message<'attach'>): Promise<void> {
    const kept = this.kept.get(id);
    const { memory, texts } = this;
    if (kept === undefined || memory === undefined || texts === undefined) return;
    const { order, log } = kept;
    const journal = openJournal(memory, to.journal);
    kept.persister = new Persister({
      log,
      layout: order.layout,
      journal,
      reader: new JournalReader(journal, to.reader),
      texts,
      bell: to.bell,
      engineBell: this.engineBell,
      line: to.line,
      sync: order.sync,
      dropsByAge: order.options.retention.ageMs !== undefined,
      turn: this.turn,
    });
    await this.ended(id, kept.persister.run());
  }

  private async close(id: number): Promise<void> {
    const kept = this.kept.get(id);
    if (kept?.persister !== undefined) kept.persister.close();
    else if (kept !== undefined) await this.ended(id, kept.log.close());
  }

  private async ended(id: number, end: Promise<void>): Promise<void> {
    const path = this.kept.get(id)?.order.path ?? '';
    try {
      await end;
      this.kept.delete(id);
      this.post({ type: 'closed', id });
    } catch (error) {
      this.kept.delete(id);
      this.post({ type: 'failed', id, problem: problemData(error, path) });
    }
  }

  private read({ id, path, layout, range }: Message<'read'>): void {
    try {
      this.readers.set(id, new LogReader(this.files, path, layout, range));
    } catch (error) {
      this.post({ type: 'failed', id, problem: problemData(error, path) });
      return;
    }
  }

  private more(id: number): void {
    const reader = this.readers.get(id);
    if (reader === undefined) return;
    try {
      const chunk = reader.next();
      if (chunk !== undefined) {
        this.post({ type: 'chunk', id, chunk }, [chunk.bytes.buffer]);
        return;
      }
      this.post({ type: 'read-to-end', id, cut: reader.cut });
    } catch (error) {
      this.post({ type: 'failed', id, problem: problemData(error, '') });
    }
    reader.close();
    this.readers.delete(id);
  }
}
