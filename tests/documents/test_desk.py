"""The desk: what a rung or a return asks for is drafted, numbered, signed; what was fulfilled meanwhile no letter speaks of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from config.calendar_files import shipped_calendar
from documents.asked import tend_asked_papers
from documents.desk import Desk, Letter, draft_letter, number, redraft
from evaluation.actions import Remark
from evaluation.obligations import State
from evaluation.paper_edits import Edits
from evaluation.paper_facts import OwedFacts
from evaluation.papers import OF_RUNGS, PaperKind, PaperState, Purpose
from store.actors import Actor
from store.commands import moves
from store.commands.paper_refusals import NumberTakenError, PaperError, PaperMovedError, PaperStateError
from store.commands.registering import Issued, Number, discard, register, sign
from store.files import open_files
from store.queries.papers import Wanted, about_of, asked_papers, facts_of, list_papers, read_paper, suggested_number, versions_of
from store.rights import NotAllowedError
from store.verify import verify
from tests.conftest import SMALL_PLAN, launch_small

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from store.queries.papers import PaperLine
    from store.session import Store
    from tests.conftest import SmallYear

DUE, LONGER = date(2025, 1, 31), date(2025, 2, 10)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_RUNGS = (
    "message: escalation-standing-body, also_by_urging: true}",
    (
        "message: escalation-standing-body, also_by_urging: true, paper: urging-letter}\n"
        "    - {rung: T+10, offset: 10, unit: working, audience: [chair], message: escalation-chair, paper: list-to-chair}"
    ),
)


@pytest.fixture(name="year")
def _year(any_store: Store) -> SmallYear:
    yaml = (
        SMALL_PLAN.read_text(encoding="utf-8")
        .replace(*_RUNGS)
        .replace("    ladder: standard\n", "    ladder: standard\n    uncorrected_after: 2\n")
    )
    calendar = shipped_calendar()
    return launch_small(any_store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar, yaml=yaml)


@pytest.fixture(name="late")
def _late(year: SmallYear) -> datetime:
    """The slot in which the urging letter about the unit's plans is asked for: T+3 working days."""
    at = year.slot(date(2025, 2, 5))
    for on in (date(2025, 1, 6), DUE, date(2025, 2, 3), date(2025, 2, 5)):
        year.tick(year.slot(on))
    return at


@pytest.fixture(name="desk")
def _desk(year: SmallYear, late: datetime, tmp_path: Path) -> Desk:
    files = open_files(str(tmp_path / "files"), most_bytes=10**7, kinds="pdf,docx,txt")
    return Desk(store=year.store, files=files, now=late)


def others(year: SmallYear) -> list[int]:
    """The plans that others owe than the standing body, which urges nobody to urge it."""
    own = year.scalar("select party.id from party where key = 'so-noi-vu'")
    return [ident for ident in year.ids("plan") if year.obligation(ident).party != own]


def _papers(desk: Desk) -> list[PaperLine]:
    with desk.store.reading() as connection:
        return list_papers(connection, [1])


def _paper(desk: Desk, ident: int) -> PaperLine:
    with desk.store.reading() as connection:
        return read_paper(connection, ident)


def _facts(desk: Desk, ident: int) -> OwedFacts:
    with desk.store.reading() as connection:
        found = facts_of(connection, read_paper(connection, ident))
    assert isinstance(found, OwedFacts)
    return found


def _sign(desk: Desk, ident: int, *, content: bytes = PDF, name: str = "185.pdf") -> tuple[int, ...]:
    file = desk.files.keep([content], name=name)
    with desk.store.transaction(now=desk.now) as transaction:
        return sign(desk.store, transaction, read_paper(transaction.connection, ident), file=file)


