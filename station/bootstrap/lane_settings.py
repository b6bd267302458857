"""What a lane is set up to be, from the configuration."""

from station import config as cfg
from station.domain.lane import LaneSettings
from station.domain.origin import OriginClasses
from station.domain.passes import HealthKind, Must
from station.domain.reconciliation import Limits
from station.domain.situation import LaneKind, Mode, Policy


def lane_settings(config: cfg.StationConfig, lane: cfg.LaneConfig) -> LaneSettings:
    return LaneSettings(
        lane=lane.id,
        name=lane.name or lane.id,
        kind=LaneKind(lane.kind),
        direction=lane.direction,
        mode=Mode(lane.mode),
        station=config.station.id,
        levels=config.station.levels,
        grids=config.station.grids,
        policy=_policy(config.policy),
        origins=OriginClasses(config.policy.home_province, config.policy.risk_areas),
        ignored=config.scanning.ignored,
        limits=None if isinstance(lane.presence, cfg.NoPresenceConfig) else _limits(lane.direction, config.policy),
    )


def _policy(policy: cfg.PolicySection) -> Policy:
    return Policy(
        musts=frozenset(Must(must) for must in policy.musts),
        declared_suffices=frozenset(Must(must) for must in policy.declared_suffices),
        health_suffices=frozenset(HealthKind(kind) for kind in policy.health_suffices),
        test_good_for=policy.test_good_for_hours * 3600,
        fever_from=policy.fever_from,
        reuse_after=policy.reuse_after_seconds,
        issuer_leeway=policy.issuer_leeway_seconds,
    )


def _limits(direction: str, policy: cfg.PolicySection) -> Limits:
    return Limits(
        direction=direction,
        crosses_within=policy.crosses_within_seconds,
        tails_within=policy.tails_within_seconds,
        stuck_after=policy.stuck_after_seconds,
    )
