"""Orders: written and addressed here, and who has received, shown and acknowledged each of them, and who has not."""

from datetime import timedelta

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.accounts import Role
from station.domain.district_orders import Draft, OrderFault, OrderNotWritten, OrderRow, OrderStation
from station.domain.listing import Listing
from station.domain.orders import LONGEST_TEXT, Urgency
from web_ui.district import downloads
from web_ui.district.access import narrowed, needs, noted, own_level, visitor
from web_ui.district.order_tables import orders_report, receipts_report
from web_ui.district.places import place_asked
from web_ui.district.services import DistrictServices
from web_ui.district.tree import level_asked

HOURS = (1, 4, 12, 24, 72, 168)
USUAL_HOURS = 12
STEPS = ("waiting", "received", "shown", "acknowledged", "refused")
MOST_IN_FILE = 1000
MOST_SHOWN = 200  # of thousands of stations; the downloads have all of them
STRANGE_FOR = timedelta(days=7)


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("orders", __name__)
    orders = services.orders

    @pages.get("/orders")
    def page() -> ResponseReturnValue:
        return _page(services)

    @pages.post("/orders")
    @needs(Role.DISPATCHER)
    def write() -> ResponseReturnValue:
        try:
            written = orders.write(_draft(), visitor().name)
        except OrderNotWritten as error:
            return _page(services, error.why), 422
        noted("order.written", f"{written.id} {'/'.join(written.level)}")
        return redirect(url_for("orders.one", order=written.id), 303)

    @pages.get("/orders.<form>")
    def download_all(form: str) -> Response:
        within = narrowed(level_asked().split("/"), services.district)
        rows = orders.questions.listed(Listing(MOST_IN_FILE, within=within))
        return downloads.answer(services, orders_report(rows, services), form, "orders")

    @pages.get("/orders/<order>")
    def one(order: str) -> ResponseReturnValue:
        row, stations = _found(order, services)
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
        row, stations = _found(order, services)
        return downloads.answer(services, receipts_report(row, stations, services), form, f"order-{row.id}")

    return pages


def _page(services: DistrictServices, wrong: OrderFault | None = None) -> str:
    place, orders, district = place_asked(services), services.orders, services.district
    return render_template(
        "orders.html",
        place=place,
        forms=downloads.FORMS,
        orders=orders.questions.orders(narrowed(place.levels, district)),
        strange=orders.questions.strange(services.now() - STRANGE_FOR) if visitor().level == (district,) else (),
        may_write=orders.may_write,
        level=place.here.path,
        urgencies=list(Urgency),
        hours=HOURS,
        usual_hours=USUAL_HOURS,
        longest=LONGEST_TEXT,
        wrong=wrong,
    )


def _found(order: str, services: DistrictServices) -> tuple[OrderRow, list[OrderStation]]:
    found = services.orders.questions.order(order, own_level(services.district))
    if found is None:
        abort(404)
    return found[0], list(found[1])


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
