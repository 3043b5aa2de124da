// The codec of a struct: generated functions and view classes over one memory, for the thread that calls users.
import { fail } from '../errors/index.js';
import type { Memory } from '../memory/index.js';
import { type ColumnBatch, type ColumnChecker, type Columns, createColumnChecker } from './columns.js';
import { encodeSource, ingestSource } from './encode-source.js';
import type { Struct } from './fields.js';
import { generate } from './generate.js';
import { RecordNames } from './record-names.js';
import { RECORD_PRELUDE } from './record-prelude.js';
import { type RecordOptions, recordSource } from './record-source.js';
import { refusal } from './refuse.js';
import type { Texts } from './texts.js';

/** A view: the fields of a record in memory. Valid while `$p`, its word address, is not negative. */
export type View<T> = Readonly<T> & { $p: number; toJSON(): T };

/**
 * A view that writes: fields wrap as typed arrays do and may hold new texts. A 64-bit integer field `ts` may also be
 * written as two unsigned numbers of 32 bits, `tsLo` and `tsHi`, unless a field has one of these names.
 */
export type WriterView<T> = T & Halves<T> & { $p: number; toJSON(): T };

type Halves<T> = {
  [K in keyof T & string as T[K] extends bigint | number
    ? Exclude<`${K}Lo` | `${K}Hi`, keyof T>
    : never]?: number;
};

/** What a codec does; addresses count words. */
export interface Codec<T> {
  readonly struct: Struct<T>;
  /**
   * Checks a record, then writes it; on a refusal nothing has been written.
   *
   * @throws {TypeError} RECORD_TYPE, FIELD_MISSING, FIELD_TYPE for a record of another shape.
   * @throws {RangeError} FIELD_RANGE, FIELD_LENGTH for values that a field can't hold; TEXT_TABLE_FULL.
   */
  encode(p: number, record: T): void;
  /** A plain object. */
  decode(p: number): T;
  /** Copies the record at `from` to `to`, bit by bit. */
  copy(to: number, from: number): void;
  /** Whether two records are equal, field by field with `Object.is`. */
  same(a: number, b: number): boolean;
  /** Sets every field to 0, `false` or `''`. */
  zero(p: number): void;
  /** Views without setters, which throw VIEW_EXPIRED once `$p` is negative. */
  readonly View: new (
    p: number,
  ) => View<T>;
  /** Views with setters, which throw VIEW_EXPIRED once `$p` is negative. */
  readonly WriterView: new (
    p: number,
  ) => WriterView<T>;
  /**
   * A function that takes records into a lease of slots; made for one source, so that all of it can be inlined where that is fed.
   *
   * @param steps `slow` takes a record in any case; `filled` is told when the lease is used up, or (with `awaited`) when a
   *   reader waits.
   */
  ingest(lease: Slots, steps: IngestSteps): (record: never) => void;
  /**
   * Checks columns, one array or typed array for each field, and interns their texts.
   *
   * @param where What messages call the struct; its name unless told.
   * @throws {TypeError} COLUMN_MISSING, and what `encode` throws, with the row.
   * @throws {RangeError} COLUMN_LENGTH if they differ in length, and what `encode` throws, with the row.
   */
  columns(columns: Columns<T>, where?: string): ColumnBatch;
}

/** Slots to be filled one after the other, up to before `end`; `bells` are cells that are not 0 while a reader waits. */
export interface Slots {
  at: number;
  end: number;
  readonly bells: readonly number[];
}

export interface IngestSteps {
  readonly slow: (record: never) => void;
  readonly filled: () => void;
  /** Whether readers may wait for a record. */
  readonly awaited: boolean;
}

type Generated<T> = Pick<Codec<T>, 'encode' | 'decode' | 'copy' | 'same' | 'zero' | 'View'>;

/**
 * Generates the codec of a struct over a memory.
 *
 * @param texts The text table; its `intern` is called by `encode`, `columns` and writer views.
 * @throws {Error} CODEGEN_FORBIDDEN where `new Function` is forbidden.
 */
export function createCodec<T>(struct: Struct<T>, memory: Memory, texts: Texts): Codec<T> {
  const env = { memory, texts, fail };
  const refuse = (record: unknown): never => {
    throw refusal(struct, record);
  };
  const what = `the codec of ${struct.name}`;
  type Make = (env: object, refuse: unknown) => Generated<T>;
  const generated = generate<Make>(what, ['env', 'refuse'], codecSource(struct))(env, refuse);
  // Few sources are written in place or by columns: their code is generated when it is first needed.
  let writerView: Codec<T>['WriterView'] | undefined;
  let checkColumns: ColumnChecker | undefined;
  return {
    struct,
    ...generated,
    get WriterView() {
      type MakeView = (env: object) => Codec<T>['WriterView'];
      writerView ??= generate<MakeView>(what, ['env'], writerSource(struct))(env);
      return writerView;
    },
    ingest(lease, { slow, filled, awaited }) {
      const make = makerOfNext(struct, awaited);
      // A call more, as in what is generated: who was called by whom can be looked up.
      return make === undefined ? (record) => slow(record) : make(env, lease, slow, filled);
    },
    columns(columns, where = struct.name) {
      checkColumns ??= createColumnChecker(struct, env);
      return checkColumns(columns, where);
    },
  };
}

type MakeNext = (env: object, lease: Slots, slow: unknown, filled: unknown) => (record: never) => void;

/** By struct: one for sources whose readers are never waited for, one for the others. Pipelines come and go by the thousand. */
const makers = new WeakMap<Struct<never>, Map<boolean, MakeNext | undefined>>();

function makerOfNext(struct: Struct<unknown>, awaited: boolean): MakeNext | undefined {
  const known = makers.get(struct as Struct<never>) ?? new Map<boolean, MakeNext | undefined>();
  makers.set(struct as Struct<never>, known);
  if (!known.has(awaited)) {
    const source = ingestSource(struct, awaited);
    const parameters = ['env', 'lease', 'slow', 'filled'];
    const make =
      source === undefined
        ? undefined
        : generate<MakeNext>(`what takes in ${struct.name}`, parameters, source);
    known.set(awaited, make);
  }
  return known.get(awaited);
}

/** The text of a codec: what its tests look at. */
export function codecSource(struct: Struct): string {
  const names = new RecordNames();
  const n = names.struct(struct);
  return `${RECORD_PRELUDE}${recordSource(struct, n, { names, checked: true, readonly: true })}${encodeSource(struct, n)}
return { encode: encode${n}, decode: read${n}, copy: copy${n}, same: same${n}, zero: zero${n}, View: V${n} };`;
}

/** The text of the writer's view, a scope of its own. */
export function writerSource(struct: Struct): string {
  const options: RecordOptions = { names: new RecordNames(), checked: true, writer: true };
  const n = options.names.struct(struct);
  return `${RECORD_PRELUDE}${recordSource(struct, n, options)}
return V${n};`;
}
