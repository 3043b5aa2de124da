// The environment of the process.
process.env.LIMIT = '3';
readings.stage(filter((r) => r.value > Number(process.env.LIMIT)));
