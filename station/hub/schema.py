"""The hub's tables. Migrations are named functions, each one transaction; append, never edit a released one.

The first eight were written for SQLite alone; ``postgres_schema`` begins with what they end in. Those that follow are
written once for both stores, in types both of them know: text, integer (counts) and bigint (versions, numbers, ids).
A table ``without rowid`` lies in the order of its key on SQLite; PostgreSQL has no such thing and does not hear of it.
"""

import sqlite3
from collections.abc import Callable

from sqlite_utils import Database, Migrations

from station.messages import MAX_ROW

Define = Callable[[str], object]
"""Takes one statement."""
Migration = Callable[[Define], None]

migrations = Migrations("hub")
written_once: list[Migration] = []


def migration(step: Migration) -> Migration:
    """Register a migration for both stores under its function's name."""
    migrations(name=step.__name__)(lambda db: step(db.execute))
    written_once.append(step)
    return step


def apply_to_sqlite(connection: sqlite3.Connection) -> None:
    migrations.apply(Database(connection))


@migrations()
def m001_stations(db: Database) -> None:
    """Who there is, and the ledgers (epochs) each has had. Epochs are text: 64 bits without a sign do not fit SQLite.

    ``conn`` is the highest connection and ``highest_seq`` the highest ledger row heard of; ``progress`` is the last
    segment without a gap before it and ``through_seq`` the last row it covers.
    """
    db.execute("""
        create table stations (
            id integer primary key, station text not null unique,
            name text not null default '', levels text not null default '[]', lanes text not null default '[]',
            state text not null default 'unknown', clock text not null default '', software text not null default '',
            epoch_id integer references epochs(id), conn integer not null default 0,
            state_at text not null default '', last_seen text not null default '')
    """)
    db.execute("""
        create table epochs (
            id integer primary key, station_id integer not null references stations(id), epoch text not null,
            conn integer not null default 0, progress integer not null default 0,
            through_seq integer not null default 0, highest_seq integer not null default 0,
            regressed integer not null default 0, unique (station_id, epoch))
    """)


@migrations()
def m002_tallies(db: Database) -> None:
    """Totals by key, and the numbers of segments that came before the ones they follow."""
    db.execute("""
        create table tallies (
            epoch_id integer not null references epochs(id), minute text not null, lane text not null,
            kind text not null, origin text not null, outcome text not null,
            passages integer not null, vehicles integer not null, persons integer not null, version integer not null,
            primary key (epoch_id, minute, lane, kind, origin, outcome)) without rowid
    """)
    db.execute("""
        create table ahead (
            epoch_id integer not null references epochs(id), segment integer not null, through_seq integer not null,
            primary key (epoch_id, segment)) without rowid
    """)


@migrations()
def m003_live(db: Database) -> None:
    """The newest live frame of each station, and what could not be read."""
    db.execute("""
        create table live (
            station_id integer primary key references stations(id), epoch_id integer not null references epochs(id),
            seq integer not null, day text not null, at text not null, lanes text not null)
    """)
    db.execute("""
        create table bad_messages (
            station_id integer not null references stations(id), topic text not null,
            messages integer not null, last_error text not null, last_at text not null,
            primary key (station_id, topic)) without rowid
    """)


@migrations()
def m004_pulse(db: Database) -> None:
    """One row, written to learn whether the store can be written."""
    db.execute("create table pulse (id integer primary key, at text not null)")


@migrations()
def m005_boards(db: Database) -> None:
    """The boards that hang in the district, and how often each was scanned and declared with, by local day."""
    db.execute("""
        create table boards (
            number text primary key, kind text not null, station text not null, lane text not null,
            position text not null, plate text not null, seats integer not null) without rowid
    """)
    db.execute("""
        create table board_days (
            number text not null references boards(number), day text not null,
            scans integer not null default 0, declarations integer not null default 0,
            primary key (number, day)) without rowid
    """)


@migrations()
def m006_trips(db: Database) -> None:
    """One journey a bus: a new one takes the place of the last. ``secret`` and ``phone`` are digests."""
    db.execute("""
        create table trips (
            board text primary key references boards(number), secret text not null unique, pass_id text not null,
            plate text not null, seats integer not null, started text not null, changed text not null,
            looked text not null, expires text not null) without rowid
    """)
    db.execute("""
        create table trip_declarations (
            board text not null references trips(board) on delete cascade, phone text not null,
            party integer not null, origin text not null, itinerary text not null, musts text not null,
            primary key (board, phone)) without rowid
    """)


@migrations()
def m007_station_lists(db: Database) -> None:
    """Which version of each signed list a station says it holds."""
    db.execute("alter table stations add column lists text not null default '{}'")


@migrations()
def m008_tallies_alone(db: Database) -> None:
    """Tallies without a reference to their epoch: a tally is only ever written under one just read, and to check that
    for every row is a tenth of the store's work."""
    db.execute("alter table tallies rename to tallies_with_reference")
    db.execute("""
        create table tallies (
            epoch_id integer not null, minute text not null, lane text not null,
            kind text not null, origin text not null, outcome text not null,
            passages integer not null, vehicles integer not null, persons integer not null, version integer not null,
            primary key (epoch_id, minute, lane, kind, origin, outcome)) without rowid
    """)
    db.execute("insert into tallies select * from tallies_with_reference")
    db.execute("drop table tallies_with_reference")


