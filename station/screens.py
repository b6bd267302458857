"""The pages over the parts they show; the only importer of the screens."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from zoneinfo import ZoneInfo

from station.bootstrap import DriverDesk, Hub, Station
from station.clock import utc_now
from station.commands import WebServer
from station.commands.doctor_beside import look_beside
from station.config import DriverSection, WebSection, on_loopback
from station.hub.database import StoreFault
from station.hub.queries import GROUPINGS
from station.ledger.hours import hours_of_day
from station.metrics import exposition
from station.reporting.level_day import level_report
from station.reporting.pdf import to_pdf
from station.reporting.xlsx import to_xlsx
from web_ui import district as district_pages
from web_ui import driver as driver_pages
from web_ui import kiosk as kiosk_pages
from web_ui.certificate_names import certificate_names
from web_ui.district import DistrictServices, Reach
from web_ui.driver import DriverServices, Limits, Rates
from web_ui.kiosk import KioskServices
from web_ui.kiosk.events import MOST_STREAMS as MAX_KIOSK_STREAMS
from web_ui.reach import host_name, names_of
from web_ui.server import ServerLimits, serve
from web_ui.server_limits import short_limits
from web_ui.text import catalog

# For requests; event streams have their own.
KIOSK_THREADS = 16
DISTRICT_THREADS = 16
DISTRICT_STREAM_THREADS = 4  # its streams pause
DRIVER_THREADS = 8  # few, so that a flood of phones leaves the hub its time


def words(language: str) -> Mapping[str, str]:
    """What the daily tables are written with: the screens' words and a few of their own."""
    return {**catalog(language), **catalog(f"report.{language}")}


def kiosk(station: Station) -> WebServer:
    """The volunteer's touchscreen over a station."""
    config, zone = station.config, ZoneInfo(station.config.station.timezone)
    services = KioskServices(
        lanes=tuple(station.lanes),
        changes=station.feed.changes,
        closed=lambda: station.feed.closed,
        picture=station.desk.picture,
        aim=lambda lane: None if (aim := station.desk.aim(lane)) is None else asdict(aim),
        parts=lambda: [asdict(part) for part in look_beside(config)],
        command=lambda lane, command: asdict(station.desk.command(lane, command)),
        name=station.desk.name,
        incidents=station.duty.incidents,
        inspections=station.duty.inspections,
        orders=station.duty.orders,
        shifts=station.duty.shifts,
        rounds=station.duty.rounds,
        hours=lambda: hours_of_day(station.ledger, tuple(station.lanes), _today(station, zone), zone),
        by_hand=station.by_hand,
        zone=zone,
        now=lambda: station.clock.now().utc,
        health=station.health.report,
        metrics=exposition(station.health.figures),
        fever_from=config.policy.fever_from,
    )
    reached = Reach(names_of(config.kiosk.listen, *config.kiosk.hosts), setting="kiosk.hosts in station.toml")
    app = kiosk_pages.create_app(services, config.kiosk.language, reached)
    return serve(app, config.kiosk.listen, KIOSK_THREADS, limits=short_limits(app, MAX_KIOSK_STREAMS))


def _today(station: Station, zone: ZoneInfo) -> date:
    return station.clock.now().utc.astimezone(zone).date()


def district(hub: Hub) -> WebServer:
    """The district's pages over a hub."""
    config = hub.config
    services = DistrictServices(
        district=config.hub.district,
        zone=hub.zone,
        anonymous_read=config.web.anonymous_read,
        secret_key=hub.pages.secret,
        fault=StoreFault,
        groupings=tuple(GROUPINGS),
        sessions=hub.pages.sessions,
        accounts=hub.pages.accounts,
        tokens=hub.pages.tokens,
        trail=hub.pages.trail,
        tree=hub.overview.tree,
        station=hub.overview.tree.station,
        placed=hub.overview.tree.placed,
        closed=hub.closing.is_set,
        stations=lambda: [asdict(station) for station in hub.queries.stations()],
        boards=lambda: [asdict(board) for board in hub.boards.today()],
        lists=lambda: hub.lists.versions,
        counts=hub.queries.counts,
        beside=hub.queries.sums.beside,
        daily=lambda level, day, language, most: level_report(
            hub.days.of(level, day), hub.zone, utc_now(), words(language), language, most
        ),
        orders=hub.orders,
        incidents=hub.incidents,
        inspections=hub.inspections,
        xlsx=to_xlsx,
        pdf=to_pdf,
        health=hub.health,
        metrics=hub.metrics.expose,
        now=utc_now,
    )
    web = config.web
    app = district_pages.create_app(services, web.language, reach(web))
    tls = (web.cert, web.key) if web.cert else None
    limits = ServerLimits(
        body_bytes=app.config["MAX_CONTENT_LENGTH"], stream_threads=DISTRICT_STREAM_THREADS, connections=400
    )
    return serve(app, web.listen, DISTRICT_THREADS, tls, limits, web.proxies)


def reach(web: WebSection) -> Reach:
    """Behind a proxy its certificate stands guard over the hub's name where none is given."""
    here = on_loopback(web.listen)
    known = here or web.hosts or web.cert
    return Reach(
        hosts=names_of(web.listen, *web.hosts, *certificate_names(web.cert)) if known else frozenset(),
        proxies=frozenset(web.proxies),
        tls=bool(web.cert or web.proxies),
        only_proxies=not web.cert and not here,
        hsts_days=web.hsts_days if web.cert or web.proxies else 0,
    )


def reach_of_drivers(section: DriverSection) -> Reach:
    """Where neither an address of the boards nor a certificate nor a name is given, nobody can say what it goes by."""
    name = host_name(section.url.partition("://")[2].rstrip("/"))
    known = name or section.hosts or section.cert or on_loopback(section.listen)
    names = names_of(section.listen, name, *section.hosts, *certificate_names(section.cert))
    tls = bool(section.cert) or section.url.startswith("https://")
    return Reach(
        hosts=names if known else frozenset(),
        tls=tls,
        hsts_days=section.hsts_days if tls else 0,
        setting="driver.hosts in hub.toml",
    )


def driver(hub: Hub, desk: DriverDesk) -> WebServer:
    """The drivers' page: its own application and threads, with nothing of the district behind it."""
    config = hub.config.driver
    services = DriverServices(
        zone=hub.zone,
        secure=bool(config.cert) or config.url.startswith("https://"),
        board=desk.boards.find,
        scanned=desk.counts.scanned,
        declare=desk.declare,
        open=desk.passes.open,
        start_trip=desk.trips.start,
        under_way=desk.trips.under_way,
        join=desk.join,
        trip=desk.trips.seen_by_driver,
        end_trip=desk.trips.end,
        manifest=desk.passes.manifest,
        well=lambda: hub.health()[0],
        now=utc_now,
    )
    limits = Limits(Rates(config.per_address, config.per_board, config.in_all), config.proxies)
    app = driver_pages.create_app(services, limits, config.language, reach_of_drivers(config))
    tls = (config.cert, config.key) if config.cert else None
    return serve(app, config.listen, DRIVER_THREADS, tls, short_limits(app, 0), config.proxies)
