"""The rooms' import rules (docs: pyproject.toml, [tool.importlinter])."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_no_room_imports_what_it_must_not() -> None:
    assert lint_imports() == EXIT_STATUS_SUCCESS
