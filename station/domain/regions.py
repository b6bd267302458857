"""Provinces and prefectures as GB/T 2260 numbers them, named in Chinese and English.

``regions.tsv`` holds a code of six digits, the short Chinese name and the English one, tab-separated. The codes and
names are those the Ministry of Civil Affairs publishes for 2023: 34 provinces, 333 prefectures, and the county-level
units that stand directly under a province. Taken from the GB2260 package (BSD licence) with the ministry's changes
since; English is pinyin, or the usual spelling where a place has one of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("regions.tsv")


@dataclass(frozen=True, slots=True)
class Region:
    """``code`` has six digits; ``names`` are by language."""

    code: str
    names: Mapping[str, str]

    @property
    def is_province(self) -> bool:
        return self.code.endswith("0000")


@dataclass(frozen=True, slots=True)
class Province:
    """``parts`` are its prefectures; a municipality like Beijing has none and is picked itself."""

    region: Region
    parts: tuple[Region, ...]


@cache
def regions() -> Mapping[str, Region]:
    """Every region by its code, in the order of the codes."""
    rows = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines())
    return {code: Region(code, {"zh": zh, "en": en}) for code, zh, en in rows}


@cache
def provinces() -> tuple[Province, ...]:
    whole = [region for region in regions().values() if region.is_province]
    return tuple(Province(region, _parts_of(region)) for region in whole)


def _parts_of(province: Region) -> tuple[Region, ...]:
    return tuple(r for r in regions().values() if r.code[:2] == province.code[:2] and not r.is_province)


@cache
def pickable() -> frozenset[str]:
    """What somebody may come from: a prefecture, or a province that has none."""
    return frozenset(region.code for province in provinces() for region in (province.parts or (province.region,)))
