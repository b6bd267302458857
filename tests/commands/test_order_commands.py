"""``station order``: what it takes, what it refuses, and what it prints."""

import json
from pathlib import Path

import pytest
from hub_messages import SHANGHAI, received, state

from station.__main__ import main
from station.hub.sqlite import SqliteDatabase
from station.hub.store import Store
from station.passes.keys import load_signing_key
from station.passes.signed_orders import read
from station.passes.trust import TrustList

pytestmark = pytest.mark.clock


@pytest.fixture
def hub_toml(tmp_path: Path) -> Path:
    """A hub that has heard of one station."""
    main(["keys", "new", str(tmp_path / "orders.key")])
    database = SqliteDatabase(tmp_path / "hub")
    Store(database, SHANGHAI).apply([received(state(), "north")])
    database.close()
    file = tmp_path / "hub.toml"
    file.write_text(
        f'[hub]\ndistrict = "pingyuan"\ndata_dir = "{tmp_path}/hub"\n[signing]\norder_key = "{tmp_path}/orders.key"\n'
    )
    return file


def order(hub_toml: Path, *words: str) -> int:
    return main(["order", *words, "--config", str(hub_toml)])


def test_an_order_is_signed_with_the_key_for_orders_and_listed(
    hub_toml: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert order(hub_toml, "send", "--en", "Stop lane 1", "--level", "pingyuan/qiaobei", "--hours", "2") == 0
    said = capsys.readouterr().out
    assert "signed for pingyuan/qiaobei" in said
    assert order(hub_toml, "list", "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["level"], row["stations"], row["received"], row["written_by"]) == (
        "pingyuan/qiaobei",
        1,
        0,
        "command line",
    )
    assert order(hub_toml, "show", row["id"]) == 1
    shown = capsys.readouterr().out
    assert "Stop lane 1" in shown
    assert "north  waiting" in shown
    database = SqliteDatabase(hub_toml.parent / "hub")
    with database.reading() as connection:
        message = connection.execute("select message from orders").fetchone()["message"]
    database.close()
    key = load_signing_key(hub_toml.parent / "orders.key").public_key()
    assert read(message.encode(), "pingyuan", TrustList([key])).en == "Stop lane 1"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("send",), "a text in one of them"),
        (("send", "--zh", "停", "--level", "elsewhere"), "the first is pingyuan"),
        (("send", "--zh", "停", "--level", "pingyuan/nowhere"), "no station is beneath"),
        (("send", "--zh", "停", "--hours", "200"), "7 days"),
        (("send", "--zh", "停" * 501), "at most 500"),
        (("show", "nothing"), "station order list"),
    ],
    ids=str,
)
def test_what_cannot_be_sent_is_refused_with_the_remedy_in_one_line(
    hub_toml: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert order(hub_toml, *words) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1
    order(hub_toml, "list")
    assert capsys.readouterr().out == ""


def test_without_any_key_the_command_says_which_to_give(hub_toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub_toml.write_text(hub_toml.read_text().split("[signing]")[0])
    assert order(hub_toml, "send", "--zh", "停") == 2
    assert "no signing key" in capsys.readouterr().err


def test_a_file_that_is_no_key_signs_nothing(hub_toml: Path) -> None:
    assert order(hub_toml, "send", "--zh", "停", "--key", str(hub_toml)) == 2
