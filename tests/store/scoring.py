"""The small year with sheets: its plan's lines, a criteria set with a leaf of each method, and what people do with sheets in tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from config.calendar_files import shipped_calendar
from config.criteria_files import ReadCriteria
from evaluation.actions import Remark
from evaluation.criteria.checks import findings_of
from evaluation.criteria.sets import CriteriaSet, Decision, Lead, Level, Method, Node, Scoring
from evaluation.scores.methods import Given
from store.actors import Actor
from store.commands import moves
from store.commands.criteria.pinning import pin
from store.commands.criteria.versions import take_in
from store.commands.scores.scoring import Typed, save_leaf
from store.schema import CONTACT, OBLIGATION, PARTY, SCORE_CHANGE
from store.scores import UnitSheet, read_sheet
from store.years import load_year
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from store.session import Store

COMMUNES = ("xa",)
LINES = """
  - key: self
    kind: self_assessment
    title: Tự đánh giá
    title_en: Self-assessment
    owed_by: {{groups: [{groups}]}}
    owed_to: chu-tich
    through: so-noi-vu
    opens: {{on: Y-02-03}}
    due: {{by: Y-02-20}}
    locks: {{by: Y-02-28}}
    deliverable: Phiếu tự chấm
    items_from: criteria
    ladder: standard
    review: {{count: 5, ladder: review}}
    correction: {{count: 3, unit: working, ladder: correction}}
    words: thông lệ
    source: none
  - key: appraisal
    kind: appraisal
    title: Thẩm định
    title_en: Appraisal
    owed_by: {{keys: [so-tu-phap]}}
    owed_to: chu-tich
    through: so-noi-vu
    about: {{groups: [{groups}]}}
    opens: {{on: Y-02-10}}
    due: {{by: Y-03-10}}
    deliverable: Kết quả thẩm định
    ladder: standard{more}
    words: thông lệ
    source: none
  - key: explanation
    kind: explanation
    title: Giải trình
    title_en: Explanation
    owed_by: {{groups: [{groups}]}}
    owed_to: chu-tich
    through: so-tu-phap
    on_request: true
    opens: {{count: 0, unit: calendar, from: event, roll: none}}
    due: {{count: 5, unit: working, from: event}}
    deliverable: Văn bản giải trình
    ladder: standard
    words: thông lệ
    source: none
