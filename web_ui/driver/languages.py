"""Which language a phone is answered in: what was switched to, else what the phone asks for. No cookie is needed."""

from urllib.parse import urlencode

from flask import Flask, g, request

from web_ui.text import LANGUAGES


def choose(app: Flask, default: str) -> None:
    @app.before_request
    def chosen() -> None:
        asked = request.args.get("lang", "")
        g.language = asked if asked in LANGUAGES else request.accept_languages.best_match(LANGUAGES, default)

    @app.context_processor
    def words() -> dict[str, object]:
        language = g.get("language", default)
        other = next(known for known in LANGUAGES if known != language)
        arguments = {**request.args.to_dict(), "lang": other}
        return {
            "language": language,
            "t": app.jinja_env.globals["text_in"][language],  # type: ignore[index]
            "switch": f"{request.path}?{urlencode(arguments)}",
        }
