// A bundled page in Chromium: in workers where it is cross-origin isolated, inline where not, and clear errors else.
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from './chromium.mjs';
import type { Checks, Told } from './page.js';
import { type Site, serve } from './site.js';

const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};
const PAGES = {
  '/isolated': ISOLATED,
  '/plain': {},
  '/no-eval': { ...ISOLATED, 'content-security-policy': "script-src 'self' blob:" },
  '/no-blob': { ...ISOLATED, 'content-security-policy': "script-src 'self' 'unsafe-eval'" },
  '/policy': { ...ISOLATED, 'content-security-policy': "script-src 'self' 'unsafe-eval'; worker-src blob:" },
};

const readings = Array.from({ length: 20_000 }, (_, n) => ({
  sensorId: n % 100,
  value: (n * n) % 97 < 3 ? 500 : (n * 7) % 13,
  timestamp: n,
}));

/** The alerts, by a plain loop. */
function expectedAlerts(from = readings): unknown[] {
  const sums = new Map<number, { avg: number; count: number }>();
  const alerts: unknown[] = [];
  for (const { sensorId, value } of from) {
    const sum = sums.get(sensorId);
    if (sum === undefined) {
      sums.set(sensorId, { avg: value, count: 1 });
      continue;
    }
    const before = sum.avg;
    sum.avg = (sum.avg * sum.count + value) / (sum.count + 1);
    sum.count += 1;
    if (sum.avg > before * 1.5) alerts.push({ sensorId, avg: sum.avg });
  }
  return alerts;
}

const program = findChromium();
const title = program === undefined ? 'in Chromium (skipped: no chromium is installed)' : 'in Chromium';

describe.skipIf(program === undefined)(title, () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    site = await serve(PAGES);
    // Where tests run as root, its sandbox can't be.
    browser = await chromium.launch({ executablePath: program as string, args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function open(path: keyof typeof PAGES): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(site.origin + path);
    return page;
  }

  /** Runs the quick start in a page. */
  async function quickStart(
    page: Page,
    engineOptions: Parameters<Checks['quickStart']>[1] = {},
    stageOptions: Parameters<Checks['quickStart']>[2] = {},
  ) {
    const result = await page.evaluate(
      ([readings, engineOptions, stageOptions]) =>
        (globalThis as unknown as { checks: Checks }).checks.quickStart(
          readings,
          engineOptions,
          stageOptions,
        ),
      [readings, engineOptions, stageOptions] as const,
    );
    return result as {
      got?: unknown[];
      failure?: Told;
      thrown?: Told;
      stages?: Array<{ backend: string; placement: string }>;
    };
  }

  const isolatedOf = (page: Page) =>
    page.evaluate(() => (globalThis as unknown as { checks: Checks }).checks.isolated());

  test('there is something to be alerted of', () => {
    expect(expectedAlerts().length).toBeGreaterThan(100);
  });

  test.each(['auto', 'js'] as const)(
    'the quick start runs in workers where the page is cross-origin isolated (%s)',
    async (backend) => {
      const page = await open('/isolated');
      expect(await isolatedOf(page)).toBe(true);
      let workers = 0;
      page.on('worker', () => workers++);
      const { got, stages, failure, thrown } = await quickStart(page, { backend });
      expect({ failure, thrown }).toEqual({});
      expect(got).toEqual(expectedAlerts());
      expect(workers).toBeGreaterThan(0);
      for (const stage of stages ?? []) {
        expect(stage.placement).not.toBe('inline');
        expect(stage.backend).toBe(backend === 'auto' ? 'wasm' : 'js');
      }
      expect(stages).toHaveLength(2);
    },
  );

  test('stages share a named worker, and run inline beside it', async () => {
    const page = await open('/isolated');
    for (const placement of [{ worker: 'mine' }, 'inline'] as const) {
      const { got, stages } = await quickStart(page, {}, { placement });
      expect(got).toEqual(expectedAlerts());
      const where = placement === 'inline' ? 'inline' : 'engine/mine';
      expect(stages?.map((stage) => stage.placement)).toEqual([where, where]);
    }
  });

  test.each([{}, { placement: 'inline' }] as const)(
    'the quick start runs inline where the page is not cross-origin isolated, options %o',
    async (engineOptions) => {
      const page = await open('/plain');
      expect(await isolatedOf(page)).toBe(false);
      let workers = 0;
      page.on('worker', () => workers++);
      const { got, stages, failure, thrown } = await quickStart(page, engineOptions);
      expect({ failure, thrown }).toEqual({});
      expect(got).toEqual(expectedAlerts());
      expect(stages).toEqual([
        { backend: 'wasm', placement: 'inline' },
        { backend: 'wasm', placement: 'inline' },
      ]);
      expect(workers).toBe(0);
    },
  );

  test.each([
    ['the engine', { placement: 'worker' }, {}],
    ['a stage', {}, { placement: 'worker' }],
    ['a stage, by name', {}, { placement: { worker: 'mine' } }],
  ] as const)('asking for a worker there is an error: %s', async (_, engineOptions, stageOptions) => {
    const page = await open('/plain');
    const { thrown } = await quickStart(page, engineOptions, stageOptions);
    expect(thrown).toEqual({
      name: 'Error',
      code: 'SHARED_MEMORY_UNAVAILABLE',
      message: expect.stringMatching(/cross-origin isolat.*COOP.*COEP.*placement: 'inline'/),
    });
  });

  test.each(['/isolated', '/plain'] as const)('fused() runs on %s', async (path) => {
    // As many as a source takes at once: a page can't wait.
    const some = readings.slice(0, 10_000);
    const page = await open(path);
    const got = await page.evaluate(
      (readings) => (globalThis as unknown as { checks: Checks }).checks.fused(readings),
      some,
    );
    expect(got).toEqual(expectedAlerts(some));
  });

  test('next() on a full journal throws instead of waiting, and ready() waits', async () => {
    const page = await open('/isolated');
    const { taken, thrown, tried, got } = await page.evaluate(() =>
      (globalThis as unknown as { checks: Checks }).checks.fullJournal(),
    );
    expect(thrown).toEqual({
      name: 'RangeError',
      code: 'SOURCE_FULL',
      message: expect.stringMatching(/source numbers: its 4 slots are taken.*ready\(\)/),
    });
    expect(tried).toBe(false);
    expect(got).toEqual(Array.from({ length: taken + 1 }, (_, n) => n));
  });

  test("a policy without 'unsafe-eval' is an error that names it", async () => {
    const page = await open('/no-eval');
    for (const placement of ['worker', 'inline'] as const) {
      const { thrown } = await quickStart(page, { placement });
      expect(thrown).toEqual({
        name: 'Error',
        code: 'CODEGEN_FORBIDDEN',
        message: expect.stringContaining("script-src 'unsafe-eval'"),
      });
    }
  });

  test('a policy that keeps workers from starting is an error that names it; inline goes on', async () => {
    const page = await open('/no-blob');
    const { failure, thrown } = await quickStart(page);
    expect((thrown ?? failure)?.message).toMatch(/worker-src blob:/);
    expect((await quickStart(page, { placement: 'inline' })).got).toEqual(expectedAlerts());
  });

  test('a policy that allows both is enough', async () => {
    const page = await open('/policy');
    const { got, stages } = await quickStart(page);
    expect(got).toEqual(expectedAlerts());
    expect(stages?.every((stage) => stage.placement !== 'inline')).toBe(true);
  });
});
