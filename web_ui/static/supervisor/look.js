// The page looks again by itself, and says so: what nobody tapped prolongs no session.

const EVERY = 60000;

setTimeout(() => location.replace(`${location.pathname}?look`), EVERY);
