// Nothing is reported that was not right: results are held against what is expected
import type { Digest } from '../workloads/checksum.js';

/**
 * @param what Whose results of what, for the message.
 * @throws {Error} If the results are not the expected ones.
 */
export function assertDigest(what: string, actual: Digest, expected: Digest): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`Wrong results from ${what}: expected ${wanted}, got ${got}`);
}
