// The board hangs where nobody touches it: it looks again by itself.

const EVERY = 60000;

setTimeout(() => location.reload(), EVERY);
