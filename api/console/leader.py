"""The leader's page: how a year stands, on one sheet, for a screen in a meeting and for paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from api.console.groups import group_said
from api.console.lines import DueView, due_views
from api.console.visiting import Visitor, Visits, frame_of, page
from api.console.wording import age_said
from api.routes.cycles import Number, head_for
from evaluation.rights_table import Action
from evaluation.terms import Turn
from notifications.wording import counted, full_date, plain_date
from store.queries.health import answering
from store.queries.leader import LateUnit, NextDeadline, Standing, read_standing
from store.queries.mine import Mine, is_mine
from store.queries.obligations import Wanted, find_obligations
from store.queries.trend import Month, read_trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.queries.health import View
    from store.queries.status_table import CycleHead

router = APIRouter(default_response_class=HTMLResponse)
MOST_OF_THE_CHAIR = 6
#: Stages that are named of what a unit is late with.
MOST_WORKS = 2


@dataclass(frozen=True, kw_only=True)
class UnitView:
    """A unit that is late, in words."""

    unit: LateUnit
    longest: str
    what: str


@dataclass(frozen=True, kw_only=True)
class DeadlineView:
    """A date to come, in words."""

    deadline: NextDeadline
    on: str
    left: str
    title: str


@router.get("/cycles/{id}/leader")  # noqa: FAST003  `Number` is its alias
def leader(cycle: Number, visitor: Visits) -> HTMLResponse:
    """How a year stands, for its leader. NoCycleError, NotAllowedError."""
    seen, now = visitor.seen, visitor.now
    with answering(visitor.served.store) as connection:
        head = head_for(connection, cycle, seen, action=Action.READ_STATUS, now=now)
        frame = frame_of(visitor, connection, here="leader", cycle=cycle)
        standing = read_standing(connection, cycle, now=now, visible=seen.sandboxes)
        months = read_trend(connection, cycle, now=now, visible=seen.sandboxes)
        asked = _asked_of_chair(visitor, connection, head)
    facts = {
        "standing": standing,
        "groups": [(group_said(visitor, one.group), one) for one in standing.groups],
        "units": [_unit(visitor, one, zone=head.zone) for one in standing.units],
        "months": [(f"{one.first:%m/%Y}", one, _share(visitor, [one])) for one in months],
        "share": _share(visitor, months),
        "asked": asked[:MOST_OF_THE_CHAIR],
        "asked_besides": max(len(asked) - MOST_OF_THE_CHAIR, 0),
        "deadlines": _deadlines(visitor, standing, zone=head.zone),
        "as_of": f"{now.astimezone(ZoneInfo(head.zone)):%H:%M} {full_date(visitor.today(head.zone), language=visitor.language)}",
    }
    return page(visitor, "leader.html", frame, facts)


def _asked_of_chair(visitor: Visitor, connection: View, head: CycleHead) -> list[DueView]:
    """Return what waits for the chair: to be reviewed, or owed; nothing that is to be a surprise stands on a screen in a meeting."""
    wanted = Wanted(cycle=head.id, in_force=True, visible=True, mine_by=is_mine(Mine(own=frozenset({head.chair}))))
    found = find_obligations(visitor.served.store, connection, wanted, now=visitor.now)
    waiting = [line for line in found if line.turn is (Turn.PARTY if line.party_id == head.chair else Turn.RECEIVER)]
    return due_views(visitor, connection, waiting)


def _share(visitor: Visitor, months: Sequence[Month]) -> str:
    """Return how much of what fell due came in time: `83,5 %`, `83.5 %`; empty where nothing did."""
    number = sum(month.number for month in months)
    if not number:
        return ""
    words = f"{100 * sum(month.in_time for month in months) / number:.1f} %"
    return visitor.either(words.replace(".", ","), words)


def _unit(visitor: Visitor, unit: LateUnit, *, zone: str) -> UnitView:
    titles = [(visitor.either(one.title, one.title_en), one.number) for one in unit.works]
    what = [f"{title} ({number})" if number > 1 else title for title, number in titles[:MOST_WORKS]]
    besides = sum(number for _, number in titles[MOST_WORKS:])
    return UnitView(
        unit=unit,
        longest=age_said(visitor, unit.since, zone=zone),
        what="; ".join([*what, visitor.say("và %s việc khác") % besides] if besides else what),
    )


def _deadlines(visitor: Visitor, standing: Standing, *, zone: str) -> list[DeadlineView]:
    today = visitor.today(zone)
    return [
        DeadlineView(
            deadline=one,
            on=plain_date(one.due_on, language=visitor.language),
            left=counted(days, language=visitor.language) if (days := (one.due_on - today).days) > 0 else visitor.say("hôm nay"),
            title=visitor.either(one.title, one.title_en),
        )
        for one in standing.deadlines
    ]
