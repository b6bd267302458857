"""``station pass issue`` as a district uses it: one pass, or ten thousand from a spreadsheet."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from made import TRUST as STRANGERS

from station import passes
from station.__main__ import main
from station.commands.pass_fields import DETAILS, FIELDS, GENERAL
from station.domain.details import BadgeDetails, BadgeRole, BatchDetails, ManifestDetails, ResidentDetails
from station.domain.passes import Must, Pass, PassKind, Rejected
from station.passes import TrustList
from station.passes.keys import load_signing_key, new_signing_key
from station.passes.kinds import KINDS

pytestmark = pytest.mark.clock

NEEDED = {
    "building": "3",
    "unit": "502",
    "number": "0417",
    "order": "D7",
    "firm": "恒冷物流",
    "batch": "B-1",
    "seats": "40",
}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    assert main(["keys", "new", str(tmp_path / "d.key")]) == 0
    return tmp_path / "d.key"


@pytest.fixture
def trust(key: Path) -> TrustList:
    return TrustList([load_signing_key(key).public_key()])


def issue(key: Path, *arguments: str) -> int:
    return main(["pass", "issue", "--key", str(key), "--issuer", "pingyuan", *arguments])


def read(text: str, trust: TrustList) -> Pass:
    found = passes.read(text.encode(), text, trust)
    assert isinstance(found, Pass)
    return found


def a_table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_kind_is_issued_with_its_details_and_for_its_usual_time(key, trust, capsys, kind) -> None:
    options = [word for name in kind.needed for word in (f"--{name}", NEEDED[name])]
    capsys.readouterr()
    assert issue(key, "--kind", kind.kind, *options) == 0
    found = read(capsys.readouterr().out.strip(), trust)
    assert found.kind == kind.kind
    assert (found.expires - found.not_before).total_seconds() == kind.hours * 3600
    for name in kind.needed:
        assert str(getattr(found.details, name)) == NEEDED[name]


@pytest.mark.parametrize(
    ("options", "details"),
    [
        ("--kind badge --number 0417 --team 乙班 --role inspector", BadgeDetails("0417", "乙班", BadgeRole.INSPECTOR)),
        ("--kind resident --building 3 --unit 502", ResidentDetails("3", "502")),
        ("--kind batch --firm 恒冷 --batch B-1 --certificate C-2", BatchDetails("恒冷", "B-1", "C-2")),
        ("--kind manifest --seats 40 --manifest-declared 23 --declared identity", ManifestDetails(40, 23)),
    ],
)
def test_details_come_from_options(key, trust, capsys, options, details) -> None:
    capsys.readouterr()
    assert issue(key, *options.split()) == 0
    found = read(capsys.readouterr().out.strip(), trust)
    assert found.details == details
    assert set(found.musts) == ({Must.IDENTITY} if found.kind is PassKind.MANIFEST else set())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--kind badge", "number: is missing; a badge needs it"),
        ("--kind health", "kind: health is a third party's and never issued here"),
        ("--kind ticket", "kind: 'ticket' is not one of declaration"),
        ("--kind vehicle --order D7", "order: a vehicle has none"),
        ("--kind badge --number 7 --role boss", "role: 'boss' is not one of operator"),
        ("--kind vehicle --seats 0", "seats: '0' is no number from 1 to 300"),
        ("--party 1000", "party: '1000' is no number from 1 to 999"),
        ("--origin 41070", "origin: '41070' is no GB/T 2260 code"),
        ("--hours 0", "hours: 0 is not within a minute"),
        ("--hours nan", "hours: nan is not within a minute"),
        ("--not-before tomorrow", "not_before: 'tomorrow' is no RFC 3339 time"),
        ("--declared cough", "declared: 'cough' is not one of identity"),
        (f"--label {'王' * 65}", "label: 65 characters, where 64 are the most"),
    ],
)
def test_a_wrong_field_is_one_line_that_names_it(key, capsys, options, said) -> None:
    capsys.readouterr()
    assert issue(key, *options.split()) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err


def test_a_pass_that_no_code_holds_is_not_issued(key, tmp_path, capsys) -> None:
    assert issue(key, "--drop-offs", " ".join(f"gate-{number}" for number in range(400))) == 2
    assert "where a code holds 3391" in capsys.readouterr().err


def test_ten_thousand_badges_in_one_go_and_the_faulty_rows_by_number(key, trust, tmp_path, capsys) -> None:
    rows = [f"badge,李**,{number:05},乙{number % 9}班,operator,g{number % 40}" for number in range(10_000)]
    rows[0] = "badge,李**,,乙班,operator,g1"
    rows[4711] = "badge,李**,04711,乙班,boss,g1"
    rows[9999] = "badge,李**,09999,乙班,operator,g1,one too many"
    table = a_table(tmp_path / "badges.csv", "\n".join(["kind,label,number,team,role,grids", *rows]))
    capsys.readouterr()
    assert issue(key, "--csv", str(table)) == 1
    out, err = capsys.readouterr()
    issued = [read(text, trust) for text in out.splitlines()]
    faulty = {0, 4711, 9999}
    assert [found.details.number for found in issued] == [f"{n:05}" for n in range(10_000) if n not in faulty]
    assert len({found.id for found in issued}) == 9_997
    told = err.splitlines()
    assert [line.split(":")[0].rpartition(" row ")[2] for line in told[:-1]] == ["2", "4713", "10001"]
    assert told[-1] == f"{table}: 9997 of 10000 passes issued, 3 rows faulty"


def test_an_output_table_has_the_rows_with_id_and_text_and_can_be_issued_anew(key, trust, tmp_path) -> None:
    table = a_table(tmp_path / "in.csv", "plate,number,label\n豫G12345,0417,王**\n\n豫G54321,,李**\n,0418,\n")
    again = tmp_path / "again.csv"
    out = tmp_path / "out.csv"
    assert issue(key, "--csv", str(table), "--kind", "badge", "--output", str(out)) == 1
    with out.open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first) == ["kind", "label", "plate", "number", "id", "text"]
    assert (first["plate"], first["number"], second["number"]) == ("豫G12345", "0417", "0418")
    assert read(first["text"], trust).id == first["id"]
    assert issue(key, "--csv", str(out), "--output", str(again)) == 0
    with again.open(encoding="utf-8-sig", newline="") as file:
        renewed = next(csv.DictReader(file))
    assert renewed["number"] == "0417"
    assert renewed["id"] != first["id"]


def test_texts_go_to_a_file_a_line_each(key, trust, tmp_path, capsys) -> None:
    capsys.readouterr()
    assert issue(key, "--plate", "豫G12345", "--output", str(tmp_path / "pass.txt")) == 0
    assert capsys.readouterr().out == ""
    (text,) = (tmp_path / "pass.txt").read_text().splitlines()
    assert read(text, trust).plate == "豫G12345"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_as_spreadsheets_save_it(key, trust, tmp_path, capsys, encoding) -> None:
    table = a_table(tmp_path / "in.csv", "plate,label\r\n豫G12345,王**\r\n,,\r\n", encoding)
    capsys.readouterr()
    assert issue(key, "--csv", str(table)) == 0
    (text,) = capsys.readouterr().out.splitlines()
    assert read(text, trust).plate == "豫G12345"


def test_options_stand_for_what_the_rows_leave_empty(key, trust, tmp_path, capsys) -> None:
    table = a_table(tmp_path / "in.csv", "plate,hours\n豫G1,\n豫G2,5\n")
    capsys.readouterr()
    assert issue(key, "--csv", str(table), "--kind", "vehicle", "--hours", "48") == 0
    found = [read(text, trust) for text in capsys.readouterr().out.splitlines()]
    assert [(one.expires - one.not_before).total_seconds() / 3600 for one in found] == [48, 5]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plate,colour\n豫G1,red\n", "no column is called 'colour'"),
        ("plate,plate\n豫G1,豫G2\n", "column 'plate' stands there twice"),
        ("plate,label,,\n,,,\n", "no row in it"),
        ("", "no row in it"),
    ],
)
def test_a_table_that_is_none_is_one_line_that_says_why(key, tmp_path, capsys, text, said) -> None:
    capsys.readouterr()
    assert issue(key, "--csv", str(a_table(tmp_path / "in.csv", text))) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert said in err


def test_a_table_in_no_known_encoding_and_one_that_is_not_there_are_bad_input(key, tmp_path, capsys) -> None:
    (tmp_path / "in.csv").write_bytes(b"plate\n\xff\xff\n")
    assert issue(key, "--csv", str(tmp_path / "in.csv")) == 2
    assert issue(key, "--csv", str(tmp_path / "gone.csv")) == 2
    err = capsys.readouterr().err
    assert "save it as CSV in UTF-8" in err
    assert "gone.csv" in err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stderr", "bar"), [(Terminal(), True), (io.StringIO(), False)], ids=["terminal", "pipe"])
def test_a_bar_shows_the_progress_on_a_terminal_alone(key, tmp_path, monkeypatch, stderr, bar) -> None:
    table = a_table(tmp_path / "in.csv", "plate\n" + "豫G1\n" * 50)
    monkeypatch.setattr(sys, "stderr", stderr)
    assert issue(key, "--csv", str(table)) == 0
    assert ("50/50" in stderr.getvalue()) is bar


def test_the_options_of_every_kind_are_those_that_the_kinds_describe() -> None:
    described = {field.name for kind in KINDS for field in kind.members.values()}
    assert {name.removeprefix("manifest_") for name in DETAILS} == described
    assert set(FIELDS) == set(GENERAL) | set(DETAILS)
    assert set(GENERAL) & set(DETAILS) == set()


def test_an_encrypted_key_is_opened_by_the_passphrase_in_a_file(tmp_path, capsys) -> None:
    (tmp_path / "word").write_text("correct horse\n")
    new_signing_key(tmp_path / "locked.key", b"correct horse")
    assert issue(tmp_path / "locked.key", "--plate", "豫G1") == 2
    assert "encrypted" in capsys.readouterr().err
    assert issue(tmp_path / "locked.key", "--plate", "豫G1", "--passphrase-file", str(tmp_path / "word")) == 0
    assert capsys.readouterr().out.startswith("CP1:")


def test_another_districts_keys_know_none_of_it(key, capsys) -> None:
    capsys.readouterr()
    issue(key, "--plate", "豫G1")
    text = capsys.readouterr().out.strip()
    assert isinstance(passes.read(text.encode(), text, STRANGERS), Rejected)


def test_show_says_a_pass_s_details(key, tmp_path, capsys) -> None:
    (tmp_path / "keys").mkdir()
    key.with_suffix(".pub").rename(tmp_path / "keys" / "d.pub")
    assert issue(key, "--kind", "badge", "--number", "0417", "--output", str(tmp_path / "badge.txt")) == 0
    capsys.readouterr()
    assert main(["pass", "show", "--trust", str(tmp_path / "keys"), str(tmp_path / "badge.txt")]) == 0
    details = json.loads(capsys.readouterr().out)["claims"]["details"]
    assert details == {"number": "0417", "team": "", "role": "operator"}
