"""What a SMART Health Card says: the latest immunization or laboratory result of its FHIR bundle.

Sources: FHIR R4; SMART Health Cards, Vaccination and Testing Implementation Guide (resource profiles).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from station.domain.passes import COVID_19, Health, HealthKind, TestResult
from station.passes.wire import moment_of

_COVID_CARD = "https://smarthealth.cards#covid19"
_MOST_ENTRIES = 64
_MOST_TEXT = 80
# SNOMED CT codes of the guide's value set for qualitative results: detected, positive, not detected, negative.
_RESULTS = {
    "260373001": TestResult.POSITIVE,
    "10828004": TestResult.POSITIVE,
    "260415000": TestResult.NEGATIVE,
    "260385009": TestResult.NEGATIVE,
}


def health_of(credential: Mapping[str, Any]) -> Health:
    """:raises ValueError: (or KeyError, TypeError, AttributeError) no bundle, or nothing in it is evidence."""
    entries = credential["credentialSubject"]["fhirBundle"]["entry"]
    resources = [entry["resource"] for entry in entries[:_MOST_ENTRIES]]
    name = next((_name(one) for one in resources if one.get("resourceType") == "Patient"), "")
    disease = COVID_19 if _COVID_CARD in credential["type"] else ""
    found = [*_vaccinations(resources, disease, name), *_tests(resources, disease, name)]
    if not found:
        raise ValueError("no immunization and no laboratory result")
    return max(found, key=lambda health: health.on)


def _vaccinations(resources: list[Mapping[str, Any]], disease: str, name: str) -> Iterator[Health]:
    """How many doses there should be is not said."""
    given = [one for one in resources if one.get("resourceType") == "Immunization" and one["status"] == "completed"]
    days = sorted(_moment(one["occurrenceDateTime"]) for one in given)
    for dose, on in enumerate(days, 1):
        yield Health(HealthKind.VACCINATION, on, dose=dose, disease=disease, name=name)


def _tests(resources: list[Mapping[str, Any]], disease: str, name: str) -> Iterator[Health]:
    for one in resources:
        if one.get("resourceType") == "Observation" and one["status"] in ("final", "amended", "corrected"):
            codes = one.get("valueCodeableConcept", {}).get("coding", [])
            results = [_RESULTS[code["code"]] for code in codes if code.get("code") in _RESULTS]
            result = results[0] if len(set(results)) == 1 else TestResult.UNKNOWN
            yield Health(HealthKind.TEST, _moment(one["effectiveDateTime"]), result, disease=disease, name=name)


def _name(patient: Mapping[str, Any]) -> str:
    name = patient["name"][0]
    parts = [*name.get("given", []), name.get("family", "")] if "family" in name else [name.get("text", "")]
    whole = " ".join(part for part in parts if part)[:_MOST_TEXT]
    whole.encode()  # JSON may carry half characters that can be written nowhere
    return whole


def _moment(value: str) -> datetime:
    """A FHIR dateTime, which may end at the year or the month."""
    return moment_of(value + "-01-01"[len(value) - 4 :] if len(value) in (4, 7) else value)