def test_rung_asks_for_one_letter_about_all_that_are_late(year: SmallYear, desk: Desk) -> None:
    with desk.store.reading() as connection:
        asked = asked_papers(connection)
    plans = tuple(others(year))
    assert len(plans) == len(year.ids("plan")) - 1
    assert [(one.asked.purpose, one.asked.stage, one.asked.on, one.obligations) for one in asked] == [
        (Purpose.URGING, "plan", "2025-02-05", plans)
    ]
    assert tend_asked_papers(desk).drafted == 1
    paper = _papers(desk)[0]
    assert (paper.kind, paper.purpose, paper.state, paper.issuer) == (PaperKind.CONG_VAN, Purpose.URGING, PaperState.DRAFT, "so-noi-vu")
    facts = _facts(desk, paper.id)
    assert [(line.due_on, line.days_late, line.workdays_late) for line in facts.lines] == [(DUE, 5, 3)] * len(plans)
    assert facts.basis == "Kế hoạch số 1 của UBND thử"
    assert facts.answer_by == date(2025, 2, 12)
    assert facts.cover.copies == ("Chủ tịch thử (báo cáo)",)
    assert verify(year.store) == []


def test_tending_again_does_nothing(desk: Desk) -> None:
    tend_asked_papers(desk)
    before = _papers(desk)
    assert tend_asked_papers(desk) == replace(tend_asked_papers(desk), drafted=0, redrafted=0, closed=0, failed=0)
    assert _papers(desk) == before


def test_who_delivered_meanwhile_is_dropped_and_a_stale_letter_is_not_numbered(year: SmallYear, desk: Desk) -> None:
    tend_asked_papers(desk)
    paper = _papers(desk)[0]
    done, *rest = others(year)
    for act in (moves.prepare, moves.submit):
        year.move(act, done, now=desk.now)
    with pytest.raises(PaperError, match="1 of what the letter speaks of was done meanwhile"):
        number(desk, paper.id, Number(text="01/SNV-CCHC", dated=date(2025, 2, 5)))
    assert tend_asked_papers(desk).redrafted == 1
    with desk.store.reading() as connection:
        assert about_of(connection, paper.id) == rest
        assert [one.number for one in versions_of(connection, paper.id)] == [2, 1]
    assert len(_facts(desk, paper.id).lines) == len(rest)
    assert verify(year.store) == []


def test_who_got_a_longer_term_is_pressed_no_more_for_what_was_late(year: SmallYear, desk: Desk) -> None:
    tend_asked_papers(desk)
    paper, (longer, *rest) = _papers(desk)[0], others(year)
    desk = replace(desk, now=desk.now + timedelta(hours=1))
    year.move(moves.extend, longer, now=desk.now, due_on=LONGER, remark=Remark(reason="lũ"))
    with pytest.raises(PaperError, match=r"1 of what the letter speaks of .* has another term"):
        number(desk, paper.id, Number(text="01/SNV-CCHC", dated=date(2025, 2, 5)))
    assert tend_asked_papers(desk).redrafted == 1
    with desk.store.reading() as connection:
        assert about_of(connection, paper.id) == rest
    number(desk, paper.id, Number(text="01/SNV-CCHC", dated=date(2025, 2, 5)))
    desk = replace(desk, now=desk.now + timedelta(hours=1))
    year.move(moves.extend, rest[0], now=desk.now, due_on=LONGER, remark=Remark(reason="lũ"))
    assert _sign(desk, paper.id) == tuple(rest[1:])
    assert verify(year.store) == []


def test_a_letter_by_hand_tells_the_term_that_holds(year: SmallYear, desk: Desk) -> None:
    paper = draft_letter(desk, Letter(cycle=year.cycle, purpose=Purpose.URGING, obligations=tuple(others(year)[:1])))
    desk = replace(desk, now=desk.now + timedelta(hours=1))
    year.move(moves.extend, others(year)[0], now=desk.now, due_on=LONGER, remark=Remark(reason="lũ"))
    with pytest.raises(PaperError, match="has another term"):
        number(desk, paper, Number(text="01/SNV-CCHC", dated=date(2025, 2, 5)))
    with pytest.raises(PaperError, match="does not speak of what is not due yet"):
        redraft(desk, paper)
    desk = replace(desk, now=year.slot(date(2025, 2, 12)))
    redraft(desk, paper)
    assert [(line.due_on, line.days_late) for line in _facts(desk, paper).lines] == [(LONGER, 2)]
    number(desk, paper, Number(text="01/SNV-CCHC", dated=date(2025, 2, 12)))


