// A number as formatted text.
readings.stage(map((r) => ({ id: r.id, price: r.value.toFixed(2) })));