"""
FOUR_EYES = "\n    four_eyes: true"
_LEVELS = Scoring(method=Method.LEVELS, levels=(Level(words="Đủ", points=Decimal(2)), Level(words="Thiếu", points=Decimal(1))))
CRITERIA = CriteriaSet(
    key="phieu",
    title="Bộ thử",
    decision=Decision(number="12/QĐ-UBND", dated=date(2025, 1, 3), issuer="UBND thử"),
    fields=(
        Node(
            key="1",
            title="Điều hành",
            maximum=Decimal(5),
            leads=(Lead(party="so-noi-vu"),),
            children=(
                Node(key="1.1", title="Kế hoạch", maximum=Decimal(2), scoring=_LEVELS, evidence_required=True),
                Node(key="1.2", title="Hồ sơ", maximum=Decimal(3), scoring=Scoring(method=Method.RATIO, threshold=Decimal(60))),
            ),
        ),
        Node(key="2", title="Báo cáo", maximum=Decimal(5), scoring=Scoring(method=Method.DEDUCTION, each=Decimal("0.5"), floor=Decimal(1))),
        Node(key="3", title="Khảo sát", maximum=Decimal(10), scoring=Scoring(method=Method.SURVEY)),
        Node(key="4", title="Thưởng", maximum=Decimal(2), scoring=Scoring(method=Method.BONUS, floor=Decimal(-2))),
    ),
)
ON = date(2025, 2, 12)  #: the self-assessment and the appraisal are both open
#: What a unit says of its leaves.
SAID: dict[str, Given] = {"1.1": Given(level=1), "1.2": Given(done=Decimal(2), of=Decimal(3)), "2": Given(errors=2)}


@dataclass(frozen=True, kw_only=True)
class Sheets:
    """A small year with sheets, and who works on them."""

    year: SmallYear
    now: datetime

    def actor(self, key: str) -> Actor:
        """A contact of the roster: `officer.xa-1`."""
        with self.year.store.reading() as connection:
            return Actor(who=f"c{connection.execute(select(CONTACT.c.id).where(CONTACT.c.key == key)).scalar_one()}")

    def do(self, act: Callable[..., Any], *given: Any, by: str = "officer.xa-1", now: datetime | None = None, **facts: Any) -> Any:
        """One act in one transaction."""
        with self.year.store.transaction(now=now or self.now, actor=self.actor(by)) as transaction:
            return act(self.year.store, transaction, *given, **facts)

    def of(self, stage: str, unit: str = "xa-1") -> int:
        """The obligation of a stage that is about a unit."""
        about = OBLIGATION.c.subject == unit if stage == "appraisal" else PARTY.c.key == unit
        query = (
            select(OBLIGATION.c.id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id).where(about, OBLIGATION.c.cycle_id == self.year.cycle)
        )
        with self.year.store.reading() as connection:
            return int(connection.execute(query.where(OBLIGATION.c.id.in_(self.year.ids(stage)))).scalar_one())

    def sheet(self, unit: str = "xa-1") -> UnitSheet:
        """A unit's sheet as it stands."""
        with self.year.store.reading() as connection:
            year = load_year(self.year.store, connection, self.year.cycle, now=self.now)
            found = read_sheet(self.year.store, connection, year, year.people.ids[unit])
            assert found is not None
            return found

    def fill(self, said: Mapping[str, Given] = SAID, *, explanation: str = "Theo báo cáo năm", unit: str = "xa-1") -> None:
        """The unit scores itself and says how."""
        for node, given in said.items():
            typed = Typed(node=node, given=given, explanation=explanation, seen=self.sheet(unit).version(node))
            self.do(save_leaf, self.of("self", unit), typed, by=f"officer.{unit}")

    def hand_in(self, unit: str = "xa-1") -> None:
        """The head signs and sends."""
        for act in (moves.prepare, moves.submit):
            self.do(act, self.of("self", unit), by=f"head.{unit}")

    def changes(self, node: str) -> list[tuple[str, str, str, str]]:
        """The history of a leaf: what, old, new, why."""
        with self.year.store.reading() as connection:
            query = select(SCORE_CHANGE.c.what, SCORE_CHANGE.c.old, SCORE_CHANGE.c.new, SCORE_CHANGE.c.why)
            return [tuple(row) for row in connection.execute(query.where(SCORE_CHANGE.c.node == node).order_by(SCORE_CHANGE.c.id))]


def plan_with_sheets(*, more: str = "", groups: Sequence[str] = COMMUNES) -> str:
    """The small plan with the lines of sheets."""
    return SMALL_PLAN.read_text(encoding="utf-8").rstrip() + LINES.format(more=more, groups=", ".join(groups))


def with_sheets(store: Store, *, more: str = "", groups: Sequence[str] = COMMUNES) -> Sheets:
    """Launch the small year with sheets, its criteria pinned for the groups, on a day on which both stages are open."""
    calendar = shipped_calendar()
    yaml = plan_with_sheets(more=more, groups=groups)
    launched = calendar.instant(date(2025, 1, 2), time(9, 0))
    year = launch_small(store, now=launched, calendar=calendar, yaml=yaml)
    with store.transaction(now=launched) as transaction:
        take_in(transaction, 1, ReadCriteria(criteria=CRITERIA, findings=findings_of(CRITERIA), misfits=()))
        for group in groups:
            pin(store, transaction, year.cycle, group=group, name="phieu", remark=Remark())
    now = year.slot(ON)
    year.tick(now)
    return Sheets(year=year, now=now)
