// A replay: a source whose records come from files.
import { type CodedError, fail } from '../errors/index.js';
import type { Chunk, Cut } from '../file/index.js';
import { CHUNKS_AHEAD, type FromFileWorker } from '../runtime/file-messages.js';
import { platform } from '../runtime/platform/index.js';
import type { Struct } from '../schema/index.js';
import type { Engine } from './engine.js';
import { errorOf, type FileClient } from './file-host.js';
import { layoutOf } from './file-node.js';
import { checkReplayOptions, type ReplayOptions } from './file-options.js';
import { Pace } from './replay-pace.js';
import type { SourceNode } from './source-node.js';

/** How long records are taken before the event loop gets its turn. */
const SLICE_MS = 4;

export class ReplayNode<T> implements FileClient {
  readonly source: SourceNode<T>;
  readonly path: string;
  /** What the end of the journal looked like, if it had not been closed in order. */
  cut: Cut | undefined;
  private readonly engine: Engine;
  private readonly struct: Struct<T>;
  private readonly options: ReplayOptions;
  private started: Promise<number> | undefined;
  /** Chunks that have come; then the end, or an error. */
  private readonly chunks: Chunk[] = [];
  private end: { readonly error?: CodedError } | undefined;
  private wake: () => void = () => {};
  /** The engine's numbers of the texts of the segment that is read. */
  private ids: number[] = [];

  constructor(engine: Engine, struct: Struct<T>, path: string, options: ReplayOptions) {
    checkReplayOptions(path, struct as Struct<unknown>, options);
    if (!platform().hasFiles) throw fail('FILE_UNAVAILABLE', { path, why: 'there are no files here' });
    this.engine = engine;
    this.struct = struct;
    this.path = path;
    this.options = options;
    const { name = `replay${engine.nextId()}`, capacity } = options;
    this.source = engine.source(struct, { name, ...(capacity === undefined ? {} : { capacity }) });
  }

  /** Reads everything, and ends the source with it; resolves to the number of records. */
  start(): Promise<number> {
    this.started ??= this.run();
    return this.started;
  }

  receive(message: FromFileWorker): void {
    if (message.type === 'chunk') this.chunks.push(message.chunk);
    else if (message.type === 'failed') this.end = { error: errorOf(message.problem) };
    else if (message.type === 'read-to-end') {
      this.cut = message.cut;
      this.end = {};
    }
    this.wake();
  }

  died(error: CodedError): void {
    this.end = { error };
    this.wake();
  }

  private async run(): Promise<number> {
    const { engine, source, path, options } = this;
    const { files } = engine;
    engine.checkOpen(`replay ${path}`);
    files.hold(true);
    let id = 0;
    try {
      id = await files.join(this);
      const { from = 'start', to } = options;
      const range = { from, ...(to === undefined ? {} : { to }) };
      files.post({ type: 'read', id, path, layout: layoutOf(this.struct as Struct<unknown>), range });
      for (let i = 0; i < CHUNKS_AHEAD; i++) files.post({ type: 'more', id });
      const taken = await this.takeAll(id);
      source.complete();
      return taken;
    } catch (error) {
      source.error(error);
      throw error;
    } finally {
      files.leave(id);
      files.hold(false);
    }
  }

  private async takeAll(id: number): Promise<number> {
    const pace = this.options.pace === 'recorded' ? new Pace(this.struct, this.options) : undefined;
    let taken = 0;
    for (;;) {
      const chunk = await this.nextChunk();
      if (chunk === undefined || this.source.hasEnded) return taken;
      this.replaceTexts(chunk);
      for (let i = 0; i < chunk.count; ) {
        const due = pace === undefined ? chunk.count : await pace.next(chunk, i, () => this.source.hasEnded);
        await this.take(chunk.bytes, i, due - i);
        i = due;
      }
      taken += chunk.count;
      this.engine.files.post({ type: 'more', id });
    }
  }

  private async nextChunk(): Promise<Chunk | undefined> {
    while (this.chunks.length === 0 && this.end === undefined) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const chunk = this.chunks.shift();
    if (chunk === undefined && this.end?.error !== undefined) throw this.end.error;
    return chunk;
  }

  /** Takes some records of a chunk, waiting for room, in slices of time. */
  private async take(bytes: Uint8Array, first: number, count: number): Promise<void> {
    const { source } = this;
    let until = performance.now() + SLICE_MS;
    for (let done = 0; done < count && !source.hasEnded; ) {
      const run = source.takeBytes(bytes, first + done, count - done);
      done += run;
      if (run === 0) await source.ready();
      if (performance.now() < until) continue;
      await source.breathe();
      until = performance.now() + SLICE_MS;
    }
  }

  /** Puts the engine's numbers of texts in the place of those of the segment. */
  private replaceTexts({ bytes, texts, isNewSegment }: Chunk): void {
    const { layout } = this.struct;
    const offsets = layoutOf(this.struct as Struct<unknown>).texts;
    if (isNewSegment) this.ids = [];
    for (const text of texts) this.ids.push(this.engine.texts.intern(text));
    if (offsets.length === 0) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let record = 0; record < bytes.length; record += layout.bytes) {
      for (const offset of offsets) {
        const number = view.getUint32(record + offset, true);
        view.setUint32(record + offset, this.ids[number] ?? 0, true);
      }
    }
  }
}
