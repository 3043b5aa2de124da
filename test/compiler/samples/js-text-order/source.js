// Texts in order.
readings.stage(filter((r) => r.name < 'b'));
