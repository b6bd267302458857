"""A report as one HTML page that needs nothing else."""

from jinja2 import Environment

from station.domain.tables import Report

_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ report.title }}</title>
<style>
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 2rem auto;
       max-width: 60rem; padding: 0 1rem; color: #111; background: #fff; }
table { border-collapse: collapse; width: 100%; margin: 0 0 2rem; }
caption { font-size: 1.2em; font-weight: bold; text-align: left; padding: .3rem 0; }
th, td { border: 1px solid #889; padding: .25rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
thead th { background: #dde5ee; }
tr.total { font-weight: bold; }
@media print { table { break-inside: avoid; } }
</style>
</head>
<body>
<h1>{{ report.title }}</h1>
{% for line in report.lines %}
<p>{{ line }}</p>
{% endfor %}
{% for table in report.tables %}
<table>
<caption>{{ table.title }}</caption>
<thead><tr>{% for name in table.columns %}<th scope="col">{{ name }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in table.rows %}
<tr{% if table.total and loop.last %} class="total"{% endif %}>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
{% endfor %}
</body>
</html>
"""
)


def to_html(report: Report, language: str) -> str:
    return _PAGE.render(report=report, language=language) + "\n"
