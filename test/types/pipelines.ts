// What the type tests build on: an engine, sources of all field types. Nothing of it is ever run.
import {
  array,
  bool,
  createEngine,
  f32,
  f64,
  type Infer,
  i8,
  i16,
  i32,
  i53,
  i64,
  struct,
  text,
  u8,
  u16,
  u32,
  u53,
  u64,
} from 'roda-rx';

export const Reading = struct({ id: u32, value: f64, ts: u53 }, 'Reading');
export type Reading = Infer<typeof Reading>;

export const Place = struct({ x: f64, y: f64 }, 'Place');

/** A field of every type. */
export const Everything = struct({
  bool,
  i8,
  u8,
  i16,
  u16,
  i32,
  u32,
  f32,
  f64,
  i53,
  u53,
  i64,
  u64,
  text,
  place: Place,
  list: array(f64, 3),
  names: array(text, 2),
  places: array(Place, 2),
  grid: array(array(i32, 2), 2),
});

export const engine = createEngine();
export const readings = engine.source(Reading);
export const everything = engine.source(Everything);
