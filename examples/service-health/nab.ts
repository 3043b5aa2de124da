// The Numenta Anomaly Benchmark: series of real machines as CSV, and the windows that people have labelled.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Series, Window } from './telemetry.js';

/** The folders that are read of it: machines and services. */
const FOLDERS = ['realAWSCloudwatch', 'realKnownCause'];

/**
 * Reads the series of a folder that are labelled.
 *
 * @throws {Error} If files are missing, or are not what they should be.
 */
export async function readNab(folder: string): Promise<Series[]> {
  const labels = JSON.parse(await readFile(join(folder, 'combined_windows.json'), 'utf8')) as Record<
    string,
    ReadonlyArray<readonly [string, string]>
  >;
  const found: Series[] = [];
  for (const part of FOLDERS) {
    const names = (await readdir(join(folder, part))).filter((name) => name.endsWith('.csv')).sort();
    for (const name of names) {
      const windows = labels[`${part}/${name}`];
      if (windows === undefined) throw new Error(`Cannot read the labels: there are none of ${part}/${name}`);
      const anomalies = windows.map(([from, to]): Window => ({ from: seconds(from), to: seconds(to) }));
      const { times, values } = parse(await readFile(join(folder, part, name), 'utf8'), name);
      found.push({ metric: name.replace('.csv', ''), times, values, anomalies });
    }
  }
  return found;
}

function parse(csv: string, name: string): Pick<Series, 'times' | 'values'> {
  const times: number[] = [];
  const values: number[] = [];
  for (const line of csv.trim().split('\n').slice(1)) {
    const [time = '', value = ''] = line.split(',');
    times.push(seconds(time));
    values.push(Number(value));
    if (!Number.isFinite(times.at(-1)) || value.trim() === '' || !Number.isFinite(values.at(-1))) {
      throw new Error(`Cannot read ${name}: line ${times.length + 1} is ${line}`);
    }
  }
  return { times, values };
}

/** `2014-04-15 07:24:00`, without a zone: read as UTC. */
function seconds(text: string): number {
  return Date.parse(`${text.trim().slice(0, 19).replace(' ', 'T')}Z`) / 1000;
}
