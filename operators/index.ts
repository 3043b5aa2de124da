// The built-in operators.
export { dedupBy } from './dedup-by.js';
export { delta } from './delta.js';
export { distinctUntilChanged } from './distinct-until-changed.js';
export { distinctUntilKeyChanged } from './distinct-until-key-changed.js';
export { filter } from './filter.js';
export { latency } from './latency.js';
export { map } from './map.js';
export { pairwise } from './pairwise.js';
export { pairwiseBy } from './pairwise-by.js';
export { progress } from './progress.js';
export { scan } from './scan.js';
export { stateful } from './stateful.js';
export { type StepOptions, step } from './step.js';
export { tap } from './tap.js';
export { type ToSlotsOptions, toSlots } from './to-slots.js';
