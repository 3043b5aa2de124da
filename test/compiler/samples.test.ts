// Every folder of samples: what the compiler says of a source, that its remedy works when pasted, and what comes out.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CompilerError, pasted, remedyOf } from './paste-remedy.js';
import { type Run, runSample } from './sample-kit.js';

const FOLDER = fileURLToPath(new URL('./samples/', import.meta.url));
const UPDATE = process.env['UPDATE_SAMPLES'] === '1';
/** What a run makes; the rest of a folder is written by hand. */
const MADE = ['diagnostic.txt', 'explain.txt', 'remedied.js', 'results.json', 'module.txt'];

const samples = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** A remedy in words, and what somebody who follows it writes. */
interface Followed {
  readonly says: string;
  readonly write: readonly (readonly [instead: string, of: string])[];
}

type Files = Record<string, string>;

async function build(source: string, backend: 'auto' | 'js' | 'wasm'): Promise<Run | CompilerError> {
  try {
    return await runSample(source, backend);
  } catch (error) {
    return error as CompilerError;
  }
}

/** The source with the remedy of a message: as it is pasted, or as its words say. */
function remedied(source: string, error: CompilerError, followed: Followed | undefined): string {
  if (followed === undefined && error.code === 'NOT_COMPILABLE') {
    expect(error.message).toContain('or leave `backend` out');
    return source;
  }
  if (followed === undefined) {
    const remedy = remedyOf(error.message);
    if (remedy === undefined) throw new Error(`No remedy to paste: ${error.message}`);
    return pasted(source, error, remedy);
  }
  expect(error.message).toContain(followed.says);
  let text = source;
  for (const [instead, of] of followed.write) {
    expect(text.split(instead)).toHaveLength(2);
    text = text.replace(instead, () => of);
  }
  return text;
}

function written(run: Run, backends: string): string {
  const lines = run.results.map((record) =>
    JSON.stringify(record, (_, value) =>
      typeof value === 'bigint' ? `${value}n` : Number.isNaN(value) ? 'NaN' : value,
    ),
  );
  const error = run.error === undefined ? '' : `\n  "error": ${JSON.stringify(run.error)},`;
  return `{\n  "backends": "${backends}",${error}\n  "results": [\n    ${lines.join(',\n    ')}\n  ]\n}\n`;
}

/** Results on both backends, which are the same; on js only where it can't be compiled. */
async function results(source: string): Promise<{ text: string; wasm: Run | undefined }> {
  const js = await runSample(source, 'js');
  const wasm = await build(source, 'wasm');
  if (wasm instanceof Error) {
    expect(wasm.code).toBe('NOT_COMPILABLE');
    return { text: written(js, 'js'), wasm: undefined };
  }
  expect(written(wasm, '')).toBe(written(js, ''));
  return { text: written(js, 'js, wasm'), wasm };
}

async function madeOf(folder: string): Promise<Files> {
  const source = readFileSync(`${folder}source.js`, 'utf8');
  const followed = existsSync(`${folder}remedy.json`)
    ? (JSON.parse(readFileSync(`${folder}remedy.json`, 'utf8')) as Followed)
    : undefined;
  const made: Files = {};
  const refused = await build(source, 'wasm');
  let final = source;
  if (refused instanceof Error) {
    made['diagnostic.txt'] = `${refused.message}\n`;
    final = remedied(source, refused, followed);
    if (final !== source) made['remedied.js'] = final;
  }
  const { text, wasm } = await results(final);
  made['results.json'] = text;
  if (refused instanceof Error && refused.code === 'NOT_COMPILABLE') {
    const auto = await runSample(source, 'auto');
    const reasons = auto.explanation.operators.flatMap(({ name, reason }) =>
      reason ? [`${name}: ${reason}\n`] : [],
    );
    made['explain.txt'] = reasons.join('\n');
    // It is right as it is; its remedy changes where it runs, not what comes out.
    expect(written(auto, '')).toBe(written(await runSample(final, 'js'), ''));
  } else if (refused instanceof Error) {
    expect(await build(source, 'auto')).toHaveProperty('message', refused.message);
  }
  if (existsSync(`${folder}module.txt`)) {
    made['module.txt'] = `${wasm?.explanation.units.map((unit) => unit.text).join('\n')}`;
  }
  return made;
}

describe('the compiler, of a sample', () => {
  for (const name of samples) {
    it(name.replaceAll('-', ' '), async () => {
      const folder = `${FOLDER}${name}/`;
      const made = await madeOf(folder);
      if (UPDATE) {
        for (const file of MADE) rmSync(`${folder}${file}`, { force: true });
        for (const [file, text] of Object.entries(made)) writeFileSync(`${folder}${file}`, text);
      }
      const there = MADE.filter((file) => existsSync(`${folder}${file}`));
      const stored = there.map((file) => [file, readFileSync(`${folder}${file}`, 'utf8')]);
      expect(made).toEqual(Object.fromEntries(stored));
    });
  }
});
