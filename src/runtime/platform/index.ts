// The platform that this process runs on.
import { browserPlatform } from './browser.js';
import { nodePlatform } from './node.js';
import type { Platform } from './platform.js';

export type { Pinning, Platform, WorkerEvents, WorkerLink } from './platform.js';

let found: Platform | undefined;

/** The platform of this process. */
export function platform(): Platform {
  found ??= nodePlatform() ?? browserPlatform();
  return found;
}
