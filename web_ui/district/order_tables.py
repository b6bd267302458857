"""Orders as files: the list of them, and what each station did with one."""

from collections.abc import Sequence
from functools import partial

from station.domain.district_orders import OrderRow, OrderStation
from station.domain.tables import Report, Table
from web_ui.district.languages import chosen
from web_ui.district.services import DistrictServices
from web_ui.district.times import lasted, local
from web_ui.text import text

_STEPS = ("received", "shown", "acknowledged", "refused")


def orders_report(orders: Sequence[OrderRow], services: DistrictServices) -> Report:
    t, at = partial(text, f"district.{chosen()}"), partial(local, zone=services.zone)
    words = ("order", "issued", "expires", "level", "urgency", "zh", "en", "by", "stations", *_STEPS, "took")
    rows = tuple(
        (
            *(one.id, at(one.issued_at), at(one.expires), one.level, t(f"urgency.{one.urgency}"), one.zh, one.en),
            *(one.written_by, one.stations, one.received, one.shown, one.acknowledged, one.refused),
            lasted(one.seconds),
        )
        for one in orders
    )
    return Report(t("nav.orders"), (), (Table("", tuple(t(f"orders.{word}") for word in words), rows),))


def receipts_report(order: OrderRow, stations: Sequence[OrderStation], services: DistrictServices) -> Report:
    t, at = partial(text, f"district.{chosen()}"), partial(local, zone=services.zone)
    columns = tuple(t(f"orders.{word}") for word in ("station", "name", "step", *_STEPS, "reason", "took"))
    rows = tuple(
        (
            one.station,
            one.name,
            t(f"orders.{one.step}"),
            *(at(time) for time in (one.received_at, one.shown_at, one.acknowledged_at, one.refused_at)),
            t(f"orders.reason.{one.reason}") if one.reason else "",
            lasted(one.seconds),
        )
        for one in stations
    )
    lines = (f"{order.level} · {at(order.issued_at)} – {at(order.expires)} · {order.written_by}", order.zh, order.en)
    return Report(f"{t('nav.orders')} {order.id}", tuple(line for line in lines if line), (Table("", columns, rows),))
