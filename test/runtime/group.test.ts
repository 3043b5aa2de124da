// A group at work: when it is ready, what it takes, and that it lets go of its memory once.
import { describe, expect, it } from 'vitest';
import { map } from '../../operators/index.js';
import { createBell, EndKind } from '../../src/journal/index.js';
import { Group } from '../../src/runtime/group.js';
import { GroupFlag } from '../../src/runtime/plan.js';
import { ground, hostOf, layGroup } from './group-kit.js';

/** More than the test's regions take. */
const USED_BYTES = 4 * 1024 * 1024;

const twice = () => map((r: { v: number }) => ({ v: r.v * 2 }));

describe('a group', () => {
  it('runs what its input has, and ends with it', () => {
    const place = ground();
    const laid = layGroup(place, createBell(place.arena), twice());
    const group = new Group(laid.plan, hostOf(place));
    expect(group.isReady()).toBe(false);
    laid.feed(1, 2, 3);
    expect(group.isReady()).toBe(true);
    expect(group.turn()).toBe(3);
    expect(laid.take()).toEqual([2, 4, 6]);
    laid.input.end(EndKind.COMPLETE);
    group.turn();
    expect(group.isRemoved).toBe(true);
    expect(place.memory.i32[laid.plan.flag]).toBe(GroupFlag.REMOVED);
  });

  it('takes fewer records at a time where its functions are slow, and more again where they are fast', () => {
    const place = ground();
    const sometimesSlow = map((r: { v: number }) => {
      let x = 0;
      for (let i = 0; i < r.v; i++) x += Math.sqrt(i);
      return { v: x };
    });
    const laid = layGroup(place, createBell(place.arena), sometimesSlow, { capacity: 4_096 });
    const group = new Group(laid.plan, hostOf(place));
    /** Feeds records of one kind and runs them; the most and the last that one turn took while there were enough. */
    const run = (v: number, records: number): { most: number; last: number } => {
      laid.feed(...Array.from({ length: records }, () => v));
      const taken: number[] = [];
      for (let left = records; left > 0; ) {
        const count = group.turn();
        if (count < left) taken.push(count);
        left -= count;
        laid.take();
      }
      return { most: Math.max(...taken), last: taken.at(-1) as number };
    };
    // Some milliseconds a record, whatever the machine.
    expect(run(5_000_000, 100).last).toBeLessThan(8);
    for (let turns = 0; run(1, 4_000).most < 1_024; turns++) expect(turns).toBeLessThan(50);
  });

  it('touches nothing any more once it has ended: its memory may be somebody else’s by then', () => {
    const place = ground();
    const laid = layGroup(place, createBell(place.arena), twice());
    const group = new Group(laid.plan, hostOf(place));
    laid.input.end(EndKind.COMPLETE);
    group.turn();
    laid.free();
    const { i32 } = place.memory;
    // What a new owner may keep where the flag was: first as if the group were to run, then as if it were to go.
    for (const content of [GroupFlag.RUN, GroupFlag.REMOVE, 77]) {
      i32[laid.plan.flag] = content;
      const before = Buffer.from(place.memory.u8.slice(0, USED_BYTES));
      expect(group.isRemoved).toBe(true);
      group.turn();
      group.remove();
      expect(before.equals(place.memory.u8.subarray(0, USED_BYTES))).toBe(true);
    }
  });
});
