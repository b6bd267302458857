"""A report as A4 pages, in the typeface that the package brings."""

from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from station.domain.tables import Report, Table
from station.printing.lettering import FONT, printable, typeface
from station.reporting.shortening import shorten

_MARGIN = 18 * mm
_FIRST_COLUMN = 44 * mm
_CELL_SIZE = 9.0  # points
_CELL_PADDING = 12.0  # points, left and right together
MAX_CELL_LINES = 20
"""A row is never split, so every cell has to fit a page."""
MAX_LINE_LENGTH = 300
_HEAD = colors.Color(0.87, 0.90, 0.93)
_LINE = colors.Color(0.53, 0.53, 0.6)


def to_pdf(report: Report) -> bytes:
    """The same report gives the same bytes: no time but the report's own, no random identifier."""
    typeface()
    file = BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=report.title,
        invariant=1,
    )
    flow: list[Flowable] = [Paragraph(_line(report.title), _style(16))]
    flow += [Paragraph(_line(line), _style(9)) for line in report.lines]
    for table in report.tables:
        heading = Paragraph(_line(table.title), _style(12))
        flow += [Spacer(1, 6 * mm), KeepTogether([heading, Spacer(1, 2 * mm), _grid(table, document.width)])]
    document.build(flow)
    return file.getvalue()


def _grid(table: Table, width: float) -> Grid:
    """Every cell is a paragraph, so that a long word wraps inside its column."""
    others = (width - _FIRST_COLUMN) / max(1, len(table.columns) - 1)
    widths = [_FIRST_COLUMN, *[others] * (len(table.columns) - 1)]
    cells = [
        [_cell(str(cell), widths[column], right=column > 0) for column, cell in enumerate(row)]
        for row in (table.columns, *table.rows)
    ]
    style = [
        ("GRID", (0, 0), (-1, -1), 0.5, _LINE),
        ("BACKGROUND", (0, 0), (-1, 0), _HEAD),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    if table.total:
        style.append(("LINEABOVE", (0, -1), (-1, -1), 1.2, colors.black))
    return Grid(
        cells,
        colWidths=widths,
        repeatRows=1,
        style=TableStyle(style),
    )


def _cell(text: str, width: float, *, right: bool) -> Paragraph:
    """As much of a text as fits its lines, were every character as broad as a Chinese one."""
    in_a_line = max(1, int((width - _CELL_PADDING) / _CELL_SIZE))
    return Paragraph(_markup(shorten(text, in_a_line * MAX_CELL_LINES)), _style(_CELL_SIZE, right=right))


def _line(text: str) -> str:
    return _markup(shorten(text, MAX_LINE_LENGTH))


def _style(size: float, *, right: bool = False) -> ParagraphStyle:
    style = ParagraphStyle(f"{size}{right}", fontName=FONT, fontSize=size, leading=size * 1.4, wordWrap="CJK")
    if right:
        style.alignment = TA_RIGHT
    return style


def _markup(text: str) -> str:
    return escape(printable(text))
