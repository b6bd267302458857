// A page that is looked at and not touched: it looks again by itself.

const EVERY = 60000;

setTimeout(() => location.reload(), EVERY);
