"""The demo's accounts: one for each role, with passwords that are shown, and so are good for sandboxes on this machine alone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from evaluation.kinds import Role, StageKind
from evaluation.scores.council import Post
from store.commands.accounts import link_contact, make_administrator, obtain_account
from store.commands.passwords import show_password
from store.queries.people import authority_named
from store.schema import ACCOUNT, CONTACT, COUNCIL_MEMBER, CYCLE, OBLIGATION, PARTY, STAGE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from store.passwords import Keeper
    from store.queries.people import AuthorityFacts
    from store.session import Store, Transaction

DOMAIN = "demo.dondoc.invalid"
PASSWORD_BYTES = 12
#: Who sits in a team: the account's role, and the kind of stages that the team owes.
_TEAMS = {"appraiser": StageKind.APPRAISAL, "inspector": StageKind.INSPECTION}


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """An account of the demo, and its password in plain words."""

    role: str
    email: str
    password: str


def open_demo_accounts(store: Store, authority: str, *, keeper: Keeper, now: datetime) -> list[DemoAccount]:
    """Give each role of a sandbox an account with a new password, and return them; DemoAccountError if the authority is real."""
    with store.reading() as connection:
        facts = authority_named(connection, authority)
        posts = dict(_posts(connection, facts))
    made = []
    for role, contact in [("administrator", None), ("auditor", None), *posts.items()]:
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        kept = keeper.hash(password)
        with store.transaction(now=now) as transaction:
            account, email = _account(transaction, facts, role=role, contact=contact)
            show_password(transaction, account, kept=kept)
        made.append(DemoAccount(role=role, email=email, password=password))
    return made


def _posts(connection: Connection, facts: AuthorityFacts) -> Iterator[tuple[str, int]]:
    """Yield a contact for each of the roles that a year has, nobody twice."""
    cycle = connection.execute(select(CYCLE).where(CYCLE.c.authority_id == facts.id).order_by(CYCLE.c.id.desc()).limit(1)).one_or_none()
    unit = connection.execute(
        select(PARTY.c.id).where(PARTY.c.authority_id == facts.id, PARTY.c.level == "commune").order_by(PARTY.c.id).limit(1)
    ).scalar_one_or_none()
    wanted: list[tuple[str, int | None, Role]] = [("officer", unit, Role.OFFICER), ("head", unit, Role.HEAD)]
    if cycle is not None:
        wanted += [("coordinator", cycle.standing_body_id, Role.OFFICER), ("chair", cycle.chair_id, Role.HEAD)]
        wanted += [(name, _who_owes(connection, cycle.id, kind), Role.OFFICER) for name, kind in _TEAMS.items()]
    found = {name: ident for name, party, role in wanted if (ident := _contact(connection, party, role)) is not None}
    member = _council_member(connection, facts, besides=found.values())
    yield from {**found, **({} if member is None else {"council-member": member})}.items()


def _contact(connection: Connection, party: int | None, role: Role) -> int | None:
    query = select(CONTACT.c.id).where(CONTACT.c.party_id == party, CONTACT.c.role == role.value).order_by(CONTACT.c.id).limit(1)
    return connection.execute(query).scalar_one_or_none()


def _who_owes(connection: Connection, cycle: int, kind: StageKind) -> int | None:
    """Return who owes the first thing of a kind of stages in a cycle."""
    query = select(OBLIGATION.c.party_id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    owed = query.where(STAGE.c.cycle_id == cycle, STAGE.c.kind == kind.value).order_by(OBLIGATION.c.id)
    return connection.execute(owed.limit(1)).scalar_one_or_none()


def _council_member(connection: Connection, facts: AuthorityFacts, *, besides: Collection[int]) -> int | None:
    """Return a member of the council that was named last, neither its chair nor its secretary; None where there is none."""
    query = select(COUNCIL_MEMBER.c.contact_id).join(CONTACT, CONTACT.c.id == COUNCIL_MEMBER.c.contact_id)
    mine = CONTACT.c.authority_id == facts.id, COUNCIL_MEMBER.c.post == Post.MEMBER.value, COUNCIL_MEMBER.c.ended_at.is_(None)
    other = COUNCIL_MEMBER.c.contact_id.not_in(besides)
    return connection.execute(query.where(*mine, other).order_by(COUNCIL_MEMBER.c.id.desc()).limit(1)).scalar_one_or_none()


def _account(transaction: Transaction, facts: AuthorityFacts, *, role: str, contact: int | None) -> tuple[int, str]:
    connection, email = transaction.connection, f"{role}@{DOMAIN}"
    if role == "administrator":
        made = make_administrator(transaction, facts, email=email, name="", demo=True)
        return made.account.id, email
    own = contact if contact is not None else _auditor(transaction, facts, email=email)
    known = connection.execute(
        select(ACCOUNT.c.id, ACCOUNT.c.email, ACCOUNT.c.demo).join(CONTACT, CONTACT.c.account_id == ACCOUNT.c.id).where(CONTACT.c.id == own)
    ).one_or_none()
    if known is not None:
        connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == known.id).values(demo=True))
        return known.id, known.email
    account = obtain_account(transaction, email, demo=True)
    link_contact(transaction, account, contact=own, authority=facts.id)
    return account.id, email


def _auditor(transaction: Transaction, facts: AuthorityFacts, *, email: str) -> int:
    connection = transaction.connection
    known = select(CONTACT.c.id).where(CONTACT.c.authority_id == facts.id, CONTACT.c.role == Role.AUDITOR.value).order_by(CONTACT.c.id)
    found = connection.execute(known.limit(1)).scalar_one_or_none()
    if found is not None:
        return int(found)
    party = select(CONTACT.c.party_id).where(CONTACT.c.authority_id == facts.id, CONTACT.c.role == Role.ADMINISTRATOR.value).limit(1)
    row = {
        "authority_id": facts.id,
        "party_id": connection.execute(party).scalar_one(),
        "key": "auditor",
        "role": Role.AUDITOR.value,
        "name": "Giám sát",
        "address": email,
    }
    return int(connection.execute(insert(CONTACT).returning(CONTACT.c.id), row).scalar_one())
