"""What the API answers about what is published: what would be, what was, and rewards."""

from __future__ import annotations

from datetime import date

from api.wire.schemas import Instant, Wire


class PreparedOut(Wire):
    """What would be published, or why nothing can be."""

    units: int
    missing: int
    """Leaves that have neither a final nor an appraised score; where that is accepted they count 0."""
    unscored: list[str]
    """Names of the units that have no score at all: they would be published and ranked with 0."""
    told: int
    """People who would be told of it by mail: heads and officers of the units."""
    digest: str
    """Of the results without their decision; send it as `seen`. Empty: nothing can be published."""
    faults: list[str]


class PublishedOut(Wire):
    """What was published."""

    number: int
    sha256: str


class EditionOut(Wire):
    """An edition that was published."""

    authority: str
    authority_name: str
    sandbox: bool
    year: int
    number: int
    sha256: str
    decision: str
    decided_on: date
    corrects: int | None
    corrected_by: int | None
    reason: str
    at: Instant


class EditionsOut(Wire):
    """What was published, the latest year first."""

    items: list[EditionOut]


class RewardedOut(Wire):
    """The number of a reward."""

    reward: int