@migration
def m009_accounts(define: Define) -> None:
    """Who may open the district's pages. Passwords, sessions and tokens are digests; a level is its path of names."""
    define("""
        create table accounts (
            name text primary key, password text not null, role text not null, level text not null,
            disabled integer not null, must_change integer not null, created text not null, last_login text not null)
    """)
    define("""
        create table sessions (
            digest text primary key, account text not null references accounts(name),
            began text not null, seen text not null)
    """)
    define("""
        create table api_tokens (
            id text primary key, digest text not null unique, label text not null, role text not null,
            level text not null, made_by text not null, created text not null, expires text not null,
            revoked integer not null)
    """)
    define("create table web_secrets (name text primary key, secret text not null)")


@migration
def m010_audit_trail(define: Define) -> None:
    """Who logged in, changed and looked at what. An id begins with its time, so ids lie in the order of events."""
    define("""
        create table audit_trail (
            id text primary key, at text not null, who text not null, address text not null,
            action text not null, detail text not null)
    """)


@migration
def m011_levels(define: Define) -> None:
    """The district's tree as it was written down, and where each station stands on which days. What is said in
    ``places`` and ``beneath`` follows from the rest: see ``places``."""
    define("create table levels (path text primary key, zh text not null, en text not null)")
    define("""
        create table placements (
            station text not null, since text not null, path text not null references levels(path),
            primary key (station, since))
    """)
    define("""
        create table places (
            station_id bigint not null, since text not null, until text not null, path text not null,
            primary key (station_id, since)) without rowid
    """)
    define("create index places_by_path on places (path)")
    define("create table beneath (path text not null, leaf text not null, primary key (path, leaf)) without rowid")


@migration
def m012_summaries(define: Define) -> None:
    """Sums of tallies by local hour and day, all together and by lane, kind and origin (``grain``); all together
    from the first day to each day (``running_sums``); the hours that must be summed anew; and the time zone whose days
    these are."""
    counts = """
        passages bigint not null, vehicles bigint not null, persons bigint not null,
        granted bigint not null, held bigint not null, denied bigint not null
    """
    define(f"""
        create table hour_sums (
            epoch_id bigint not null, grain text not null, hour text not null, value text not null, day text not null,
            {counts}, primary key (epoch_id, grain, hour, value)) without rowid
    """)
    define(f"""
        create table day_sums (
            epoch_id bigint not null, grain text not null, day text not null, value text not null,
            {counts}, primary key (epoch_id, grain, day, value)) without rowid
    """)
    define(f"""
        create table running_sums (
            epoch_id bigint not null, day text not null, {counts}, primary key (epoch_id, day)) without rowid
    """)
    define("""
        create table stale_hours (
            epoch_id bigint not null, hour text not null, until text not null, day text not null,
            primary key (epoch_id, hour)) without rowid
    """)
    define("create table summary_zone (id integer primary key, zone text not null)")
    define("insert into summary_zone (id, zone) values (1, '')")


@migration
def m013_station_events(define: Define) -> None:
    """What stations told of incidents and orders, each once; and what it comes to: incidents, and who has received,
    shown and acknowledged which order. Times are empty until something has happened."""
    define("""
        create table station_events (
            station_id bigint not null, id text not null, epoch_id bigint not null, seq bigint not null,
            event text not null, at text not null, clock text not null, lane text not null, said text not null,
            stored_at text not null, primary key (station_id, id))
    """)
    define("create index station_events_by_row on station_events (epoch_id, seq)")
    define("""
        create table incidents (
            station_id bigint not null, id text not null, lane text not null, kind text not null,
            severity text not null, words text not null, opened_at text not null, closed_at text not null,
            severity_seq bigint not null, words_seq bigint not null,
            dispatched_at text not null default '', closed_by text not null default '',
            primary key (station_id, id))
    """)
    define("create index incidents_by_time on incidents (opened_at)")
    define("""
        create table incident_notes (
            id text primary key, station_id bigint not null, incident text not null, at text not null,
            who text not null, step text not null, words text not null)
    """)
    define("create index incident_notes_by_incident on incident_notes (station_id, incident)")


@migration
def m014_orders(define: Define) -> None:
    """Orders as they were signed, and what stations did with each."""
    define("""
        create table orders (
            id text primary key, level text not null, urgency text not null, zh text not null, en text not null,
            issued_at text not null, expires text not null, written_by text not null, message text not null)
    """)
    define("create index orders_by_expiry on orders (expires)")
    define("""
        create table receipts (
            order_id text not null, station_id bigint not null, received_at text not null, shown_at text not null,
            acknowledged_at text not null, refused_at text not null, reason text not null,
            primary key (order_id, station_id))
    """)


@migration
def m015_kept(define: Define) -> None:
    """One row: the first month of which tallies are kept, empty for all."""
    define("create table kept (id integer primary key, since text not null)")
    define("insert into kept (id, since) values (1, '')")


