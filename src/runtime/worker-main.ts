// The bootstrap of a worker, bundled and embedded as text where the sources are run (the package shares its code instead).
import { bootWorker } from './worker-boot.js';

bootWorker();
