"""The small year with criteria, a survey and a council: its plan's lines, its question sets, and what people do in tests."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from config.calendar_files import shipped_calendar
from config.criteria_files import read_uploaded
from evaluation.actions import Remark
from evaluation.criteria.sets import Decision
from store.actors import Actor
from store.commands.criteria.pinning import pin
from store.commands.criteria.versions import take_in
from store.commands.survey.asking import plan_by_numbers, take_questions
from store.schema import AUTHORITY, CONTACT
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Store

_LINES = """
  - key: self-assessment
    kind: self_assessment
    title: Tự chấm điểm
    title_en: Self-assessment
    owed_by: {{groups: [xa]}}
    owed_to: chu-tich
    through: so-noi-vu
    opens: {{on: Y-01-06}}
    due: {{by: Y-01-31}}
    deliverable: Phiếu chấm điểm
    items_from: criteria
    ladder: standard
    words: thông lệ
    basis: kh-1
    source: none
  - key: survey
    kind: survey
    title: Điều tra xã hội học
    title_en: The survey
    owed_by: {{keys: [so-noi-vu]}}
    owed_to: chu-tich
    subjects: [Công chức, Người dân]
    opens: {{on: Y-01-06}}
    due: {{by: Y-02-28}}
    deliverable: Số liệu
    ladder: standard
    survey: {survey}
    words: thông lệ
    basis: kh-1
    source: none
  - key: council
    kind: council_decision
    title: Hội đồng thông qua
    title_en: The council's decision
    owed_by: {{keys: [ubnd]}}
    owed_to: chu-tich
    through: so-noi-vu
    opens: {{on: Y-01-06}}
    due: {{by: Y-03-31}}
    deliverable: Biên bản
    sign_off: false
    council: {council}
    ladder: standard
    words: thông lệ
    basis: kh-1
    source: none
"""
CRITERIA = """
format: 1
key: xa
title: Bộ tiêu chí xã
groups: [xa]
decision: {number: 1/QĐ, date: 2025-01-01, issuer: UBND}
total: "10"
criteria:
  - key: "1"
    title: Chỉ đạo
    children:
      - {key: "1.1", title: Kế hoạch, maximum: "6"}
      - {key: "1.2", title: Sự hài lòng, maximum: "4", method: survey}
"""
QUESTIONS = """
format: 1
key: xa
title: Phiếu hỏi ý kiến
scales:
  ba:
    - {key: A, words: Tốt, weight: 100}
    - {key: B, words: Khá, weight: 60}
    - {key: C, words: Kém, weight: 0}
sets:
  - key: cong-chuc
    respondents: Công chức
    title: Phiếu của công chức
    about: [xa]
    questions:
      - {key: c1, words: "Phối hợp thế nào?", leaf: "1.2", points: "1", scale: ba}
      - {key: c2, words: "Trả lời có đúng hạn không?", leaf: "1.2", points: "2", scale: ba, may_skip: true}
  - key: nguoi-dan
    respondents: Người dân
    title: Phiếu của người dân
    about: [xa]
    questions:
      - {key: d1, words: "Có hài lòng không?", leaf: "1.2", points: "1", scale: ba}
"""


@dataclass(frozen=True, kw_only=True)
class Surveyed(SmallYear):
    """The small year with a survey and a council."""

    def contact(self, key: str) -> int:
        """The id of a contact."""
        with self.store.reading() as connection:
            return int(connection.execute(select(CONTACT.c.id).where(CONTACT.c.key == key)).scalar_one())

    def do(self, act: Any, *args: Any, now: datetime, who: str = "", **facts: Any) -> Any:
        """One command."""
        actor = Actor(who=f"c{self.contact(who)}") if who else None
        with self.store.transaction(now=now, actor=actor) as transaction:
            return act(self.store, transaction, *args, **facts)

    @property
    def noon(self) -> datetime:
        """A moment at which survey and council are open."""
        return self.slot(date(2025, 1, 10))


#: Years that were launched once in this process, as SQLite keeps them: a copy takes a hundredth of a launch.
_LAUNCHED: dict[tuple[str, bool, str], tuple[sqlite3.Connection, int]] = {}


def surveyed_year(store: Store, *, survey: str = "{minimum: 1}", asked: bool = True, council: str = "{quorum: 50}") -> Surveyed:
    """The small plan of 2025 with a survey, its criteria pinned, its questions asked, 2 ballots planned for each unit and group."""
    if store.engine.dialect.name == "postgresql":
        return _launch(store, survey=survey, asked=asked, council=council)
    with closing(sqlite3.connect(store.file)) as own:
        if (survey, asked, council) in _LAUNCHED:
            kept, cycle = _LAUNCHED[survey, asked, council]
            kept.backup(own)
            return Surveyed(store=store, cycle=cycle, calendar=shipped_calendar())
        year = _launch(store, survey=survey, asked=asked, council=council)
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        own.backup(kept)
        _LAUNCHED[survey, asked, council] = (kept, year.cycle)
        return year


def _launch(store: Store, *, survey: str, asked: bool, council: str) -> Surveyed:
    calendar = shipped_calendar()
    yaml = SMALL_PLAN.read_text(encoding="utf-8") + _LINES.format(survey=survey, council=council)
    now = calendar.instant(date(2025, 1, 2), time(9, 0))
    launched = launch_small(store, now=now, calendar=calendar, yaml=yaml)
    year = Surveyed(store=launched.store, cycle=launched.cycle, calendar=calendar)
    with store.transaction(now=now) as transaction:
        authority = transaction.connection.execute(select(AUTHORITY.c.id)).scalar_one()
        take_in(
            transaction,
            authority,
            read_uploaded(CRITERIA.encode(), name="xa.yaml"),
            decision=Decision(number="1/QĐ", dated=date(2025, 1, 1)),
        )
        pin(store, transaction, year.cycle, group="xa", name="xa", remark=Remark())
    if asked:
        year.do(take_questions, year.cycle, QUESTIONS, now=now)
        year.do(plan_by_numbers, year.cycle, {"Công chức": 2, "Người dân": 2}, now=now)
    year.tick(year.noon)
    return year
