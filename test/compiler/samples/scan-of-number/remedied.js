// A running total as RxJS has it.
readings.stage(scan((total, r) => ({ value: total.value + r.value }), { value: 0 }));
