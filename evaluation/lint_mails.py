"""Lints of mail: whether the people of a plan can be told, and how often they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from evaluation.audiences import Addressee, Concerned, Contact, Directory, audience_told
from evaluation.kinds import manner
from evaluation.lint_dates import rung_day
from evaluation.lints import dates, listed, named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from evaluation.lints import Examined, Lint
    from evaluation.plans import Rung, Stage
    from evaluation.projection import Window
    from evaluation.rosters import Party

_NOBODY = -1


@dataclass(frozen=True, kw_only=True)
class _Reach:
    """The roster as the rules of audiences see it, as of the plan's reference date."""

    examined: Examined

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each party."""
        return {party.key: number for number, party in enumerate(self.examined.roster.parties)}

    @cached_property
    def directory(self) -> Directory:
        """Everyone who can be told."""
        plan, roster, numbers = self.examined.plan, self.examined.roster, self.numbers
        return Directory(
            on=plan.reference_on,
            parties={
                number: Addressee(id=number, superior=numbers.get(party.superior), has_mailbox=bool(party.mailbox))
                for number, party in enumerate(roster.parties)
            },
            contacts=self._contacts(),
            standing_body=numbers.get(plan.standing_body, _NOBODY),
            chair=numbers.get(plan.chair, _NOBODY),
        )

    def _contacts(self) -> tuple[Contact, ...]:
        contacts = self.examined.roster.contacts
        numbered = {contact.key: number for number, contact in enumerate(contacts)}
        return tuple(
            Contact(
                id=number,
                party=self.numbers.get(contact.party, _NOBODY),
                role=contact.role,
                valid_from=contact.valid_from,
                valid_to=contact.valid_to,
                deputy=numbered.get(contact.deputy),
                deputy_from=contact.deputy_from,
                deputy_to=contact.deputy_to,
            )
            for number, contact in enumerate(contacts)
        )

    def told(self, rung: Rung, *, stage: Stage, party: Party) -> dict[str, None]:
        """Return whom a rung of a party's obligation reaches."""
        of = Concerned(
            party=self.numbers[party.key],
            receiver=self.numbers.get(stage.through or stage.owed_to, _NOBODY),
            coordinating=tuple(self.numbers[other.key] for other in self.examined.selected(stage.coordinating)),
        )
        answers = (audience_told(audience, of=of, directory=self.directory) for audience in rung.audience)
        return dict.fromkeys(recipient for answer in answers for recipient in answer.recipients)

    def named(self, recipient: str) -> tuple[Party, str]:
        """Return the party and the name behind a recipient: `c7` is contact 7, `m3` the mailbox of party 3."""
        number = int(recipient[1:])
        if recipient.startswith("m"):
            party = self.examined.roster.parties[number]
            return party, party.name
        contact = self.examined.roster.contacts[number]
        return self.examined.parties[contact.party], contact.name


def address_lints(examined: Examined) -> Iterator[Lint]:
    """Yield parties of the plan that cannot be written to themselves."""
    reach = _Reach(examined=examined)
    staffed = {contact.party for contact in reach.directory.contacts if contact.is_in_office(reach.directory.on)}
    for party in _concerned(examined):
        if not party.mailbox and reach.numbers[party.key] not in staffed:
            vi, en = f"{party.name}: không có đầu mối và hộp thư", f"{party.name} ({party.key}) has neither contact nor mailbox"
            yield examined.of_party("without-address", party, vi=vi, en=en)


def _concerned(examined: Examined) -> list[Party]:
    """Return the parties that owe, co-ordinate, receive, run the year or are escalated to, in roster order."""
    keys = {examined.plan.standing_body, examined.plan.chair}
    for stage in examined.plan.stages:
        keys |= {party.key for selector in (stage.owed_by, stage.coordinating) for party in examined.selected(selector)}
        keys.add(stage.through or stage.owed_to)
    return [party for party in examined.roster.parties if party.key in keys]


def silence_lints(examined: Examined) -> Iterator[Lint]:
    """Yield stages with rungs that reach nobody for some party."""
    reach = _Reach(examined=examined)
    for stage in examined.plan.stages:
        silent = [
            f"{name}/{rung.key}"
            for name in dict.fromkeys((stage.ladder, stage.review.ladder, stage.correction.ladder))
            for rung in examined.plan.ladder(name)
            if not all(reach.told(rung, stage=stage, party=party) for party in examined.selected(stage.owed_by))
        ]
        if silent:
            yield examined.of_stage(
                "tells-nobody",
                stage,
                vi=f"{stage.title}: bậc nhắc không đến được ai: {listed(silent)}",
                en=f"{named(stage)}: rungs that reach nobody: {listed(silent)}",
            )


def mail_lints(examined: Examined) -> Iterator[Lint]:
    """Yield people who get more mails on a day than the plan's ceiling, if nobody delivers anything in the year."""
    reach = _Reach(examined=examined)
    mails: Counter[tuple[str, date]] = Counter()
    gathered: set[tuple[str, date]] = set()
    for window in examined.windows:
        for recipient, on, alone in _mails(reach, window):
            if alone:
                mails[recipient, on] += alone
            else:
                gathered.add((recipient, on))
    mails.update(gathered)  # what merges leaves as one mail of the slot
    yield from _over_ceiling(reach, mails)


def _mails(reach: _Reach, window: Window) -> Iterator[tuple[str, date, int]]:
    """Yield recipient, day, and how many mails go alone: one for each obligation, none where the kind merges."""
    stage, examined = window.stage, reach.examined
    subjects = (len(stage.subjects) or 1) * (len(examined.selected(stage.about)) or 1)
    for rung in () if stage.on_request else examined.plan.ladder(stage.ladder):
        on = rung_day(examined, rung, window=window)
        if on is None:
            continue
        alone = 0 if manner(rung.message).merges else subjects
        for party in examined.selected(stage.owed_by):
            for recipient in reach.told(rung, stage=stage, party=party):
                yield recipient, on, alone


def _over_ceiling(reach: _Reach, mails: Counter[tuple[str, date]]) -> Iterator[Lint]:
    ceiling = reach.examined.plan.mails_per_day
    worst: dict[str, tuple[int, date]] = {}
    for (recipient, on), count in mails.items():
        if count > max(ceiling, worst.get(recipient, (0, on))[0]):
            worst[recipient] = (count, on)
    for recipient, (count, on) in worst.items():
        party, name = reach.named(recipient)
        yield reach.examined.of_party(
            "too-many-mails",
            party,
            vi=f"{name}: có thể tới {count} thư ngày {dates([on])}, quá {ceiling} thư mỗi ngày",
            en=f"{name} may get {count} mails on {on}, more than {ceiling} a day",
        )
