"""
What can go wrong with a request that is well formed.

    NotServedError          nothing is served under that number
      NoCycleError          no cycle
      NoObligationError     no obligation
      NoEvidenceError       no evidence
      NoPaperError          no paper
      NoMessageError        no message
    NoAuthorityError        no authority of that key
    NoPlanError             no shipped plan of that key
    NoUnitError             no unit, body or person of that key
    NoCalendarError         the authority has entered none
    WhichAuthorityError     one belongs to several authorities and named none
    CursorError             a cursor that no answer gave
    ChangedError            somebody else was faster; it carries the state as it is now
    NothingAskedError       a change that changes nothing
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.refusals import RefusalError

if TYPE_CHECKING:
    from pydantic import BaseModel


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


class NoPaperError(NotServedError):
    """No paper that may be seen has that number."""


class NoMessageError(NotServedError):
    """No message that may be decided about has that number."""


class NoAuthorityError(LookupError):
    """No authority of one's own has that key."""


class NoReportRequestError(LookupError):
    """The cycle has no request of that key."""

    def __init__(self, key: str) -> None:
        """Keep what was asked for."""
        self.key = key
        super().__init__(f"there is no request {key}")


class NoPlanError(LookupError):
    """No plan that comes with dondoc has that key."""

    def __init__(self, key: str) -> None:
        """Keep what was asked for."""
        self.key = key
        super().__init__(f"no shipped plan is called “{key}”; `dondoc plans` lists them")


class ChangedError(Exception):
    """What is to be changed is not as a change meant it: somebody else was faster."""

    def __init__(self, left: BaseModel, *, name: str, etag: str) -> None:
        """Keep the state as it is now, and under which name a problem carries it."""
        self.left, self.name = left, name
        self.headers = {"ETag": etag}
        super().__init__(f"the {name} was changed meanwhile")


class NothingAskedError(RefusalError):
    """A change of a running year that changes nothing."""

    def __init__(self) -> None:
        """Say what may be changed."""
        vi = "chưa nêu thay đổi gì: `yaml`, `dates` hoặc `calendar`"
        super().__init__(vi, "nothing is changed: give `yaml`, `dates` or `calendar`")


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
