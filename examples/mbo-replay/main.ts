// The replay: a file of DBN, or the generated market, through the stages; a picture, and a check against a plain book.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { assertSame, plainDigest } from './check.js';
import type { Fills } from './correct-orders.js';
import { readDbnMetadata } from './dbn-file.js';
import { generateMbo } from './generated.js';
import { type Input, open } from './input.js';
import { busiest, drawPicture } from './picture.js';
import { replay } from './run.js';

const RECORDS = 400_000;
/** What the first hundred thousand records of the generated market are known to give. */
const KNOWN = { records: 100_000, count: 104185, sum: '7e927b71dfc7052b', hash: '728dc49ff9aed172' };

const HELP = `Usage: node scripts/run.mjs examples/mbo-replay/main.ts [--file FILE.dbn.zst] [--records N] [--correct]
       [--live] [--speed X] [--here] [--picture PICTURE.svg]

  --file     a file of DBN, compressed or not; without it, the generated market
  --records  how many records to generate; 400,000 unless told
  --correct  the book as it is right for real markets, instead of as the original has it
  --live     at the pace at which it was recorded, times --speed
  --here     reads and decodes on the main thread, not in a worker`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      file: { type: 'string' },
      records: { type: 'string', default: String(RECORDS) },
      correct: { type: 'boolean', default: false },
      live: { type: 'boolean', default: false },
      speed: { type: 'string' },
      here: { type: 'boolean', default: false },
      picture: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(HELP);
  const { file } = values;
  const records = positive('--records', values.records);
  const speed = positive('--speed', values.speed ?? '1');
  const input: Input = file === undefined ? { generated: records } : { file };
  const names = file === undefined ? undefined : (await readDbnMetadata(file)).symbols;
  // Databento tells a fill and then cancels what was filled; in the generated market fills stand alone.
  const fills: Fills = file === undefined ? 'reduce' : 'report';
  const correct = values.correct ? fills : undefined;

  const paced = values.live || values.speed !== undefined;
  const results = await replay(values.here ? open(input) : input, {
    book: correct ? { correct } : {},
    speed: paced ? speed : undefined,
  });
  const rate = results.records / results.ms / 1000;
  console.log(
    `${results.records.toLocaleString('en-US')} records gave ${results.signals.count.toLocaleString('en-US')} signals in ${Math.round(results.ms)} ms, ${rate.toFixed(2)} M records a second with reading and checksums`,
  );
  console.log(
    paced
      ? String(results.latencies)
      : 'Latencies say nothing while the source is as fast as it can be: see --live',
  );

  const picture = resolve(values.picture ?? 'out/mbo-replay.svg');
  await mkdir(dirname(picture), { recursive: true });
  const traces = busiest(results.traces, (symbol) => names?.get(symbol) ?? `instrument ${symbol}`);
  await writeFile(picture, drawPicture({ traces, records: results.records, signals: results.signals.count }));
  console.log(`Picture: ${picture}`);

  assertSame(results.signals, await plainDigest(open(input), correct));
  if (file === undefined && !correct) assertSame(await plainDigest(generateMbo(KNOWN.records)), KNOWN);
  console.log(`Checked: a plain book makes the same signals of the same records (${results.signals.hash})`);
}

function positive(option: string, value: string): number {
  const number = Number(value);
  if (number > 0 && number < Number.MAX_SAFE_INTEGER) return number;
  throw new RangeError(`Cannot replay with ${option} ${value}: a number above 0 is needed`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
