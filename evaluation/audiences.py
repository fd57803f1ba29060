"""
Audiences: whom a rung or a command tells.

Role, then the person in office, the deputy while absent, the unit's official mailbox, the superior, the standing body:
nobody is ever told only in so far as not even the standing body can be reached, and each step down is a repair
that the standing body owes (design §3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from evaluation.actions import Told
from evaluation.kinds import Audience, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """A person in office, without name or address: the rules need neither."""

    id: int
    party: int
    role: Role
    valid_from: date | None = None
    valid_to: date | None = None
    deputy: int | None = None
    deputy_from: date | None = None
    deputy_to: date | None = None
    reachable: bool = True

    def is_in_office(self, on: date) -> bool:
        """Return whether the contact answers for the role on that date."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def is_absent(self, on: date) -> bool:
        """Return whether the deputy stands in on that date."""
        return self.deputy is not None and (
            (self.deputy_from is not None and self.deputy_from <= on) and (self.deputy_to is None or on <= self.deputy_to)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressee:
    """A party as far as telling it goes."""

    id: int
    superior: int | None = None
    has_mailbox: bool = False


@dataclass(frozen=True, kw_only=True)
class Directory:
    """Everyone who can be told in one authority, as of one date."""

    on: date
    parties: Mapping[int, Addressee]
    contacts: tuple[Contact, ...]
    standing_body: int
    chair: int
    _known: dict[tuple[int, Role], Told] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _by_post(self) -> dict[tuple[int, Role], list[Contact]]:
        posts: dict[tuple[int, Role], list[Contact]] = {}
        for contact in self.contacts:
            if contact.is_in_office(self.on):
                posts.setdefault((contact.party, contact.role), []).append(contact)
        return posts

    @cached_property
    def _by_id(self) -> dict[int, Contact]:
        return {contact.id: contact for contact in self.contacts}

    def told(self, party: int, role: Role) -> Told:
        """Return who is told when something is said to a role of a party."""
        post = (party, role)
        if post not in self._known:
            self._known[post] = self._resolve(party, role)
        return self._known[post]

    def told_in_person(self, contact: int) -> Told:
        """Return who is told when something is said to one person for whom nobody stands in; one who cannot be reached is a repair."""
        one = self._by_id.get(contact)
        if one is None or not one.is_in_office(self.on):
            return Told(recipients=())
        return Told(recipients=(f"c{contact}",)) if one.reachable else Told(recipients=(), missing=(f"contact/{one.party}/{one.role}",))

    def _resolve(self, party: int, role: Role) -> Told:
        people = self._people(party, role)
        if people:
            return Told(recipients=people)
        return Told(recipients=self._instead(party), missing=(f"contact/{party}/{role}",))

    def _people(self, party: int, role: Role) -> tuple[str, ...]:
        """Return who answers for a role: those in office, or who stands in for them, as far as they can be reached."""
        answering = (self._standing_in(contact) for contact in self._by_post.get((party, role), ()))
        return tuple(dict.fromkeys(f"c{person.id}" for person in answering if person is not None))

    def _standing_in(self, contact: Contact) -> Contact | None:
        chosen: Contact | None = contact
        if contact.is_absent(self.on) and contact.deputy is not None:
            chosen = self._by_id.get(contact.deputy)
        answers = chosen is not None and chosen.reachable and chosen.is_in_office(self.on)
        return chosen if answers else None

    def _instead(self, party: int) -> tuple[str, ...]:
        """Return the mailbox of the party, or of the first superior that has one, or of the standing body."""
        seen: set[int] = set()
        at: int | None = party
        while at is not None and at not in seen and at in self.parties:
            seen.add(at)
            if self.parties[at].has_mailbox:
                return (f"m{at}",)
            at = self.parties[at].superior
        return self._of_standing_body()

    def _of_standing_body(self) -> tuple[str, ...]:
        for role in (Role.OFFICER, Role.HEAD):
            people = self._people(self.standing_body, role)
            if people:
                return people
        body = self.parties.get(self.standing_body)
        return (f"m{self.standing_body}",) if body is not None and body.has_mailbox else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Concerned:
    """Whom an obligation concerns."""

    party: int
    receiver: int
    coordinating: tuple[int, ...] = ()


def audience_told(audience: Audience, *, of: Concerned, directory: Directory) -> Told:
    """Return who is told for an audience of an obligation."""
    posts = _posts(audience, of=of, directory=directory)
    return directory.told(*posts[0]) if len(posts) == 1 else merged(directory.told(party, role) for party, role in posts)


def _posts(audience: Audience, *, of: Concerned, directory: Directory) -> tuple[tuple[int, Role], ...]:
    match audience:
        case Audience.OFFICER:
            return ((of.party, Role.OFFICER),)
        case Audience.HEAD:
            return ((of.party, Role.HEAD),)
        case Audience.RECEIVER:
            return ((of.receiver, Role.OFFICER),)
        case Audience.COORDINATING:
            return tuple((party, Role.OFFICER) for party in of.coordinating)
        case Audience.SUPERIOR:
            party = directory.parties.get(of.party)
            above = party.superior if party is not None and party.superior is not None else directory.standing_body
            return ((above, Role.OFFICER),)
        case Audience.STANDING_BODY:
            return ((directory.standing_body, Role.OFFICER),)
        case Audience.CHAIR:
            return ((directory.chair, Role.HEAD),)


def merged(answers: Iterable[Told]) -> Told:
    """Return one answer of several, each recipient and each missing post once, in order."""
    several = [answer for answer in answers if answer.recipients or answer.missing]
    if len(several) == 1:
        return several[0]
    recipients: dict[str, None] = {}
    missing: dict[str, None] = {}
    for answer in several:
        recipients.update(dict.fromkeys(answer.recipients))
        missing.update(dict.fromkeys(answer.missing))
    return Told(recipients=tuple(recipients), missing=tuple(missing))
