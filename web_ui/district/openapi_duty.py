"""The description of the API's orders, incidents and inspections."""

from web_ui.district.duty_api import A_PAGE, INCIDENTS, INSPECTIONS, ORDERS, STATIONS_A_PAGE, Kind
from web_ui.district.openapi_parts import (
    NEXT,
    NUMBER,
    WORD,
    Schema,
    an_object,
    get,
    in_path,
    in_query,
    list_of,
    pages,
)
from web_ui.district.orders import STEPS

_WHEN: Schema = {**WORD, "description": "RFC 3339, UTC; empty while it has not happened"}
_SECONDS: Schema = {"type": ["integer", "null"], "description": "From when it was written to its acknowledgement"}
_FLAG: Schema = {"type": "boolean"}
_ID = in_path("station", "The station's id")


def paths() -> Schema:
    missing = ["400", "404"]
    order = in_path("order", "The order's id")
    steps = in_query("step", "Only those that came so far; who has not is waiting", {"enum": list(STEPS)})
    return {
        "/api/v1/orders": {"get": get("Orders, the newest first", "Orders", _takes(ORDERS), ["400"])},
        "/api/v1/orders/{order}": {
            "get": get("An order with how many stations have come how far", "Order", [order], ["404"])
        },
        "/api/v1/orders/{order}/stations": {
            "get": get(
                "What each station did with it", "OrderStations", [order, steps, *pages(STATIONS_A_PAGE)], missing
            )
        },
        "/api/v1/incidents": {"get": get("Incidents, the newest first", "Incidents", _takes(INCIDENTS), ["400"])},
        "/api/v1/incidents/{station}/{incident}": {
            "get": get("An incident with its steps", "Incident", [_ID, in_path("incident", "Its id")], ["404"])
        },
        "/api/v1/inspections": {
            "get": get("Visits of inspectors, the newest first", "Inspections", _takes(INSPECTIONS), ["400"])
        },
        "/api/v1/inspections/{station}/{inspection}": {
            "get": get(
                "A visit with its findings and notices", "Inspection", [_ID, in_path("inspection", "Its id")], ["404"]
            )
        },
    }


def schemas() -> Schema:
    order, incident, inspection = _order(), _incident(), _inspection()
    return {
        "Orders": _listed("orders", order),
        "Order": an_object(order),
        "OrderStations": an_object({"order": WORD, "stations": list_of(an_object(_order_station())), "next": NEXT}),
        "Incidents": _listed("incidents", incident),
        "Incident": an_object(incident | {"steps": list_of(an_object(_step()))}),
        "Inspections": _listed("inspections", inspection),
        "Inspection": an_object(
            inspection
            | {"findings_made": list_of(an_object(_finding())), "notices_served": list_of(an_object(_notice()))}
        ),
    }


def _takes(kind: Kind) -> list[Schema]:
    return [
        in_query("level", "A level's path; the token's own unless given", WORD),
        in_query("state", "Only those in this state", {"enum": list(kind.states)}),
        *pages(A_PAGE),
    ]


def _listed(name: str, properties: Schema) -> Schema:
    return an_object({name: list_of(an_object(properties)), "next": NEXT})


def _order() -> Schema:
    return {
        "id": WORD,
        "level": {**WORD, "description": "For every station at or beneath it; last, for one alone, the station's id"},
        "urgency": {"enum": ["routine", "urgent", "immediate"]},
        "zh": {**WORD, "description": "The text in Chinese; one of the two may be empty"},
        "en": WORD,
        "issued_at": _WHEN,
        "expires": _WHEN,
        "written_by": WORD,
        "expired": _FLAG,
        "stations": {**NUMBER, "description": "How many stations it is for"},
        "received": {**NUMBER, "description": "How many of them have received it"},
        "shown": NUMBER,
        "acknowledged": NUMBER,
        "refused": NUMBER,
        "seconds": {**_SECONDS, "description": "Until the middle one of those that acknowledged it did"},
    }


def _order_station() -> Schema:
    times = dict.fromkeys(("received_at", "shown_at", "acknowledged_at", "refused_at"), _WHEN)
    told = {"station": WORD, "name": WORD, "state": WORD, "step": {"enum": list(STEPS)}}
    return {**told, **times, "reason": {**WORD, "description": "Why it was refused"}, "seconds": _SECONDS}


def _incident() -> Schema:
    return {
        "id": WORD,
        "station": WORD,
        "name": WORD,
        "levels": list_of(WORD),
        "lane": WORD,
        "kind": WORD,
        "severity": WORD,
        "words": WORD,
        **dict.fromkeys(("opened_at", "dispatched_at", "closed_at"), _WHEN),
        "closed_by": {**WORD, "description": "Who of the district closed it; empty where its station did"},
    }


def _step() -> Schema:
    who = {**WORD, "description": "Of the district; empty for the station"}
    step = {"enum": ["opened", "updated", "dispatched", "noted", "closed"]}
    return {"at": _WHEN, "who": who, "step": step, "words": WORD, "severity": WORD}


def _inspection() -> Schema:
    return {
        **{"id": WORD, "station": WORD, "name": WORD, "levels": list_of(WORD), "lane": WORD},
        **dict.fromkeys(("began_at", "ended_at"), _WHEN),
        **dict.fromkeys(("findings", "open_findings", "notices"), NUMBER),
        "due": {**WORD, "description": "The day by which the first of what is open is to be closed; empty for none"},
        "overdue": _FLAG,
    }


def _finding() -> Schema:
    closing = {**WORD, "description": "What was said when it was closed"}
    told = {"id": WORD, "kind": WORD, "severity": WORD, "words": WORD}
    return {**told, "made_at": _WHEN, "closing": closing, "closed_at": _WHEN}


def _notice() -> Schema:
    asked = {**NUMBER, "description": "How many findings it asks to be closed; an earlier visit's may be among them"}
    told = {"id": WORD, "served_at": _WHEN, "due": WORD, "words": WORD}
    return {**told, "findings": asked, "open_findings": NUMBER, "overdue": _FLAG}
