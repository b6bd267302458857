"""``station board print``: numbered boards, and the registry that knows them."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sheets import pages, rasterised, scanned, size_mm

from station.__main__ import main
from station.domain.boards import Board, BoardKind, board_number
from station.hub.boards import Boards
from station.hub.sqlite import FILE_NAME, SqliteFile

pytestmark = pytest.mark.clock

URL = "https://declare.example.cn"
ROAD = ["--station", "g107-north", "--lane", "1", "--position", "桥北1公里"]


def board_print(out: Path, *arguments: str, distance: str = "1") -> int:
    return main(["board", "print", "--url", URL, "--distance", distance, "--output", str(out), *arguments])


def read_back(out: Path) -> list[str]:
    return [text for sheet in rasterised(out.read_bytes()) for text in scanned(sheet)]


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    config = tmp_path / "hub.toml"
    config.write_text(
        f'[hub]\ndistrict = "pingyuan"\ndata_dir = "{tmp_path / "hub"}"\n[broker]\nurl = "mqtt://127.0.0.1"\n'
    )
    return config


@pytest.fixture
def registry(tmp_path: Path) -> Boards:
    return Boards(
        SqliteFile(tmp_path / "hub" / FILE_NAME), ZoneInfo("Asia/Shanghai"), lambda: datetime(2026, 3, 2, tzinfo=UTC)
    )


def test_boards_are_numbered_one_a_page_and_read_back(tmp_path, capsys) -> None:
    out = tmp_path / "boards.pdf"
    assert board_print(out, "--boards", "3", "--first", "1200", *ROAD) == 0
    numbers = [board_number(serial) for serial in (1200, 1201, 1202)]
    assert read_back(out) == [f"{URL}/b/{number}" for number in numbers]
    assert [size_mm(page) for page in pages(out.read_bytes())] == [(210.0, 297.0)] * 3
    text = pages(out.read_bytes())[2].extract_text()
    assert [said for said in (numbers[2], "桥北1公里", "扫码申报") if said not in text] == []
    told = capsys.readouterr().out
    assert f"3 printed, {' '.join(numbers)}" in told
    assert "the next serial is 1203" in told


def test_the_code_grows_with_the_distance_and_the_paper_with_the_code(tmp_path, capsys) -> None:
    sizes = []
    for metres in ("0.5", "1", "2", "4"):
        assert board_print(tmp_path / f"{metres}.pdf", "--boards", "1", *ROAD, distance=metres) == 0
        (page,) = pages((tmp_path / f"{metres}.pdf").read_bytes())
        sizes.append(size_mm(page)[0])
    wide = [int(line.partition("the code is ")[2].split()[0]) for line in capsys.readouterr().out.splitlines()]
    assert wide == [45, 90, 180, 360]
    assert sizes == [210.0, 210.0, 297.0, 594.0]


def test_a_buss_board_has_its_plate_and_seats_and_its_own_path(tmp_path) -> None:
    out = tmp_path / "bus.pdf"
    assert board_print(out, "--bus", "豫a·12345", "--seats", "45", distance="0.8") == 0
    assert read_back(out) == [f"{URL}/v/{board_number(1000)}"]
    (page,) = pages(out.read_bytes())
    assert size_mm(page) == (148.0, 210.0)
    assert [said for said in ("豫A12345", "45", "乘客扫码申报") if said not in page.extract_text()] == []


def test_a_table_holds_boards_of_many_stations_and_buses(tmp_path) -> None:
    table = tmp_path / "boards.csv"
    kept = board_number(3000)
    table.write_text(
        f"number,station,lane,position,plate,seats\n,g107-south,2,桥南,,\n{kept},,,,,\n,,,,豫A12345,45\n", "utf-8"
    )
    assert board_print(tmp_path / "out.pdf", "--csv", str(table), "--station", "g107-north") == 0
    first, second = board_number(1000), board_number(1001)
    assert read_back(tmp_path / "out.pdf") == [f"{URL}/b/{first}", f"{URL}/b/{kept}", f"{URL}/v/{second}"]


def test_pictures_are_named_by_the_boards_numbers(tmp_path) -> None:
    assert board_print(tmp_path / "boards", "--boards", "2", *ROAD, "--format", "png") == 0
    names = {path.name for path in (tmp_path / "boards").iterdir()}
    assert names == {f"{board_number(serial)}.png" for serial in (1000, 1001)}


def test_registered_boards_are_known_to_the_hub_and_numbered_on_from_there(tmp_path, hub, registry, capsys) -> None:
    assert board_print(tmp_path / "a.pdf", "--boards", "2", *ROAD, "--register", str(hub)) == 0
    assert board_print(tmp_path / "b.pdf", "--bus", "豫A12345", "--seats", "45", "--register", str(hub)) == 0
    road, bus = board_number(1000), board_number(1002)
    assert registry.find(road) == Board(road, BoardKind.ROAD, "g107-north", "1", "桥北1公里")
    assert registry.find(bus) == Board(bus, BoardKind.BUS, plate="豫A12345", seats=45)
    assert read_back(tmp_path / "b.pdf") == [f"{URL}/v/{bus}"]
    assert f"registered in {hub}; the next serial is 1003" in capsys.readouterr().out


def test_a_number_that_is_registered_is_never_given_to_another_board(tmp_path, hub, registry, capsys) -> None:
    assert board_print(tmp_path / "a.pdf", "--boards", "2", *ROAD, "--register", str(hub)) == 0
    again = ["--first", "1001", "--boards", "1", "--station", "other", "--register", str(hub)]
    assert board_print(tmp_path / "b.pdf", *again) == 2
    assert f"number {board_number(1001)} is registered for another board; leave --first out" in capsys.readouterr().err
    assert not (tmp_path / "b.pdf").exists()


def test_a_registered_board_is_printed_anew_by_its_number_and_changed(tmp_path, hub, registry) -> None:
    assert board_print(tmp_path / "a.pdf", "--boards", "1", *ROAD, "--register", str(hub)) == 0
    table = tmp_path / "boards.csv"
    number = board_number(1000)
    table.write_text(f"number,station,position\n{number},g107-north,桥北2公里\n", "utf-8")
    assert board_print(tmp_path / "b.pdf", "--csv", str(table), "--register", str(hub)) == 0
    found = registry.find(number)
    assert found is not None
    assert found.position == "桥北2公里"


def test_a_hub_whose_folder_cannot_be_written_is_named(tmp_path, hub, capsys, monkeypatch) -> None:
    (tmp_path / "hub").write_text("a file where the folder should be")
    usual = ["--boards", "1", *ROAD, "--register", str(hub)]
    assert board_print(tmp_path / "out.pdf", *usual) == 2
    assert "register on the hub's machine" in capsys.readouterr().err
    (tmp_path / "hub").unlink()
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert board_print(tmp_path / "out.pdf", *usual) == 2
    assert "register as the hub's user" in capsys.readouterr().err
    assert not (tmp_path / "out.pdf").exists()


def test_the_address_of_the_codes_is_the_registrys_unless_it_is_given(tmp_path, hub, capsys) -> None:
    out = tmp_path / "boards.pdf"
    usual = ["board", "print", "--distance", "1", "--boards", "1", *ROAD, "--output", str(out), "--register", str(hub)]
    assert main(usual) == 2
    assert "give --url, or driver.url" in capsys.readouterr().err
    hub.write_text(hub.read_text() + '[driver]\nurl = "https://hub.example/"\n')
    assert main(usual) == 0
    assert read_back(out) == [f"https://hub.example/b/{board_number(1000)}"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("number,station\n12345,s\n", "row 2: number: '12345' is none"),
        ("number,station\n10008,s\n10008,s\n", "row 3: number 10008 is that of"),
        ("station,position\n,桥北\n", "row 2: station: '' is no station's id"),
        ("station,position\ng107,a,b\n", "row 2: 'b' is beyond the last column"),
        ("plate,seats\n豫A1,\n", "row 2: plate: '豫A1' is none"),
        ("plate,seats\n豫A12345,many\n", "row 2: seats: 'many' is no number from 1 to 300"),
        ("station,colour\ns,red\n", "no column is called 'colour'"),
        ("station\n", "no board in it"),
        (f"station,position\ns,{'桥' * 90}\n", "board 10008: 桥"),
    ],
)
def test_a_row_that_is_no_board_is_one_line_and_nothing_is_printed(tmp_path, capsys, rows, said) -> None:
    table = tmp_path / "boards.csv"
    table.write_text(rows, "utf-8")
    assert board_print(tmp_path / "out.pdf", "--csv", str(table)) == 2
    err = capsys.readouterr().err
    assert (said in err, err.count("\n")) == (True, 1)
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--boards", "0", *ROAD], "--boards: 0 is not within 1 and"),
        (["--boards", "1"], "station: '' is no station's id"),
        (["--boards", "1", "--first", "7", *ROAD], "--first: 7 is not within 1000 and"),
        (["--boards", "1", "--first", "0", *ROAD], "--first: 0 is not within 1000 and"),
        (["--bus", "A12345"], "plate: 'A12345' is none"),
    ],
)
def test_an_option_that_makes_no_board_is_one_line(tmp_path, capsys, arguments, said) -> None:
    assert board_print(tmp_path / "out.pdf", *arguments) == 2
    assert said in capsys.readouterr().err


def test_a_distance_that_no_paper_serves_is_refused(tmp_path, capsys) -> None:
    assert board_print(tmp_path / "out.pdf", "--boards", "1", *ROAD, distance="12") == 2
    assert "larger than A0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--distance", "far", "'far' is no number of metres"),
        ("--distance", "nan", "nan is not within"),
        ("--distance", "100", "100 is not within"),
        ("--url", "declare.example.cn", "is no address"),
        ("--url", "https://a.example/?q=1", "is no address"),
        ("--boards", "many", "'many' is no number"),
    ],
)
def test_bad_usage_ends_with_2_and_says_what_is_wrong(tmp_path, capsys, option, value, said) -> None:
    usual = {"--url": URL, "--distance": "1", "--boards": "1", "--output": str(tmp_path / "out.pdf")} | {option: value}
    with pytest.raises(SystemExit) as ended:
        main(["board", "print", *(word for pair in usual.items() for word in pair)])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
