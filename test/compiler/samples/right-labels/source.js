// A loop left from within another.
readings.stage(
  map((r) => {
    let found = -1;
    outer: for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 3; k++) {
        if (r.samples[i] === k) {
          found = i * 10 + k;
          break outer;
        }
      }
    }
    return { id: r.id, found };
  }),
);
