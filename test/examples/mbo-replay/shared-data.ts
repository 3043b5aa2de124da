// Market data that lies beside a checkout, and is not the project's to hand on.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where a file of it would be. */
export function sharedFile(name: string): string {
  return fileURLToPath(new URL(`../../../../shared/data/mbo/${name}`, import.meta.url));
}

/** Whether it is there. */
export const hasSharedData = existsSync(sharedFile('.'));
