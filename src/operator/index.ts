// What operators and the other folders use of operator.
export { compose } from './compose.js';
export {
  defineOperator,
  type Emitted,
  type Key,
  type KeyedOptions,
  type KeyPart,
  type Nothing,
  type OperatorDefinition,
  type OperatorOptions,
  type OperatorSpec,
  type OutputOptions,
  type State,
  type StepScope,
} from './define-operator.js';
export { type Fused, isFused, operatorsOf } from './fused.js';
export {
  DEFAULT_MAX_KEYS,
  isKeyedTable,
  type KeyedTable,
  type KeyedTables,
  keyedTable,
  type Table,
  type TableKey,
  type TableKeyOf,
  type TablesOf,
} from './keyed-table.js';
export {
  checkDigits,
  checkName,
  type HistogramSink,
  isHistogramSink,
  isMeasureRequest,
  isPlacedMeasure,
  type LatencyOptions,
  type MeasureRequest,
  type PlacedMeasure,
  passes,
  type RecordsValues,
  type Watch,
  watch,
} from './measures.js';
export { checkOptions } from './options.js';
export { isParam, type Param } from './param.js';
export { isSlotSink, type SlotSink, type SlotsTarget, type SlotTable, slotTable } from './slots.js';
export {
  type AnyFunction,
  isWithUsing,
  type Using,
  type UsingValues,
  type WithUsing,
  withUsing,
} from './using.js';
