"""
What somebody may read, as a condition of a query: `evaluation.rights.decide` for many obligations at once.

Lists are narrowed in the database, so that pages and counts are right and the number of queries does not grow with the rows. The table of
rights is the same; a test asks both about every obligation.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, false, literal, not_, or_, select, true

from evaluation.plans import Periods
from evaluation.rights import Resource, decide, posts_filled
from evaluation.rights_table import ABOUT_UNITS, TABLE, Action, Relation
from store.queries.rights import LEADS, authority_resource
from store.schema import AUTHORITY, COUNCIL_MEMBER, CRITERIA_LEAD, CRITERIA_PIN, CYCLE, JOURNAL, OBLIGATION, PARTY, STAGE, SUPERIOR
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from sqlalchemy import Connection
    from sqlalchemy import Row as DatabaseRow

    from evaluation.rights import ActorFacts, Holding
    from evaluation.rights_table import Row
    from store.session import Store

#: Obligations that may be read, for those above `store` who hand the condition on; their stage and cycle stand beside them in the query.
Readable = ColumnElement[bool]


@dataclass(frozen=True, kw_only=True)
class Lines:
    """What the plans of an authority say of its stages: whom they name beside who owes, and which come round in periods."""

    coordinating: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))  #: stages by party
    periodic: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Around:
    """What a relation is judged by beside the post: the authority's lines, its day, the moment, and the keys of parties."""

    lines: Lines
    on: date
    now: datetime
    keys: dict[int, str]


def permitted(store: Store, connection: Connection, facts: ActorFacts, action: Action, *, now: datetime) -> Readable:
    """Return the condition of the obligations on which somebody may do something that changes nothing, as of `now`."""
    grounds: list[ColumnElement[bool]] = []
    for authority, on in days_of(connection, facts, now=now).items():
        posts = [post for post in posts_filled(facts, on=on) if post.authority == authority]
        rows = [row for row in TABLE if action in row.actions and any(post.role in row.roles for post in posts)]
        if not rows:
            continue
        lines = lines_of(store, connection, authority, now=now)
        around = _Around(lines=lines, on=on, now=now, keys=party_keys(connection, [post.party for post in posts]))
        surprised = and_(not_(_visible(now)), _subject(posts, around))
        grounds.append(and_(OBLIGATION.c.authority_id == authority, or_(*_grants(rows, posts, around)), not_(surprised)))
    return or_(false(), *grounds)


def of_sandboxes(*, now: datetime) -> Readable:
    """Return the condition of what anybody may read where sandboxes are open: everything of theirs that is no surprise to come."""
    return and_(OBLIGATION.c.authority_id.in_(select(AUTHORITY.c.id).where(AUTHORITY.c.sandbox.is_(True))), _visible(now))


def days_of(connection: Connection, facts: ActorFacts, *, now: datetime) -> dict[int, date]:
    """Return the local date of each authority in which somebody holds a post."""
    held = {holding.authority for holding in facts.holdings}
    if not held:
        return {}
    zones = connection.execute(select(AUTHORITY.c.id, AUTHORITY.c.zone).where(AUTHORITY.c.id.in_(held)).order_by(AUTHORITY.c.id))
    return {row.id: now.astimezone(ZoneInfo(row.zone)).date() for row in zones}


def lines_of(store: Store, connection: Connection, authority: int, *, now: datetime) -> Lines:
    """Return what an authority's plans say of its stages: two queries, and a few more for a cycle whose plan or people changed."""
    people = select(AUTHORITY.c.people_version).where(AUTHORITY.c.id == authority).scalar_subquery()
    query = select(CYCLE.c.id, CYCLE.c.plan_version, people.label("people")).where(CYCLE.c.authority_id == authority)
    merged = Lines()
    for row in connection.execute(query.order_by(CYCLE.c.id)).all():
        key = ("lines", row.id)
        kept: tuple[tuple[int, int], Lines] | None = store.kept.get(key)
        if kept is None or kept[0] != (row.plan_version, row.people):
            kept = store.kept[key] = ((row.plan_version, row.people), _lines(store, connection, row.id, now=now))
        for party, stages in kept[1].coordinating.items():
            merged.coordinating[party] += stages
        merged.periodic.extend(kept[1].periodic)
    return merged


