// The slot stores of an engine: made in its memory, and given to stages that write them.
import { fail } from '../errors/index.js';
import { createSlots, slotsWords } from '../journal/index.js';
import type { OperatorDefinition, SlotTable } from '../operator/index.js';
import { isStruct, type Struct } from '../schema/index.js';
import type { Engine } from './engine.js';
import { checkSlotsOptions, describe, keyTypesOf, type SlotsOptions } from './options.js';
import { SlotStore } from './slot-store.js';

export class SlotStores {
  private readonly engine: Engine;
  private readonly byAddress = new Map<number, SlotStore>();
  private made = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** The names of the stores, by the addresses of their regions. */
  get names(): ReadonlyMap<number, string> {
    return new Map([...this.byAddress].map(([address, { slots }]) => [address, slots.name]));
  }

  /** Makes a store, by index or keyed. */
  create<K, T>(struct: Struct<T>, capacity: number, options: SlotsOptions = {}): SlotStore<K, T> {
    const { engine } = this;
    engine.checkOpen('create a slot store');
    if (!isStruct(struct)) throw fail('NOT_A_STRUCT', { what: 'a slot store', found: describe(struct) });
    checkSlotsOptions(options);
    const key = keyTypesOf(options.key);
    const name = options.name ?? `slots${this.made++}`;
    const shape = { name, capacity, recordWords: struct.layout.words, key };
    const plan = { what: `slot store ${name}`, words: [slotsWords(shape)], tables: [] };
    const { address } = engine.whereThereIsRoom(plan, () => createSlots(engine.arena, shape));
    const store = new SlotStore<K, T>(engine.memory, engine.texts, { ...shape, address }, struct);
    this.byAddress.set(address, store as SlotStore);
    return store;
  }

  /**
   * Takes the stores that a stage is to write, all or none: each has one writer.
   *
   * @throws {TypeError} SLOTS_UNUSABLE for one of another engine.
   * @throws {Error} SLOTS_WRITTEN if somebody writes it.
   */
  claim(stage: string, definitions: readonly OperatorDefinition[]): readonly SlotStore[] {
    const claimed: SlotStore[] = [];
    try {
      for (const { name, tables } of definitions) {
        for (const { slots } of Object.values(tables) as Partial<SlotTable>[]) {
          if (slots === undefined) continue;
          const store = this.byAddress.get(slots.address);
          if (store?.handle.shape !== slots) {
            const why = `${slots.name} is a slot store of another engine`;
            throw fail('SLOTS_UNUSABLE', { operator: name, why });
          }
          store.claim(`stage ${stage}`);
          claimed.push(store);
        }
      }
      return claimed;
    } catch (error) {
      for (const store of claimed) store.release();
      throw error;
    }
  }
}
