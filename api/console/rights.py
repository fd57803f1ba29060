"""Who may do what: the table of rights as people read it, and what whoever looks may do themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import Person, SignedIn
from evaluation.kinds import Role, StageKind
from evaluation.rights import posts_filled
from evaluation.rights_table import EVERYBODY, ON_BEHALF, READING, TABLE, Action, Relation
from evaluation.rights_words import ACTIONS, RELATIONS, ROLES
from notifications.phrases import pick
from store.queries.health import answering
from store.queries.names import party_names
from store.queries.rights import authority_resource
from store.rights import authority_today

if TYPE_CHECKING:
    from evaluation.rights import Holding, Resource
    from evaluation.rights_table import Row
    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)
#: What stages are called where a right holds in some alone.
KIND_WORDS: dict[StageKind, tuple[str, str]] = {
    StageKind.APPRAISAL: ("thẩm định", "appraisal"),
    StageKind.EXPLANATION: ("giải trình", "explanation"),
    StageKind.COUNCIL_DECISION: ("Hội đồng quyết định", "council's decision"),
    StageKind.SURVEY: ("điều tra xã hội học", "survey"),
    StageKind.IMPROVEMENT: ("khắc phục, nâng cao chỉ số", "improvement"),
    StageKind.INSPECTION: ("kiểm tra", "inspection"),
    StageKind.REINSPECTION: ("phúc tra", "re-inspection"),
}


@dataclass(frozen=True, kw_only=True)
class RightView:
    """Some rights of a role: in which relation, what, and in which stages alone."""

    relation: str
    reads: tuple[str, ...]
    acts: tuple[str, ...]
    kinds: str
    on_behalf: bool


@dataclass(frozen=True, kw_only=True)
class RoleView:
    """A role, or a post somebody holds, with its rights."""

    name: str
    rights: tuple[RightView, ...]


@router.get("/rights")
def rights_page(visitor: Visits, person: SignedIn) -> HTMLResponse:
    """What whoever looks may do, and the table of every role."""
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="rights")
        mine = _mine(visitor, connection, person)
        facts = {"mine": mine, "roles": [_role(visitor, role) for role in Role], "everybody": _common(visitor)}
        return page(visitor, "rights.html", frame, facts)


def _mine(visitor: Visitor, connection: View, person: Person) -> list[RoleView]:
    """Return the posts that somebody fills today, their own and those they stand in for, with what each lets them do."""
    facts = visitor.seen.facts(connection)
    found = []
    for authority in person.authorities:
        resource, on = authority_resource(connection, authority), authority_today(connection, authority, now=visitor.now)
        posts = [one for one in posts_filled(facts, on=on) if one.authority == authority]
        names = party_names(connection, keys=(), ids={one.party for one in posts}).by_id
        own = {one.contact for one in person.holdings}
        for post in posts:
            deputy = visitor.say("thay mặt")
            stands_in = "" if post.contact in own else f" ({deputy})"
            name = f"{pick(ROLES[post.role], language=visitor.language).capitalize()} · {names[post.party]}{stands_in}"
            rows = [row for row in TABLE if post.role in row.roles and _can_hold(row, post, resource)]
            found.append(RoleView(name=name, rights=tuple(_right(visitor, row) for row in rows)))
    return found


def _can_hold(row: Row, post: Holding, resource: Resource) -> bool:
    """Return whether a row can come to hold for a post: who is not of the standing body never acts as such."""
    match row.relation:
        case Relation.STANDING_BODY | Relation.OVER_OTHERS | Relation.FOR_OWING | Relation.FOR_CHAIR | Relation.FOR_CHAIR_ON_OWN:
            return post.party in resource.standing_bodies
        case Relation.CHAIR | Relation.DECIDES | Relation.OVER_STANDING_BODY:
            return post.party in resource.chairs
        case _:
            return True


def _role(visitor: Visitor, role: Role) -> RoleView:
    rows = [row for row in TABLE if role in row.roles and row.roles != EVERYBODY]
    return RoleView(name=pick(ROLES[role], language=visitor.language).capitalize(), rights=tuple(_right(visitor, row) for row in rows))


def _common(visitor: Visitor) -> RoleView:
    """Return what everybody may do, whatever their role."""
    rows = [row for row in TABLE if row.roles == EVERYBODY]
    return RoleView(name=visitor.say("Mọi người"), rights=tuple(_right(visitor, row) for row in rows))


def _right(visitor: Visitor, row: Row) -> RightView:
    def said(actions: frozenset[Action]) -> tuple[str, ...]:
        return tuple(pick(ACTIONS[one], language=visitor.language) for one in Action if one in actions)

    return RightView(
        relation=pick(RELATIONS[row.relation], language=visitor.language),
        reads=said(row.actions & READING),
        acts=said(row.actions - READING),
        kinds=", ".join(pick(KIND_WORDS[kind], language=visitor.language) for kind in StageKind if kind in row.kinds),
        on_behalf=row.relation in ON_BEHALF,
    )
