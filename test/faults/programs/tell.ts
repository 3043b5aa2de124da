// What a program says to the test that runs it: a line of JSON each, written at once, also where its thread is about to block.
import { writeSync } from 'node:fs';

export function tell(told: unknown): void {
  writeSync(1, `${JSON.stringify({ told })}\n`);
}

/** What tests look at in an error. */
export function summary(error: unknown): Record<string, unknown> {
  const { code, message, stage, cause } = error as Record<string, unknown>;
  return { code, stage, message, cause: (cause as { code?: string } | undefined)?.code };
}
