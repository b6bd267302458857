"""Orders: written and addressed here, and who has received, shown and acknowledged each of them, and who has not."""

from datetime import timedelta
from functools import partial

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.accounts import Role
from station.domain.district_orders import Draft, OrderFault, OrderNotWritten, OrderRow, OrderStation
from station.domain.orders import LONGEST_TEXT, Urgency
from station.domain.tables import Report, Table
from web_ui.district import downloads
from web_ui.district.access import needs, noted, visitor
from web_ui.district.languages import chosen
from web_ui.district.services import DistrictServices
from web_ui.district.times import lasted, local
from web_ui.text import text

HOURS = (1, 4, 12, 24, 72, 168)
USUAL_HOURS = 12
STEPS = ("waiting", "received", "shown", "acknowledged", "refused")
MOST_SHOWN = 200  # of thousands of stations; the downloads have all of them
STRANGE_FOR = timedelta(days=7)


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("orders", __name__)
    orders = services.orders

    @pages.get("/orders")
    def page() -> ResponseReturnValue:
        return _page()

    @pages.post("/orders")
    @needs(Role.DISPATCHER)
    def write() -> ResponseReturnValue:
        try:
            written = orders.write(_draft(), visitor().name)
        except OrderNotWritten as error:
            return _page(error.why), 422
        noted("order.written", f"{written.id} {'/'.join(written.level)}")
        return redirect(url_for("orders.one", order=written.id), 303)

    @pages.get("/orders/<order>")
    def one(order: str) -> ResponseReturnValue:
        row, stations = _found(order)
        wanted = request.args.get("step", "")
        shown = [station for station in stations if not wanted or station.step == wanted]
        return render_template(
            "order.html",
            order=row,
            stations=shown[:MOST_SHOWN],
            found=len(shown),
            steps=STEPS,
            wanted=wanted,
            forms=downloads.FORMS,
        )

    @pages.get("/orders/<order>/stations.<form>")
    def download(order: str, form: str) -> Response:
        row, stations = _found(order)
        return downloads.answer(services, _report(row, stations, services), form, f"order-{row.id}")

    def _found(order: str) -> tuple[OrderRow, list[OrderStation]]:
        found = orders.questions.order(order, visitor().level)
        if found is None:
            abort(404)
        return found[0], list(found[1])

    def _page(wrong: OrderFault | None = None) -> str:
        return render_template(
            "orders.html",
            orders=orders.questions.orders(visitor().level),
            strange=orders.questions.strange(services.now() - STRANGE_FOR) if visitor().level == _root() else (),
            may_write=orders.may_write,
            level="/".join(visitor().level),
            urgencies=list(Urgency),
            hours=HOURS,
            usual_hours=USUAL_HOURS,
            longest=LONGEST_TEXT,
            wrong=wrong,
        )

    def _root() -> tuple[str, ...]:
        return (services.district,)

    return pages


def _draft() -> Draft:
    """What the form says. :raises OrderNotWritten: it is for a level that is not the visitor's to order."""
    form = request.form
    level, hours, urgency = form.get("level", "").strip("/ "), form.get("hours", ""), form.get("urgency", "")
    if not visitor().sees(level.split("/")):
        raise OrderNotWritten(OrderFault.LEVEL, f"{level!r} is not beneath your level")
    if hours not in map(str, HOURS) or urgency not in tuple(Urgency):
        abort(400, "hours or urgency is none of those on the page")
    return Draft(level, Urgency(urgency), _text("zh"), _text("en"), timedelta(hours=int(hours)))


def _text(name: str) -> str:
    """Browsers send line ends as two characters."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def _report(row: OrderRow, stations: list[OrderStation], services: DistrictServices) -> Report:
    t, at = partial(text, f"district.{chosen()}"), partial(local, zone=services.zone)
    columns = (
        t("orders.station"),
        t("orders.name"),
        t("orders.step"),
        *(t(f"orders.{step}") for step in ("received", "shown", "acknowledged", "refused")),
        t("orders.reason"),
        t("orders.took"),
    )
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
    lines = (f"{row.level} · {at(row.issued_at)} – {at(row.expires)} · {row.written_by}", row.zh, row.en)
    return Report(f"{t('nav.orders')} {row.id}", tuple(line for line in lines if line), (Table("", columns, rows),))
