"""
Rights over people and calendars from the command line: the same policy as the API, once there is somebody whom it names.

Until an authority has a standing body (its first launch) or an administrator nobody could be named by the policy; till then whoever holds
the machine brings in people and calendars (decision 0013).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.acting import Acting, acting, business_time, system_actor, the_authority
from cli.errors import ExitCode, RefusedError
from store.queries.people import contact_named
from store.queries.rights import authority_resource, contact_resource, is_founded
from store.rights import authorise_on

if TYPE_CHECKING:
    from evaluation.rights import Resource
    from evaluation.rights_table import Action
    from store.session import Store, Transaction


def acting_in_office(store: Store, key: str, *, contact: str, at: str = "") -> Acting:
    """Return who acts for the authority of that key: the contact, or the system as long as no policy could name anybody."""
    authority = the_authority(store, key)
    if contact:
        return acting(store, authority, contact=contact, at=at)
    now = business_time(authority, at)
    with store.reading() as connection:
        founded = is_founded(connection, authority.id)
    if founded:
        vi, en = (
            "thiếu --as: cơ quan đã có cơ quan thường trực hoặc người quản trị, hãy nêu ai thực hiện",
            "--as is missing: the authority has a standing body or an administrator, say who acts",
        )
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    return Acting(authority=authority, actor=system_actor(), now=now)


def authorise_office(transaction: Transaction, who: Acting, action: Action, *, contact: str = "") -> None:
    """
    Let somebody do something with an authority's people or calendar, or with one of its contacts.

    Raises:
        NotAllowedError: the policy says no.
        NoSuchContactError: the authority has no contact of that key.

    """
    if is_founded(transaction.connection, who.authority.id):
        authorise_on(transaction, action, _resource(transaction, who, contact=contact))


def _resource(transaction: Transaction, who: Acting, *, contact: str) -> Resource:
    whole = authority_resource(transaction.connection, who.authority.id)
    if not contact:
        return whole
    found = contact_named(transaction.connection, who.authority, contact)
    return contact_resource(transaction.connection, found.id) or whole
