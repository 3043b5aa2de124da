// The reference models: for every operator an ordinary RxJS operator over plain objects
export { coerce } from './coerce.js';
export { dedupBy } from './dedup-by.js';
export { delta } from './delta.js';
export { distinctUntilChanged } from './distinct-until-changed.js';
export { distinctUntilKeyChanged } from './distinct-until-key-changed.js';
export { filter } from './filter.js';
export { map } from './map.js';
export { pairwise } from './pairwise.js';
export { pairwiseBy } from './pairwise-by.js';
export { scan } from './scan.js';
export { stateful } from './stateful.js';
export { step } from './step.js';
export { tap } from './tap.js';
