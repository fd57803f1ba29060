"""The small year with inspections: its plan's lines, and what a team and a unit do in tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.inspections.findings import Claim, Outcome
from store.actors import Actor
from store.commands.inspections.concluding import Conclusions, Found, conclude
from store.commands.inspections.holding import write_minutes
from store.commands.inspections.planning import Choice, plan_inspections
from store.commands.inspections.reinspecting import Look, close_finding, reinspect
from store.commands.inspections.remedying import report_remedy
from store.findings import FindingFacts, read_findings
from store.schema import CONTACT, FINDING
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Store

_ON_REQUEST = """
    on_request: true
    opens: {{count: 0, unit: calendar, from: event, roll: none}}
    due: {due}
    deliverable: Văn bản
    ladder: standard
    words: thông lệ
    basis: kh-1
    source: none
"""


def _line(key: str, *, kind: str, owes: str, to: str, due: str, more: str = "") -> str:
    head = f"  - key: {key}\n    kind: {kind}\n    title: {key}\n    title_en: {key}\n    owed_by: {owes}\n    owed_to: {to}\n{more}"
    return head.rstrip("\n") + _ON_REQUEST.format(due=due)


def inspection_lines(
    *,
    remedy_due: str = "{count: 15, unit: calendar, from: event}",
    share: int = 50,
    remedied_by: str = "{groups: [xa]}",
    notice: str = "{count: 5}",
) -> str:
    """What a plan says of inspections: the team is so-tu-phap, the receiver the standing body."""
    settings = (
        f"    inspection: {{share: {share}, among: {{groups: [xa]}}, notice: {notice}, remedy: remedy, reinspection: reinspection,"
        " rounds: 2, proposal: proposal, handling: handling}\n"
    )
    return "".join(
        [
            _line(
                "inspection",
                kind="inspection",
                owes="{keys: [so-tu-phap]}",
                to="chu-tich",
                due="{by: Y-06-30}",
                more="    coordinating: {keys: [ubnd]}\n    through: so-noi-vu\n" + settings,
            ),
            _line("remedy", kind="improvement", owes=remedied_by, to="chu-tich", due=remedy_due, more="    through: so-tu-phap\n"),
            _line(
                "reinspection",
                kind="reinspection",
                owes="{keys: [so-tu-phap]}",
                to="chu-tich",
                due="{count: 30, unit: calendar, from: event}",
                more="    through: so-noi-vu\n",
            ),
            _line("proposal", kind="duty", owes="{keys: [so-noi-vu]}", to="chu-tich", due="{count: 5, unit: working, from: event}"),
            _line("handling", kind="duty", owes="{keys: [chu-tich]}", to="ubnd", due="{count: 10, unit: working, from: event}"),
        ]
    )


@dataclass(frozen=True, kw_only=True)
class Inspected(SmallYear):
    """The small year with inspections."""

    def contact(self, key: str) -> int:
        """The id of a contact."""
        with self.store.reading() as connection:
            return int(connection.execute(select(CONTACT.c.id).where(CONTACT.c.key == key)).scalar_one())

    def do(self, act: Any, *args: Any, now: datetime, who: str = "", **facts: Any) -> Any:
        """One command of inspections."""
        actor = Actor(who=f"c{self.contact(who)}") if who else None
        with self.store.transaction(now=now, actor=actor) as transaction:
            return act(self.store, transaction, *args, **facts)

    def findings(self) -> list[FindingFacts]:
        """Every finding."""
        with self.store.reading() as connection:
            return read_findings(connection, FINDING.c.cycle_id == self.cycle)

    def plan(self, *units: str, now: datetime, **choice: Any) -> list[int]:
        """Put units into the plan of inspections."""
        found: list[int] = self.do(plan_inspections, self.cycle, now=now, choice=Choice(units=units, **choice))
        return found

    def hold(self, inspection: int, *found: Found, now: datetime) -> list[int]:
        """Write minutes and conclusions of an inspection, all of one day."""
        on = self.calendar.local_date(now)
        self.do(write_minutes, inspection, now=now, held_on=on, number="01/BB")
        conclusions = Conclusions(number="02/TB", on=on, text="Kết luận", found=found)
        ids: list[int] = self.do(conclude, inspection, now=now, conclusions=conclusions)
        return ids

    def report(self, finding: int, *, now: datetime, claim: Claim = Claim.DONE, **said: Any) -> None:
        """The unit reports its remedy, and says why it shows no file."""
        self.do(report_remedy, finding, now=now, claim=claim, text="Đã làm", **{"no_evidence": "niêm yết tại trụ sở", **said})

    def look(self, finding: int, outcome: Outcome, *, now: datetime, **facts: Any) -> None:
        """The team looks again."""
        self.do(reinspect, finding, now=now, look=Look(outcome=outcome, text="Đã xem", **facts))

    def close(self, finding: int, *, now: datetime, basis: str = "") -> None:
        """Somebody entitled closes it."""
        self.do(close_finding, finding, now=now, remark=Remark(reason="Đã khắc phục", basis=basis))


def inspected_year(store: Store, *, plan: str = "", **lines: Any) -> Inspected:
    """Launch the small plan of 2025, or another's text, with inspections."""
    calendar = shipped_calendar()
    yaml = (plan or SMALL_PLAN.read_text(encoding="utf-8")) + inspection_lines(**lines)
    year = launch_small(store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar, yaml=yaml)
    return Inspected(store=year.store, cycle=year.cycle, calendar=calendar)
