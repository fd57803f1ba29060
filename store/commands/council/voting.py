"""The council votes: a matter is brought, members vote present or in writing, and what is carried is done."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import delete, insert, select, update

from evaluation.scores.council import Choice, How, Recommendation, Resolved, Vote, recommend, resolve, rules_of_plan, settle_resolved
from evaluation.scores.numbers import number_written
from store.commands.council.asking import ask_soon, unask
from store.commands.council.held import (
    CouncilError,
    change,
    hold_council,
    matter_named,
    matter_of,
    members_sitting,
    next_number,
    open_session_named,
    session_named,
)
from store.commands.scores.held import act_of
from store.schema import COUNCIL_MATTER, COUNCIL_VOTE, RECOMMENDATION
from store.score_changes import HeldSheet, keep
from store.score_refusals import refusing
from store.scores import read_sheet
from store.survey import journaled_choice, text_digest, unit_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row

    from evaluation.scores.sheets import Sheet
    from store.commands.council.held import HeldCouncil
    from store.session import Store, Transaction


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What is brought before the council."""

    words: str
    unit: str = ""  #: key of the unit that it is about; empty: all
    scores: Mapping[str, Decimal] = field(default_factory=dict)  #: final scores by leaf, settled if it is carried
    why: str = ""  #: why a score differs from the appraised one


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which matter of which session."""

    session: int
    matter: int


@dataclass(frozen=True, kw_only=True)
class Cast:
    """A vote as it is recorded."""

    contact: int
    choice: Choice
    how: How = How.PRESENT


def bring(store: Store, transaction: Transaction, obligation: int, *, session: int, matter: Brought) -> int:
    """
    Bring a matter before a session, and return its number.

    Raises:
        CouncilError: no such session or unit, or it is closed; nothing is said; scores without a unit, or of one that has no sheet.
        SheetFaultsError: a score that cannot be the leaf's, or differs from the appraised one without a reason.

    """
    held = hold_council(store, transaction, obligation)
    row = open_session_named(transaction.connection, obligation, session)
    unit = held.unit(matter.unit)
    if not matter.words.strip():
        vi, en = "ghi nội dung biểu quyết", "write what is voted on"
        raise CouncilError(vi, en, field="words")
    if matter.scores and unit is None:
        vi, en = "ghi đơn vị có điểm được quyết định", "write the unit whose scores are settled"
        raise CouncilError(vi, en, field="unit")
    number = next_number(transaction.connection, COUNCIL_MATTER.c.number, COUNCIL_MATTER.c.session_id == row.id)
    scores = {node: number_written(points) for node, points in matter.scores.items()}
    values = {
        "session_id": row.id,
        "number": number,
        "words": matter.words.strip(),
        "unit_id": unit,
        "scores": orjson.dumps(scores, option=orjson.OPT_SORT_KEYS).decode(),
        "why": matter.why.strip(),
        "outcome": "",
        "by_chair": False,
    }
    transaction.connection.execute(insert(COUNCIL_MATTER).values(values))
    if unit is not None and matter.scores:
        brought = matter_named(transaction.connection, row.id, number)
        _settled(store, transaction, held, brought, resolved=_as_if_carried(held, brought))
    facts = {"session": session, "matter": number, "unit": unit, "content": text_digest(matter.words.strip()), "scores": scores}
    change(transaction, held, "bring-matter", **facts)
    ask_soon(transaction, held, session=row)
    return number


def vote(store: Store, transaction: Transaction, obligation: int, place: Place, votes: Sequence[Cast]) -> None:
    """
    Record votes on a matter; a member's new vote takes the place of the earlier one.

    Raises:
        CouncilError: no such session or matter, or it is closed or resolved; a vote as present of somebody who was not there.
        SheetFaultsError: votes of strangers, of members of the unit concerned, given twice, in writing where that does not count.

    """
    held = hold_council(store, transaction, obligation)
    row = open_session_named(transaction.connection, obligation, place.session)
    brought = matter_named(transaction.connection, row.id, place.matter)
    there = set(orjson.loads(row.present))
    if absent := [one.contact for one in votes if one.how is How.PRESENT and one.contact not in there]:
        vi = f"đầu mối {absent[0]} không dự phiên họp {place.session}; ghi phiếu bằng văn bản, hoặc bỏ phiếu này"
        en = f"contact {absent[0]} was not at session {place.session}; record the vote as in writing, or leave it out"
        raise CouncilError(vi, en, field="votes")
    with refusing():
        _require_may_vote(held, transaction, row, brought, [_vote(one, transaction) for one in votes])
    for one in votes:
        same = COUNCIL_VOTE.c.matter_id == brought.id, COUNCIL_VOTE.c.contact_id == one.contact
        transaction.connection.execute(delete(COUNCIL_VOTE).where(*same))
    secret = rules_of_plan(held.year.plan).secret
    rows = [
        {
            "matter_id": brought.id,
            "contact_id": one.contact,
            "choice": one.choice.value,
            "how": one.how.value,
            "at": transaction.now,
            "seal": secrets.token_hex(16) if secret else "",
        }
        for one in votes
    ]
    transaction.connection.execute(insert(COUNCIL_VOTE), rows)
    told = [[row["contact_id"], journaled_choice(row["choice"], row["seal"]), row["how"]] for row in rows]
    change(transaction, held, "vote", session=place.session, matter=place.matter, votes=told)
    unask(transaction, held)


def _vote(one: Cast, transaction: Transaction) -> Vote:
    return Vote(member=f"c{one.contact}", choice=one.choice, how=one.how, at=transaction.now)


def _require_may_vote(held: HeldCouncil, transaction: Transaction, session: Row[Any], brought: Row[Any], votes: Sequence[Vote]) -> None:
    """Raise ScoreError for votes that may not be given; whether there is a quorum is asked when the matter is resolved."""
    rules = replace(rules_of_plan(held.year.plan), quorum=Decimal(-1))
    members = members_sitting(transaction.connection, session, year=held.year)
    resolve(members, matter_of(brought, keys=unit_keys(held.year)), votes, rules=rules)


def close_matter(
    store: Store, transaction: Transaction, obligation: int, place: Place, recommendations: Sequence[Recommendation] = ()
) -> Resolved:
    """
    Count the votes on a matter; of one that is carried the scores are settled and the recommendations made. Return what was resolved.

    Raises:
        CouncilError: no such session or matter, or it is resolved; a recommendation to nobody that there is.
        SheetFaultsError: no quorum; recommendations with a matter that was lost; a score that cannot be the leaf's.

    """
    held = hold_council(store, transaction, obligation)
    row = session_named(transaction.connection, obligation, place.session)
    brought = matter_named(transaction.connection, row.id, place.matter)
    keys = unit_keys(held.year)
    with refusing():
        members = members_sitting(transaction.connection, row, year=held.year)
        resolved = resolve(members, matter_of(brought, keys=keys), _votes(transaction, brought), rules=rules_of_plan(held.year.plan))
        made = recommend(resolved, recommendations) if recommendations else ()
    outcome = {"outcome": "carried" if resolved.carried else "lost", "by_chair": resolved.by_chair, "resolved_at": transaction.now}
    transaction.connection.execute(update(COUNCIL_MATTER).where(COUNCIL_MATTER.c.id == brought.id).values(outcome))
    if resolved.carried and brought.unit_id is not None and orjson.loads(brought.scores):
        sheet, after = _settled(store, transaction, held, brought, resolved=resolved)
        keep(transaction, sheet, after, action="settle-scores", facts={"session": place.session, "matter": place.matter})
    _keep_recommendations(transaction, held, brought, made)
    counts = {choice.value: resolved.count(choice) for choice in Choice}
    facts = {"session": place.session, "matter": place.matter, "outcome": outcome["outcome"], "by_chair": resolved.by_chair, **counts}
    change(transaction, held, "resolve-matter", **facts, recommendations=[text_digest(one.text.strip()) for one in made])
    unask(transaction, held)
    return resolved


def _votes(transaction: Transaction, brought: Row[Any]) -> list[Vote]:
    rows = transaction.connection.execute(
        select(COUNCIL_VOTE).where(COUNCIL_VOTE.c.matter_id == brought.id).order_by(COUNCIL_VOTE.c.contact_id)
    )
    return [Vote(member=f"c{row.contact_id}", choice=Choice(row.choice), how=How(row.how), at=row.at) for row in rows]


def _as_if_carried(held: HeldCouncil, brought: Row[Any]) -> Resolved:
    matter = matter_of(brought, keys=unit_keys(held.year))
    return Resolved(matter=matter, entitled=(), excused=(), votes=(), carried=True)


def _settled(
    store: Store, transaction: Transaction, held: HeldCouncil, brought: Row[Any], *, resolved: Resolved
) -> tuple[HeldSheet, Sheet]:
    """Return a unit's sheet as held, and as the matter would leave it."""
    unit = read_sheet(store, transaction.connection, held.year, brought.unit_id)
    if unit is None:
        vi = f"{resolved.matter.unit}: chưa ghim bộ tiêu chí cho nhóm của đơn vị; ghim trước rồi quyết định điểm"
        raise CouncilError(vi, f"{resolved.matter.unit}: no criteria set is pinned for its group; pin one first", field="unit")
    scores = {node: Decimal(points) for node, points in orjson.loads(brought.scores).items()}
    sheet = HeldSheet(year=held.year, ref=held.ref, obligation=held.obligation, unit=unit)
    with refusing():
        return sheet, settle_resolved(unit.sheet, resolved, scores, act=act_of(transaction, why=brought.why))


def _keep_recommendations(transaction: Transaction, held: HeldCouncil, brought: Row[Any], made: Sequence[Recommendation]) -> None:
    rows = []
    for number, one in enumerate(made, start=1):
        to = held.year.people.ids.get(one.to)
        if to is None:
            vi = f"kiến nghị {number}: không có “{one.to}”; ghi khóa của đơn vị hoặc tập thể nhận"
            en = f"recommendation {number}: there is no “{one.to}”; write the key of a unit or body"
            raise CouncilError(vi, en, field="recommendations")
        rows.append({"matter_id": brought.id, "number": number, "text": one.text.strip(), "to_party_id": to, "due_on": one.due_on})
    if rows:
        transaction.connection.execute(insert(RECOMMENDATION), rows)
