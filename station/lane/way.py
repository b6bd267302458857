"""The whole way of a scan: read, observed, decided, written down, and only then let through and shown."""

from collections.abc import Callable
from dataclasses import replace

from station import passes, rules
from station.domain import aside, entries, joining, ticking
from station.domain.decision import Outcome
from station.domain.details import BadgeDetails
from station.domain.origin import OriginClasses
from station.domain.passage import Entry, Row
from station.domain.passes import Pass, Presented, Rejected
from station.domain.reasons import Reason
from station.domain.scan import MessagePart, Scan
from station.domain.situation import Situation
from station.lane.observer import Observer
from station.lane.stranger_codes import StrangerCodes, is_stranger
from station.lane.writer import Writer
from station.ledger import AmendsChangedPassage, Ledger
from station.passes import TrustList
from station.passes.message_parts import MessageAssembler
from station.passes.shc_parts import Joiner
from station.scanning.text import payload_text

BadgeDesk = Callable[[str, Pass, tuple[Reason, ...]], None]
"""Takes a genuine badge that was shown to a lane, and what the rules have against it."""


class ScanWay:
    def __init__(
        self,
        origins: OriginClasses,
        parts: Joiner,
        trust: Callable[[], TrustList],
        observer: Observer,
        ledger: Ledger,
        writer: Writer,
        badge_desk: BadgeDesk,
        strangers: StrangerCodes,
        assembler: MessageAssembler,
    ) -> None:
        self._strangers = strangers
        self._origins, self._parts, self._trust, self._badge_desk = origins, parts, trust, badge_desk
        self._assembler = assembler
        self._observer, self._ledger, self._writer = observer, ledger, writer
        self._open = writer.current

    def pass_through(self, scan: Scan) -> Row | None:
        """None for what is no passage: a badge (whoever signs on passes nothing), a stranger's code that belongs to
        another passage, is to be ignored, or stands in the scene.

        :raises LedgerUnwritable: not even in memory is room; nothing moved.
        """
        payload = self._parts.join(scan.code.payload, scan.at.monotonic)
        presented = passes.read(payload, scan.code.text, self._trust())
        message_id = ""
        if scan.code.part is not None and isinstance(presented, Rejected):
            presented, payload, message_id = self._whole_message(scan.code.part, scan)
        code_id = self._code_id(presented, payload)
        if is_stranger(presented) and (self._strangers.counts_nothing(scan) or self._noted_beside(scan, code_id)):
            return None
        situation = self._observer.observe(presented, code_id)
        if isinstance(presented, Pass) and isinstance(presented.details, BadgeDetails):
            self._badge_desk(situation.lane, presented, rules.decide(presented, situation).reasons)
            return None
        row = self._decided_and_written(scan, presented, code_id, message_id, situation)
        self._strangers.note(scan.code.payload, row)
        if joining.can_take_in(row.entry):
            self._open = row
        return row

    def _whole_message(self, part: MessagePart, scan: Scan) -> tuple[Presented, bytes, str]:
        """What a code of several symbols comes to, once the others were shown: until then it is incomplete.

        :return: with the payload, and what tells the message while it is incomplete.
        """
        message = b"structured append %d %d" % (part.total, part.parity)
        whole = self._assembler.add(part, scan.code.payload, scan.at.monotonic)
        if whole is None:
            return Rejected(Reason.INCOMPLETE, scan.code.text), message, ""
        presented = passes.read(whole, payload_text(whole), self._trust())
        return presented, whole, self._ledger.sealer.digest(message)

    def _noted_beside(self, scan: Scan, code_id: str) -> bool:
        """Note a stranger's code with the passage it belongs to. It opens nothing, and displaces nothing on the screen.

        :return: whether it belongs to one.
        """
        while (host := self._strangers.host_of(scan, scan.at)) is not None:
            entry = entries.stranger_beside(host, code_id, scan.at)
            try:
                row = self._writer.write_beside(entry) if entry is not None else host
            except AmendsChangedPassage:
                continue
            self._strangers.note(scan.code.payload, row)
            return True
        return False

    def _decided_and_written(
        self, scan: Scan, presented: Presented, code_id: str, message_id: str, situation: Situation
    ) -> Row:
        """Housekeeping may correct the passage's minute between our looking and our writing: then we look again. It
        does so once for a passage, so this ends."""
        while True:
            before = self._passage_of(scan, presented, code_id, message_id, situation)
            entry = self._decide_on(presented, code_id, situation, before)
            try:
                return self._writer.write_then_move(entry)
            except AmendsChangedPassage:
                continue

    def _code_id(self, presented: Presented, payload: bytes) -> str:
        """What tells a code when it is shown again: our own pass's id; of any other a digest that names nobody."""
        match presented:
            case Pass(health=None):
                return presented.id
            case Pass():
                return self._ledger.sealer.digest(presented.id.encode())
            case _:
                return self._ledger.sealer.digest(payload)

    def _passage_of(
        self, scan: Scan, presented: Presented, code_id: str, message_id: str, situation: Situation
    ) -> Row | None:
        """The passage that a code belongs to, as it stands; None if it begins one.

        A code shown again before anybody let it through is the same vehicle, not a second one; one that stands in the
        parking bay has come to this lane. A certificate belongs to the passage that is open here, and a pass to the one
        that its certificate, or a stranger's code beside it, began. The symbols of one message are of one passage.
        """
        for row in self._ledger.aside():
            if row.entry.pass_id == code_id and aside.waits(row.entry):
                return row
        earlier = self._ledger.uses(message_id, situation.at, joining.SAME_PASSAGE_WITHIN) if message_id else ()
        for use in (*situation.recent_uses, *earlier):
            if use.lane == situation.lane and use.outcome is not Outcome.GRANTED:
                last = self._ledger.latest_of(use.passage)
                if last is not None and joining.is_recent(last, situation.at):
                    return last
        if self._open is not None and joining.takes_in(self._open.entry, presented):
            last = self._ledger.latest_of(self._open.passage)
            if last is not None and joining.is_open(last, situation.at):
                return last
        if isinstance(presented, Pass) and not joining.rides_beside(presented):
            return self._strangers.forerunner_of(scan, situation.at)
        return None

    def _decide_on(self, presented: Presented, code_id: str, situation: Situation, before: Row | None) -> Entry:
        if before is not None:
            beside, ticks = joining.beside_of(before.entry), ticking.ticks_of(before.entry)
            situation = replace(situation, beside=beside, ticks=ticks)
        if joining.rides_beside(presented):
            situation = replace(situation, beside=rules.count_in(presented, code_id, situation))
            if before is not None and joining.has_pass(before.entry):
                decision = rules.decide_again(before.entry, presented, situation)
                return entries.shown_beside(before, presented, situation, decision, code_id)
        decision = rules.decide(presented, situation)
        entry = entries.decided(presented, situation, decision, code_id, self._origins)
        return entries.presented_again(before, entry) if before is not None else entry
