"""
What can go wrong with signing in.

    NotSignedInError          nobody is signed in, or no longer
    WrongSignInError          address or password; it is not said which, nor whether there is such an account
    WrongPasswordError        of who is signed in
    SecondFactorNeededError   signed in by half
    CsrfError                 a change without the session's token
    ForeignOriginError        a change that another site's page asked for
    ScopeError                a token of too narrow a scope
    SessionNeededError        a token where a person is needed
    BusyError                 too many passwords to be hashed at once
    NoOidcError, OidcError    no sign-in service is set; it did not confirm
"""

from __future__ import annotations


class NotSignedInError(Exception):
    """Nobody is signed in."""

    headers = {"WWW-Authenticate": "Bearer"}  # noqa: RUF012  read only


class WrongSignInError(NotSignedInError):
    """The address or the password is wrong."""


class WrongPasswordError(Exception):
    """The present password was not given."""


class SecondFactorNeededError(Exception):
    """The session waits for its second factor."""


class CsrfError(Exception):
    """The session's token did not come with a change."""


class ForeignOriginError(Exception):
    """Another site's page asked for a change."""


class ScopeError(Exception):
    """A token may not be used for this."""

    def __init__(self, scope: str) -> None:
        """Keep the scope that it would need."""
        self.scope = scope
        super().__init__(f"needs the scope {scope}")


class SessionNeededError(Exception):
    """A token came where a session is needed."""


class BusyError(Exception):
    """So many passwords wait to be hashed that one more would wait too long."""

    retry_seconds = 5


class NoOidcError(Exception):
    """No sign-in service is set."""


class OidcError(Exception):
    """The sign-in service did not confirm who it is: refused, not ours, or too late."""
