// Errors of engines: building a graph, feeding it, its workers and its end.
import type { Catalogue } from './catalogue-entry.js';

export const engineErrors = {} as const satisfies Catalogue;
