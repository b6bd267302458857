"""What a request to the API says, and what is wrong with it."""

from collections.abc import Collection, Mapping


class BadParameter(ValueError):
    """``parameter`` is the one at fault; the text says what to give instead."""

    def __init__(self, parameter: str, remedy: str) -> None:
        super().__init__(remedy)
        self.parameter = parameter


def known(given: Mapping[str, str], names: Collection[str]) -> None:
    """:raises BadParameter: one that is given is none of these."""
    for name in given:
        if name not in names:
            raise BadParameter(name[:40], f"there is no parameter {name[:40]!r}; there are {', '.join(names)}")