@pytest.mark.parametrize("purpose", OF_RUNGS)
def test_a_letter_by_hand_speaks_of_what_is_late_alone(year: SmallYear, desk: Desk, purpose: Purpose) -> None:
    late, *rest = others(year)
    for ident in rest:
        year.move(moves.extend, ident, now=desk.now, due_on=LONGER, remark=Remark(reason="lũ"))
    running = (*rest, *year.ids("report"))
    with pytest.raises(PaperError, match="nothing of what was chosen is late"):
        draft_letter(desk, Letter(cycle=year.cycle, purpose=purpose, obligations=running))
    paper = draft_letter(desk, Letter(cycle=year.cycle, purpose=purpose, obligations=(late, *running)))
    assert [(line.due_on, line.days_late) for line in _facts(desk, paper).lines] == [(DUE, 5)]


def test_letter_about_nothing_needs_no_signature(year: SmallYear, desk: Desk) -> None:
    tend_asked_papers(desk)
    for ident in year.ids("plan"):
        for act in (moves.prepare, moves.submit):
            year.move(act, ident, now=desk.now)
    assert tend_asked_papers(desk).closed == 1
    paper = _papers(desk)[0]
    assert (paper.state, "không cần ban hành" in paper.reason) == (PaperState.DISCARDED, True)
    assert year.obligation(paper.asked_by or 0).state is State.ACCEPTED
    assert verify(year.store) == []


def test_signing_urges_and_does_the_duty(year: SmallYear, desk: Desk) -> None:
    tend_asked_papers(desk)
    paper = _papers(desk)[0]
    number(desk, paper.id, Number(text="05/SNV-CCHC", dated=date(2025, 2, 5)))
    done, *rest = others(year)
    for act in (moves.prepare, moves.submit):
        year.move(act, done, now=desk.now)
    assert _sign(desk, paper.id) == tuple(rest)
    signed = _paper(desk, paper.id)
    assert (signed.state, signed.number, signed.year, signed.number_text) == (PaperState.SIGNED, 5, 2025, "05/SNV-CCHC")
    assert year.obligation(paper.asked_by or 0).state is State.ACCEPTED
    assert year.scalar("SELECT count(*) FROM notice WHERE kind = 'urged'") == 2 * len(rest)
    assert year.actions().count("urge") == len(rest)
    assert verify(year.store) == []


def test_signed_file_is_a_pdf_by_its_content(desk: Desk) -> None:
    tend_asked_papers(desk)
    paper = _papers(desk)[0]
    with pytest.raises(PaperStateError):
        _sign(desk, paper.id)
    number(desk, paper.id, Number(text="05/SNV-CCHC", dated=date(2025, 2, 5)))
    with pytest.raises(PaperError, match="no PDF"):
        _sign(desk, paper.id, content=b"signed", name="185.txt")


def test_number_is_given_once_in_a_year(year: SmallYear, desk: Desk) -> None:
    tend_asked_papers(desk)
    first = _papers(desk)[0].id
    second = draft_letter(desk, Letter(cycle=year.cycle, purpose=Purpose.URGING, obligations=tuple(year.ids("plan"))))
    number(desk, first, Number(text="05/SNV-CCHC", dated=date(2025, 2, 5)))
    with pytest.raises(NumberTakenError, match=f"the number 05/SNV-CCHC is that of paper {first}"):
        number(desk, second, Number(text="5/SNV", dated=date(2025, 2, 6)))
    with desk.store.reading() as connection:
        paper = read_paper(connection, second)
        assert (suggested_number(connection, paper, year=2025), suggested_number(connection, paper, year=2026)) == (6, 1)
    with pytest.raises(PaperError, match="2026-01-02 is more than 7 days ahead"):
        number(desk, second, Number(text="05/SNV-CCHC", dated=date(2026, 1, 2)))
    number(replace(desk, now=year.slot(date(2025, 12, 26))), second, Number(text="05/SNV-CCHC", dated=date(2026, 1, 2)))
    assert verify(year.store) == []


