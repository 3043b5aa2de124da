// The worker that reads and decodes: the same signals as from the main thread, and an error where there is one.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainDigest } from '../../../examples/mbo-replay/check.js';
import { open } from '../../../examples/mbo-replay/input.js';
import { replay } from '../../../examples/mbo-replay/run.js';
import { bundleProgram } from '../../program.js';
import { dbnBytes, storedZstd } from './dbn-bytes.js';
import { hasSharedData, sharedFile } from './shared-data.js';

const ORDER = { ts: 1n, orderId: 1n, price: 5n, size: 7, instrumentId: 11, action: 'A', side: 'B' };
const SESSION = 'esh4-glbx-mdp3-20231224.mbo.dbn.zst';

let feed: URL;
let folder = '';
beforeAll(async () => {
  feed = pathToFileURL(await bundleProgram('examples/mbo-replay/feed.ts'));
  folder = await mkdtemp(join(tmpdir(), 'feed-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fileOf = async (bytes: Uint8Array) => {
  const file = join(folder, 'file.dbn');
  await writeFile(file, bytes);
  return { file };
};

describe('a replay that a worker feeds', () => {
  it.each(['js', 'wasm'] as const)(
    'gives the listed signals of the generated market, on %s',
    async (backend) => {
      const { records, signals, latencies } = await replay(
        { generated: 100_000 },
        { feed, book: { backend } },
      );
      expect(records).toBe(100_000);
      expect(signals).toEqual({ count: 104185, sum: '7e927b71dfc7052b', hash: '728dc49ff9aed172' });
      expect(latencies.count).toBe(signals.count);
    },
  );

  it('agrees with the plain book of a file, compressed or not, with its stages on the main thread, too', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({ ...ORDER, ts: BigInt(i), orderId: BigInt(i) }));
    const plain = dbnBytes({ version: 3, records: many });
    for (const bytes of [plain, storedZstd(plain)]) {
      const input = await fileOf(bytes);
      for (const placement of ['worker', 'inline'] as const) {
        const results = await replay(input, { feed, book: { placement } });
        expect(results.records).toBe(20_000);
        expect(results.signals).toEqual(await plainDigest(open(input)));
      }
    }
  });

  it('takes no less time than was recorded, where it is paced', async () => {
    const input = { generated: 1_000 };
    const batches = open(input) as Iterable<{ ts: BigUint64Array }>;
    const [ts] = [...batches].map((batch) => batch.ts);
    const speed = 0.02;
    const paced = await replay(input, { feed, speed });
    expect(paced.ms).toBeGreaterThanOrEqual(Number(ts!.at(-1)! - ts![0]!) / 1e6 / speed);
    expect(paced.signals).toEqual(await plainDigest(open(input)));
  });

  it.each([
    ['is not there', () => Promise.resolve({ file: join(folder, 'none') }), 'ENOENT'],
    ['is no DBN', () => fileOf(new Uint8Array(1_000)), 'Cannot read the file as DBN'],
    [
      'is cut',
      () => fileOf(dbnBytes({ version: 1, records: [ORDER] }).subarray(0, -3)),
      'it ends within a record',
    ],
  ])('fails with the reason where the file %s', async (_, make, reason) => {
    const replayed = replay(await make(), { feed });
    await expect(replayed).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining(reason),
    });
  });

  it.skipIf(!hasSharedData)('agrees with the plain book on a real session', async () => {
    const input = { file: sharedFile(SESSION) };
    const { records, signals } = await replay(input, { feed });
    expect(records).toBe(8_725);
    expect(signals).toEqual(await plainDigest(open(input)));
  });
});
