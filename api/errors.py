"""
What can go wrong with a request that is well formed.

    NotServedError          nothing is served under that number
      NoCycleError          no cycle
      NoObligationError     no obligation
      NoEvidenceError       no evidence
      NoMessageError        no message
    NoAuthorityError        no authority of that key
    NoPlanError             no shipped plan of that key
    NoUnitError             no unit, body or person of that key
    NoCalendarError         the authority has entered none
    WhichAuthorityError     one belongs to several authorities and named none
    CursorError             a cursor that no answer gave
    ChangedError            somebody else was faster; it carries the state as it is now
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.work_answers import WorkOut


class NotServedError(LookupError):
    """Nothing is served under that number: it is not there, or not yours to see."""

    def __init__(self, number: int) -> None:
        """Keep what was asked for."""
        self.number = number
        super().__init__(f"nothing is served under {number}")


class NoCycleError(NotServedError):
    """No cycle that may be seen has that number."""


class NoObligationError(NotServedError):
    """No obligation that may be seen has that number."""


class NoEvidenceError(NotServedError):
    """No evidence that may be seen has that number."""


class NoMessageError(NotServedError):
    """No message that may be decided about has that number."""


class NoAuthorityError(LookupError):
    """No authority of one's own has that key."""


class NoPlanError(LookupError):
    """No plan that comes with dondoc has that key."""

    def __init__(self, key: str) -> None:
        """Keep what was asked for."""
        self.key = key
        super().__init__(f"no shipped plan is called “{key}”; `dondoc plans` lists them")


class ChangedError(Exception):
    """An obligation is not in the state that a change meant: somebody else was faster."""

    def __init__(self, left: WorkOut) -> None:
        """Keep the state as it is now."""
        self.left = left
        self.headers = {"ETag": left.etag}
        super().__init__(f"obligation {left.id} was changed meanwhile")


class NoUnitError(LookupError):
    """No unit that may be seen has that key."""


class NoCalendarError(LookupError):
    """An authority has entered no calendar."""


class WhichAuthorityError(ValueError):
    """One belongs to several authorities, and named none."""

    def __init__(self, keys: list[str]) -> None:
        """Keep the keys to choose from."""
        self.keys = keys
        super().__init__(f"name one of {', '.join(keys)}")


class CursorError(ValueError):
    """A cursor that no answer gave."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("take the cursor from `next_cursor` of the page before, or leave it out")
