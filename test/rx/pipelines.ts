// Pipelines that several tests use.
import { createEngine, type Engine, type EngineOptions, f64, struct, u32 } from '../../src/index.js';

export const Reading = struct({ id: u32, value: f64, ts: f64 }, 'Reading');

export const PLACEMENTS = ['inline', 'worker'] as const;

/** Runs with an engine and closes it afterwards, also when the test fails. */
export async function withEngine<R>(
  options: EngineOptions,
  run: (engine: Engine) => Promise<R> | R,
): Promise<R> {
  const engine = createEngine(options);
  try {
    return await run(engine);
  } finally {
    await engine.close().catch(() => {});
  }
}

export function reading(id: number, value: number, ts = 0): { id: number; value: number; ts: number } {
  return { id, value, ts };
}
