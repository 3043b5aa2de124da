// What an engine measures with: histograms and counts of progress in its memory, by name, and which stage writes them.
import { fail } from '../errors/index.js';
import {
  claimHistogram,
  claimProgress,
  createHistogram,
  createProgress,
  type HistogramDigits,
  type HistogramShape,
  HistogramWriter,
  histogramWords,
  type Measure,
  openHistogramMemory,
  PROGRESS_WORDS,
  type ProgressShape,
  releaseHistogram,
  releaseProgress,
} from '../journal/index.js';
import {
  checkDigits,
  checkName,
  isHistogramSink,
  isMeasureRequest,
  isPlacedMeasure,
  isWithUsing,
  type MeasureRequest,
  type OperatorDefinition,
  type PlacedMeasure,
  withUsing,
} from '../operator/index.js';
import type { Engine } from './engine.js';
import type { Outlet } from './outlet.js';

export class Measures {
  private readonly engine: Engine;
  private readonly histograms = new Map<string, HistogramShape>();
  private readonly progresses = new Map<string, ProgressShape>();
  /** Which stages write, by the addresses of what they write. */
  private readonly writers = new Map<number, string>();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  get all(): readonly { readonly name: string; readonly address: number }[] {
    return [...this.histograms.values(), ...this.progresses.values()];
  }

  /**
   * The histogram of a name, which is made if there is none.
   *
   * @param digits What it has if it is made; one that is there must have as many, if it is told.
   * @throws {Error} HISTOGRAM_DIFFERS
   */
  histogram(name: string, digits?: HistogramDigits): HistogramShape {
    checkName('a histogram', name);
    if (digits !== undefined) checkDigits('a histogram', digits);
    const found = this.histograms.get(name);
    if (found !== undefined) {
      if (digits === undefined || digits === found.digits) return found;
      throw fail('HISTOGRAM_DIFFERS', { histogram: name, digits, has: found.digits });
    }
    const { engine } = this;
    engine.checkOpen(`create histogram ${name}`);
    const kept = digits ?? 2;
    const plan = { what: `histogram ${name}`, words: [histogramWords(kept)], tables: [] };
    const { address } = engine.whereThereIsRoom(plan, () => createHistogram(engine.arena, name, kept));
    const shape: HistogramShape = { name, address, digits: kept };
    this.histograms.set(name, shape);
    return shape;
  }

  /** The progress of a name, which is made if there is none. */
  progress(name: string): ProgressShape {
    checkName('a progress', name);
    const found = this.progresses.get(name);
    if (found !== undefined) return found;
    const { engine } = this;
    engine.checkOpen(`create progress ${name}`);
    const plan = { what: `progress ${name}`, words: [PROGRESS_WORDS], tables: [] };
    const shape = engine.whereThereIsRoom(plan, () => createProgress(engine.arena, name));
    this.progresses.set(name, shape);
    return shape;
  }

  /**
   * Definitions with what they measure with in its place.
   *
   * @throws {TypeError} HISTOGRAM_UNUSABLE for a histogram of another engine.
   */
  place(definitions: readonly OperatorDefinition[]): OperatorDefinition[] {
    const placed = new Map<unknown, PlacedMeasure>();
    return definitions.map((definition) => {
      const put = (value: unknown): unknown => {
        if (!isMeasureRequest(value) && !isHistogramSink(value)) {
          if (!isWithUsing(value)) return value;
          const using = this.replaced(value.using, put);
          return using === value.using ? value : withUsing(value.fn, using);
        }
        const key = isMeasureRequest(value) ? value : value.shape.address;
        let found = placed.get(key);
        if (found === undefined) {
          const measure = isMeasureRequest(value)
            ? this.requested(value)
            : this.given(value.shape, definition);
          found = { kind: 'placed-measure', measure };
          placed.set(key, found);
        }
        return found;
      };
      const constants = this.replaced(definition.constants, put);
      const using = this.replaced(definition.using, put);
      if (constants === definition.constants && using === definition.using) return definition;
      return { ...definition, constants, using };
    });
  }

