"""What rights are decided by: who acts, and what is acted on, read for `evaluation.rights.decide`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from evaluation.cycles import CycleState
from evaluation.inspections.naming import unit_named
from evaluation.kinds import Role, StageKind
from evaluation.plans import Periods
from evaluation.rights import ActorFacts, Holding, Resource, StandIn
from evaluation.rights_table import ABOUT_UNITS
from store.queries.letter_facts import period_named
from store.schema import CONTACT, COUNCIL_MEMBER, CRITERIA_LEAD, CRITERIA_PIN, CRITERIA_VERSION, CYCLE, OBLIGATION
from store.years import NoSuchCycleError, load_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from evaluation.plans import Stage
    from store.session import Store
    from store.years import Year

#: Kinds of stages in which leaves are judged by who leads them.
LED = frozenset({StageKind.APPRAISAL, StageKind.EXPLANATION})
#: Who leads what of the criteria that a cycle uses: pins, versions, leads.
LEADS = CRITERIA_PIN.join(CRITERIA_VERSION, CRITERIA_VERSION.c.id == CRITERIA_PIN.c.version_id).join(
    CRITERIA_LEAD, CRITERIA_LEAD.c.set_id == CRITERIA_VERSION.c.set_id
)
_POST = [CONTACT.c[name] for name in ("id", "authority_id", "party_id", "role", "fields", "valid_from", "valid_to")]


def facts_of_contact(connection: Connection, contact: int) -> ActorFacts:
    """Return the facts of whoever acts as one contact; without posts if there is none of that id."""
    return _facts(connection, CONTACT.c.id == contact)


def facts_of_account(connection: Connection, account: int) -> ActorFacts:
    """Return the facts of an account: every contact that it signs in as, in every authority."""
    found = _facts(connection, CONTACT.c.account_id == account)
    return ActorFacts(holdings=found.holdings, stands_in=found.stands_in, account=account)


def _facts(connection: Connection, mine: ColumnElement[bool]) -> ActorFacts:
    holdings = tuple(_holding(row) for row in connection.execute(select(*_POST).where(mine).order_by(CONTACT.c.id)))
    stood_in = select(*_POST, CONTACT.c.deputy_id, CONTACT.c.deputy_from, CONTACT.c.deputy_to).where(
        CONTACT.c.deputy_id.in_([holding.contact for holding in holdings]), CONTACT.c.deputy_from.is_not(None)
    )
    windows = tuple(
        StandIn(deputy=row.deputy_id, post=_holding(row), since=row.deputy_from, until=row.deputy_to)
        for row in connection.execute(stood_in.order_by(CONTACT.c.id))
    )
    return ActorFacts(holdings=holdings, stands_in=windows)


def _holding(row: Row[Any]) -> Holding:
    return Holding(
        contact=row.id,
        authority=row.authority_id,
        party=row.party_id,
        role=Role(row.role),
        fields=frozenset(field for field in row.fields.split(",") if field),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def obligation_resource(store: Store, connection: Connection, obligation: int, *, now: datetime) -> Resource | None:
    """Return an obligation as far as rights go, as of `now`; None if there is none."""
    return obligation_resources(store, connection, [obligation], now=now).get(obligation)


def obligation_resources(store: Store, connection: Connection, obligations: Sequence[int], *, now: datetime) -> dict[int, Resource]:
    """Return obligations as far as rights go, by id; the queries grow with their cycles, not with their number."""
    names = ("id", "cycle_id", "stage_id", "party_id", "subject", "visible_from", "assignee_id")
    query = select(*(OBLIGATION.c[name] for name in names)).where(OBLIGATION.c.id.in_(obligations)).order_by(OBLIGATION.c.id)
    rows = connection.execute(query).all()
    years = {cycle: load_year(store, connection, cycle, now=now) for cycle in sorted({row.cycle_id for row in rows})}
    led = sorted({row.cycle_id for row in rows if years[row.cycle_id].stages[row.stage_id].kind in LED})
    leads = _leads(connection, led) if led else {}
    councils = [row.id for row in rows if years[row.cycle_id].stages[row.stage_id].kind is StageKind.COUNCIL_DECISION]
    members = _members(connection, councils) if councils else {}
    return {
        row.id: replace(
            _resource(row, year=years[row.cycle_id], leads=leads.get(row.cycle_id, frozenset()), now=now),
            members=members.get(row.id, frozenset()),
        )
        for row in rows
    }


def _members(connection: Connection, councils: Sequence[int]) -> dict[int, frozenset[int]]:
    """Return the members in office of councils, by their obligation."""
    query = select(COUNCIL_MEMBER.c.obligation_id, COUNCIL_MEMBER.c.contact_id).where(COUNCIL_MEMBER.c.ended_at.is_(None))
    found: dict[int, set[int]] = {}
    for row in connection.execute(query.where(COUNCIL_MEMBER.c.obligation_id.in_(councils))):
        found.setdefault(row.obligation_id, set()).add(row.contact_id)
    return {council: frozenset(contacts) for council, contacts in found.items()}


def _leads(connection: Connection, cycles: Sequence[int]) -> dict[int, frozenset[int]]:
    """Return who leads anything, now or at any time, of the criteria that cycles use."""
    found: dict[int, set[int]] = {cycle: set() for cycle in cycles}
    query = select(CRITERIA_PIN.c.cycle_id, CRITERIA_LEAD.c.party_id).select_from(LEADS).where(CRITERIA_PIN.c.cycle_id.in_(cycles))
    for row in connection.execute(query):
        found[row.cycle_id].add(row.party_id)
    return {cycle: frozenset(parties) for cycle, parties in found.items()}


def _resource(row: Row[Any], *, year: Year, leads: frozenset[int], now: datetime) -> Resource:
    ref = year.stages[row.stage_id]
    about = unit_about(row.subject, line=ref.line)
    owing = year.directory.parties.get(row.party_id)
    return Resource(
        authority=year.authority,
        standing_bodies=frozenset({year.directory.standing_body}),
        chairs=frozenset({year.directory.chair}),
        kind=ref.kind,
        owing=row.party_id,
        receiver=ref.receiver,
        coordinating=frozenset(ref.coordinating),
        superior=owing.superior if owing is not None else None,
        subject=year.people.ids.get(about) if about else None,
        leads=leads if ref.kind in LED else frozenset(),
        assignee=row.assignee_id,
        sign_off=ref.line.sign_off,
        appraises_own=ref.line.appraises_own,
        hidden=row.visible_from is not None and row.visible_from > now,
    )


def unit_about(subject: str, *, line: Stage) -> str:
    """Return the key of the unit that an obligation's subject may name: what stands behind its period, where it has one."""
    head, slash, rest = subject.partition("/")
    if line.periods is not Periods.ONCE and period_named(head) is not None:
        return rest if slash else ""
    return unit_named(subject) if line.kind in ABOUT_UNITS else subject


