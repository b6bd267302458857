"""The hub's tables. Migrations are named functions, each one transaction; append, never edit a released one."""

from sqlite_utils import Database, Migrations

migrations = Migrations("hub")


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
