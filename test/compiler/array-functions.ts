// What people do with arrays in functions: one case a feature of the language.

// biome-ignore lint/suspicious/noExplicitAny: records of many shapes go through.
type Any = any;

export const arrayFunctions: Record<string, (r: Any) => Any> = {
  'which things are arrays': (r) => ({
    a: Array.isArray(r.samples),
    b: Array.isArray(r.pos),
    c: Array.isArray([r.id]),
    d: Array.isArray(r.ok ? r.items : r.items[0]),
  }),
  'arrays by their class, and in lists': (r) => ({
    a: r.samples instanceof Array,
    b: r.pos instanceof Array || (r.ok ? r.items : r.items[0]) instanceof Array,
    c: [r.samples, [r.id, [r.value]], r.id].flat().length,
  }),
  'includes, of NaN too': (r) => ({
    a: r.samples.includes(r.value),
    b: [r.value, Number.NaN].includes(Number.NaN),
    c: r.samples.includes(r.ok ? r.id : undefined),
    d: [1, 0 / r.id].includes(0 / r.id),
    e: ['bob', 'ann'].includes(r.name),
    f: [1, 2, 3].includes(r.small),
  }),
  'slices of known lengths': (r) => ({
    tail: [...r.samples.slice(1), r.value],
    two: r.samples.slice(-2),
    all: r.samples.concat([r.id], r.value),
    last: r.samples.at(-1),
    first: r.samples.at(0),
    none: r.samples.at(7) ?? -1,
  }),
  'arrays that are changed in place': (r) => {
    const list = [r.id, r.value, 3, 4];
    list.copyWithin(0, 1);
    const back = [...r.samples].reverse();
    const filled = [...r.samples].fill(r.id, 1, -1);
    const moved = [1, 2, 3, r.id];
    moved.copyWithin(1, -2, -1);
    return { list, back, filled, moved };
  },
  'typed arrays': (r) => {
    const all = new Float64Array(6);
    all.set(r.samples, 1);
    const two = Uint8Array.of(r.id, 300);
    const three = Float32Array.from([r.value, 0.1, 2]);
    return { a: all[4], n: all.length, two: two[1], list: [...two], f: three[1] };
  },
  'arrays that are changed while they are gone over': (r) => {
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map(() => [r.id, 2, 3]) as Any;
    let sum = 0;
    for (const x of a) {
      a[2] = r.value;
      sum += x;
    }
    b.forEach((x: number, i: number) => {
      if (i < 2) b[i + 1] = x + r.id;
    });
    const all = c.reduce((before: number, x: number, i: number) => {
      c[2] = 100;
      return before + x * (i + 1);
    }, 0);
    const mapped = d.map((x: number) => {
      d[1] = 50;
      return x;
    });
    const found = e.find((x: number) => {
      e[1] = 70;
      return x > 200 || x === 70;
    });
    return { sum, b, all, mapped, found: found ?? -1 };
  },
  'entries of arrays': (r) => {
    let at = 0;
    let best = -1;
    const weights = [3, 2, 1, 0];
    for (const [i, x] of r.samples.entries()) {
      (weights[i] as number) += 1;
      if (x * i <= best) continue;
      best = x * i;
      at = i;
    }
    let sum = 0;
    for (const [i, w] of weights.entries()) {
      weights[3] = 7;
      sum += i * w;
    }
    return { at, best, sum };
  },
  'an array that is taken apart into itself': (r) => {
    const list = [r.id, r.value, 5];
    [list[1], list[0], list[2]] = list as Any;
    return { list };
  },
  'elements of literals assigned by computed index': (r) => {
    const counts = [0, 0, 0, 0];
    for (const x of r.samples) (counts[x & 3] as number) += 1;
    const sums: number[] = new Array(3).fill(r.value);
    sums[r.id % 3] = r.id;
    const pairs = [{ n: 1 }, { n: 2 }];
    pairs[r.small & 1] = { n: r.value };
    return { counts, sums, n: (pairs[0] as Any).n };
  },
};