def cycle_resource(connection: Connection, cycle: int) -> Resource:
    """Return a cycle as far as rights go; NoSuchCycleError if there is none."""
    query = select(CYCLE.c.authority_id, CYCLE.c.standing_body_id, CYCLE.c.chair_id).where(CYCLE.c.id == cycle)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NoSuchCycleError(cycle)
    return Resource(authority=row.authority_id, standing_bodies=frozenset({row.standing_body_id}), chairs=frozenset({row.chair_id}))


def survey_resource(store: Store, connection: Connection, cycle: int, *, now: datetime) -> Resource:
    """Return a cycle as far as rights over its survey go: with the parties that owe or co-ordinate it; NoSuchCycleError."""
    year = load_year(store, connection, cycle, now=now)
    surveys = [ref for ref in year.stages.values() if ref.kind is StageKind.SURVEY]
    owing = select(OBLIGATION.c.party_id).where(OBLIGATION.c.stage_id.in_([ref.id for ref in surveys])).distinct()
    parties = {party for ref in surveys for party in ref.coordinating} | set(connection.execute(owing).scalars())
    return replace(cycle_resource(connection, cycle), surveying=frozenset(parties))


def authority_resource(connection: Connection, authority: int, *, first: Iterable[int] = ()) -> Resource:
    """
    Return an authority as a whole: its people, calendar, journal and mail.

    Its standing bodies and chairs are those of its cycles under way, else of its last one; where there was none yet, the `first` ones: whom
    the plan of the first year names. Later a plan that names another makes nobody the standing body before it runs.
    """
    query = select(CYCLE.c.standing_body_id, CYCLE.c.chair_id).where(CYCLE.c.authority_id == authority)
    running = or_(CYCLE.c.state == CycleState.LAUNCHED.value, CYCLE.c.state == CycleState.PAUSED.value)
    rows = connection.execute(query.where(running)).all() or connection.execute(query.order_by(CYCLE.c.id.desc()).limit(1)).all()
    return Resource(
        authority=authority,
        standing_bodies=frozenset(row.standing_body_id for row in rows) or frozenset(first),
        chairs=frozenset(row.chair_id for row in rows),
    )


def is_founded(connection: Connection, authority: int) -> bool:
    """Return whether an authority has a standing body or an administrator: whether anybody is named by the rights over its people."""
    cycle = select(CYCLE.c.id).where(CYCLE.c.authority_id == authority).limit(1)
    administrator = select(CONTACT.c.id).where(CONTACT.c.authority_id == authority, CONTACT.c.role == Role.ADMINISTRATOR.value).limit(1)
    return any(connection.execute(query).scalar_one_or_none() is not None for query in (cycle, administrator))


def contact_resource(connection: Connection, contact: int) -> Resource | None:
    """Return a contact as far as rights go: its unit's head may name its deputy; None if there is none."""
    row = connection.execute(select(CONTACT.c.authority_id, CONTACT.c.party_id).where(CONTACT.c.id == contact)).one_or_none()
    if row is None:
        return None
    whole = authority_resource(connection, row.authority_id)
    return Resource(authority=whole.authority, standing_bodies=whole.standing_bodies, chairs=whole.chairs, owing=row.party_id)
