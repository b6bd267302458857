"""``station demo``: a broker, a hub and a station with lanes playing, in one command."""

import json
import shutil
import signal
import sys
import tempfile
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from station import passes
from station.commands import DONE, FOUND_WRONG, CommandError, Screens
from station.commands.demo_site import DISTRICT, Site, lay_out
from station.commands.output import print_json
from station.commands.processes import Child, free_port, start_broker, start_station_program
from station.domain.passes import Pass
from station.ledger import audit
from station.passes import TrustList
from station.passes.trust_folder import load_trust

EXAMPLE = "station demo"
KIOSK_PORT, HUB_PORT, DRIVER_PORT = 8080, 8090, 8091
SETTLE_WITHIN = 30.0
POLL = 0.25


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--for", dest="seconds", type=float, metavar="SECONDS", help="run so long, then print a summary"
    )
    parser.add_argument("--lanes", type=int, choices=range(1, 5), help="how many lanes (2; with --camera 1)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other traffic")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in DIR and leave everything there")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--camera", type=int, metavar="N", help="read camera N instead of the simulated scene")
    source.add_argument("--video", type=Path, metavar="FILE", help="play a video on every lane, over and over")


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    if args.camera is not None and (args.lanes or 1) > 1:
        raise CommandError(f"--lanes {args.lanes}: one camera serves one lane; leave --lanes out with --camera")
    lanes = args.lanes or (2 if args.camera is None else 1)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that nothing it started outlives it
    with _folder(args.keep) as folder, ExitStack() as running:
        kiosk, hub, driver = free_port(KIOSK_PORT), free_port(HUB_PORT), free_port(DRIVER_PORT)
        broker = start_broker(folder, running)
        site = lay_out(
            folder,
            broker=broker,
            kiosk=f"127.0.0.1:{kiosk}",
            hub=f"127.0.0.1:{hub}",
            driver=f"127.0.0.1:{driver}",
            lanes=lanes,
            seed=args.seed,
            seconds=args.seconds or 0,
            camera=args.camera,
            video=args.video,
        )
        children = [
            start_station_program("hub", folder, running, "hub", "run", "--config", str(site.hub_toml)),
            start_station_program("station", folder, running, "run", "--config", str(site.station_toml)),
        ]
        print(f"touchscreen  http://127.0.0.1:{kiosk}/\ndistrict hub http://127.0.0.1:{hub}/")
        for board in site.boards:
            print(f"{board.kind} board   http://127.0.0.1:{driver}/{board.path}", flush=True)
        if args.seconds is None:
            return _until_interrupted(children)
        _play(children, args.seconds)
        _settle(children, kiosk)
        report = _get(f"http://127.0.0.1:{kiosk}/healthz")
        counted = _get(f"http://127.0.0.1:{hub}/api/v1/levels/{DISTRICT}/counts?by=lane")
        children[1].stop()
        for lane, said in report["lanes"].items():
            if said["camera_fault"]:
                print(f"camera of lane {lane}: {said['camera_fault']}", file=sys.stderr)
        return _summarise(site, report, counted)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    folder = Path(tempfile.mkdtemp(prefix="station-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _until_interrupted(children: list[Child]) -> int:
    print("Ctrl-C ends it", flush=True)
    try:
        while True:
            _play(children, 3600)
    except KeyboardInterrupt:
        return DONE


def _play(children: list[Child], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for child in children:
            child.check()
        time.sleep(min(POLL, max(0.0, end - time.monotonic())))


def _settle(children: list[Child], kiosk: int) -> None:
    """Wait until the hub has acknowledged everything; the summary says so if it has not."""
    end = time.monotonic() + SETTLE_WITHIN
    while time.monotonic() < end and _get(f"http://127.0.0.1:{kiosk}/healthz")["unacknowledged"]:
        _play(children, POLL)


def _get(url: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            body: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as answer:  # not well, and the body says what
        with answer:
            body = json.load(answer)
    except (OSError, ValueError) as error:
        raise CommandError(f"{url}: {error}") from None
    return body


def _summarise(site: Site, report: dict[str, Any], counted: dict[str, Any]) -> int:
    trust = load_trust(site.trust).trust
    logged = [row for row in audit.records(site.station_data, personal=True) if row["type"] == "passage"]
    logged_by_lane = Counter(row["lane"] for row in logged)
    counted_by_lane = {row["lane"]: row["passages"] for row in counted["rows"]}
    presented = {lane: _presented(path) for lane, path in site.records.items()}
    known = {code_id(text, trust) for texts in presented.values() for text in texts}
    lanes = {
        lane: {
            "presented": len(presented[lane]) if presented else None,
            "scanned": report["lanes"][lane]["scans"],
            "logged": logged_by_lane[lane],
            "hub_counted": counted_by_lane.get(lane, 0),
        }
        for lane in site.lanes
    }
    totals = {
        name: sum(lane[name] for lane in lanes.values()) if lanes[site.lanes[0]][name] is not None else None
        for name in ("presented", "scanned", "logged", "hub_counted")
    }
    misread = sum(_row_id(row) not in known for row in logged) if presented else None
    unacknowledged = report["unacknowledged"]
    print_json({"summary": {**totals, "unacknowledged": unacknowledged, "misread": misread, "lanes": lanes}})
    equal = len({count for count in totals.values() if count is not None}) == 1
    return DONE if equal and not unacknowledged and not misread else FOUND_WRONG


def _presented(record: Path) -> list[str]:
    if not record.exists():
        return []
    return [text for line in record.read_text(encoding="utf-8").splitlines() for text in json.loads(line)["texts"]]


def code_id(text: str, trust: TrustList) -> str:
    """A genuine pass by its id, which the ledger keeps; any other code by its text."""
    found = passes.read(text.encode(), text, trust)
    return found.id if isinstance(found, Pass) else text


def _row_id(row: dict[str, Any]) -> str:
    text: str = row["text"] or row["pass_id"]
    return text
