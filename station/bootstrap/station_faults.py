"""Where each of a station's faults is found out."""

from station.bootstrap.duty import Duty
from station.bootstrap.health import Health
from station.bootstrap.lists import StationKeys
from station.domain.station_faults import StationFault, StationFaults
from station.ledger import Ledger
from station.lists import Lists
from station.outbox.uplink import NAME_SHARED
from station.supervisor.socket_server import SocketServer


def station_faults(
    ledger: Ledger,
    keys: StationKeys,
    lists: Lists,
    duty: Duty,
    health: Health,
    supervisor: SocketServer | None,
    plates_fault: str,
    wrong_place: str,
) -> StationFaults:
    return StationFaults(
        {
            StationFault.NAME_SHARED: lambda: NAME_SHARED if health.uplink().name_shared else "",
            StationFault.LEDGER_UNWRITABLE: lambda: ledger.fault,
            StationFault.LEDGER_SET_ASIDE: lambda: ledger.set_aside,
            StationFault.PLACE: lambda: wrong_place,
            StationFault.KEYS: lambda: "; ".join(keys.trust.faults),
            StationFault.LIST_KEY: lambda: keys.list_key_fault,
            StationFault.SEAL: lambda: ledger.sealer.fault,
            StationFault.ROSTER: lambda: duty.roster.fault,
            StationFault.ROTA: lambda: duty.rota.fault,
            StationFault.LISTS: lambda: lists.fault,
            StationFault.PLATES: lambda: plates_fault,
            StationFault.SCREEN: lambda: health.screen_fault,
            StationFault.VIEW: lambda: "" if supervisor is None else supervisor.fault,
            StationFault.UNDERVOLTAGE: health.undervoltage,
        }
    )
