"""Which origin class a traveller counts under: the four classes of the daily tables."""

from dataclasses import dataclass

from station.domain.passage import UNKNOWN_ORIGIN

RISK_AREA = "risk_area"
RISK_PROVINCE = "risk_province"
OTHER_PROVINCE = "other_province"
THIS_PROVINCE = "this_province"
CLASSES = (RISK_AREA, RISK_PROVINCE, OTHER_PROVINCE, THIS_PROVINCE, UNKNOWN_ORIGIN)


@dataclass(frozen=True, slots=True)
class OriginClasses:
    """``home`` is this district's province, ``risk_areas`` the areas under measures, as GB/T 2260 codes.

    A risk area may be named at any depth: "110105" (a county), "1101" (a prefecture) or "11" (a province).
    """

    home: str = ""
    risk_areas: tuple[str, ...] = ()

    def of(self, origin: str) -> str:
        """Class of a six-digit origin code; an empty code counts as unknown."""
        if not origin:
            return UNKNOWN_ORIGIN
        if any(origin.startswith(area) for area in self.risk_areas):
            return RISK_AREA
        if origin[:2] in {area[:2] for area in self.risk_areas}:
            return RISK_PROVINCE
        return THIS_PROVINCE if self.home and origin.startswith(self.home[:2]) else OTHER_PROVINCE
