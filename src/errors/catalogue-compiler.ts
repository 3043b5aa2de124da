// Errors of the compiler: functions that can't be taken in, captures and layouts.
import type { Catalogue } from './catalogue-entry.js';

export const compilerErrors = {} as const satisfies Catalogue;
