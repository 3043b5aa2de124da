// Errors of schemas: structs, encoding, views and the text table.
import type { Catalogue } from './catalogue-entry.js';

export const schemaErrors = {} as const satisfies Catalogue;
