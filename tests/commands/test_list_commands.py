"""Keys, revocations and lists on the command line: what is written, what is refused and how that is said."""

import json
import stat
from pathlib import Path

import pytest
from made import KEY
from made_lists import revoking

from station.__main__ import main
from station.bootstrap.signing import CREDENTIAL
from station.commands import signing
from station.passes.digests import Digests
from station.passes.entries import Entries
from station.passes.keys import load_list_key, load_signing_key, public_pem
from station.passes.listed_keys import listed_key
from station.passes.signed_lists import Digested, ListName, Place, Revocations, Trusted, read
from station.passes.trust import TrustList, parse_keys

pytestmark = pytest.mark.clock

REVOCATIONS, WATCHLIST, RESIDENTS, TRUST_LIST = ListName


class HubFolder:
    """A hub's folder as its user sees it; nothing runs."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.toml = folder / "hub.toml"
        self.key = folder / "district.key"
        self.run("keys", "new", str(self.key))
        self.run("keys", "new", "--for", "lists", str(folder / "list.key"))
        self.configure(f'key = "{self.key}"\nlist_key = "{folder}/list.key"')
        self.out = self.err = ""

    def configure(self, section: str) -> None:
        self.toml.write_text(f'[hub]\ndistrict = "pingyuan"\ndata_dir = "{self.folder}/hub"\n[signing]\n{section}\n')

    def run(self, *arguments: str) -> int:
        self._capsys.readouterr()
        code = main(list(arguments))
        self.out, self.err = self._capsys.readouterr()
        return code

    def lists(self, *arguments: str) -> int:
        return self.run("list", *arguments, "--config", str(self.toml))

    def revoke(self, *arguments: str) -> int:
        return self.run("pass", "revoke", *arguments, "--config", str(self.toml))

    def file(self, name: str, text: str, encoding: str = "utf-8") -> str:
        (self.folder / name).write_text(text, encoding=encoding)
        return str(self.folder / name)

    def signed(self, name: ListName, station: str = "all", key: Path | None = None):
        """A list as a station reads it."""
        public = load_signing_key(key or self.key).public_key()
        message = (self.folder / "hub" / "lists" / f"{station}.{name}.json").read_bytes()
        return read(message, Place("pingyuan", station, name), TrustList([public]).candidates).listing

    def revoked(self) -> list[str]:
        body = self.signed(REVOCATIONS).body
        assert isinstance(body, Revocations)
        return [entry.hex() for entry in body.entries]


@pytest.fixture
def hub(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> HubFolder:
    return HubFolder(tmp_path, capsys)


def test_revoking_adds_and_undo_takes_away_and_each_is_a_newer_version(hub: HubFolder) -> None:
    assert hub.revoke("00" * 8, "AB" * 32) == 0
    first = hub.signed(REVOCATIONS)
    assert hub.revoked() == ["00" * 8, "ab" * 8]
    assert "2 entries" in hub.out
    assert hub.revoke("--undo", "00" * 8) == 0
    assert hub.revoked() == ["ab" * 8]
    assert hub.signed(REVOCATIONS).version > first.version
    assert (first.expires - first.issued_at).days == 30


def test_ids_come_from_a_file_a_line_each_or_from_the_table_that_issuing_wrote(hub: HubFolder) -> None:
    assert hub.revoke("--file", hub.file("ids.txt", f"{'00' * 8}\n\n {'11' * 8} \n")) == 0
    assert hub.revoke("--file", hub.file("issued.csv", f"id,plate,text\n{'22' * 8},豫G1,CP1:X\n", "gb18030")) == 0
    assert hub.revoked() == ["00" * 8, "11" * 8, "22" * 8]


@pytest.mark.parametrize("arguments", [("nonsense",), ("1234",), ("0" * 17,), ("00" * 65,), ("--undo", "xyz"), ()])
def test_what_is_no_id_is_refused_and_nothing_is_signed(hub: HubFolder, arguments: tuple[str, ...]) -> None:
    assert hub.revoke(*arguments) == 2
    assert hub.err.count("\n") == 1
    assert not list((hub.folder / "hub").rglob("*.json"))


def test_every_faulty_row_is_told_by_its_number_and_nothing_is_signed(hub: HubFolder) -> None:
    assert hub.revoke("--file", hub.file("ids.txt", f"{'00' * 8}\nwhat\n{'11' * 8}\never\n")) == 2
    assert "row 2: id: 'what'" in hub.err
    assert "row 4: id: 'ever'" in hub.err
    rows = "plate,pass,building,unit\n豫G12345,,,\n,,,\n豫,,,\n豫G1,00,,\n,,3,\n,zz,,\n"
    assert hub.lists("add", "watchlist", "--file", hub.file("w.csv", rows)) == 2
    assert [f"row {number}:" in hub.err for number in range(2, 8)] == [False, False, True, True, True, True]
    assert not list((hub.folder / "hub").rglob("*.json"))


def test_hundreds_of_faulty_rows_are_told_in_a_few_lines(hub: HubFolder) -> None:
    assert hub.revoke("--file", hub.file("ids.txt", "no\n" * 500)) == 2
    assert len(hub.err.splitlines()) == 22
    assert "and 480 rows more" in hub.err


def test_a_watchlist_is_set_added_to_and_taken_from_and_names_nobody(hub: HubFolder) -> None:
    digests = Digests(load_list_key(hub.folder / "list.key"))
    rows = f"plate,pass,building,unit\n豫G12345,,,\n,{'00' * 8},,\n,,3,502\n"
    assert hub.lists("set", "watchlist", "--file", hub.file("w.csv", rows)) == 0
    expected = {digests.plate("豫G12345"), digests.pass_id("00" * 8), digests.household("3", "502")}
    assert hub.signed(WATCHLIST).body == Digested(digests.key_id, Entries(expected))
    assert hub.lists("add", "watchlist", "--file", hub.file("w.csv", "plate\n豫G·00001\n")) == 0
    assert hub.lists("remove", "watchlist", "--file", hub.file("w.csv", "plate\n豫ｇ12345\n")) == 0
    expected = expected - {digests.plate("豫G12345")} | {digests.plate("豫G00001")}
    assert hub.signed(WATCHLIST).body == Digested(digests.key_id, Entries(expected))
    assert hub.lists("set", "watchlist", "--file", hub.file("w.csv", "plate\n")) == 0
    assert hub.signed(WATCHLIST).size == 0


def test_residents_are_households_for_one_station_if_it_is_named(hub: HubFolder) -> None:
    rows = hub.file("h.csv", "building,unit\n3号楼,502\n3号楼,503\n")
    assert hub.lists("set", "residents", "--file", rows, "--station", "s1", "--days", "7") == 0
    listing = hub.signed(RESIDENTS, "s1")
    assert (listing.size, (listing.expires - listing.issued_at).days) == (2, 7)


def test_lists_of_two_list_keys_are_never_mixed(hub: HubFolder) -> None:
    plates = hub.file("w.csv", "plate\n豫G12345\n")
    hub.lists("set", "watchlist", "--file", plates)
    hub.run("keys", "new", "--for", "lists", str(hub.folder / "other.key"))
    hub.configure(f'key = "{hub.key}"\nlist_key = "{hub.folder}/other.key"')
    assert hub.lists("add", "watchlist", "--file", plates) == 2
    assert "station list set" in hub.err
    assert hub.lists("set", "watchlist", "--file", plates) == 0


def test_trusted_keys_are_listed_with_their_times(hub: HubFolder) -> None:
    rows = "key,not_before,not_after\ndistrict.pub,2026-01-01,2026-07-01T00:00:00+08:00\n"
    assert hub.lists("set", "trust", "--file", hub.file("keys.csv", rows)) == 0
    assert hub.err == ""
    body = hub.signed(TRUST_LIST).body
    assert isinstance(body, Trusted)
    (key,) = body.keys
    assert key.key == load_signing_key(hub.key).public_key()
    assert (key.not_before.isoformat(), key.not_after.isoformat()) == (
        "2026-01-01T00:00:00+00:00",
        "2026-06-30T16:00:00+00:00",
    )


def test_signing_a_trust_list_with_a_key_that_is_not_in_it_is_pointed_out(hub: HubFolder) -> None:
    hub.file("next.pub", public_pem(KEY).decode())
    rows = hub.file("keys.csv", "key,not_before,not_after\nnext.pub,2026-01-01,2027-01-01\n")
    assert hub.lists("set", "trust", "--file", rows) == 0
    assert "note: the key that signs" in hub.err


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("gone.pub,2026-01-01,2027-01-01", "No such file"),
        ("list.key,2026-01-01,2027-01-01\nw.csv,2026-01-01,2027-01-01", "is no public key"),
        ("district.pub,2027-01-01,2026-01-01", "a time after not_before"),
        ("district.pub,soon,2026-01-01", "'soon' is no RFC 3339 time"),
        ("district.key,2026-01-01,2027-01-01", "is a private key"),
    ],
)
def test_a_key_that_cannot_be_trusted_is_told_by_its_row(hub: HubFolder, row: str, why: str) -> None:
    hub.file("w.csv", "plate\n")
    assert hub.lists("set", "trust", "--file", hub.file("keys.csv", f"key,not_before,not_after\n{row}\n")) == 2
    assert why in hub.err


def test_renewing_signs_every_list_anew_with_another_key_and_changes_nothing_else(hub: HubFolder) -> None:
    hub.revoke("00" * 8)
    hub.lists("set", "residents", "--file", hub.file("h.csv", "building,unit\n3,5\n"), "--station", "s1")
    before = hub.signed(REVOCATIONS), hub.signed(RESIDENTS, "s1")
    hub.run("keys", "new", str(hub.folder / "next.key"))
    assert hub.lists("renew", "--key", str(hub.folder / "next.key"), "--days", "90") == 0
    after = [hub.signed(*place, key=hub.folder / "next.key") for place in ((REVOCATIONS, "all"), (RESIDENTS, "s1"))]
    for old, new in zip(before, after, strict=True):
        assert (new.body, new.version > old.version, new.expires > old.expires) == (old.body, True, True)
    assert hub.lists("renew", "curfews") == 2
    assert "'curfews'" in hub.err


def test_show_tells_every_list_and_ends_with_1_when_one_is_stale_or_damaged(hub: HubFolder) -> None:
    assert hub.lists("show") == 0
    hub.revoke("00" * 8)
    assert hub.lists("show") == 0
    assert hub.out.startswith("revocations for all: current, 1 entries, version ")
    folder = hub.folder / "hub" / "lists"
    (folder / "all.revocations.json").write_bytes(revoking("00" * 8))
    assert hub.lists("show") == 1
    assert "stale" in hub.out
    (folder / "all.trust.json").write_text("{}")
    assert hub.lists("show") == 1
    assert "all.trust.json" in hub.err
    assert hub.revoke("00" * 8) == 0


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ("", "no signing key"),
        ('key = "gone.key"', "station keys new"),
        ('key = "{folder}/district.key"', "signing.list_key: is missing"),
        ('key = "{folder}/district.key"\nlist_key = "{folder}/district.key"', "where a list key has 32"),
    ],
)
def test_a_hub_without_the_keys_it_needs_says_which(hub: HubFolder, section: str, why: str) -> None:
    hub.configure(section.format(folder=hub.folder))
    assert hub.lists("set", "residents", "--file", hub.file("h.csv", "building,unit\n3,5\n")) == 2
    assert why in hub.err
    assert hub.err.count("\n") == 1


@pytest.mark.parametrize("station", ["../../etc/passwd", "S1", "", "+", "a" * 64])
def test_a_station_that_cannot_be_is_bad_usage(hub: HubFolder, station: str) -> None:
    with pytest.raises(SystemExit) as ended:
        hub.revoke("00" * 8, "--station", station)
    assert ended.value.code == 2


# Keys


def locked(hub: HubFolder) -> Path:
    path = hub.folder / "locked.key"
    assert hub.run("keys", "new", "--passphrase-file", hub.file("passphrase", "three words\n"), str(path)) == 0
    return path


def test_a_locked_key_is_opened_by_a_file_by_the_configuration_and_by_systemds_credential(
    hub: HubFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, passphrase = locked(hub), str(hub.folder / "passphrase")
    assert b"ENCRYPTED" in path.read_bytes()
    assert hub.revoke("00" * 8, "--key", str(path)) == 2
    assert "is encrypted" in hub.err
    assert hub.revoke("00" * 8, "--key", str(path), "--passphrase-file", passphrase) == 0
    hub.configure(f'key = "{path}"\npassphrase_file = "{passphrase}"')
    assert hub.revoke("11" * 8) == 0
    hub.configure(f'key = "{path}"')
    (hub.folder / CREDENTIAL).write_text("three words")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(hub.folder))
    assert hub.revoke("22" * 8) == 0
    (hub.folder / CREDENTIAL).write_text("three wrong words")
    assert hub.revoke("33" * 8) == 2
    assert "does not open with this passphrase" in hub.err


def test_a_locked_key_is_opened_by_whoever_sits_at_the_terminal(hub: HubFolder, monkeypatch) -> None:
    path = locked(hub)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(signing, "getpass", lambda prompt: "three words" if str(path) in prompt else "")
    assert hub.revoke("00" * 8, "--key", str(path)) == 0


def test_a_new_keys_passphrase_is_asked_twice(hub: HubFolder, monkeypatch) -> None:
    answers = iter(["one", "other", "one", "one"])
    monkeypatch.setattr(signing, "getpass", lambda _: next(answers))
    path = hub.folder / "asked.key"
    assert hub.run("keys", "new", "--passphrase", str(path)) == 2
    assert "is none" in hub.err  # no terminal
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert hub.run("keys", "new", "--passphrase", str(path)) == 2
    assert "differ" in hub.err
    assert not path.exists()
    assert hub.run("keys", "new", "--passphrase", str(path)) == 0
    assert load_signing_key(path, b"one")


def test_a_signing_key_that_others_may_read_signs_nothing(hub: HubFolder) -> None:
    hub.key.chmod(0o640)
    assert hub.revoke("00" * 8) == 2
    assert f"chmod 600 {hub.key}" in hub.err


def test_keys_list_says_what_each_file_is_and_what_lies_open(hub: HubFolder) -> None:
    locked(hub)
    folder = hub.folder / "keys"
    folder.mkdir()
    for name in ("district.key", "district.pub", "locked.key", "list.key"):
        (hub.folder / name).rename(folder / name)
    assert hub.run("keys", "list", str(folder)) == 0
    lines = hub.out.splitlines()
    assert [line.split("  ")[:2] for line in lines] == [
        ["district.key", "private key"],
        ["district.pub", "district's public key"],
        ["list.key", "32 bytes of this user alone: a list key, or a raw public key"],
        ["locked.key", "private key, encrypted"],
    ]
    (folder / "district.key").chmod(0o644)
    (folder / "notes.txt").write_text("no key")
    assert hub.run("keys", "list", "--json", str(folder)) == 1
    said = {found["file"]: found["wrong"] for found in map(json.loads, hub.out.splitlines())}
    assert "chmod 600" in said["district.key"]
    assert "is no public key" in said["notes.txt"]
    assert hub.run("keys", "list", str(hub.key)) == 2


def test_keys_export_gives_the_public_half_in_every_form(hub: HubFolder) -> None:
    public = load_signing_key(hub.key).public_key()
    for source in (hub.key, hub.folder / "district.pub"):
        assert hub.run("keys", "export", str(source)) == 0
        assert parse_keys(hub.out.encode(), "out") == [public]
    assert hub.run("keys", "export", "--format", "base64", str(hub.key)) == 0
    assert len(hub.out.strip()) == 44
    assert hub.run("keys", "export", "--format", "jwk", str(hub.key)) == 0
    times = {"not_before": "2026-01-01", "not_after": "2027-01-01"}
    assert listed_key(json.loads(hub.out) | times).key == public
    assert hub.run("keys", "export", "--passphrase-file", str(hub.folder / "passphrase"), str(locked(hub))) == 0
    assert hub.run("keys", "export", hub.file("notes.txt", "no key")) == 2


def test_the_hubs_lists_belong_to_its_user(hub: HubFolder) -> None:
    hub.revoke("00" * 8)
    mode = stat.S_IMODE((hub.folder / "hub" / "lists").stat().st_mode)
    assert not mode & 0o022
