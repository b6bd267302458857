"""Which passage a code belongs to. A certificate or a goods batch rides beside a pass: it is evidence, no vehicle."""

from station.domain.aside import since
from station.domain.decision import Outcome
from station.domain.moment import Moment
from station.domain.passage import Entry, Row
from station.domain.passes import Pass, PassKind, Presented
from station.domain.reasons import Reason
from station.domain.situation import Beside

SAME_PASSAGE_WITHIN = 60.0  # seconds since the passage's last row

BESIDE_KEYS = ("certificates", "goods", "against")  # of a row's evidence
_CERTIFICATE_FORMATS = frozenset({"HC1", "shc"})
NOT_FOR_PASSING = frozenset({PassKind.BADGE, PassKind.BATCH, PassKind.HEALTH})
_BESIDE = frozenset({PassKind.HEALTH, PassKind.BATCH})
_ALONE = frozenset({"", PassKind.BADGE})


def kind_of(presented: Presented) -> PassKind | None:
    """What a code is or claims to be: a certificate that fails is one all the same. None for a stranger's code."""
    if isinstance(presented, Pass):
        return presented.kind
    return PassKind.HEALTH if presented.format in _CERTIFICATE_FORMATS else None


def rides_beside(presented: Presented) -> bool:
    """Is it shown for somebody else's pass, be it that the pass is still to come?"""
    return kind_of(presented) in _BESIDE


def can_take_in(entry: Entry) -> bool:
    """Is it a passage for which more may be shown? Not a stranger's code, nor a badge."""
    return entry.pass_kind not in _ALONE


def has_pass(entry: Entry) -> bool:
    """Does a passage have a pass of its own already, beside which others may be shown?"""
    return can_take_in(entry) and entry.pass_kind not in _BESIDE


def takes_in(entry: Entry, presented: Presented) -> bool:
    """Does a lane's open passage take a code in? One that a certificate began takes in the pass that follows."""
    kind = kind_of(presented) or ""
    if kind in _BESIDE:
        return can_take_in(entry)
    return kind not in _ALONE and entry.pass_kind in _BESIDE


def is_recent(row: Row, now: Moment) -> bool:
    """Was the passage last heard of so shortly ago that who is there now is the same?"""
    at = row.entry.at
    return now.boot == at.boot and now.monotonic - at.monotonic < SAME_PASSAGE_WITHIN


def is_open(row: Row, now: Moment) -> bool:
    """Held and still at its lane: more may be shown for it."""
    return row.entry.key.outcome is Outcome.HELD and not since(row.entry) and is_recent(row, now)


def beside_of(entry: Entry) -> Beside:
    """What has been shown beside a passage's pass, as its row keeps it."""
    certificates, goods, against = (tuple(entry.evidence.get(name, "").split()) for name in BESIDE_KEYS)
    return Beside(certificates, goods, tuple(Reason(reason) for reason in against))


def kept(beside: Beside) -> dict[str, str]:
    """The same for a row's evidence; what is empty is left out."""
    lists = (beside.certificates, beside.goods, beside.against)
    return {name: " ".join(items) for name, items in zip(BESIDE_KEYS, lists, strict=True) if items}


def with_code(
    beside: Beside, presented: Presented, code_id: str, against: tuple[Reason, ...], attests_test: bool
) -> Beside:
    """Count a code in. The same one again counts once; one that something speaks against stands for nothing.

    Nothing that was said against an earlier code is taken back, but that the rest of a card was still to be shown.
    """
    goods = isinstance(presented, Pass) and presented.kind is PassKind.BATCH
    earlier = tuple(reason for reason in beside.against if reason is not Reason.INCOMPLETE)
    return Beside(
        certificates=_with(beside.certificates, code_id, attests_test and not against),
        goods=_with(beside.goods, code_id, goods and not against),
        against=tuple(dict.fromkeys((*earlier, *against))),
    )


def _with(codes: tuple[str, ...], code_id: str, counts: bool) -> tuple[str, ...]:
    others = tuple(code for code in codes if code != code_id)
    return (*others, code_id) if counts else others
