r"""
Choosing who is inspected: at random with a seed that anybody can repeat, or by how often a unit was late.

The draw needs no secret and no machine: each unit's line `seed`, new line, `key` is hashed with SHA-256, and the units with the smallest
digests are chosen. `printf 'seed\nkey' | sha256sum` says the same.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evaluation.track_records import TrackRecord

_WHOLE = 100


def share_of(units: int, share: int) -> int:
    """Return how many units a share in per cent is at least: 20 % of 138 are 28."""
    return -(-units * share // _WHOLE)


def ticket(seed: str, unit: str) -> str:
    """Return a unit's number in a draw: the smallest are chosen."""
    return hashlib.sha256(f"{seed}\n{unit}".encode()).hexdigest()


def draw(pool: Collection[str], *, seed: str, wanted: int) -> tuple[str, ...]:
    """Return the units that a seed chooses of a pool, in the order drawn; the order in which the pool is given says nothing."""
    return tuple(sorted(set(pool), key=lambda unit: (ticket(seed, unit), unit))[: max(wanted, 0)])


def by_record(records: Mapping[str, TrackRecord], *, wanted: int) -> tuple[str, ...]:
    """Return the units that were late most often, then by most days; a unit that never was is not chosen for its record."""
    late = {unit: record for unit, record in records.items() if record.late}
    ranked = sorted(late, key=lambda unit: (-late[unit].late, -sum(one.days for one in late[unit].counted), unit))
    return tuple(ranked[: max(wanted, 0)])
