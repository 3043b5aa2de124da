// The example: a generated service, and real telemetry where there is some; what was found, what was missed, false alarms.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { generatedSeries } from './generated.js';
import { readNab } from './nab.js';
import { drawPicture } from './picture.js';
import { DETECTOR } from './pipeline.js';
import { alertsByPlainLoop } from './plain-loop.js';
import { findAlerts } from './run.js';
import type { Series } from './telemetry.js';
import { formatVerdicts, judge, total } from './verdict.js';

/** What is found in the generated service: all but one that is too little to be seen. */
const KNOWN = { detected: 4, missed: 1, falseAlarms: 0 };

const HELP = `Usage: node scripts/run.mjs examples/service-health/main.ts [--nab FOLDER] [--picture PICTURE.svg]

  --nab  the data of the Numenta Anomaly Benchmark; ../shared/data/nab unless told, if it is there`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { nab: { type: 'string' }, picture: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return console.log(HELP);

  const series = generatedSeries();
  const { detected, missed, falseAlarms } = await look('A generated service', series, values.picture);
  if (!isDeepStrictEqual({ detected, missed, falseAlarms }, KNOWN)) {
    throw new Error(`Cannot confirm what was found: ${JSON.stringify({ detected, missed, falseAlarms })}`);
  }

  const folder = values.nab ?? resolve('..', 'shared', 'data', 'nab');
  if (values.nab !== undefined || existsSync(folder)) {
    await look('Real telemetry, from the Numenta Anomaly Benchmark', await readNab(folder));
  } else console.log('Real telemetry: none here (see --nab)');
}

/** Finds alerts, shows what they are worth, and compares them with those of the plain loop. */
async function look(title: string, series: readonly Series[], picture?: string) {
  const alerts = await findAlerts(series);
  const verdicts = judge(series, alerts);
  console.log(`${title}:\n\n${formatVerdicts(verdicts)}\n`);

  const slug = title.split(',')[0]!.toLowerCase().replaceAll(' ', '-');
  const path = resolve(picture ?? `out/service-health-${slug}.svg`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, drawPicture(series, alerts));
  console.log(`Picture: ${path}`);

  if (!isDeepStrictEqual(alerts, alertsByPlainLoop(series, DETECTOR))) {
    throw new Error('Cannot confirm the alerts: those of a plain loop over the same measurements are others');
  }
  console.log(`Checked: a plain loop raises the same ${alerts.length} alerts\n`);
  return total(verdicts);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
