"""``station hub account`` and ``station hub token``: who may open the district's pages, from the command line."""

import io
import json
import sys
from pathlib import Path

import pytest

from station.__main__ import main

pytestmark = pytest.mark.clock


@pytest.fixture
def config(tmp_path: Path) -> str:
    file = tmp_path / "hub.toml"
    file.write_text(f'[hub]\ndistrict = "pingyuan"\ndata_dir = "{tmp_path / "hub"}"\n')
    return str(file)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, typed: str = "") -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    return main(["hub", *arguments])


def add(monkeypatch: pytest.MonkeyPatch, config: str, name: str, *more: str, typed: str = "a first password\n") -> int:
    return run(monkeypatch, "account", "add", "--config", config, *more, name, typed=typed)


def listed(monkeypatch: pytest.MonkeyPatch, config: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run(monkeypatch, "account", "list", "--json", "--config", config) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_account_is_added_listed_and_disabled(
    config: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(monkeypatch, config, "wang.li", "--role", "administrator") == 0
    assert add(monkeypatch, config, "zhao", "--level", "pingyuan/qiaobei") == 0
    assert run(monkeypatch, "account", "disable", "--config", config, "zhao") == 0
    wang, zhao = listed(monkeypatch, config, capsys)
    assert (wang["name"], wang["role"], wang["level"], wang["must_change"]) == (
        "wang.li",
        "administrator",
        "pingyuan",
        True,
    )
    assert (zhao["role"], zhao["level"], zhao["disabled"]) == ("viewer", "pingyuan/qiaobei", True)
    assert run(monkeypatch, "account", "enable", "--config", config, "zhao") == 0
    assert listed(monkeypatch, config, capsys)[1]["disabled"] is False


def test_a_password_is_read_from_stdin_and_is_never_an_argument(
    config: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(monkeypatch, config, "wang.li") == 0
    assert run(monkeypatch, "account", "password", "--config", config, "wang.li", typed="another password\n") == 0
    with pytest.raises(SystemExit) as refused:
        run(monkeypatch, "account", "password", "--config", config, "wang.li", "another password")
    assert refused.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (["add", "wang.li"], "a first password\n", "wang.li: there is an account of this name"),
        (["add", "Wang Li"], "a first password\n", "2 to 32"),
        (["add", "zhao"], "short\n", "12 characters at least"),
        (["add", "zhao", "--level", "elsewhere"], "a first password\n", "the first is pingyuan"),
        (["password", "nobody"], "a first password\n", "no such account"),
        (["disable", "wang.li"], "", "last administrator"),
    ],
)
def test_what_will_not_do_is_one_line_with_the_remedy(
    config: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    typed: str,
    says: str,
) -> None:
    add(monkeypatch, config, "wang.li", "--role", "administrator")
    capsys.readouterr()
    action, *rest = arguments
    assert run(monkeypatch, "account", action, "--config", config, *rest, typed=typed) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line


def test_a_token_is_printed_once_and_revoked(
    config: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new = ["token", "new", "--config", config, "--level", "pingyuan/qiaobei", "--days", "30", "grafana"]
    assert run(monkeypatch, *new) == 0
    token = capsys.readouterr().out.strip()
    assert token.startswith("cst_")
    run(monkeypatch, "token", "list", "--config", config)
    known = json.loads(capsys.readouterr().out)
    assert (known["label"], known["level"], known["revoked"]) == ("grafana", "pingyuan/qiaobei", False)
    assert token not in str(known)
    assert run(monkeypatch, "token", "revoke", "--config", config, known["id"]) == 0
    run(monkeypatch, "token", "list", "--config", config)
    assert json.loads(capsys.readouterr().out)["revoked"] is True
    assert run(monkeypatch, "token", "revoke", "--config", config, "nothing") == 2
    assert run(monkeypatch, "token", "new", "--config", config, "--days", "0", "x") == 2
