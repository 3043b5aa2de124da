// The packed tarball serves ESM and CJS projects with types, and goes into one minified file.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { discard, type Packed, pack, projectWith, root, runNode } from './packed.js';

let packed: Packed;

beforeAll(async () => {
  packed = await pack();
});

afterAll(() => discard(packed));

interface Alert {
  sensorId: number;
  severity: number;
}

/** What service.ts prints, found by a plain loop. */
function expectedOutput(): { worker: Alert[]; inline: Alert[] } {
  const sums = new Map<number, { avg: number; count: number }>();
  const alerts: Alert[] = [];
  for (let n = 0; n < 3000; n++) {
    const [sensorId, value] = [n % 100, (n * n) % 97 < 3 ? 500 : (n * 7) % 13];
    const sum = sums.get(sensorId);
    if (sum === undefined) {
      sums.set(sensorId, { avg: value, count: 1 });
      continue;
    }
    const before = sum.avg;
    sum.avg = (sum.avg * sum.count + value) / (sum.count + 1);
    sum.count += 1;
    if (sum.avg > before * 1.5) alerts.push({ sensorId, severity: sum.avg > before * 2 ? 2 : 1 });
  }
  return { worker: alerts, inline: alerts };
}

test('the service has something to say', () => {
  const { worker } = expectedOutput();
  expect(new Set(worker.map(({ severity }) => severity))).toEqual(new Set([1, 2]));
});

describe('the tarball', () => {
  test('holds the built files, the README and the licence, and nothing else', () => {
    const others = packed.files.filter((path) => !/^dist\/[\w-]+\.(js|cjs|d\.ts|d\.cts)$/.test(path));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    for (const entry of ['index', 'operators']) {
      for (const ending of ['js', 'cjs', 'd.ts', 'd.cts'])
        expect(packed.files).toContain(`dist/${entry}.${ending}`);
    }
  });

  test('satisfies publint', async () => {
    const tarball = await readFile(packed.tarball);
    const bytes = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball: bytes }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}, { color: false }))).toEqual([]);
  });

  test('has the parser where pipelines are made, and nowhere else', async () => {
    const importing: string[] = [];
    for (const file of packed.files.filter((path) => /\.c?js$/.test(path))) {
      const text = await readFile(join(root, file), 'utf8');
      if (/(?:from |require\()"acorn"/.test(text)) importing.push(file);
    }
    expect(importing.sort()).toEqual(['dist/index.cjs', 'dist/index.js']);
  });

  test('has types of what is public, and of nothing behind it', async () => {
    const text = await readFile(join(root, 'dist', 'index.d.ts'), 'utf8');
    expect(text).not.toMatch(
      /acorn|@internal|\b(?:SourceNode|StageNode|Outlet|OperatorPlan|Lowering|Arena)\b|typeof catalogue/,
    );
    expect(text.length).toBeLessThan(120_000);
  });

  test('depends on acorn and on the rxjs of its user, and on koffi if that is there', async () => {
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(Object.keys(manifest.dependencies)).toEqual(['acorn']);
    expect(Object.keys(manifest.peerDependencies)).toEqual(['koffi', 'rxjs']);
    // For pinning threads only.
    expect(manifest.peerDependenciesMeta).toEqual({ koffi: { optional: true } });
  });
});

describe.each(['module', 'commonjs'] as const)('in a project of type %s', (type) => {
  let project: string;

  beforeAll(async () => {
    project = await projectWith(packed, type);
  });

  test.each(['nodenext', 'bundler'])(
    'the types hold with moduleResolution %s, also of the package itself',
    async (moduleResolution) => {
      const module = moduleResolution === 'bundler' ? 'preserve' : 'nodenext';
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        lib: ['es2022', 'esnext.disposable', 'dom'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        outDir: `out-${moduleResolution}`,
      };
      await writeFile(
        join(project, `tsconfig.${moduleResolution}.json`),
        JSON.stringify({ compilerOptions, files: ['service.ts'] }),
      );
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      const report = await runNode(project, tsc, '-p', `tsconfig.${moduleResolution}.json`).catch(
        (error: { stdout: string }) => error.stdout,
      );
      expect(report).toBe('');
    },
  );

  test('the service runs', async () => {
    expect(JSON.parse(await runNode(project, 'out-nodenext/service.js'))).toEqual(expectedOutput());
  });

  test.each<[title: string, options: BuildOptions]>([
    ['ESM', { format: 'esm', outExtension: { '.js': '.mjs' } }],
    ['CJS', { format: 'cjs', outExtension: { '.js': '.cjs' } }],
    ['ESM, with names kept', { format: 'esm', outExtension: { '.js': '.mjs' }, keepNames: true }],
    ['ESM, for ES2020', { format: 'esm', outExtension: { '.js': '.mjs' }, target: 'es2020' }],
  ])('the service runs as one minified file, %s', async (title, options) => {
    const outdir = join(packed.folder, `single-${type}-${title.replace(/\W+/g, '-')}`);
    await build({
      entryPoints: [join(project, 'service.ts')],
      absWorkingDir: project,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      outdir,
      logLevel: 'silent',
      ...options,
    });
    const file = `service${options.outExtension?.['.js']}`;
    expect(JSON.parse(await runNode(outdir, file))).toEqual(expectedOutput());
  });
});

test('the steps of operators are the same text in both builds, without helpers', async () => {
  const require = createRequire(import.meta.url);
  const builds: Array<typeof import('../../operators/index.js')> = [
    await import(/* @vite-ignore */ join(root, 'dist', 'operators.js')),
    require(join(root, 'dist', 'operators.cjs')),
  ];
  const [esm, cjs] = builds.map(({ dedupBy, delta, filter, map, pairwise, scan, stateful }) =>
    [
      dedupBy((r: { a: number }) => r.a),
      delta(
        (r: { a: number }) => r.a,
        () => null,
      ),
      filter(() => true),
      map((r) => ({ ...(r as object) })),
      pairwise(),
      scan((acc) => acc, { a: 1 }),
      stateful(
        (r: { a: number }) => r.a,
        (r) => ({ a: r.a }),
        () => {},
      ),
    ].map(({ operators }) => operators.map(({ name, step }) => `${name}: ${step}`).join()),
  );
  expect(cjs).toEqual(esm);
  expect(esm?.join('\n')).not.toMatch(/\b_\w+\(|__name/);
});
