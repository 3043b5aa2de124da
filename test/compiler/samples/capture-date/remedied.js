// A Date to compare with.
const since = new Date(25);
readings.stage(filter((r, { since }) => r.ts > since, { using: { since: since.getTime() } }));
