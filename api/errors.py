"""
What can go wrong with a request that is well formed.

    NotServedError          nothing is served under that number
      NoCycleError          no cycle
      NoObligationError     no obligation
    CursorError             a cursor that no answer gave
"""


class NotServedError(LookupError):
    """Nothing is served under that number: it is not there, or belongs to a real authority, which waits for accounts."""

    def __init__(self, number: int) -> None:
        """Keep what was asked for."""
        self.number = number
        super().__init__(f"nothing is served under {number}")


class NoCycleError(NotServedError):
    """No cycle of a sandbox has that number."""


class NoObligationError(NotServedError):
    """No obligation of a sandbox has that number."""


class CursorError(ValueError):
    """A cursor that no answer gave."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("take the cursor from `next_cursor` of the page before, or leave it out")
