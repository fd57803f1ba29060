"""What a member does by themselves: votes, changes the vote, declares a conflict of interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import delete, insert, select

from evaluation.scores.council import How
from evaluation.scores.voting import takes_votes
from store.commands.council.asking import unask
from store.commands.council.held import CouncilError, change, hold_council, seats_of, session_named
from store.commands.council.voting import Cast, Place, vote
from store.schema import COUNCIL_CONFLICT, COUNCIL_MATTER, COUNCIL_SESSION, COUNCIL_VOTE
from store.survey import text_digest

if TYPE_CHECKING:
    from evaluation.scores.council import Choice
    from store.session import Store, Transaction


def cast_own(store: Store, transaction: Transaction, obligation: int, place: Place, choice: Choice) -> How:
    """
    Record the vote of whoever acts, in the place of their earlier one: present if they are at the session, else in writing. Return how.

    Raises:
        CouncilError: as in `vote`; the last day of the session's votes is over; somebody stands in for a member.
        SheetFaultsError: they are no member, may not vote on that unit, or votes in writing do not count.

    """
    held = hold_council(store, transaction, obligation)
    me = _oneself(transaction)
    row = session_named(transaction.connection, obligation, place.session)
    today = held.year.rulebook.calendar.local_date(transaction.now)
    if not takes_votes(votes_by=row.votes_by, closed=row.closed_at is not None, today=today):
        vi = f"phiên họp {place.session} không nhận phiếu nữa; báo thư ký Hội đồng nếu cần ghi phiếu"
        raise CouncilError(vi, f"session {place.session} takes no more votes; ask the secretary to record yours", field="session")
    how = How.PRESENT if me in orjson.loads(row.present) else How.WRITING
    vote(store, transaction, obligation, place, [Cast(contact=me, choice=choice, how=how)])
    return how


def declare_conflict(  # noqa: PLR0913  whose, about which unit, why
    store: Store, transaction: Transaction, obligation: int, *, unit: str, reason: str, contact: int | None = None
) -> None:
    """
    Write down that a member has a conflict of interest about a unit: whoever acts, if none is named.

    Their votes on it that are not counted yet are dropped.

    Raises:
        CouncilError: no such unit or member; nothing is said; it is declared already.

    """
    held = hold_council(store, transaction, obligation)
    member = _oneself(transaction) if contact is None else contact
    about = held.unit(unit)
    known = {one.member.key: one.member for one in seats_of(transaction.connection, obligation, year=held.year)}
    vi = en = field = ""
    if f"c{member}" not in known:
        vi, en, field = f"đầu mối {member} không phải thành viên Hội đồng", f"contact {member} is no member of the council", "contact"
    elif about is None:
        vi, en, field = "ghi đơn vị có xung đột lợi ích", "write which unit the conflict of interest is about", "unit"
    elif not reason.strip():
        vi, en, field = "ghi lý do", "write why", "reason"
    elif known[f"c{member}"].is_barred(unit):
        vi, en, field = f"thành viên đã không được biểu quyết về “{unit}”", f"they do not vote on “{unit}” already", "unit"
    if vi:
        raise CouncilError(vi, en, field=field)
    assert about is not None  # noqa: S101  refused above
    row = {"obligation_id": obligation, "contact_id": member, "unit_id": about, "reason": reason.strip(), "at": transaction.now}
    transaction.connection.execute(insert(COUNCIL_CONFLICT).values(row))
    dropped = _drop_votes(transaction, obligation, member=member, unit=about)
    told = {"member": member, "unit": about, "content": text_digest(reason.strip()), "dropped": dropped}
    change(transaction, held, "declare-conflict", **told)
    unask(transaction, held)


def _oneself(transaction: Transaction) -> int:
    contact = transaction.actor.contact
    if contact is None or transaction.actor.deputy_of is not None:
        vi, en = "không ai biểu quyết thay thành viên Hội đồng", "nobody votes in the place of a member of the council"
        raise CouncilError(vi, en)
    return contact


def _drop_votes(transaction: Transaction, obligation: int, *, member: int, unit: int) -> list[list[int]]:
    """Drop a member's votes on a unit that are not counted yet, and return on which matters of which sessions."""
    connection = transaction.connection
    rows = connection.execute(
        select(COUNCIL_MATTER.c.id, COUNCIL_SESSION.c.number.label("session"), COUNCIL_MATTER.c.number)
        .join(COUNCIL_SESSION, COUNCIL_SESSION.c.id == COUNCIL_MATTER.c.session_id)
        .join(COUNCIL_VOTE, COUNCIL_VOTE.c.matter_id == COUNCIL_MATTER.c.id)
        .where(
            COUNCIL_SESSION.c.obligation_id == obligation,
            COUNCIL_MATTER.c.unit_id == unit,
            COUNCIL_MATTER.c.outcome == "",
            COUNCIL_VOTE.c.contact_id == member,
        )
        .order_by(COUNCIL_MATTER.c.id)
    ).all()
    mine = COUNCIL_VOTE.c.matter_id.in_([row.id for row in rows]), COUNCIL_VOTE.c.contact_id == member
    connection.execute(delete(COUNCIL_VOTE).where(*mine))
    return [[row.session, row.number] for row in rows]
