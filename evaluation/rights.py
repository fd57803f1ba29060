"""
Rights: may this person do that to this thing, on that day? Allowed, or the reason why not; and on whose behalf.

API, console and command line all ask `decide`; what it answers by is the data of `evaluation.rights_table`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.kinds import Role, StageKind
from evaluation.rights_table import ABOUT_ONESELF, ON_BEHALF, OWN_UNIT, TABLE, Action, Relation, Row
from evaluation.rights_words import REASONS, Why, who_may

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """A contact as far as rights go: who holds which post of which party, between which days."""

    contact: int
    authority: int
    party: int
    role: Role
    fields: frozenset[str] = frozenset()  #: of a field lead; none: every field
    valid_from: date | None = None
    valid_to: date | None = None

    def is_in_office(self, on: date) -> bool:
        """Return whether the post is held on that date."""
        return _within(on, since=self.valid_from, until=self.valid_to)


@dataclass(frozen=True, kw_only=True, slots=True)
class StandIn:
    """A window in which one of the actor's contacts stands in for somebody else's post."""

    deputy: int  #: contact of the actor
    post: Holding  #: that is stood in for
    since: date
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ActorFacts:
    """Who acts: every post held at any time, every window of standing in, and the account, where there is one."""

    holdings: tuple[Holding, ...] = ()
    stands_in: tuple[StandIn, ...] = ()
    account: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """What is acted on: an obligation, a cycle, an authority, a contact or an account, as far as rights go."""

    authority: int
    standing_bodies: frozenset[int] = frozenset()  #: of the cycle; of an authority as a whole: of its cycles
    chairs: frozenset[int] = frozenset()
    kind: StageKind | None = None
    owing: int | None = None  #: party that owes; of a contact: its party
    receiver: int | None = None
    coordinating: frozenset[int] = frozenset()
    superior: int | None = None
    subject: int | None = None  #: the unit that it is about
    leads: frozenset[int] = frozenset()  #: who leads it: of a leaf one party at most; of an appraisal, an explanation: of any leaf
    assignee: int | None = None  #: contact
    surveying: frozenset[int] = frozenset()  #: parties that owe or co-ordinate the survey of a cycle
    members: frozenset[int] = frozenset()  #: contacts: of a council's decision, its members in office
    sign_off: bool = True
    appraises_own: bool = False
    hidden: bool = False  #: a surprise inspection before its `visible_from`
    field: str = ""  #: key, where the thing is of one field
    account: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Allowed, in which capacity; or why not, in both languages."""

    allowed: bool
    why: Why | None = None
    vi: str = ""
    en: str = ""
    contact: int | None = None  #: of the actor, that acts
    deputy_of: int | None = None  #: contact stood in for
    on_behalf_of: int | None = None  #: party acted for

    @property
    def hidden(self) -> bool:
        """Whether the thing is not there as far as this actor may know: answered as “not found”."""
        return self.why is Why.NOT_FOUND


@dataclass(frozen=True, kw_only=True, slots=True)
class _Post:
    """A post that the actor fills on a day, by themselves or for another."""

    contact: int
    holding: Holding
    deputy_of: int | None = None


def decide(actor: ActorFacts, action: Action, resource: Resource, *, on: date) -> Verdict:
    """Return whether the actor may do that to the resource on a local date, in which capacity, or why not."""
    if action in ABOUT_ONESELF:
        return _about_oneself(actor, resource)
    if not any(holding.authority == resource.authority for holding in actor.holdings):
        return _refused(Why.NOT_FOUND, action=action, resource=resource)
    posts = [post for post in _posts(actor, on=on) if post.holding.authority == resource.authority]
    if not posts:
        return _refused(Why.NOT_IN_OFFICE, action=action, resource=resource)
    if resource.hidden and resource.subject is not None and resource.subject in {post.holding.party for post in posts}:
        return _refused(Why.NOT_FOUND, action=action, resource=resource)  # whoever belongs to the unit is surprised, whatever else they are
    if _judges_own_unit(action, resource, parties={post.holding.party for post in posts}):
        return _refused(Why.OWN_UNIT, action=action, resource=resource)
    granted = min(_grants(posts, action, resource), key=lambda grant: (grant[1] in ON_BEHALF, grant[0].deputy_of is not None), default=None)
    if granted is None:
        sees = action is not Action.READ_OBLIGATION and any(_grants(posts, Action.READ_OBLIGATION, resource))
        return _refused(Why.NOT_FOUND if resource.hidden and not sees else Why.NO_RIGHT, action=action, resource=resource)
    post, relation = granted
    return Verdict(allowed=True, contact=post.contact, deputy_of=post.deputy_of, on_behalf_of=_acted_for(relation, resource))


def posts_filled(actor: ActorFacts, *, on: date) -> tuple[Holding, ...]:
    """Return the posts that somebody fills on a date, their own and those they stand in for."""
    return tuple(post.holding for post in _posts(actor, on=on))


def _about_oneself(actor: ActorFacts, resource: Resource) -> Verdict:
    if actor.account is not None and actor.account == resource.account:
        return Verdict(allowed=True)
    return _refused(Why.NOT_FOUND)


def _posts(actor: ActorFacts, *, on: date) -> Iterator[_Post]:
    """Yield the posts filled on a day: a deputy must be in office, and so must whom they stand in for, in the same authority."""
    own = {holding.contact: holding for holding in actor.holdings if holding.is_in_office(on)}
    for holding in own.values():
        yield _Post(contact=holding.contact, holding=holding)
    for one in actor.stands_in:
        deputy = own.get(one.deputy)
        in_window = _within(on, since=one.since, until=one.until) and one.post.is_in_office(on)
        if deputy is not None and in_window and deputy.authority == one.post.authority:
            yield _Post(contact=deputy.contact, holding=one.post, deputy_of=one.post.contact)


