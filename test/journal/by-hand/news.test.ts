// What a loop is told before it sleeps: that there is something for it, and no longer once it has gone round.
import { describe, expect, it } from 'vitest';
import { type JournalUser, openByHandle } from '../../../src/journal/by-hand/index.js';
import { type Journal as Core, joinReader, leaveReader, readerPosition } from '../../../src/journal/index.js';
import { withEngine } from '../../rx/pipelines.js';
import { Item } from './kit.js';

describe('a writer', () => {
  it('has news for its loop when a reader joins or leaves, and places who joined when that goes round', () =>
    withEngine({}, (engine) => {
      const journal = engine.journal(Item, { capacity: 4 });
      const users: JournalUser[] = [];
      const thread = { number: 7, bell: 0, canBlock: true, opened: (user: JournalUser) => users.push(user) };
      const writer = openByHandle<Item>(journal.handle, thread).writer();
      const [user] = users as [JournalUser];
      expect(user.hasNews()).toBe(false);
      writer.write({ n: 0 });
      user.flush?.();
      const [core] = [...engine.core.journals.all] as [Core];
      const place = () => readerPosition(core, 0);
      const join = () => joinReader(core, { gating: true });
      join();
      expect([user.hasNews(), place()]).toEqual([true, -1]);
      user.mark();
      expect([user.hasNews(), place()]).toEqual([false, 1]);
      leaveReader(core, 0);
      expect(user.hasNews()).toBe(true);
      user.mark();
      expect(user.hasNews()).toBe(false);
      // While a record is being written its place is taken, and nobody can be placed before it.
      writer.claim();
      join();
      user.mark();
      expect([user.hasNews(), place()]).toEqual([false, -1]);
      writer.publish();
      expect(place()).toBe(2);
      leaveReader(core, 0);
      writer.close();
      expect(user.hasNews()).toBe(false);
    }));
});
