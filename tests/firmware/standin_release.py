"""A small release in place of the product's: as quick to install as it is to read, and it can be unwell."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]

_PROJECT = """[build-system]
requires = []
build-backend = "standin_build"
backend-path = ["station"]

[project]
name = "checkpoint-station"
version = "{version}"
"""

# A wheel is a zip file with three files of metadata (PEP 427); a build backend is one function (PEP 517).
_BUILD = """import zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name, info = "checkpoint_station-{version}-py3-none-any.whl", "checkpoint_station-{version}.dist-info"
    with zipfile.ZipFile(f"{{folder}}/{{name}}", "w") as wheel:
        wheel.writestr("standin.py", open("station/standin.py").read())
        wheel.writestr(f"{{info}}/METADATA", "Metadata-Version: 2.1\\nName: checkpoint-station\\nVersion: {version}\\n")
        wheel.writestr(f"{{info}}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{{info}}/entry_points.txt", "[console_scripts]\\nstation = standin:main\\n")
        wheel.writestr(f"{{info}}/RECORD", "")
    return name
"""

_PROGRAM = """import sys

def main():
    print("station {version}")
    sys.exit(2 if "check-config" in sys.argv and not {well} else 0)
"""


def lay_out(folder: Path, version: str, *, well: bool = True) -> Path:
    """What scripts/install takes, with the real installer and the real firmware_config. :return: the installer."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "station").mkdir(parents=True)
    (folder / "station" / "standin_build.py").write_text(_BUILD.format(version=version))
    (folder / "station" / "standin.py").write_text(_PROGRAM.format(version=version, well=well))
    (folder / "pyproject.toml").write_text(_PROJECT.format(version=version))
    for name in ("requirements.lock", "plates.lock"):
        (folder / name).write_text("")
    for name in ("LICENSE", "README.md"):
        shutil.copy(ROOT / name, folder)
    for name in ("firmware_config", "scripts"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("docs", "web_ui"):
        (folder / name).mkdir()
    return folder / "scripts" / "install"
