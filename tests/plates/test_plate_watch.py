"""When a lane's picture is looked at for a plate, and what is suggested then. No model is needed here."""

import numpy as np

from station.domain.origin import OriginClasses
from station.domain.plates import read_plate
from station.domain.scan import Frame, Image
from station.plates.finder import Found
from station.plates.watch import GONE_AFTER, Looking, PlateRounds, PlateWatch
from station.runtime import Slot

EMPTY = np.full((72, 128, 3), 90, np.uint8)
VEHICLE = np.full((72, 128, 3), 90, np.uint8)
VEHICLE[20:60, 30:90] = (20, 30, 160)


class ScriptedFinder:
    """Finds what it is told to."""

    def __init__(self) -> None:
        self.found: Found | None = None
        self.asked: list[Image] = []

    def sees(self, text: str, confidence: float = 0.9) -> None:
        self.found = Found(read_plate(text), confidence)

    def find(self, image: Image) -> Found | None:
        self.asked.append(image)
        return self.found


class Site:
    """One lane: a camera, a beam, a clock."""

    def __init__(self, **looking: object) -> None:
        self.now, self.beam = 100.0, False
        self.frames: Slot[Frame] = Slot()
        self.finder = ScriptedFinder()
        origins = OriginClasses(home="41", risk_areas=("110105", "31"))
        self.watch = PlateWatch(
            Looking(**looking), self.frames, self.finder, lambda: self.beam, origins, lambda: self.now
        )

    def shows(self, picture: Image, age: float = 0.0) -> None:
        self.frames.put(Frame(picture, 0, self.now - age, self.now))

    def looks_at(self, *pictures: Image) -> None:
        """One a second."""
        for picture in pictures:
            self.now += 1.0
            self.shows(picture)
            self.watch.look()

    @property
    def text(self) -> str:
        suggestion = self.watch.suggestion()
        return "" if suggestion is None else suggestion.text


def test_what_stands_before_the_camera_is_read() -> None:
    site = Site()
    site.finder.sees("豫A12345")
    site.looks_at(EMPTY, VEHICLE)
    assert (site.text, site.finder.asked) == ("", [])
    site.looks_at(VEHICLE)
    assert site.text == "豫A12345"


def test_what_the_presence_sensor_sees_is_read_while_it_moves() -> None:
    site = Site()
    site.finder.sees("豫A12345")
    site.beam = True
    site.looks_at(EMPTY, VEHICLE)
    assert site.text == "豫A12345"


def test_a_brighter_day_is_no_movement() -> None:
    site = Site()
    site.finder.sees("豫A12345")
    site.looks_at(VEHICLE, VEHICLE + 20)
    assert site.text == "豫A12345"


def test_it_is_told_where_the_plate_is_registered() -> None:
    site = Site()
    told = {}
    for text in ("豫A12345", "京A12345", "沪A12345", "鲁A12345", "123456使"):
        site.finder.sees(text)
        site.looks_at(VEHICLE, VEHICLE)
        suggestion = site.watch.suggestion()
        assert suggestion is not None
        told[suggestion.text[0]] = suggestion.origin
    assert told == {
        "豫": "this_province",
        "京": "risk_province",
        "沪": "risk_area",
        "鲁": "other_province",
        "1": "unknown",
    }


def test_an_unsure_reading_is_not_suggested() -> None:
    site = Site(least_confidence=0.3)
    site.finder.sees("豫A12345", confidence=0.29)
    site.looks_at(VEHICLE, VEHICLE)
    assert site.text == ""


def test_a_plate_that_is_not_read_again_stays_for_some_seconds() -> None:
    site = Site()
    site.finder.sees("豫A12345")
    site.looks_at(VEHICLE, VEHICLE)
    site.finder.found = None
    site.looks_at(VEHICLE)
    assert site.text == "豫A12345"
    suggestion = site.watch.suggestion()
    assert suggestion is not None
    assert suggestion.age_ms == 1000
    site.now += GONE_AFTER
    assert site.text == ""


def test_the_next_vehicle_does_not_get_the_plate_of_the_one_before() -> None:
    site = Site()
    site.finder.sees("豫A12345")
    site.looks_at(VEHICLE, VEHICLE)
    site.finder.found = None
    site.looks_at(EMPTY, VEHICLE, VEHICLE)
    assert site.text == ""


def test_it_looks_no_more_often_than_it_is_told_to() -> None:
    site = Site(every=1.0)
    site.shows(VEHICLE)
    site.beam = True
    for _ in range(5):
        site.watch.look()
        site.now += 0.1
    assert len(site.finder.asked) == 1


def test_an_old_picture_is_not_looked_at() -> None:
    site = Site()
    site.beam = True
    site.shows(VEHICLE, age=3.0)
    site.watch.look()
    assert site.finder.asked == []


def test_only_the_region_is_looked_at() -> None:
    site = Site(region=(0.25, 0.5, 0.5, 0.5))
    site.beam = True
    site.looks_at(VEHICLE)
    assert site.finder.asked[0].shape == (36, 64, 3)


def test_it_never_looks_while_a_scan_waits_and_never_takes_the_scanners_picture() -> None:
    site, pauses = Site(), []
    site.beam = True
    rounds = PlateRounds([site.watch], lambda: site.frames.waiting, pauses.append)
    for _ in range(10):
        site.now += 1.0
        site.shows(VEHICLE)
        rounds.step()
    assert site.finder.asked == []
    assert site.frames.take(0) is not None
    rounds.step()
    assert len(site.finder.asked) == 1
    assert len(pauses) == 11
