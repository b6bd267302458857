"""The rooms' import rules (docs: pyproject.toml, [tool.importlinter])."""

import logging

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_no_room_imports_what_it_must_not() -> None:
    assert lint_imports() == EXIT_STATUS_SUCCESS
    # It configures logging for itself, which silences every logger that is there: later tests listen to ours.
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.disabled = False
