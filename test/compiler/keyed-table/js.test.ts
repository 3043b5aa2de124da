// The keyed table that the js backend generates.
import { keepsItsPromises } from './contract.js';
import { jsTable } from './tables.js';

keepsItsPromises('js', jsTable);