def _lines(store: Store, connection: Connection, cycle: int, *, now: datetime) -> Lines:
    found = Lines()
    for ref in load_year(store, connection, cycle, now=now).stages.values():
        for party in ref.coordinating:
            found.coordinating[party].append(ref.id)
        if ref.line.periods is not Periods.ONCE:
            found.periodic.append(ref.id)
    return found


def party_keys(connection: Connection, parties: Iterable[int]) -> dict[int, str]:
    """Return the keys of parties by id."""
    rows = connection.execute(select(PARTY.c.id, PARTY.c.key).where(PARTY.c.id.in_(sorted(set(parties)))))
    return dict(rows.tuples().all())


def _grants(rows: Iterable[Row], posts: Iterable[Holding], around: _Around) -> list[ColumnElement[bool]]:
    """Return what each row of the table gives; the fields of a lead narrow nothing here, since no obligation is of one field yet."""
    found = []
    for row in rows:
        mine = [post for post in posts if post.role in row.roles]
        kinds = STAGE.c.kind.in_([kind.value for kind in row.kinds]) if row.kinds else true()
        if mine and row.relation in _IS:
            found.append(and_(_IS[row.relation](mine, around), kinds, _seen(row.relation, around)))
    return found


def _seen(relation: Relation, around: _Around) -> ColumnElement[bool]:
    """Return the condition that a relation knows of the thing: a surprise is kept from whom it is about until its day."""
    if relation not in _KEPT_FROM:
        return true()
    visible = _visible(around.now)
    return visible if relation not in _OWING else or_(visible, _about_another(around))


def _visible(now: datetime) -> ColumnElement[bool]:
    return or_(OBLIGATION.c.visible_from.is_(None), OBLIGATION.c.visible_from <= now)


def _about_another(around: _Around) -> ColumnElement[bool]:
    """Return the condition that an obligation is about a unit other than who owes it."""
    return exists(
        select(PARTY.c.id)
        .where(PARTY.c.authority_id == OBLIGATION.c.authority_id, PARTY.c.id != OBLIGATION.c.party_id, _names(PARTY.c.key, around))
        .correlate(OBLIGATION, STAGE)
    )


def _names(key: ColumnElement[str], around: _Around) -> ColumnElement[bool]:
    """Return the condition that a subject names a unit: alone, or behind its period."""
    behind = and_(OBLIGATION.c.stage_id.in_(around.lines.periodic), OBLIGATION.c.subject.endswith("/" + key))
    further = and_(STAGE.c.kind.in_([kind.value for kind in ABOUT_UNITS]), OBLIGATION.c.subject.startswith(key + "/"))
    return or_(OBLIGATION.c.subject == key, behind, further)


def _parties(posts: Iterable[Holding]) -> list[int]:
    return sorted({post.party for post in posts})


def _assigned(posts: list[Holding], _around: _Around) -> ColumnElement[bool]:
    return or_(*(and_(OBLIGATION.c.assignee_id == post.contact, OBLIGATION.c.party_id == post.party) for post in posts))


def _coordinates(posts: list[Holding], around: _Around) -> ColumnElement[bool]:
    return OBLIGATION.c.stage_id.in_([stage for party in _parties(posts) for stage in around.lines.coordinating.get(party, ())])


def _superior(posts: list[Holding], around: _Around) -> ColumnElement[bool]:
    holds = and_(
        or_(SUPERIOR.c.valid_from.is_(None), SUPERIOR.c.valid_from <= around.on),
        or_(SUPERIOR.c.valid_to.is_(None), SUPERIOR.c.valid_to >= around.on),
    )
    return OBLIGATION.c.party_id.in_(select(SUPERIOR.c.party_id).where(SUPERIOR.c.superior_id.in_(_parties(posts)), holds))


def _subject(posts: list[Holding], around: _Around) -> ColumnElement[bool]:
    return or_(*(_names(literal(around.keys[party]), around) for party in _parties(posts)))


def _leads(posts: list[Holding], _around: _Around) -> ColumnElement[bool]:
    mine = (CRITERIA_PIN.c.cycle_id == OBLIGATION.c.cycle_id) & CRITERIA_LEAD.c.party_id.in_(_parties(posts))
    return exists(select(CRITERIA_LEAD.c.id).select_from(LEADS).where(mine).correlate(OBLIGATION, STAGE, CYCLE))


