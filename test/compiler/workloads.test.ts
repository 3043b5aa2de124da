// Compiled stages give the listed checksums of the workloads.
import { describe, expect, it } from 'vitest';
import { Checksum } from '../../bench/workloads/checksum.js';
import { manyKeys } from '../../bench/workloads/many-keys.js';
import { type Alert, addAlert, type ReadingWorkload } from '../../bench/workloads/reading-workload.js';
import { sensor } from '../../bench/workloads/sensor.js';
import { service } from '../../bench/workloads/service.js';
import * as op from '../../operators/index.js';
import { compileStage, instantiate, type StageProgram } from '../../src/compiler/index.js';
import { Arena, createMemory } from '../../src/memory/index.js';
import {
  createCodec,
  createTextTable,
  f64,
  type Struct,
  struct,
  textTableWords,
  u53,
} from '../../src/schema/index.js';
import { type AnyFused, unitOf } from './stage-kit.js';
import { startChain } from './wasm-kit.js';

const Reading = struct({ id: u53, value: f64, ts: u53 }, 'Reading');
// biome-ignore lint/suspicious/noExplicitAny: the operators' types are checked elsewhere.
type Any = any;

const summaries = op.stateful(
  (r: Any) => [r.id, Math.floor(r.ts / 100000) * 100000],
  (r: Any) => ({
    id: r.id,
    min: r.value,
    max: r.value,
    sum: 0,
    count: 1,
    ts: Math.floor(r.ts / 100000) * 100000,
  }),
  (s: Any, r: Any) => {
    s.min = Math.min(s.min, r.value);
    s.max = Math.max(s.max, r.value);
    s.sum += r.value;
    s.count += 1;
  },
);
const averages = op.stateful(
  (r: Any) => [r.id, Math.floor(r.ts / 100000) * 100000],
  (r: Any) => ({
    id: r.id,
    min: r.value,
    max: r.value,
    avg: r.value,
    count: 1,
    ts: Math.floor(r.ts / 100000) * 100000,
  }),
  (s: Any, r: Any) => {
    s.min = Math.min(s.min, r.value);
    s.max = Math.max(s.max, r.value);
    s.avg = (s.avg * s.count + r.value) / (s.count + 1);
    s.count += 1;
  },
);
const rising = op.delta(
  (s: Any) => s.id,
  (curr: Any, prev: Any, { jump }: Any) =>
    prev &&
    curr.sum / curr.count > (prev.sum / prev.count) * jump && { id: curr.id, ts: curr.ts, severity: 1 },
  { using: { jump: 1.5 } },
);
const jumping = op.delta(
  (s: Any) => s.id,
  (curr: Any, prev: Any) => prev && curr.avg > prev.avg * 1.5 && { id: curr.id, ts: curr.ts, severity: 1 },
);

const MEMORY_BYTES = 512 * 1024 * 1024;

/** The checksums of what two stages in a row give. */
function run(workload: ReadingWorkload<Any>, size: number, first: AnyFused[], second: AnyFused[]) {
  const memory = createMemory(MEMORY_BYTES, false);
  const arena = Arena.create(memory);
  const bounds = { maxTexts: 10, maxBytes: 100 };
  const texts = createTextTable(memory, {
    ...bounds,
    address: arena.allocate(textTableWords(bounds), 'texts'),
  });
  const stage = (
    name: string,
    input: Struct,
    operators: AnyFused[],
    sink: (program: StageProgram) => (p: number) => void,
  ) => {
    const definitions = operators.flatMap((part) => part.operators);
    const { program } = compileStage({ stage: name, input, operators: definitions, backend: 'js' });
    const unit = unitOf(program);
    const scratch = arena.allocate(program.scratchWords, 'scratch');
    const tables = {
      allocate: (words: number, what: string) => arena.allocate(words, what),
      free: (at: number) => arena.free(at),
    };
    const env = {
      memory,
      texts,
      arena: tables,
      scratch,
      console,
      constants: unit.constants,
      sink: sink(program),
    };
    return { program, instance: instantiate(name, unit, env) };
  };
  const alerts = new Checksum();
  const seen = new Checksum();
  let next: (p: number) => void = () => {};
  const one = stage('summaries', Reading, first, (program) => {
    const codec = createCodec(program.output, memory, texts);
    return (p) => {
      workload.addSummary(seen, codec.decode(p));
      next(p);
    };
  });
  const two = stage('alerts', one.program.output, second, (program) => {
    const codec = createCodec(program.output, memory, texts);
    return (p) => {
      addAlert(alerts, codec.decode(p) as Alert);
    };
  });
  next = two.instance.entry;
  const codec = createCodec(Reading, memory, texts);
  const p = arena.allocate(Reading.layout.words, 'reading');
  workload.feed(size, (reading) => {
    codec.encode(p, reading);
    one.instance.entry(p);
  });
  return { alerts: alerts.digest(), summaries: seen.digest() };
}

/** The same as one module. */
function runModule(workload: ReadingWorkload<Any>, size: number, first: AnyFused[], second: AnyFused[]) {
  const alerts = new Checksum();
  const seen = new Checksum();
  const chain = startChain(
    Reading,
    [first, second],
    (stage, record) => {
      if (stage === 0) workload.addSummary(seen, record as Any);
      else addAlert(alerts, record as Alert);
    },
    MEMORY_BYTES,
  );
  workload.feed(size, (reading) => chain.push(reading));
  chain.drain();
  expect(chain.failures).toEqual([]);
  return { alerts: alerts.digest(), summaries: seen.digest() };
}

describe.each([
  ['drivers', run],
  ['a module', runModule],
])('stages compiled to %s give the checksums of', (_, run) => {
  it('sensor', () => {
    expect(run(sensor, 1000, [summaries], [rising]).alerts).toEqual(sensor.listed[0]?.alerts);
  });

  it('service', () => {
    const distinct = op.dedupBy((r: Any) => [r.id, Math.floor(r.value * 1000)]);
    const once = op.dedupBy((a: Any) => a.id);
    expect(run(service, 1000, [distinct, summaries], [rising, once]).alerts).toEqual(
      service.listed[0]?.alerts,
    );
  });

  it('many-keys', () => {
    const { size, ...digests } = manyKeys.listed[0] as (typeof manyKeys.listed)[0];
    expect(run(manyKeys, size, [averages], [jumping])).toEqual(digests);
  });
});
