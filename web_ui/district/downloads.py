"""What a page shows as a file: CSV and XLSX for spreadsheets, JSON for programs, PDF for paper."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from io import StringIO
from urllib.parse import quote

from flask import Response, abort, current_app

from station.domain.spreadsheets import BYTE_ORDER_MARK, write_csv_rows
from station.domain.tables import Report
from web_ui.district.services import DistrictServices

FORMS = ("csv", "xlsx", "json", "pdf")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "pdf": "application/pdf",
}


def answer(services: DistrictServices, report: Report, form: str, name: str) -> Response:
    """A download of this report; the file is called ``name`` with the form's ending."""
    makers: Mapping[str, Callable[[], str | bytes]] = {
        "csv": lambda: as_csv(report),
        "xlsx": lambda: services.xlsx(report),
        "json": lambda: current_app.json.dumps(asdict(report)),
        "pdf": lambda: services.pdf(report),
    }
    if form not in makers:
        abort(404)
    response = Response(makers[form](), content_type=_TYPES[form])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{form}"
    return response


def as_csv(report: Report) -> str:
    """Its tables one below the other, each under its title."""
    text = StringIO()
    for place, table in enumerate(report.tables):
        title = [[table.title]] if len(report.tables) > 1 else []
        gap: list[list[str]] = [[]] if place else []
        write_csv_rows(text, [*gap, *title, table.columns, *table.rows])
    return BYTE_ORDER_MARK + text.getvalue()