def _council(posts: list[Holding], _around: _Around) -> ColumnElement[bool]:
    mine = COUNCIL_MEMBER.c.contact_id.in_(sorted(post.contact for post in posts)), COUNCIL_MEMBER.c.ended_at.is_(None)
    return exists(select(COUNCIL_MEMBER.c.id).where(COUNCIL_MEMBER.c.obligation_id == OBLIGATION.c.id, *mine).correlate(OBLIGATION))


_KEPT_FROM = frozenset({Relation.SUBJECT, Relation.COORDINATES, Relation.SUPERIOR, Relation.OWES, Relation.ASSIGNED})
_OWING = frozenset({Relation.OWES, Relation.ASSIGNED})
#: The relations in which reading is given, as conditions; the others give changes alone, or concern no obligation.
_IS: dict[Relation, Callable[[list[Holding], _Around], ColumnElement[bool]]] = {
    Relation.OWES: lambda posts, _: OBLIGATION.c.party_id.in_(_parties(posts)),
    Relation.ASSIGNED: _assigned,
    Relation.RECEIVES: lambda posts, _: and_(STAGE.c.receiver_id.in_(_parties(posts)), STAGE.c.receiver_id != CYCLE.c.chair_id),
    Relation.DECIDES: lambda posts, _: and_(STAGE.c.receiver_id.in_(_parties(posts)), STAGE.c.receiver_id == CYCLE.c.chair_id),
    Relation.COORDINATES: _coordinates,
    Relation.SUPERIOR: _superior,
    Relation.SUBJECT: _subject,
    Relation.LEADS: _leads,
    Relation.COUNCIL_MEMBER: _council,
    Relation.STANDING_BODY: lambda posts, _: CYCLE.c.standing_body_id.in_(_parties(posts)),
    Relation.CHAIR: lambda posts, _: CYCLE.c.chair_id.in_(_parties(posts)),
    Relation.AUTHORITY: lambda _posts, _: true(),
}


def cycles_permitted(connection: Connection, facts: ActorFacts, action: Action, *, now: datetime) -> frozenset[int]:
    """Return the cycles on which somebody may do something as a whole: two queries."""
    days = days_of(connection, facts, now=now)
    query = select(CYCLE.c.id, CYCLE.c.authority_id, CYCLE.c.standing_body_id, CYCLE.c.chair_id).where(CYCLE.c.authority_id.in_(days))
    return frozenset(
        row.id for row in connection.execute(query) if decide(facts, action, cycle_as_resource(row), on=days[row.authority_id]).allowed
    )


def cycle_as_resource(row: DatabaseRow[Any]) -> Resource:
    """Return a cycle as far as rights go, from a row that names its authority, standing body and chair."""
    return Resource(authority=row.authority_id, standing_bodies=frozenset({row.standing_body_id}), chairs=frozenset({row.chair_id}))


def journal_permitted(store: Store, connection: Connection, facts: ActorFacts, *, now: datetime) -> Readable:
    """
    Return the condition of the entries of the journal that somebody may read.

    Of an obligation: whoever may read its journal. Of a cycle, or of an authority as a whole: whoever may read that one's.
    """
    days = days_of(connection, facts, now=now)
    wholes = [one for one, on in days.items() if decide(facts, Action.READ_JOURNAL, authority_resource(connection, one), on=on).allowed]
    whole_cycles = cycles_permitted(connection, facts, Action.READ_JOURNAL, now=now)
    of_none = JOURNAL.c.obligation_id.is_(None)
    return or_(
        and_(JOURNAL.c.obligation_id.is_not(None), permitted(store, connection, facts, Action.READ_JOURNAL, now=now)),
        and_(of_none, JOURNAL.c.cycle_id.in_(whole_cycles)),
        and_(of_none, JOURNAL.c.cycle_id.is_(None), JOURNAL.c.authority_id.in_(wholes)),
    )


__all__ = [
    "Lines",
    "Readable",
    "cycle_as_resource",
    "cycles_permitted",
    "days_of",
    "journal_permitted",
    "lines_of",
    "of_sandboxes",
    "party_keys",
    "permitted",
]
