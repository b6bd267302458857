"""A page that a phone asks for anew each time: what stands in it may have changed."""

from typing import Any

from flask import Response, make_response, render_template


def fresh_page(template: str, **shown: Any) -> Response:
    answer = make_response(render_template(template, **shown))
    answer.headers["Cache-Control"] = "no-cache"
    return answer
