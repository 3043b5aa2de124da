// An operator composed for other records.
const Price = struct({ price: f64 });
const doubled = compose(Price, map((p) => ({ price: p.price * 2 })));
readings.stage(map((r) => ({ price: r.value })), doubled);