@migration
def m016_live_days(define: Define) -> None:
    """The last live frame of each station and local day: what crossed, for the daily tables."""
    define("""
        create table live_days (
            station_id bigint not null, day text not null, at text not null, lanes text not null,
            primary key (station_id, day))
    """)


@migration
def m017_inspections(define: Define) -> None:
    """What inspectors did at stations: visits, what they found, and which findings a notice asks to be closed when."""
    define("""
        create table inspections (
            station_id bigint not null, id text not null, lane text not null, began_at text not null,
            ended_at text not null, primary key (station_id, id))
    """)
    define("create index inspections_by_time on inspections (began_at)")
    define("""
        create table findings (
            station_id bigint not null, id text not null, inspection text not null, kind text not null,
            severity text not null, words text not null, made_at text not null, closing text not null,
            closed_at text not null, primary key (station_id, id))
    """)
    define("create index findings_by_inspection on findings (station_id, inspection)")
    define("create index findings_by_time on findings (made_at)")
    define("create index findings_by_closure on findings (closed_at)")
    define("""
        create table notices (
            station_id bigint not null, id text not null, inspection text not null, words text not null,
            due text not null, served_at text not null, primary key (station_id, id))
    """)
    define("create index notices_by_inspection on notices (station_id, inspection)")
    define("create index notices_by_time on notices (served_at)")
    define("""
        create table notice_findings (
            station_id bigint not null, notice text not null, finding text not null,
            primary key (station_id, notice, finding))
    """)


@migration
def m018_ages(define: Define) -> None:
    """What is too old to be kept is found without a look at all the rest."""
    define("create index station_events_by_age on station_events (stored_at, station_id, id)")
    define("create index receipts_by_refusal on receipts (refused_at) where refused_at <> ''")
    define("create index notice_findings_by_finding on notice_findings (station_id, finding)")


@migration
def m019_must_hours(define: Define) -> None:
    """How many passages there were and how many had each of the five musts, by lane and local hour of the station."""
    define("""
        create table must_hours (
            epoch_id bigint not null, hour text not null, lane text not null, passages integer not null,
            identity integer not null, itinerary integer not null, test integer not null,
            temperature integer not null, disinfection integer not null, version bigint not null,
            primary key (epoch_id, hour, lane)) without rowid
    """)


@migration
def m020_plausible(define: Define) -> None:
    """``head`` is the last row that a ledger is known to have and ``head_at`` when the hub heard so: what a station
    says beyond what can have come since is refused. ``implausible``: numbers from before there were bounds, higher than
    any ledger has rows; totals under them may be frozen."""
    define("alter table epochs add column head bigint not null default 0")
    define("alter table epochs add column head_at text not null default ''")
    define("alter table epochs add column implausible integer not null default 0")
    define(f"update epochs set head = highest_seq where highest_seq <= {MAX_ROW}")
    define(f"""
        update epochs set implausible = 1
        where conn > {MAX_ROW} or progress > {MAX_ROW} or through_seq > {MAX_ROW} or highest_seq > {MAX_ROW}
          or id in (select epoch_id from tallies where version > {MAX_ROW})
          or id in (select epoch_id from must_hours where version > {MAX_ROW})
          or id in (select epoch_id from station_events where seq > {MAX_ROW})
          or id in (select epoch_id from live where seq > {MAX_ROW})
          or id in (select epoch_id from ahead where segment > {MAX_ROW})
    """)


@migration
def m021_dead_letters(define: Define) -> None:
    """Messages that could not be stored: which, why, and by which version of the hub."""
    define("""
        create table dead_letters (
            station text not null, name text not null, reason text not null, fingerprint text not null,
            software text not null, messages bigint not null, first_at text not null, last_at text not null,
            primary key (station, name, reason)) without rowid
    """)


@migration
def m026_retention(define: Define) -> None:
    """What each hub knows of the time, and up to which month tallies have been forgotten for good: a hub that stopped
    in the middle goes on with it."""
    define("""
        create table retention (
            hub text primary key, proven text not null, candidate text not null, run_s bigint not null,
            boot text not null, monotonic_s bigint not null)
    """)
    define("alter table kept add column forgotten text not null default ''")


@migration
def m023_machines(define: Define) -> None:
    """The machines that lately connected under each station's name, each with its highest connection, in the order of
    their births (``turn``). Of a station: the machine it is on, since when if it has moved, and when two machines were
    last seen at a time."""
    for column in ("machine", "moved_at", "shared_at"):
        define(f"alter table stations add column {column} text not null default ''")
    define("""
        create table station_machines (
            station_id bigint not null, machine text not null, boot text not null, epoch text not null,
            conn bigint not null, first_turn bigint not null, last_turn bigint not null,
            primary key (station_id, machine, boot, epoch)) without rowid
    """)


@migration
def m027_station_faults(define: Define) -> None:
    """What is wrong with a station as a whole, as its state says it: words of station_faults.py."""
    define("alter table stations add column faults text not null default '[]'")


@migration
def m029_station_updates(define: Define) -> None:
    """What became of the last releases that a station was given, as its state says it."""
    define("alter table stations add column updates text not null default '[]'")
