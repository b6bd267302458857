"""From the policy in the file to the picture of a lane's camera with an incident."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from waiting import until

from station.bootstrap import Station
from station.config import load_station
from station.domain.events.incidents import IncidentKind, Severity
from station.domain.incidents import ReportIncident

pytestmark = pytest.mark.clock

TOML = """
[station]
id = "s1"
name = "s"
district = "d"
levels = ["d"]
data_dir = "{folder}/data"
clock = "always"

[[lanes]]
id = "1"
camera = {{ driver = "file", path = "{folder}/road.png", loop = true }}

[policy]
incident_photos = {allowed}
"""


@pytest.mark.parametrize("allowed", [True, False])
def test_a_report_brings_the_lanes_picture_only_if_the_policy_says_so(tmp_path: Path, allowed: bool) -> None:
    cv2.imwrite(str(tmp_path / "road.png"), np.full((360, 1280, 3), 120, np.uint8))
    (tmp_path / "station.toml").write_text(TOML.format(folder=tmp_path, allowed=str(allowed).lower()), "utf-8")
    station = Station(load_station(tmp_path / "station.toml"))
    station.start()
    try:
        until(lambda: station.desk.photograph("1") is not None, 10, "a picture")
        station.duty.incidents.carry_out(
            ReportIncident("a1", IncidentKind.FEVER, Severity.SERIOUS, "1", with_photo=True)
        )
        jpeg = station.duty.incidents.photo("a1")
    finally:
        station.close()
    assert (jpeg is not None) is allowed
    if jpeg is not None:
        assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape == (180, 640, 3)
