// Holds the models to the code: every function that they cite exists, and every one that touches shared cells is cited.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { citationsIn, functionsIn, macrosIn, touchesCells, uncitedParts } from './citations.js';
import { CONSTANTS, MODELS } from './models.mjs';
import { readReport } from './spin.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');
const files = readdirSync(`${root}/test/model`).filter((name) => name.endsWith('.pml'));
const models = new Map(files.map((file) => [file, read(`test/model/${file}`)]));

/** Functions of src/journal that touch shared cells and are in no model, and why. */
const UNMODELLED: Readonly<Record<string, string>> = {
  'src/journal/bell.ts nap': 'nobody ends it: it waits for time to pass, and who took it looks again',
  'src/journal/bell.ts sleepUntilRungAsync': 'as sleepUntilRung; who uses it has a timer beside it',
  'src/journal/journal.ts isWriterWaiting': 'a hint for the engine, which looks again at what it found',
  'src/journal/writer.ts countDropped': 'a count for statistics, by the one writer: nobody waits for it',
  'src/journal/journal.ts droppedRecords': 'reads that count',
  'src/journal/journal.ts createJournal': 'before anybody else knows the journal',
  'src/journal/histogram-reader.ts whole':
    'counts that are moved meanwhile are read anew: argued in the file, and stressed',
  'src/journal/histogram-reader.ts totals': 'as whole',
  'src/journal/histogram-reader.ts sinceReset': 'as whole',
  'src/journal/histogram-reader.ts resetHistogram': 'as whole',
  'src/journal/histogram-reader.ts alone': 'one thread at a time resets: argued in the file, and stressed',
  'src/journal/histogram-writer.ts carry': 'moves counts between two announcements: argued in the file',
  'src/journal/histogram-writer.ts recordShared': 'one addition; the move is that of carry',
  'src/journal/histogram.ts claimHistogram': 'one compare-and-swap, no protocol behind it',
  'src/journal/histogram.ts ownHistogram': 'as claimHistogram',
  'src/journal/histogram.ts releaseHistogram': 'as claimHistogram',
  'src/journal/marks.ts constructor': 'loads what the writer before had stored, which is gone',
  'src/journal/marks.ts put':
    'seen with `published` only, as a record: ring.pml; being overwritten is argued in the file',
  'src/journal/marks.ts takeBack': 'as put',
  'src/journal/marks.ts next': 'as put',
  'src/journal/by-hand/copies.ts oldest': 'as copies of the engine: lapped.pml',
  'src/journal/by-hand/copies.ts take': 'as copies of the engine: lapped.pml',
  'src/journal/by-hand/join.ts takeOver':
    'who looks first, and whose bell is rung: the new version is that of join.pml',
  'src/journal/by-hand/owner.ts isInUse':
    'asked by the engine, which alone gives the memory back: whoever opens it later is too late',
  'src/journal/progress.ts claimProgress': 'one compare-and-swap, no protocol behind it',
  'src/journal/progress.ts releaseProgress': 'as claimProgress',
};

describe.each([...models])('%s', (file, text) => {
  it('cites functions that exist', () => {
    const cited = citationsIn(text);
    expect(cited.length).toBeGreaterThan(0);
    const missing = cited.filter(({ path, name }) => !functionsIn(path, read(path)).has(name));
    expect(missing).toEqual([]);
  });

  it('says of every part which function does it', () => {
    expect(uncitedParts(text)).toEqual([]);
  });

  it('is broken by the macros that the list of models has, and by no others', () => {
    const included = [...text.matchAll(/^#include "(.*)"$/gm)].map(([, name = '']) => models.get(name) ?? '');
    const asked = macrosIn([text, ...included].join('\n')).filter((name) => !CONSTANTS.includes(name));
    const model = MODELS.find(({ name }) => `${name}.pml` === file);
    const listed = MODELS.flatMap(({ broken, stuck = [] }) => [...broken, ...stuck]);
    const breaks = model === undefined ? listed : [...model.broken, ...(model.stuck ?? [])];
    if (model !== undefined) expect(breaks.filter((name) => !asked.includes(name))).toEqual([]);
    const own = macrosIn(text).filter((name) => !CONSTANTS.includes(name));
    expect(own.filter((name) => !breaks.includes(name))).toEqual([]);
    const [heading = ''] = text.split('*/');
    expect(own.filter((name) => !heading.includes(name))).toEqual([]);
  });
});

describe('the models', () => {
  const cited = new Set([...models.values()].flatMap(citationsIn).map(({ path, name }) => `${path} ${name}`));
  const touching = ['src/journal', 'src/journal/by-hand']
    .flatMap((folder) => readdirSync(`${root}/${folder}`).map((file) => `${folder}/${file}`))
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => {
      return [...functionsIn(path, read(path))]
        .filter(([, text]) => touchesCells(text))
        .map(([name]) => `${path} ${name}`);
    });

  it('have every function of the journal that touches shared cells', () => {
    expect(touching.length).toBeGreaterThan(20);
    expect(touching.filter((name) => !cited.has(name) && !(name in UNMODELLED))).toEqual([]);
    expect(Object.keys(UNMODELLED).filter((name) => !touching.includes(name) || cited.has(name))).toEqual([]);
  });
});

describe('the reader of citations', () => {
  it('takes every name behind a file', () => {
    const text =
      '/* src/a/b.ts one() and two(), with\n * src/c.ts three(): words() */ x = 1; // src/d.ts four()';
    expect(citationsIn(text)).toEqual([
      { path: 'src/a/b.ts', name: 'one' },
      { path: 'src/a/b.ts', name: 'two' },
      { path: 'src/c.ts', name: 'three' },
    ]);
  });

  it('finds what cites nothing', () => {
    const text = [
      '/* src/a.ts one() */\ninline first() {\n  x = 1\n}\n',
      '/* Nothing. */\ninline second() {\n  x = 2 /* src/a.ts one() */\n}\n',
      'active [2] proctype Third() {\n  x = 3\n}\n',
      'active proctype Fourth() {\n  /* src/a.ts one() */\n  x = 4\n}\n',
    ];
    expect(uncitedParts(text.join('\n'))).toEqual(['inline second', 'active [2] proctype Third']);
  });

  it('knows what touches shared cells', () => {
    expect(touchesCells('cells.store(i32, 1, 2)')).toBe(true);
    expect(touchesCells('return loadSequence(memory, cell)')).toBe(true);
    expect(touchesCells('return this.sequence')).toBe(false);
  });
});

describe('the report of a search', () => {
  const report = (lines: string) => readReport(`State-vector 40 byte, depth reached 7, ${lines}`);

  it('is an error if spin found one, or did not search everything', () => {
    expect(report('errors: 0\n       13 states, stored\n')).toEqual({
      error: undefined,
      states: 13,
      unreached: [],
    });
    expect(report('errors: 1\npan:1: invalid end state (at depth 4)\n').error).toBe('invalid end state');
    expect(report('errors: 0\nerror: max search depth too small\n').error).toContain('max search depth');
    expect(report('errors: 0\nWarning: Search not completed\n').error).toContain('not completed');
    expect(readReport('').error).toBe('no report');
  });

  it('names the statements that no behaviour reaches, but not the ends of processes', () => {
    const text = 'errors: 0\n\tring.pml:12, state 3, "room = 1"\n\tring.pml:30, state 9, "-end-"\n';
    expect(report(text).unreached).toEqual(['ring.pml:12 "room = 1"']);
  });
});