def _within(on: date, *, since: date | None, until: date | None) -> bool:
    return (since is None or since <= on) and (until is None or on <= until)


def _grants(posts: list[_Post], action: Action, resource: Resource) -> Iterator[tuple[_Post, Relation]]:
    for row in _BY_ACTION[action]:
        if not row.kinds or resource.kind in row.kinds:
            yield from ((post, row.relation) for post in posts if post.holding.role in row.roles and _stands(post.holding, row, resource))


def _stands(holding: Holding, row: Row, resource: Resource) -> bool:
    if row.relation in _unseen(resource):
        return False
    other_field = holding.role is Role.FIELD_LEAD and holding.fields and resource.field and resource.field not in holding.fields
    return not other_field and _IS[row.relation](holding, resource)


def _unseen(resource: Resource) -> frozenset[Relation]:
    """Return the relations that know nothing of a hidden thing: the unit it is about, and who owes it where it is about nobody else."""
    if not resource.hidden:
        return frozenset()
    return _INSPECTED if resource.subject is not None and resource.subject != resource.owing else _INSPECTED | _OWING


_INSPECTED = frozenset({Relation.SUBJECT, Relation.COORDINATES, Relation.SUPERIOR})
_OWING = frozenset({Relation.OWES, Relation.OWES_UNSIGNED, Relation.ASSIGNED})

#: When a post stands in a relation to a thing.
_IS: dict[Relation, Callable[[Holding, Resource], bool]] = {
    Relation.OWES: lambda post, it: post.party == it.owing,
    Relation.OWES_UNSIGNED: lambda post, it: post.party == it.owing and not it.sign_off,
    Relation.ASSIGNED: lambda post, it: post.contact == it.assignee and post.party == it.owing,
    Relation.RECEIVES: lambda post, it: post.party == it.receiver and it.receiver not in it.chairs,
    Relation.DECIDES: lambda post, it: post.party == it.receiver and it.receiver in it.chairs,
    Relation.COORDINATES: lambda post, it: post.party in it.coordinating,
    Relation.SUPERIOR: lambda post, it: post.party == it.superior,
    Relation.SUBJECT: lambda post, it: post.party == it.subject,
    Relation.LEADS: lambda post, it: post.party in it.leads,
    Relation.COUNCIL_MEMBER: lambda post, it: post.contact in it.members,
    Relation.RUNS_SURVEY: lambda post, it: post.party in it.surveying,
    Relation.STANDING_BODY: lambda post, it: post.party in it.standing_bodies,
    Relation.OVER_OTHERS: lambda post, it: post.party in it.standing_bodies and it.owing not in it.standing_bodies,
    Relation.OVER_STANDING_BODY: lambda post, it: post.party in it.chairs and it.owing in it.standing_bodies,
    Relation.FOR_CHAIR_ON_OWN: lambda post, it: (
        post.party in it.standing_bodies and it.owing in it.standing_bodies and bool(it.chairs - it.standing_bodies)
    ),
    Relation.FOR_OWING: lambda post, it: post.party in it.standing_bodies and it.owing is not None and it.owing != post.party,
    Relation.FOR_CHAIR: lambda post, it: post.party in it.standing_bodies and it.receiver in it.chairs and it.receiver != post.party,
    Relation.CHAIR: lambda post, it: post.party in it.chairs,
    Relation.AUTHORITY: lambda _post, _it: True,
    Relation.SELF: lambda _post, _it: False,
}
_BY_ACTION: dict[Action, tuple[Row, ...]] = {action: tuple(row for row in TABLE if action in row.actions) for action in Action}


def _judges_own_unit(action: Action, resource: Resource, *, parties: set[int]) -> bool:
    if resource.kind is None or resource.appraises_own or action not in OWN_UNIT.get(resource.kind, frozenset()):
        return False
    if resource.kind in {StageKind.APPRAISAL, StageKind.INSPECTION}:
        return resource.subject in parties
    return resource.owing in parties and resource.owing not in resource.standing_bodies


def _acted_for(relation: Relation, resource: Resource) -> int | None:
    if relation is Relation.FOR_CHAIR:
        return resource.receiver
    if relation is Relation.FOR_CHAIR_ON_OWN:
        return min(resource.chairs - resource.standing_bodies)
    return resource.owing if relation is Relation.FOR_OWING else None


def _first(who: str) -> str:
    """Return the first three of those who may; `…` stands for the others, whom docs/rights.md lists."""
    named = who.split("; ")
    return "; ".join(named[:_MOST_NAMED]) + ("; …" if len(named) > _MOST_NAMED else "")


def _refused(why: Why, *, action: Action | None = None, resource: Resource | None = None) -> Verdict:
    vi, en = REASONS[why]
    if action is not None and resource is not None and why is Why.NO_RIGHT:
        words = who_may(_BY_ACTION[action], kind=resource.kind)
        vi, en = vi.format(who=_first(words[0])), en.format(who=_first(words[1]))
    return Verdict(allowed=False, why=why, vi=vi, en=en)


#: Of those who may do what somebody else may not: more are not read.
_MOST_NAMED = 3

__all__ = ["Action", "ActorFacts", "Holding", "Relation", "Resource", "StandIn", "Verdict", "Why", "decide", "posts_filled"]
