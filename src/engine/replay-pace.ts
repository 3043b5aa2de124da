// The pace of a replay: when each record is due, by a field of it or by when it was written.
import type { Chunk } from '../file/index.js';
import type { FieldLayout, ScalarName, Struct } from '../schema/index.js';
import type { ReplayOptions, TimeUnit } from './file-options.js';

const MS: Readonly<Record<TimeUnit, number>> = { s: 1_000, ms: 1, us: 1e-3, ns: 1e-6 };
/** Records that are due within this time go together: timers are no finer. */
const TOGETHER_MS = 1;
/** Longest wait before it looks whether there is still somebody to wait for. */
const LOOK_MS = 100;

export class Pace {
  private readonly recordBytes: number;
  private readonly field: FieldLayout | undefined;
  private readonly msPerUnit: number;
  private readonly speed: number;
  /** What the clock showed, and the time of the first record. */
  private start: { readonly clock: number; readonly time: number } | undefined;

  constructor({ layout }: Struct<unknown>, { timestamp, unit = 'ms', speed = 1 }: ReplayOptions) {
    this.recordBytes = layout.bytes;
    this.field = layout.fields.find(({ name }) => name === timestamp);
    this.msPerUnit = MS[unit];
    this.speed = speed;
  }

  /** Waits until a record of a chunk is due; returns the index before which the records are due with it. */
  async next(chunk: Chunk, index: number, isOver: () => boolean): Promise<number> {
    const time = this.timeOf(chunk, index);
    this.start ??= { clock: performance.now(), time };
    const due = this.start.clock + (time - this.start.time) / this.speed;
    for (let wait = due - performance.now(); wait > 0 && !isOver(); wait = due - performance.now()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(wait, LOOK_MS)));
    }
    // What was due before goes as well: a late timer does not slow it down for good.
    const now = Math.max(due, performance.now());
    const limit = this.start.time + (now - this.start.clock) * this.speed + TOGETHER_MS * this.speed;
    let end = index + 1;
    while (end < chunk.count && this.timeOf(chunk, end) <= limit) end++;
    return end;
  }

  /** When a record happened, in ms. */
  private timeOf(chunk: Chunk, index: number): number {
    if (this.field === undefined) return writtenAt(chunk.times, index);
    const { bytes } = chunk;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { type, offset } = this.field;
    const at = index * this.recordBytes + offset;
    return readNumber(view, at, (type as { type: ScalarName }).type) * this.msPerUnit;
  }
}

/** The time of the last pair that begins at or before an index. */
function writtenAt(times: readonly number[], index: number): number {
  let low = 0;
  let high = times.length / 2 - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((times[2 * middle] as number) <= index) low = middle;
    else high = middle - 1;
  }
  return times[2 * low + 1] as number;
}

function readNumber(view: DataView, at: number, type: ScalarName): number {
  switch (type) {
    case 'f64':
      return view.getFloat64(at, true);
    case 'f32':
      return view.getFloat32(at, true);
    case 'u8':
      return view.getUint8(at);
    case 'i8':
      return view.getInt8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 'i16':
      return view.getInt16(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'i32':
      return view.getInt32(at, true);
    case 'u64':
    case 'u53':
      return Number(view.getBigUint64(at, true));
    default:
      return Number(view.getBigInt64(at, true));
  }
}
