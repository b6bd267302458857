"""An I2C bus with sensors on it that answer as their datasheets say, in place of smbus2's SMBus, which has no mock."""

from collections.abc import Callable


class FakeBus:
    """``sensors`` by address; an address that is not there does not acknowledge, as on a real bus."""

    def __init__(self) -> None:
        self.sensors: dict[int, Callable[[int, int], bytes]] = {}
        self.written: list[tuple[int, int, int]] = []
        self.missing = False
        self.opened: list[int] = []
        self.closed = 0

    def __call__(self, number: int) -> "FakeBus":
        if self.missing:
            raise FileNotFoundError(2, "No such file or directory")
        self.opened.append(number)
        return self

    def read_i2c_block_data(self, i2c_addr: int, register: int, length: int) -> list[int]:
        assert 1 <= length <= 32
        return list(self._at(i2c_addr)(register, length))

    def write_byte_data(self, i2c_addr: int, register: int, value: int) -> None:
        self._at(i2c_addr)
        self.written.append((i2c_addr, register, value))

    def close(self) -> None:
        self.closed += 1

    def _at(self, address: int) -> Callable[[int, int], bytes]:
        if address not in self.sensors:
            raise OSError(121, "Remote I/O error")
        return self.sensors[address]


def crc8(message: bytes) -> int:
    """SMBus's packet error code, a bit at a time by long division: not how the driver does it."""
    rest = int.from_bytes(message + b"\0", "big")
    for bit in range(8 * len(message) + 7, 7, -1):
        if rest >> bit & 1:
            rest ^= 0x107 << (bit - 8)
    return rest


class Mlx90614Chip:
    """Words of the sensor's memory by address, each sent low byte first with its packet error code."""

    def __init__(self, seen: float, ambient: float, emissivity: float = 1.0, address: int = 0x5A) -> None:
        self.address = address
        self.words = {0x06: kelvin(ambient), 0x07: kelvin(seen), 0x24: round(emissivity * 0xFFFF)}
        self.spoils = 0  # answers from now on that noise spoils
        self.sequence: list[float] = []  # what it sees next, one after the other

    def __call__(self, register: int, length: int) -> bytes:
        assert length == 3
        if register == 0x07 and self.sequence:
            self.words[0x07] = kelvin(self.sequence.pop(0))
        low_high = self.words[register].to_bytes(2, "little")
        code = crc8(bytes((self.address << 1, register, self.address << 1 | 1)) + low_high)
        if self.spoils:
            self.spoils -= 1
            code ^= 0x10
        return low_high + bytes((code,))


def kelvin(celsius: float) -> int:
    return round((celsius + 273.15) / 0.02)


class Amg8833Chip:
    """64 points of 0.25 degrees, twelve bits each."""

    def __init__(self, background: float, spot: float) -> None:
        degrees = [background] * 60 + [spot] * 4
        self.memory = b"".join((round(d / 0.25) & 0xFFF).to_bytes(2, "little") for d in degrees)

    def __call__(self, register: int, length: int) -> bytes:
        return self.memory[register - 0x80 : register - 0x80 + length]
