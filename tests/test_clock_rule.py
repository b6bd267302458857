"""Nothing but the clock reads the time of day: the lint rule catches every way in, and scripts and SQL have none."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READINGS = {
    "datetime.now(UTC)": "from datetime import UTC, datetime",
    "datetime.now(tz=ZONE)": "from datetime import datetime\nfrom zoneinfo import ZoneInfo\nZONE = ZoneInfo('UTC')",
    "datetime.now": "from datetime import datetime",
    "datetime.datetime.now(datetime.UTC)": "import datetime",
    "dt.datetime.utcnow()": "import datetime as dt",
    "datetime.today()": "from datetime import datetime",
    "date.today()": "from datetime import date",
    "time.time()": "import time",
    "time()": "from time import time",
    "time_ns()": "from time import time_ns",
    "time.localtime()": "import time",
    "time.gmtime()": "import time",
    "time.ctime()": "import time",
    "time.asctime()": "import time",
    "time.strftime('%F')": "import time",
    "time.clock_gettime(0)": "import time",
    "time.clock_gettime_ns(0)": "import time",
    "email.utils.formatdate()": "import email.utils",
    "localtime()": "from email.utils import localtime",
}
CLOCKS = {"station/clock.py", "station/devices/clock.py"}
PAGE_CLOCK = ROOT / "web_ui" / "static" / "kiosk" / "time.js"
OTHERS = ROOT / "web_ui" / "static" / "district" / "uplot"


def refused(code: str, path: str) -> bool:
    """Whether the project's rules forbid it there, for reading the clock."""
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise", "--stdin-filename", path]
    checked = subprocess.run([*ruff, "-"], input=code, cwd=ROOT, capture_output=True, text=True, check=False)
    assert not checked.stderr, checked.stderr
    return "TID251" in checked.stdout


@pytest.mark.parametrize("reading", READINGS)
def test_a_reading_of_the_clock_is_refused_by_lint(reading: str) -> None:
    assert refused(f"{READINGS[reading]}\n\nfound = {reading}\n", "station/hub/sample.py")


@pytest.mark.parametrize(
    "path", ["web_ui/kiosk/sample.py", "station/commands/sample.py", "tests/web_ui/test_sample.py"]
)
def test_pages_commands_and_tests_are_no_exception(path: str) -> None:
    assert refused("from datetime import UTC, datetime\n\nfound = datetime.now(UTC)\n", path)


@pytest.mark.parametrize("path", sorted(CLOCKS))
def test_the_clock_may_read_itself(path: str) -> None:
    assert not refused("import time\n\nfound = time.time()\n", path)


def test_no_line_asks_to_be_let_off() -> None:
    rule = "TID251"
    asks = re.compile(rf"noqa:[^\n]*\b{rule}")
    sources = (path for room in ("station", "web_ui", "tests") for path in (ROOT / room).rglob("*.py"))
    assert [path for path in sources if asks.search(path.read_text())] == []


def test_a_browsers_clock_is_read_for_ticking_alone() -> None:
    """The station's screen asks ``time.js``, which goes by the station's time; the hub's pages are told the day."""
    scripts = [path for path in (ROOT / "web_ui").rglob("*.js") if path != PAGE_CLOCK and OTHERS not in path.parents]
    reading = re.compile(r"Date\.now\b|new Date\(\s*\)|\bDate\(\s*\)")
    assert len(scripts) > 10
    assert [path for path in scripts if reading.search(path.read_text())] == []


def test_no_statement_reads_the_databases_clock_but_the_one_that_dates_migrations() -> None:
    reading = re.compile(r"\bnow\(\)\s+at time zone|current_(timestamp|date|time)\b|\(\s*'now'", re.IGNORECASE)
    found = [path.name for path in (ROOT / "station").rglob("*.py") if reading.search(path.read_text())]
    assert found == ["postgres_schema.py"]
