"""The year of Vĩnh Long 2023, played to its end: most in time, some late, one returned, one that never remedies what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from config.calendar_files import shipped_calendar
from config.loader import find_plan, load_plan_and_roster
from documents.desk import Desk, attach_signed, number
from documents.report_drafts import draft_report
from evaluation.actions import Remark
from evaluation.inspections.findings import Outcome
from evaluation.obligations import State
from evaluation.papers import FORM_OF, PaperState, Purpose, number_text
from evaluation.rehearsing import RehearsedMove
from evaluation.transitions import Verb
from flows.papers import tend_desk
from store.commands import moves
from store.commands.authorities import found_authority, import_roster
from store.commands.inspections.concluding import Conclusions, Found, conclude
from store.commands.inspections.holding import Member, name_team, write_minutes
from store.commands.launching import Launch, launch
from store.commands.registering import Number
from store.commands.rehearsing import make_moves
from store.queries.due import due_work
from store.queries.papers import Wanted, facts_of, list_papers, suggested_number
from store.schema import OBLIGATION, PARTY, STAGE, TERM
from tests.store.inspecting import Inspected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from store.files import Files
    from store.session import Store

FIRST, LAST = date(2023, 2, 20), date(2024, 1, 31)
NEVER = date.max
#: When whoever is late delivers, by stage, party and subject; everybody else does on the last day of the term.
LATE = {
    ("quarterly-report", "huyen-857", "2023-Q1"): date(2023, 3, 24),
    ("quarterly-report", "so-y-te", "2023-Q3"): date(2023, 9, 19),
    ("quarterly-report", "so-cong-thuong", "2023-Q2"): NEVER,
    ("quarterly-report", "huyen-861", "2023-Q2"): date(2023, 6, 30),
    ("improvement-plan", "so-xay-dung", ""): date(2023, 9, 20),
    ("improvement-plan", "so-noi-vu", ""): date(2023, 9, 20),
}
RETURNED = ("quarterly-report", "so-tu-phap", "2023-Q3")  #: once, and corrected in its term
WHY = Remark(reason="Số liệu hồ sơ trễ hạn chưa khớp với Cổng dịch vụ công", basis="CV 185/SNV-CCHC&VTLT")
FOLLOWED = ("upkeep", "inspection", "remedy", "reinspection", "handling-proposal", "strict-handling")  #: done by the script
FAULTY, FAULTLESS = "huyen-859", "huyen-860"
INSPECTED_ON, CONCLUDED_ON, LOOKED_ON = date(2023, 9, 12), date(2023, 9, 15), date(2023, 10, 10)
MINUTES = "12/BB-ĐKT ngày 12/09/2023"
SEEN = "Đoàn kiểm tra hồ sơ tiếp nhận từ ngày 01/01/2023 đến ngày 31/8/2023.\nĐơn vị thống nhất với số liệu của Đoàn kiểm tra."
FINDINGS = (
    ("Chậm giải quyết 14 hồ sơ đất đai, không có văn bản xin lỗi", "Nghị định số 61/2018/NĐ-CP"),
    ("Chưa niêm yết 03 thủ tục mới ban hành", ""),
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True, kw_only=True)
class Played(Inspected):
    """The year as it is played, and where its papers are drafted."""

    files: Files

    def desk(self, now: datetime) -> Desk:
        """The desk at a moment."""
        return Desk(store=self.store, files=self.files, now=now)

    def unit_of(self, key: str) -> int:
        """The id of a party."""
        return int(self.scalar(f"select id from party where key = '{key}'"))  # noqa: S608  a key of this file

    def inspection_of(self, key: str) -> int:
        """The team's obligation about a unit."""
        return next(ident for ident in self.ids("inspection") if self.obligation(ident).subject == key)


def launched(store: Store, files: Files) -> Played:
    calendar, path = shipped_calendar(), find_plan("vinh-long-2023")
    _, roster = load_plan_and_roster(path)
    with store.transaction(now=calendar.instant(FIRST, time(7, 0))) as transaction:
        authority = found_authority(transaction, key="vl", name="UBND tỉnh Vĩnh Long", sandbox=True)
        import_roster(transaction, authority=authority, roster=roster)
        order = Launch(authority="vl", plan_yaml=path.read_text(encoding="utf-8"), year=2023, calendar=calendar)
        year = launch(store, transaction, order)
    return Played(store=store, cycle=year.cycle, calendar=calendar, files=files)


def play(year: Played) -> None:
    """Every working day: the tick at the slot, the papers that it asked for drafted, numbered and signed, then what people do."""
    on = FIRST
    while on <= LAST:
        if year.calendar.is_workday(on):
            now = year.slot(on)
            with year.store.reading() as connection:
                due = bool(due_work(connection, now=now))
            if due:
                year.tick(now)
            people_act(year, on)
            scripted(year, on)
            later = now + timedelta(hours=9)
            tend_desk(year.desk(later))
            sign_all(year, later)
        on += timedelta(days=1)


def people_act(year: Played, on: date) -> None:
    """Everybody delivers on the last day of the term, or on the day on which they do at last; what they send is accepted at once."""
    now = year.calendar.instant(on, time(9, 0))
    wanted = list(_deliveries(year, on))
    make_moves(year.store, year.cycle, wanted, now=now)


