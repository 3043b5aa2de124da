// An operator of RxJS.
readings.stage(rx.filter((r) => r.value > 3));
