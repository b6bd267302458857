"""A station's folder, and ``station roster`` asked in it."""

from pathlib import Path

from station.__main__ import main

_CONFIG = """
[station]
id = "g107-bridge-north"
name = "bridge"
district = "pingyuan"
levels = ["pingyuan"]
data_dir = "{data}"

[[lanes]]
id = "1"
camera = {{ driver = "v4l2", device = "/dev/video0" }}
"""


def a_site(folder: Path) -> Path:
    (folder / "data").mkdir()
    (folder / "station.toml").write_text(_CONFIG.format(data=folder / "data"), "utf-8")
    return folder


def run(site: Path, *given: str) -> int:
    return main(["roster", *given, "--config", str(site / "station.toml")])


def taken(site: Path, action: str, text: str) -> int:
    (site / "file.csv").write_text(text, "utf-8")
    return run(site, action, str(site / "file.csv"))