def _deliveries(year: Played, on: date) -> Iterator[RehearsedMove]:
    query = (
        select(STAGE.c.key.label("stage"), PARTY.c.key.label("party"), OBLIGATION.c.subject, OBLIGATION.c.rounds, TERM.c.due_on)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .join(TERM, (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == OBLIGATION.c.term))
        .where(OBLIGATION.c.state.in_([State.OPEN.value, State.RETURNED.value, State.LAPSED.value]), STAGE.c.key.not_in(FOLLOWED))
    )
    with year.store.reading() as connection:
        rows = connection.execute(query).all()
    for row in rows:
        place = (row.stage, row.party, row.subject)
        if on >= LATE.get(place, row.due_on):
            accepted = place != RETURNED or row.rounds
            for verb in (Verb.PREPARE, Verb.SUBMIT, *([Verb.ACCEPT] if accepted else [])):
                yield RehearsedMove(on=on, verb=verb, stage=row.stage, party=row.party, subject=row.subject)


def scripted(year: Played, on: date) -> None:
    """The returned report, the inspection with its two rounds, the strict handling, and the standing body's drafts before they are due."""
    now = year.calendar.instant(on, time(10, 0))
    for day, act in SCRIPT:
        if day == on:
            act(year, now)


def give_back(year: Played, now: datetime) -> None:
    stage, party, subject = RETURNED
    owed = (one for one in map(year.obligation, year.ids(stage)) if one.subject == subject)
    (ident,) = (one.id for one in owed if one.party == year.unit_of(party))
    year.move(moves.return_for_correction, ident, now=now, remark=WHY)


def inspect(year: Played, now: datetime) -> None:
    for unit, minutes in ((FAULTY, MINUTES), (FAULTLESS, "13/BB-ĐKT ngày 12/09/2023")):
        inspection = year.inspection_of(unit)
        team = [Member(contact=year.contact("doan-kiem-tra-head"), is_lead=True), Member(contact=year.contact("doan-kiem-tra-officer"))]
        year.do(name_team, inspection, now=now, members=team)
        year.do(write_minutes, inspection, now=now, held_on=INSPECTED_ON, number=minutes, text=SEEN)


def conclude_both(year: Played, now: datetime) -> None:
    found = tuple(Found(text=text, basis=basis) for text, basis in FINDINGS)
    for unit, number_of, some in ((FAULTY, "25/TB-ĐKT", found), (FAULTLESS, "26/TB-ĐKT", ())):
        said = Conclusions(number=f"{number_of} ngày 15/09/2023", on=CONCLUDED_ON, text="Đã ban hành kế hoạch CCHC năm 2023.", found=some)
        year.do(conclude, year.inspection_of(unit), now=now, conclusions=said)


def remedy_one(year: Played, now: datetime) -> None:
    second = year.findings()[1].id
    year.report(second, now=now)
    year.look(second, Outcome.CLOSED, now=now)
    year.close(second, now=now)


def claim_what_is_not_so(year: Played, now: datetime) -> None:
    year.report(year.findings()[0].id, now=now)


def look_again(year: Played, now: datetime) -> None:
    year.look(year.findings()[0].id, Outcome.NOT, now=now, reopen=True)


def hand_in(stage: str) -> Callable[[Played, datetime], None]:
    """What hands in the only obligation of a stage, and accepts it."""

    def act(year: Played, now: datetime) -> None:
        year.deliver(stage, now=now)

    return act


def draft(year: Played, now: datetime) -> None:
    on = year.calendar.local_date(now)
    draft_report(year.desk(now), year.cycle, f"2023-Q{on.month // 3}")


SCRIPT: tuple[tuple[date, Callable[[Played, datetime], None]], ...] = (
    (date(2023, 3, 17), draft),
    (date(2023, 6, 19), draft),
    (INSPECTED_ON, inspect),
    (CONCLUDED_ON, conclude_both),
    (date(2023, 9, 18), give_back),
    (date(2023, 9, 19), draft),
    (date(2023, 9, 29), remedy_one),
    (date(2023, 10, 6), claim_what_is_not_so),
    (LOOKED_ON, look_again),
    (date(2023, 11, 6), hand_in("handling-proposal")),
    (date(2023, 11, 14), hand_in("strict-handling")),
    (date(2023, 12, 19), draft),
)


def sign_all(year: Played, now: datetime) -> None:
    """The document office numbers every letter on the day of its draft, and its signed file is attached; reports stay drafts."""
    desk = year.desk(now)
    with year.store.reading() as connection:
        drafts = list_papers(connection, [1], wanted=Wanted(state=PaperState.DRAFT))
    for paper in reversed([one for one in drafts if one.purpose is not Purpose.REPORT]):
        with year.store.reading() as connection:
            facts = facts_of(connection, paper)
            given = suggested_number(connection, paper, year=now.year)
        assert facts is not None
        text = facts.cover.number or number_text(FORM_OF[paper.purpose], given, symbol=facts.cover.head.symbol)
        number(desk, paper.id, Number(text=text, dated=facts.cover.dated or year.calendar.local_date(now)))
        attach_signed(desk, paper.id, desk.files.keep([PDF], name="da-ky.pdf"))
