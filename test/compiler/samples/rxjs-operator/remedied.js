// An operator of RxJS.
readings.stage(tap(() => {})).pipe(rx.filter((r) => r.value > 3));
