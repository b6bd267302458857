"""What a page's form was carried out as: sent again by a second tap or a reload, it is the same passage."""

from collections import OrderedDict

REMEMBERED = 64


class Forms:
    """In memory alone: after a restart no page's token holds, so an old form cannot be sent again."""

    def __init__(self) -> None:
        self._passages: OrderedDict[str, int] = OrderedDict()

    def passage_of(self, form: str) -> int | None:
        return self._passages.get(form) if form else None

    def remember(self, form: str, passage: int) -> None:
        if form:
            self._passages[form] = passage
            while len(self._passages) > REMEMBERED:
                self._passages.popitem(last=False)
