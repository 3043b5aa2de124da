// The keyed table of the wasm backend.
import { keepsItsPromises } from './contract.js';
import { wasmTable } from './wasm-table.js';

keepsItsPromises('wasm', wasmTable);