def test_what_people_wrote_stands_when_drafted_anew_and_goes_with_the_issuer(year: SmallYear, desk: Desk) -> None:
    tend_asked_papers(desk)
    paper = _papers(desk)[0].id
    redraft(desk, paper, edits=Edits(summary="đôn đốc lần 1", place="Long Châu", signature_name="Lê Thị Dung"))
    redraft(desk, paper)
    cover = _facts(desk, paper).cover
    assert (cover.summary, cover.head.place, cover.signature.name) == ("đôn đốc lần 1", "Long Châu", "Lê Thị Dung")
    other = draft_letter(desk, Letter(cycle=year.cycle, purpose=Purpose.LIST_TO_CHAIR, obligations=tuple(year.ids("plan"))))
    cover = _facts(desk, other).cover
    assert (cover.summary, cover.head.place, cover.signature.name) == ("Tình hình chậm thực hiện Kế hoạch", "Long Châu", "Lê Thị Dung")
    assert cover.sign.startswith("BC-")


def test_letter_about_what_is_done_is_refused(year: SmallYear, desk: Desk) -> None:
    ids = year.ids("plan")
    for ident in ids:
        for act in (moves.prepare, moves.submit):
            year.move(act, ident, now=desk.now)
    with pytest.raises(PaperError, match="nothing of what was chosen is late"):
        draft_letter(desk, Letter(cycle=year.cycle, purpose=Purpose.URGING, obligations=tuple(ids)))
    assert _papers(desk) == []


def test_stale_reader_is_told(desk: Desk) -> None:
    tend_asked_papers(desk)
    paper = _papers(desk)[0]
    redraft(desk, paper.id)
    with pytest.raises(PaperMovedError), desk.store.transaction(now=desk.now) as transaction:
        discard(desk.store, transaction, paper, reason="nhầm")


def test_unit_drafts_nothing(year: SmallYear, desk: Desk) -> None:
    unit = year.scalar("SELECT c.id FROM contact c JOIN party p ON p.id = c.party_id WHERE p.key = 'xa-1' AND c.role = 'officer'")
    with pytest.raises(NotAllowedError):
        draft_letter(
            replace(desk, actor=Actor(who=f"c{unit}")),
            Letter(cycle=year.cycle, purpose=Purpose.URGING, obligations=tuple(year.ids("plan"))),
        )


def test_paper_issued_elsewhere_is_registered_once(desk: Desk, year: SmallYear) -> None:
    issued = Issued(kind=PaperKind.CONG_VAN, number="581/BNV-CCHC", dated=date(2025, 2, 14), issuer="Bộ Nội vụ", summary="Chế độ báo cáo")
    with desk.store.transaction(now=desk.now) as transaction:
        ident = register(transaction, issued, authority=1)
    with pytest.raises(NumberTakenError), desk.store.transaction(now=desk.now) as transaction:
        register(transaction, issued, authority=1)
    with desk.store.reading() as connection:
        assert [one.id for one in list_papers(connection, [1], wanted=Wanted(words="581/bnv"))] == [ident]
    assert verify(year.store) == []


def test_verify_sees_a_changed_row(desk: Desk, year: SmallYear) -> None:
    tend_asked_papers(desk)
    with desk.store.transaction(now=desk.now) as transaction:
        transaction.connection.execute(text("UPDATE paper SET number = 9, state = 'numbered'"))
    assert verify(year.store) == ["thu: paper 1 differs from its journal in state, number"]


def test_returned_again_and_again_escalates_as_lateness_does(year: SmallYear, tmp_path: Path) -> None:
    year.tick(year.slot(date(2025, 1, 6)))
    at = year.slot(date(2025, 1, 8))
    ident = others(year)[0]
    counts = []
    for _ in range(2):
        for act in (moves.prepare, moves.submit):
            year.move(act, ident, now=at)
        year.move(moves.return_for_correction, ident, now=at, remark=Remark(reason="thiếu biểu"))
        with year.store.reading() as connection:
            counts.append(len(asked_papers(connection)))
    assert counts == [0, 1]
    desk = Desk(store=year.store, files=open_files(str(tmp_path / "f"), most_bytes=10**7, kinds="docx"), now=at)
    tend_asked_papers(desk)
    assert [(line.returned, line.days_late) for line in _facts(desk, _papers(desk)[0].id).lines] == [(2, 0)]
    assert verify(year.store) == []
