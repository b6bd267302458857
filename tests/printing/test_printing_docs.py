"""What docs/printing.md and the screens say is held to what the commands and the sheets do."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from station.__main__ import main
from station.domain.passes import PassKind
from station.printing import words

pytestmark = pytest.mark.clock

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "printing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_example_of_the_page_runs_from_the_key_to_the_cards_and_boards(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (table,) = (block for language, block in BLOCKS if not language)
    Path("badges.csv").write_text(table, "utf-8")
    lines = [line for language, block in BLOCKS if language == "sh" for line in block.splitlines()]
    for line in lines:
        program, *arguments = shlex.split(line)
        if program != "station":
            subprocess.run([program, *arguments], check=True)
        elif "--register" not in arguments:  # it takes a hub
            assert main(arguments) == 0
    made = {path.name for path in tmp_path.iterdir()}
    assert {"issued.csv", "cards.pdf", "windows.pdf", "boards.pdf", "bus.pdf"} <= made
    assert len(list(Path("cards").glob("*.png"))) == 2


@pytest.mark.parametrize("kind", PassKind)
def test_a_kind_of_pass_is_called_on_paper_as_on_the_touchscreen(kind: PassKind) -> None:
    texts = [json.loads((ROOT / f"web_ui/translations/{name}.json").read_text("utf-8")) for name in ("zh", "en")]
    assert words.KINDS[kind] == tuple(text[f"kind.{kind}"] for text in texts)
