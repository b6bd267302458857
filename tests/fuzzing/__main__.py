"""``scripts/fuzz TARGET|all SECONDS``."""

import sys
import time

from fuzzing.targets import TARGETS

AT_A_TIME = 500
USAGE = f"usage: scripts/fuzz all|{'|'.join(TARGETS)} [SECONDS]"


def main(arguments: list[str]) -> int:
    name, seconds = (arguments or ["all"])[0], arguments[1] if len(arguments) > 1 else "60"
    names = list(TARGETS) if name == "all" else [name]
    if not set(names) <= set(TARGETS) or not seconds.isascii() or not seconds.isdigit() or len(arguments) > 2:
        print(USAGE, file=sys.stderr)
        return 2
    for one in names:
        _run(one, float(seconds) / len(names))
    return 0


def _run(name: str, seconds: float) -> None:
    """Each round begins with another seed. A finding ends it with hypothesis' smallest example."""
    ends, tried = time.monotonic() + seconds, 0
    while time.monotonic() < ends or not tried:
        TARGETS[name].run(AT_A_TIME)
        tried += AT_A_TIME
    print(f"{name}: {tried} inputs, nothing found", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
