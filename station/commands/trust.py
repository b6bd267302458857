"""A folder of public keys as a command is given one."""

import sys
from pathlib import Path

from station.commands import CommandError
from station.passes.trust import TrustError, TrustList
from station.passes.trust_folder import load_trust


def trusted_keys(folder: Path, option: str) -> TrustList:
    """The keys in a folder; what in it is no key is told on stderr.

    :param option: the option or the configuration's key that names the folder.
    :raises CommandError: the folder cannot be used.
    """
    try:
        found = load_trust(folder)
    except TrustError as error:
        raise CommandError(f"{option}: {error}") from None
    for fault in found.faults:
        print(f"{option}: {fault}", file=sys.stderr)
    return found.trust
