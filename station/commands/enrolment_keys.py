"""The district's public keys as stations are to believe them: each with its role, as the hub's configuration says."""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from station.bootstrap.signing import configured_keys
from station.commands import CommandError
from station.commands.trust import trusted_keys
from station.config import HubConfig
from station.passes.roles import KeyRole
from station.passes.signers import Signer
from station.passes.trust import TrustError
from station.passes.trust_folder import read_role_file

_ROLES = {role.uses: role for role in KeyRole}


def keys_by_role(config: HubConfig) -> dict[KeyRole, tuple[bytes, ...]]:
    """Raw keys.

    :raises CommandError: there are none, or a file is no key.
    """
    try:
        roles = dict(_roles(config))
    except TrustError as error:
        raise CommandError(f"authority.trust_dir: {error}") from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}; name authority.trust_dir") from None
    if not roles:
        raise CommandError("authority.trust_dir: no key of the district is known; give the folder of its public keys")
    if not {KeyRole.DISTRICT, KeyRole.TRUST} & set(roles.values()):
        raise CommandError("authority.trust_dir: no key in it may sign trust lists; put the root's into trust/")
    return {role: tuple(key for key, had in roles.items() if had is role) for role in KeyRole}


def _roles(config: HubConfig) -> Iterator[tuple[bytes, KeyRole]]:
    """Of each raw key. What is undivided in ``trust_dir`` and has a part of its own in ``hub.toml`` is for that."""
    known = {key.public_bytes_raw(): role for key, role in _configured(config)}
    if not config.authority.trust_dir:
        yield from known.items()
        return
    for found in trusted_keys(Path(config.authority.trust_dir), "authority.trust_dir").district:
        raw, role = found.key.public_bytes_raw(), _ROLES[found.uses]
        yield raw, known.get(raw, role) if role is KeyRole.DISTRICT else role


def _configured(config: HubConfig) -> Iterator[tuple[Ed25519PublicKey, KeyRole]]:
    """The public halves beside the keys that ``hub.toml`` names. With ``trust_dir`` they need not be there."""
    for path, role in configured_keys(config.signing):
        file = path.with_suffix(".pub")
        if config.authority.trust_dir and not file.exists():
            continue
        keys, faults = read_role_file(file, role)
        if faults:
            raise TrustError(f"{file} {faults[0]}")
        yield from ((key.key, role) for key in keys if not isinstance(key, Signer))
