// Every second record, by an index that RxJS passes.
readings.stage(filter((r, index) => index % 2 === 0));
