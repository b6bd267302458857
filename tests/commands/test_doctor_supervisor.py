"""What doctor says of the certificate of the supervisors' view."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from authority import Authority, key_pem, pem

from station.commands import doctor_supervisor
from station.commands.doctor_supervisor import look_at_supervisor
from station.config import SupervisorSection

pytestmark = pytest.mark.clock


def section(tmp_path: Path, days: float = 365, *, curve: bool = True) -> SupervisorSection:
    certificate, key = Authority(curve=curve).issue("station.example", lifetime=timedelta(days=days))
    cert_file, key_file = tmp_path / "view.pem", tmp_path / "view.key"
    cert_file.write_bytes(pem(certificate))
    key_file.write_bytes(key_pem(key))
    return SupervisorSection(listen="0.0.0.0:8443", cert=str(cert_file), key=str(key_file))


def test_one_in_order_is_told_with_its_last_day(tmp_path: Path) -> None:
    check = look_at_supervisor(section(tmp_path))
    assert (check.ok, "until 20" in check.found) == (True, True)


@pytest.mark.parametrize(("days", "words"), [(-0.5, "it has expired"), (12.5, "12 days left")])
def test_one_that_ends_soon_or_has_ended_is_wrong(tmp_path: Path, days: float, words: str) -> None:
    check = look_at_supervisor(section(tmp_path, days))
    assert (check.ok, words in check.found) == (False, True)
    assert "systemctl restart station-supervisor" in check.remedy


def test_one_that_no_browser_takes_is_wrong(tmp_path: Path) -> None:
    check = look_at_supervisor(section(tmp_path, curve=False))
    assert (check.ok, "P-256" in check.remedy) == (False, True)


def test_a_key_of_another_certificate_is_wrong(tmp_path: Path) -> None:
    known = section(tmp_path)
    Path(known.key).write_bytes(key_pem(Authority(curve=True).issue("another")[1]))
    check = look_at_supervisor(known)
    assert (check.ok, "belong together" in check.remedy) == (False, True)


def test_one_that_is_not_there_is_wrong(tmp_path: Path) -> None:
    missing = SupervisorSection(listen="0.0.0.0:8443", cert="/nowhere/view.pem", key="/nowhere/view.key")
    assert look_at_supervisor(missing).ok is False


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SupervisorSection:
    """A view whose service runs as somebody else, of the group that the files have here."""
    known = section(tmp_path)
    owner = Path(known.key).stat()
    monkeypatch.setattr(doctor_supervisor, "view_ids", lambda: (owner.st_uid + 1, owner.st_gid))
    Path(known.cert).chmod(0o644)
    Path(known.key).chmod(0o640)
    return known


def test_a_certificate_that_the_views_process_may_read_is_in_order(installed: SupervisorSection) -> None:
    assert look_at_supervisor(installed).ok is True


@pytest.mark.parametrize("name", ["cert", "key"])
def test_a_file_that_the_views_process_may_not_read_is_told_with_what_gives_it(
    installed: SupervisorSection, name: str
) -> None:
    file = getattr(installed, name)
    Path(file).chmod(0o600)
    check = look_at_supervisor(installed)
    assert (check.ok, check.found.startswith(f"{file}: ")) == (False, True)
    assert check.remedy.startswith(f"chgrp station {file}; chmod g+r {file}; ")


def test_an_address_on_loopback_answers_nobody_under_its_service_and_is_told(installed: SupervisorSection) -> None:
    check = look_at_supervisor(replace(installed, listen="127.0.0.1:8443"))
    assert (check.ok, "0.0.0.0:PORT" in check.remedy) == (False, True)
