"""The small year with improvement: its plan's lines, a criteria set with leads, last year's results, and what people do in tests."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING

from config.calendar_files import shipped_calendar
from config.criteria_files import ReadCriteria
from evaluation.criteria.sets import CriteriaSet, Decision, Lead, Node, Scoring
from evaluation.improvement.weak import Result
from store.commands.criteria.versions import take_in
from store.commands.improvement.measures import Planned, plan_measure
from store.commands.improvement.weak import take_weak
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.improvement.taken import TakenIn
    from store.session import Store

LEADS = "{keys: [so-noi-vu, so-tu-phap]}"


def _line(key: str, *, owes: str, settings: str = "", due: str = "{by: Y-12-31, roll: back}", more: str = "") -> str:
    return f"""
  - key: {key}
    kind: improvement
    title: Công đoạn {key}
    title_en: Stage {key}
    owed_by: {owes}
    owed_to: chu-tich
    through: so-noi-vu
    on_request: true
    opens: {{count: 0, unit: calendar, from: event, roll: none}}
    due: {due}
    deliverable: Kết quả
    ladder: standard
    words: khắc phục triệt để trong năm
    basis: kh-1
    source: none
{more}{f"    improvement: {settings}" if settings else ""}"""


IMPROVING = "".join(
    [
        _line("leads", owes=LEADS, settings="{leads_of: chi-so-tinh, measures: lead-measures}", more="    coordinating: {groups: [xa]}\n"),
        _line("weak-units", owes="{groups: [xa]}", settings="{weak: units, measures: unit-measures}"),
        _line("weak-province", owes=LEADS, settings="{weak: province, low: 60, measures: province-measures}"),
        _line("lead-measures", owes=LEADS),
        _line("unit-measures", owes="{groups: [xa]}"),
        _line("province-measures", owes=LEADS),
    ]
)


def _leaf(key: str, points: str, *leads: Lead) -> Node:
    return Node(key=key, title=f"Tiêu chí {key}", maximum=Decimal(points), scoring=Scoring(), leads=leads)


def make_index(*, leads: tuple[Lead, ...] = (Lead(party="so-noi-vu"),)) -> ReadCriteria:
    """A set of three fields: of the first the standing body leads, of the second so-tu-phap from May on, of the third nobody."""
    second = (Lead(party="so-noi-vu", to_on=date(2025, 4, 30)), Lead(party="so-tu-phap", from_on=date(2025, 5, 1)))
    fields = (
        Node(key="1", title="Chỉ đạo, điều hành", leads=leads, children=(_leaf("1.1", "2"), _leaf("1.2", "3"))),
        Node(key="2", title="Thể chế", leads=second, children=(_leaf("2.1", "4"),)),
        Node(key="3", title="Thủ tục", children=(_leaf("3.1", "1"),)),
    )
    decided = Decision(number="1/QĐ-UBND", dated=date(2025, 1, 3), issuer="UBND thử")
    criteria = CriteriaSet(key="chi-so-tinh", title="Chỉ số CCHC của tỉnh", decision=decided, total=Decimal(10), fields=fields)
    return ReadCriteria(criteria=criteria, findings=(), misfits=())


def result(unit: str, criterion: str, points: str, maximum: str, cause: str = "") -> Result:
    return Result(unit=unit, criterion=criterion, points=Decimal(points), maximum=Decimal(maximum), cause=cause)


WEAK = (
    result("xa-1", "1.1", "0", "2", "Chưa ban hành kế hoạch"),
    result("xa-1", "1.2", "1.5", "3"),  # half is not low
    result("xa-2", "1.1", "0.5", "2"),
    result("", "2.1", "2", "4"),  # half is low here: 60
    result("", "1.1", "2", "2"),
)


def reporting_year(store: Store, *, measures: str = "") -> SmallYear:
    """The year that improves, whose units' reports have the shipped form; `measures`: how bad a measure without progress is."""
    form = "form: cchc-dinh-ky" + (f", measures: {measures}" if measures else "")
    return improving_year(store, report=f"    report: {{{form}}}\n")


def improving_year(store: Store, *, report: str = "") -> SmallYear:
    """The small year whose plan improves, with its criteria taken in; launched on 2 January 2025."""
    calendar = shipped_calendar()
    yaml = (
        SMALL_PLAN.read_text(encoding="utf-8").replace("    deliverable: Báo cáo\n", f"{report}    deliverable: Báo cáo\n", 1) + IMPROVING
    )
    year = launch_small(store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar, yaml=yaml)
    with store.transaction(now=year.slot(date(2025, 1, 3))) as transaction:
        take_in(transaction, 1, make_index())
    return year


def taken_in(year: SmallYear, *results: Result, now: datetime) -> TakenIn:
    with year.store.transaction(now=now) as transaction:
        return take_weak(year.store, transaction, year.cycle, results or WEAK, criteria="chi-so-tinh")


def planned(year: SmallYear, ident: int, text: str = "Ban hành kế hoạch", *, now: datetime, due_on: date | None = None) -> int:
    with year.store.transaction(now=now) as transaction:
        return plan_measure(year.store, transaction, ident, planned=Planned(text=text, answers="Chánh Văn phòng", due_on=due_on))