  /**
   * Takes what a stage is to write, all or none: each has one writer.
   *
   * @throws {Error} HISTOGRAM_WRITTEN, PROGRESS_WRITTEN
   * @returns How to let others write.
   */
  claim(stage: string, definitions: readonly OperatorDefinition[]): () => void {
    const writer = `stage ${stage}`;
    const undo: (() => void)[] = [];
    const release = () => {
      for (const each of undo.splice(0)) each();
    };
    try {
      for (const measure of measuresOf(definitions)) {
        const isProgress = measure.kind === 'progress';
        undo.push(
          isProgress ? this.takeProgress(measure.shape, writer) : this.takeHistogram(measure.shape, writer),
        );
      }
    } catch (error) {
      release();
      throw error;
    }
    return release;
  }

  /**
   * The histogram of how long records of an outlet took from the source until they are delivered, from now on.
   *
   * @throws {Error} LATENCY_UNAVAILABLE if the source stamps no records; HISTOGRAM_WRITTEN, HISTOGRAM_DIFFERS.
   */
  timed(
    outlet: Outlet<unknown>,
    name = `latency of ${outlet.name}`,
    digits?: HistogramDigits,
  ): HistogramShape {
    if (outlet.timed?.shape.name === name) return this.histogram(name, digits);
    const { source } = outlet.graph;
    if (outlet.marks === undefined)
      throw fail('LATENCY_UNAVAILABLE', { outlet: outlet.name, source: source.name });
    if (outlet.timed !== undefined) {
      const by = `histogram ${outlet.timed.shape.name}`;
      throw fail('LATENCY_TIMED', { outlet: outlet.name, by });
    }
    const shape = this.histogram(name, digits);
    const release = this.takeHistogram(shape, `the delivery of ${outlet.name}`);
    const writer = new HistogramWriter(openHistogramMemory(this.engine.memory, shape));
    outlet.timed = { shape, writer, release };
    return shape;
  }

  /**
   * Takes a histogram for its one writer, for messages by a name of its own.
   *
   * @returns How to let others write.
   */
  private takeHistogram(shape: HistogramShape, writer: string): () => void {
    const { name, address } = shape;
    const by = this.writers.get(address);
    if (by !== undefined) throw fail('HISTOGRAM_WRITTEN', { histogram: name, by });
    const histogram = openHistogramMemory(this.engine.memory, shape);
    claimHistogram(histogram, 'STAGE');
    this.writers.set(address, writer);
    return () => {
      this.writers.delete(address);
      releaseHistogram(histogram);
    };
  }

  /** As {@link takeHistogram}. */
  private takeProgress(shape: ProgressShape, writer: string): () => void {
    const { name, address } = shape;
    const { memory } = this.engine;
    if (!claimProgress(memory, shape)) {
      throw fail('PROGRESS_WRITTEN', { progress: name, by: this.writers.get(address) ?? '' });
    }
    this.writers.set(address, writer);
    return () => {
      this.writers.delete(address);
      releaseProgress(memory, shape);
    };
  }

  private requested(request: MeasureRequest): Measure {
    if (request.what === 'progress') return { kind: 'progress', shape: this.progress(request.name) };
    const { name, every, digits } = request;
    return { kind: 'latency', shape: this.histogram(name, digits), every };
  }

  private given(shape: HistogramShape, { name: user }: OperatorDefinition): Measure {
    if (this.histograms.get(shape.name) !== shape)
      throw fail('HISTOGRAM_UNUSABLE', { histogram: shape.name, user });
    return { kind: 'histogram', shape };
  }

  private replaced<V extends Readonly<Record<string, unknown>>>(
    values: V,
    put: (value: unknown) => unknown,
  ): V {
    const entries = Object.entries(values).map(([name, value]) => [name, value, put(value)] as const);
    if (entries.every(([, before, after]) => before === after)) return values;
    return Object.fromEntries(entries.map(([name, , after]) => [name, after])) as V;
  }
}

/** What definitions measure with, each once for each watch. */
function measuresOf(definitions: readonly OperatorDefinition[]): Set<Measure> {
  const found = new Set<Measure>();
  const look = (values: Readonly<Record<string, unknown>>): void => {
    for (const value of Object.values(values)) {
      if (isPlacedMeasure(value)) found.add(value.measure);
      if (isWithUsing(value)) look(value.using);
    }
  };
  for (const { constants, using } of definitions) {
    look(constants);
    look(using);
  }
  return found;
}
