"""The station's figures as Prometheus reads them."""

from prometheus_client.parser import text_string_to_metric_families

from station.domain.passage import LaneCounts
from station.metrics import LaneFigures, StationFigures, exposition


def test_what_crossed_without_a_decision_is_a_figure_of_its_own() -> None:
    counts = LaneCounts(granted=5, crossings=4, unmatched=1)
    lane = LaneFigures("1", True, 10, 5, 0, 0.01, 0.02, counts)
    figures = StationFigures((lane,), True, 0, 9, True, True, power_ok=False)
    _, body = exposition(lambda: figures)()
    samples = {
        (sample.name, sample.labels.get("outcome", "")): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }
    assert samples["station_crossings_today", ""] == 4
    assert samples["station_unmatched_today", ""] == 1
    assert samples["station_passages_today", "granted"] == 5
    assert samples["station_power_ok", ""] == 0
