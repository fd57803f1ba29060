"""Scaling a roster up or down for a rehearsal, to see how a year would look with so many units."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.kinds import PartyKind, Role
from evaluation.rosters import RosterContact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.plans import Plan, Selector
    from evaluation.rosters import Party, Roster


def scaled_roster(roster: Roster, *, plan: Plan, units: int) -> Roster:
    """
    Return the roster with so many evaluated units: further ones copy the groups in turn, fewer leave the last ones out.

    Units that the plan names, bodies and persons stay. Copies are numbered and their names say that nobody bears them.
    """
    named = _named(plan)
    evaluated = [party for party in roster.parties if party.kind is PartyKind.UNIT and party.group and not party.exempt]
    free = [party for party in evaluated if party.key not in named]
    spare = max(0, units - (len(evaluated) - len(free)))
    dropped = {party.key for party in free[spare:]}
    kept = tuple(party for party in roster.parties if party.key not in dropped)
    copies = tuple(_copies(free or evaluated, count=units - len(evaluated)))
    contacts = tuple(contact for contact in roster.contacts if contact.party not in dropped)
    return replace(roster, parties=kept + copies, contacts=contacts + tuple(_posts(copies)))


def _named(plan: Plan) -> set[str]:
    def keys(selector: Selector | None) -> tuple[str, ...]:
        return selector.keys if selector else ()

    found = {plan.standing_body, plan.chair}
    for stage in plan.stages:
        found.update({stage.owed_to, stage.through}, keys(stage.owed_by), keys(stage.coordinating), keys(stage.about))
    return found


def _copies(models: list[Party], *, count: int) -> Iterator[Party]:
    for number in range(1, count + 1):
        model = models[number % len(models)]
        key = f"dien-tap-{number:05}"
        yield replace(
            model,
            key=key,
            name=f"Đơn vị diễn tập {number:05} (tên chưa có nguồn)",
            mailbox=f"{key}@dien-tap.invalid",
            successors=(),
            valid_from=None,
            valid_to=None,
            code="",
            source="none",
        )


def _posts(parties: tuple[Party, ...]) -> Iterator[RosterContact]:
    for party in parties:
        for role in (Role.OFFICER, Role.HEAD):
            yield RosterContact(
                key=f"{role.value}.{party.key}",
                party=party.key,
                role=role,
                name=f"{role.value} – {party.name}",
                address=f"{role.value}.{party.mailbox}",
            )
