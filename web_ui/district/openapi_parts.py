"""What the description of the API is made of: parameters, answers, objects."""

from typing import Any

from web_ui.district import paging

Schema = dict[str, Any]

WORD: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
NEXT: Schema = {"type": ["string", "null"], "description": "The cursor of the following page; null on the last"}


def get(summary: str, schema: str, parameters: list[Schema], errors: list[str]) -> Schema:
    responses = {code: _response("Error", "What is wrong and what to do") for code in ("403", *errors)}
    return {
        "summary": summary,
        "operationId": schema.lower(),
        "parameters": parameters,
        "responses": {"200": _response(schema, summary), **dict(sorted(responses.items()))},
    }


def in_path(name: str, description: str) -> Schema:
    return {"name": name, "in": "path", "description": description, "required": True, "schema": WORD}


def in_query(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "description": description, "required": False, "schema": schema}


def pages(unless: object) -> list[Schema]:
    """:param unless: how many are told where no limit is given."""
    number = {"type": "integer", "minimum": 1, "maximum": paging.MOST}
    return [
        in_query("limit", f"At most so many; unless given, {unless}", number),
        in_query("cursor", "next of the page before: what follows it, whatever came or went", WORD),
    ]


def list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def an_object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _response(schema: str, description: str) -> Schema:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}
