"""Where a vehicle is registered, by the first character of its plate."""

from collections.abc import Mapping

from station.domain.origin import OriginClasses
from station.domain.plates import PROVINCES

# GB/T 2260, in the order of PROVINCES.
_CODES = (*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66))
_PROVINCE: Mapping[str, str] = {name: str(code) for name, code in zip(PROVINCES, _CODES, strict=True)}


def suggested_classes(classes: OriginClasses) -> dict[str, str]:
    """For each province's character the class that its vehicles usually count under: a suggestion and no more, for a
    vehicle of this province may come from anywhere."""
    return {character: classes.of(f"{code}0000") for character, code in _PROVINCE.items()}
