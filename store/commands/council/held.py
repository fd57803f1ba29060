"""What every act of the council begins with: the council's obligation, who sits in it and in its sessions, its matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from evaluation.kinds import StageKind
from evaluation.scores.council import Matter, Member, Post
from evaluation.scores.voting import met_at, seated
from store.commands import moves
from store.perform import Decided, mark
from store.refusals import RefusalError
from store.schema import COUNCIL_CONFLICT, COUNCIL_MATTER, COUNCIL_MEMBER, COUNCIL_SESSION
from store.survey import unit_keys

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evaluation.obligations import Obligation
    from store.session import Store, Transaction
    from store.years import StageRef, Year


class CouncilError(RefusalError):
    """Something about the council cannot be so: why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class HeldCouncil:
    """The council's obligation, which nobody else moves until the transaction ends."""

    year: Year
    ref: StageRef
    obligation: Obligation

    def unit(self, key: str) -> int | None:
        """Return the id of a unit, None of the empty key; CouncilError if there is none."""
        if not key:
            return None
        found = self.year.people.ids.get(key)
        if found is None or not self.year.people.group(found):
            vi, en = f"không có đơn vị “{key}”; xem danh sách đơn vị", f"there is no unit “{key}”; see the list of units"
            raise CouncilError(vi, en, field="unit")
        return found


def hold_council(store: Store, transaction: Transaction, obligation: int) -> HeldCouncil:
    """
    Return the council's obligation of that number.

    Raises:
        NoSuchObligationError, CycleNotRunningError: there is none; its cycle is over.
        CouncilError: it is no decision of a council.

    """
    year, stage, before = moves.read_held(store, transaction, obligation)
    if year.stages[stage].kind is not StageKind.COUNCIL_DECISION:
        vi = f"nghĩa vụ {obligation} không phải quyết định của Hội đồng; mở nghĩa vụ của công đoạn đó"
        raise CouncilError(vi, f"obligation {obligation} is no council's decision; open the obligation of that stage")
    return HeldCouncil(year=year, ref=year.stages[stage], obligation=before)


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A member's time in the council."""

    member: Member
    named_at: datetime
    ended_at: datetime | None


def seats_of(connection: Connection, obligation: int, *, year: Year) -> list[Seat]:
    """Return everybody who was ever named to the council, by decision and post."""
    keys = unit_keys(year)
    rows = connection.execute(
        select(COUNCIL_MEMBER).where(COUNCIL_MEMBER.c.obligation_id == obligation).order_by(COUNCIL_MEMBER.c.id)
    ).all()
    conflicts: dict[int, set[str]] = {}
    for row in connection.execute(select(COUNCIL_CONFLICT).where(COUNCIL_CONFLICT.c.obligation_id == obligation)):
        conflicts.setdefault(row.contact_id, set()).add(keys[row.unit_id])
    return [
        Seat(
            member=Member(
                key=f"c{row.contact_id}",
                unit=keys.get(row.unit_id, ""),
                post=Post(row.post),
                conflicts=frozenset(conflicts.get(row.contact_id, ())),
            ),
            named_at=row.named_at,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


def members_sitting(connection: Connection, session: Row[Any], *, year: Year) -> list[Member]:
    """Return who sits in a session, the council as it stood when that met: of how many a quorum and a majority are asked."""
    seats = seats_of(connection, session.obligation_id, year=year)
    at = met_at(session.held_on, session.at, calendar=year.rulebook.calendar)
    return [one.member for one in seated(seats, at=at)]


def session_named(connection: Connection, obligation: int, number: int) -> Row[Any]:
    """Return a session of the council by its number; CouncilError if there is none."""
    where = COUNCIL_SESSION.c.obligation_id == obligation, COUNCIL_SESSION.c.number == number
    row = connection.execute(select(COUNCIL_SESSION).where(*where)).one_or_none()
    if row is None:
        vi, en = f"Hội đồng chưa có phiên họp {number}; mở phiên họp trước", f"the council has no session {number}; open it first"
        raise CouncilError(vi, en, field="session")
    return row


def open_session_named(connection: Connection, obligation: int, number: int) -> Row[Any]:
    """Return a session that takes votes and matters; CouncilError if there is none of that number, or it is closed."""
    row = session_named(connection, obligation, number)
    if row.closed_at is not None:
        vi, en = f"phiên họp {number} đã khép lại; mở phiên họp mới", f"session {number} is closed; open another one"
        raise CouncilError(vi, en, field="session")
    return row


def matter_named(connection: Connection, session: int, number: int) -> Row[Any]:
    """Return a matter of a session by its number; CouncilError if there is none, or it is resolved already."""
    where = COUNCIL_MATTER.c.session_id == session, COUNCIL_MATTER.c.number == number
    row = connection.execute(select(COUNCIL_MATTER).where(*where)).one_or_none()
    if row is None:
        vi, en = f"phiên họp không có nội dung {number}; đưa ra trước", f"the session has no matter {number}; bring it first"
        raise CouncilError(vi, en, field="matter")
    if row.outcome:
        vi = f"nội dung {number} đã biểu quyết xong; muốn đổi thì đưa ra thành nội dung mới"
        raise CouncilError(vi, f"matter {number} is resolved; to change it bring it anew", field="matter")
    return row


def matter_of(row: Row[Any], *, keys: dict[int, str]) -> Matter:
    """Return a matter as the rules see it."""
    return Matter(key=str(row.number), words=row.words, unit=keys.get(row.unit_id, ""))


def next_number(connection: Connection, column: Any, *where: Any) -> int:  # noqa: ANN401  a column and its conditions
    """Return the number that comes after the highest."""
    return int(connection.execute(select(func.coalesce(func.max(column), 0)).where(*where)).scalar_one()) + 1


def change(transaction: Transaction, held: HeldCouncil, action: str, **facts: Any) -> None:  # noqa: ANN401  what the journal keeps
    """Journal an act of the council as a move of its obligation: whoever saw it before must look again."""
    done = Decided(before=held.obligation, stage=held.ref.id, actions=(), action=action)
    mark(transaction, held.year, done, facts=facts)
