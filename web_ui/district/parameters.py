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


def one_of(given: Mapping[str, str], name: str, words: Collection[str], usual: str = "") -> str:
    """What is given, or else what is ``usual``. :raises BadParameter: it is none of these."""
    said = given.get(name, usual)
    if name in given and said not in words:
        raise BadParameter(name, f"{name}={said[:40]!r} is none of {', '.join(words)}")
    return said
