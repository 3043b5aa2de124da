// A filter that changes what it looks at.
readings.stage(filter((r) => { const copy = { ...r }; return (copy.value += 1) > 3; }));
