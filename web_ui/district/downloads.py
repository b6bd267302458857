"""What a page shows as a file: CSV and XLSX for spreadsheets, JSON for programs, PDF for paper."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import asdict
from io import StringIO
from urllib.parse import quote

from flask import Response, abort, current_app

from station.domain.tables import Cell, Report
from web_ui.district.services import DistrictServices

FORMS = ("csv", "xlsx", "json", "pdf")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "pdf": "application/pdf",
}
# A spreadsheet takes a cell that begins with one of these for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the system's own encoding


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
    writer = csv.writer(text)
    for place, table in enumerate(report.tables):
        if place:
            writer.writerow([])
        if len(report.tables) > 1:
            writer.writerow([table.title])
        writer.writerow([_harmless(cell) for cell in table.columns])
        writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return _BYTE_ORDER_MARK + text.getvalue()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
