"""[driver] of hub.toml: what it needs beside it, said in one line each."""

from pathlib import Path

import pytest

from station.config import ConfigError, DriverSection, load_hub

HEAD = '[hub]\ndistrict = "pingyuan"\n'
SIGNED = f'{HEAD}[signing]\nkey = "/etc/checkpoint-hub/district.key"\n'


def driver(folder: Path, text: str) -> DriverSection:
    file = folder / "hub.toml"
    file.write_text(text)
    return load_hub(file).driver


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        driver(folder, text)
    return error.value.mistakes


def test_the_shipped_file_holds_the_defaults() -> None:
    shipped = Path(__file__).parents[1] / "firmware_config" / "hub.toml"
    assert load_hub(shipped).driver == DriverSection()


def test_without_an_address_there_is_no_page_and_no_key_is_needed(tmp_path: Path) -> None:
    assert driver(tmp_path, HEAD).listen == ""


def test_a_page_needs_the_key_that_signs(tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, f'{HEAD}[driver]\nlisten = "127.0.0.1:8091"\n')
    assert mistake == "driver.listen: the drivers' page signs passes; give signing.key as well"


def test_beyond_this_machine_it_needs_a_certificate(tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, f'{SIGNED}[driver]\nlisten = "0.0.0.0:8091"\n')
    assert mistake.startswith("driver.listen: without cert and key declarations travel in the clear")
    safe = f'{SIGNED}[driver]\nlisten = "0.0.0.0:8091"\ncert = "page.pem"\nkey = "page.key"\n'
    assert driver(tmp_path, safe).cert == "page.pem"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('cert = "page.pem"', "driver: cert and key go together"),
        ('listen = "8091"', "driver.listen: give an address as host:port"),
        ('url = "declare.example.cn"', "driver.url: 'declare.example.cn' does not have the form"),
        ("hours = 0", "driver.hours:"),
        ("per_board = 0", "driver.per_board:"),
        ('proxies = ["localhost"]', "driver.proxies.1: give an IP address"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(tmp_path: Path, line: str, says: str) -> None:
    (mistake,) = mistakes(tmp_path, f"{SIGNED}[driver]\n{line}\n")
    assert mistake.startswith(says)
