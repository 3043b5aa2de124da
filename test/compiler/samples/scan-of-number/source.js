// A running total as RxJS has it.
readings.stage(scan((total, r) => total + r.value, 0));
