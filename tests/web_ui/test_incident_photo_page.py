"""The picture with an incident: offered where the policy allows it, shown to who is signed on."""

import re

import pytest
from flask.testing import FlaskClient
from remembering_station import PICTURE, RememberingStation
from scripted_duty import an_incident, an_operator

pytestmark = pytest.mark.clock


def shown(client: FlaskClient, path: str) -> str:
    """The page without the texts that it carries for its scripts."""
    return client.get(path).text.partition("<main")[2].partition("</main>")[0]


def report(client: FlaskClient, **fields: str) -> None:
    page = client.get("/incidents").text
    known = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("token", "incident")}  # type: ignore[index]
    assert client.post("/incidents", data={**known, "kind": "fever", "lane": "1", **fields}).status_code == 303


@pytest.mark.parametrize("allowed", [True, False])
def test_a_picture_is_offered_and_asked_for_only_where_the_policy_allows_it(
    client: FlaskClient, station: RememberingStation, allowed: bool
) -> None:
    station.incidents.with_photos = allowed
    assert ("附照片" in shown(client, "/incidents")) is allowed
    report(client)
    report(client, photo="yes")
    assert [command.with_photo for command in station.incidents.commands] == [False, allowed]


def test_it_is_shown_to_who_is_signed_on_and_kept_by_no_browser(
    client: FlaskClient, station: RememberingStation
) -> None:
    station.incidents.hold(an_incident(photo="ab12"))
    station.incidents.photos["incident1"] = PICTURE
    assert "上岗后才能看照片" in shown(client, "/incidents/incident1")
    assert client.get("/incidents/incident1/photo.jpg").status_code == 403
    station.shifts.on_duty = (an_operator(),)
    assert "/incidents/incident1/photo.jpg" in shown(client, "/incidents/incident1")
    answer = client.get("/incidents/incident1/photo.jpg")
    assert (answer.data, answer.mimetype, answer.headers["Cache-Control"]) == (PICTURE, "image/jpeg", "no-store")


@pytest.mark.parametrize(("photo", "said"), [("ab12", "照片已按期销毁"), ("none", "没有照片")])
def test_why_there_is_none_is_said(client: FlaskClient, station: RememberingStation, photo: str, said: str) -> None:
    station.shifts.on_duty = (an_operator(),)
    station.incidents.hold(an_incident(photo=photo))
    assert said in shown(client, "/incidents/incident1")
    assert client.get("/incidents/incident1/photo.jpg").status_code == 404
