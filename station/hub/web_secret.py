"""What signs the cookies of the district's pages: one for all hubs of a database, and the same after a restart."""

import secrets

from station.hub.database import Database


def web_secret(database: Database) -> bytes:
    """Made by the first hub that asks."""
    with database.transaction() as connection:
        connection.execute(
            "insert into web_secrets (name, secret) values ('cookies', :new) on conflict (name) do nothing",
            {"new": secrets.token_hex(32)},
        )
        row = connection.execute("select secret from web_secrets where name = 'cookies'").fetchone()
    return bytes.fromhex(row["secret"])
