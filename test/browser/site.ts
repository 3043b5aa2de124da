// The page and its server: bundled from the built package as a user's bundler does it, served with chosen headers.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ensureBuilt } from '../../scripts/setup.mjs';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Headers by the path of a page. */
export type Pages = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

async function bundlePage(): Promise<string> {
  ensureBuilt({ types: false });
  const result = await build({
    entryPoints: [at('page.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    // The built package, not its sources.
    tsconfigRaw: '{}',
    alias: {
      'roda-rx/operators': at('../../dist/operators.js'),
      'roda-rx': at('../../dist/index.js'),
    },
  });
  return result.outputFiles[0]?.text ?? '';
}

/** Serves a page under each path, on a port of this machine that is free. */
export async function serve(pages: Pages): Promise<Site> {
  const script = await bundlePage();
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    const headers = pages[path];
    if (path === '/page.js') {
      // Loaded by isolated pages, too.
      response.writeHead(200, {
        'content-type': 'text/javascript',
        'cross-origin-resource-policy': 'same-origin',
      });
      response.end(script);
    } else if (headers !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html', ...headers });
      response.end(
        '<!doctype html><meta charset="utf-8"><title>roda-rx</title><script src="/page.js"></script>',
      );
    } else {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
