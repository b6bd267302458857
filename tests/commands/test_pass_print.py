"""``station pass print``: from texts to paper and back through the scanner."""

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import cv2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from made import DETAILS, KEY, a_pass
from sheets import pages, rasterised, scanned, size_mm

from station.__main__ import main
from station.domain.passes import PassKind
from station.passes import cp1
from station.passes.keys import public_pem

pytestmark = pytest.mark.clock


@pytest.fixture
def texts() -> list[str]:
    return [cp1.issue(a_pass(kind=kind, details=details), KEY) for kind, details in DETAILS.items()]


@pytest.fixture
def file(tmp_path: Path, texts: list[str]) -> Path:
    path = tmp_path / "passes.txt"
    path.write_text("\n".join(texts) + "\n")
    return path


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "district.pub").write_bytes(public_pem(KEY))
    return tmp_path / "keys"


def printed(tmp_path: Path, *arguments: object) -> tuple[int, list[str], list[tuple[float, float]]]:
    """Exit code, the texts on all pages, and the pages' sizes."""
    out = tmp_path / "out.pdf"
    code = main(["pass", "print", "--output", str(out), *map(str, arguments)])
    pdf = out.read_bytes()
    return code, [text for sheet in rasterised(pdf) for text in scanned(sheet)], [size_mm(page) for page in pages(pdf)]


def test_cards_of_every_kind_are_printed_and_read_back(tmp_path, file, texts, trust, capsys) -> None:
    assert printed(tmp_path, "--trust", trust, file) == (0, sorted(texts), [(210.0, 297.0)])
    assert "7 of 7 passes printed, their modules 0." in capsys.readouterr().err


def test_a_window_card_a_page(tmp_path, file, texts) -> None:
    code, found, sizes = printed(tmp_path, "--as", "window", file)
    assert (code, found, sizes) == (0, texts, [(210.0, 148.0)] * len(texts))


def test_a_table_of_issued_passes_is_printed_from_its_column(tmp_path, trust) -> None:
    assert main(["keys", "new", str(tmp_path / "d.key")]) == 0
    table, issued = tmp_path / "in.csv", tmp_path / "issued.csv"
    table.write_text("kind,number,label\n" + "".join(f"badge,{number:04},李**\n" for number in range(11)), "utf-8")
    issue = ["pass", "issue", "--key", str(tmp_path / "d.key"), "--issuer", "pingyuan", "--csv", str(table)]
    assert main([*issue, "--output", str(issued)]) == 0
    (trust / "d.pub").write_bytes((tmp_path / "d.pub").read_bytes())
    code, found, sizes = printed(tmp_path, "--trust", trust, issued)
    rows = issued.read_text("utf-8-sig").splitlines()[1:]
    assert (code, sorted(found)) == (0, sorted(row.rpartition(",")[2] for row in rows))
    assert sizes == [(210.0, 297.0)] * 2


def test_texts_come_from_stdin_too(tmp_path, texts, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(texts[0].encode())))
    assert printed(tmp_path)[:2] == (0, [texts[0]])


def test_pictures_of_cards_read_back_and_are_named_by_line_and_pass(tmp_path, file, texts) -> None:
    folder = tmp_path / "cards"
    assert main(["pass", "print", "--format", "png", "--output", str(folder), str(file)]) == 0
    pictures = sorted(folder.iterdir())
    assert [picture.name[:6] for picture in pictures] == [f"{number:05}-" for number in range(1, len(texts) + 1)]
    images = [cv2.imread(str(picture)) for picture in pictures]
    assert [scanned(image) for image in images] == [[text] for text in texts]
    assert {image.shape for image in images} == {(638, 1012, 3)}  # 54 x 85.6 mm at 300 dpi


def test_a_text_that_cannot_be_read_is_refused_by_its_line_and_the_others_are_printed(tmp_path, texts, capsys) -> None:
    path = tmp_path / "passes.txt"
    path.write_text("\n".join([texts[0], "", "HC1:6BF", f"{texts[1][:80]}", texts[2]]))
    code, found, _ = printed(tmp_path, path)
    assert (code, found) == (1, sorted([texts[0], texts[2]]))
    err = capsys.readouterr().err
    assert f"{path} line 3: not printed: a pass begins with CP1:" in err
    assert f"{path} line 4: not printed:" in err
    assert "2 of 4 passes printed, unverified" in err


def test_with_keys_nothing_forged_or_of_a_stranger_is_printed(tmp_path, texts, trust, capsys) -> None:
    path = tmp_path / "passes.txt"
    strange = cp1.issue(a_pass(), Ed25519PrivateKey.generate())
    path.write_text("\n".join([texts[0], strange]))
    code, found, _ = printed(tmp_path, "--trust", trust, path)
    assert (code, found) == (1, [texts[0]])
    assert "line 2: not printed: unknown_issuer by the keys of --trust" in capsys.readouterr().err


def test_what_no_card_holds_is_refused_by_its_line_with_the_remedy(tmp_path, texts, capsys) -> None:
    path = tmp_path / "passes.txt"
    path.write_text("\n".join([texts[0], cp1.issue(a_pass(label="王" * 64, plate="豫" * 64), KEY)]))
    assert printed(tmp_path, path)[:2] == (1, [texts[0]])
    assert "line 2: not printed:" in (err := capsys.readouterr().err)
    assert "print a window card" in err


def test_times_are_those_of_the_zone(tmp_path) -> None:
    path = tmp_path / "passes.txt"
    path.write_text(cp1.issue(a_pass(kind=PassKind.DECLARATION), KEY))
    assert printed(tmp_path, "--timezone", "Asia/Urumqi", path)[0] == 0
    assert "2026-03-02 18:00" in pages((tmp_path / "out.pdf").read_bytes())[0].extract_text()


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        ("\n\n", [], "nothing to print"),
        (None, [], "give a file of signed passes"),
        ("CP1:", ["--trust", "nowhere"], "nowhere is no folder"),
    ],
)
def test_bad_input_is_one_line_and_writes_no_file(tmp_path, capsys, content, arguments, said) -> None:
    path = tmp_path / "passes.txt"
    if content is not None:
        path.write_text(content)
    assert main(["pass", "print", "--output", str(tmp_path / "out.pdf"), *arguments, str(path)]) == 2
    err = capsys.readouterr().err
    assert (said in err, err.count("\n")) == (True, 1)
    assert not (tmp_path / "out.pdf").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path, file, capsys) -> None:
    assert main(["pass", "print", "--output", str(tmp_path / "gone" / "out.pdf"), str(file)]) == 2
    assert "name another place" in capsys.readouterr().err


def test_a_zone_that_is_none_is_bad_usage(file, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["pass", "print", "--timezone", "Asia/Nowhere", "--output", "x.pdf", str(file)])
    assert ended.value.code == 2
    assert "'Asia/Nowhere' is no time zone" in capsys.readouterr().err
