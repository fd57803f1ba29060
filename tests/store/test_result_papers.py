"""Papers of results: what they say of a year as it stands, and that the register takes them under the issuer that they have."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from sqlalchemy import insert, text

from documents.desk import Desk, number, result_ready
from evaluation.criteria.sets import Decision as DecisionOf
from evaluation.paper_facts import Head, Signature
from evaluation.paper_results import Issuing, MatterPut, Meeting, council_minutes
from evaluation.papers import Purpose
from evaluation.scores.council import Choice, How, Post, Recommendation
from store.commands.council.meeting import Minutes, Named, name_members, open_session, write_minutes
from store.commands.council.voting import Brought, Cast, Place, bring, close_matter, vote
from store.commands.paper_refusals import PaperError
from store.commands.registering import Number
from store.commands.results.publishing import Order, prepare, publish
from store.files import open_files
from store.queries.council import NoSuchCouncilError
from store.queries.papers import file_of, read_paper
from store.queries.result_papers import About
from store.schema import SCORE
from store.score_refusals import SheetFaultsError
from store.verify import verify
from tests.store.surveying import Surveyed, surveyed_year

if TYPE_CHECKING:
    from pathlib import Path

    from store.session import Store

SAID = "Đã ban hành ngày 15/01"
CHAIR, THIRD = "head.so-noi-vu", "head.so-tu-phap"
FIRST = Place(session=1, matter=1)


@pytest.fixture
def year(any_store: Store) -> Surveyed:
    """A year whose xa-1 scored itself and was appraised, and whose council settled one of its scores."""
    year = surveyed_year(any_store, asked=False)
    plain = {"explanation": "", "answers": False, "ruling": "", "ruling_why": "", "remark": "", "returned": "", "version": 1}
    with any_store.engine.begin() as connection:
        party = connection.execute(text("SELECT id, authority_id FROM party WHERE key = 'xa-1'")).one()
        row = {
            "cycle_id": year.cycle,
            "party_id": party.id,
            "authority_id": party.authority_id,
            **plain,
            "explanation": "Đã ban hành ngày 15/01",
        }
        connection.execute(insert(SCORE).values(**row, node="1.1", self_score="5.5", appraised="4"))
        connection.execute(insert(SCORE).values(**{**row, "explanation": ""}, node="1.2", final="3.25"))
    (council,) = year.ids("council")
    named = [Named(contact=year.contact(CHAIR), post=Post.CHAIR), Named(contact=year.contact(THIRD), post=Post.SECRETARY)]
    year.do(name_members, council, members=named, decision="12/QĐ", now=year.noon)
    year.do(open_session, council, held_on=date(2025, 1, 10), present=[year.contact(CHAIR)], now=year.noon)
    matter = Brought(words="Điểm mục 1.1", unit="xa-1", scores={"1.1": Decimal("4.5")}, why="đủ hồ sơ")
    year.do(bring, council, session=1, matter=matter, now=year.noon)
    votes = [Cast(contact=year.contact(CHAIR), choice=Choice.FOR), Cast(contact=year.contact(THIRD), choice=Choice.FOR, how=How.WRITING)]
    year.do(vote, council, FIRST, votes, now=year.noon)
    year.do(close_matter, council, FIRST, [Recommendation(text="Tập huấn công chức xã", to="so-tu-phap")], now=year.noon, who=CHAIR)
    year.do(write_minutes, council, session=1, minutes=Minutes(number="3/BB", text="Các thành viên thảo luận."), now=year.noon)
    return year


@pytest.fixture
def desk(year: Surveyed, tmp_path: Path) -> Desk:
    return Desk(store=year.store, files=open_files(str(tmp_path / "files"), most_bytes=10**7, kinds="pdf,docx"), now=year.noon)


def drafted(desk: Desk, year: Surveyed, **about: Any) -> tuple[int, str]:
    """A paper's number in the register, and what its file says."""
    paper = desk.enter(result_ready(desk, year.cycle, About(**about)))
    with desk.store.reading() as connection:
        kept = file_of(connection, paper)
    document = Document(BytesIO(desk.files.read(kept).read()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return paper, "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def missing(said: str, *words: str) -> list[str]:
    return [one for one in words if one not in said]


def test_each_paper_says_what_stands_and_is_in_the_register(desk: Desk, year: Surveyed) -> None:
    (council,) = year.ids("council")
    paper, said = drafted(desk, year, purpose=Purpose.MINUTES, council=council)
    told = (
        "dự họp 1/2 thành viên",
        "Điểm mục 1.1",
        "mục 1.1: 4,5 điểm",
        "2 tán thành",
        "2/2 người có quyền biểu quyết (cần quá 50 %)",
        "Hội đồng thông qua",
        "Tập huấn",
        "thảo luận",
    )
    assert missing(said, *told) == []
    assert missing(said, "Số: 3/BB", "1 thành viên biểu quyết bằng văn bản", "Biểu quyết bằng văn bản: ", "Địa điểm: ……") == []
    assert "trụ sở" not in said
    with pytest.raises(SheetFaultsError, match="2 leaves have no final score"):
        drafted(desk, year, purpose=Purpose.RESULT_DECISION)
    decision, said = drafted(desk, year, purpose=Purpose.RESULT_DECISION, accepted="không thẩm định được")
    assert (
        missing(said, "Điều 3. ", "Phụ lục", "Bảng 1.", "7,75", "77,50", "2 mục chưa có điểm được tính 0 điểm: không thẩm định được.") == []
    )
    assert "Đính chính" not in said
    _, said = drafted(desk, year, purpose=Purpose.RESULT_SHEET, unit="xa-1")
    assert missing(said, "Đánh giá qua ĐTXHH", "3,25", "4,50", "7,75", "77,50", "Kính gửi") == []
    own, said = drafted(desk, year, purpose=Purpose.SELF_ASSESSMENT, unit="xa-1")
    assert missing(said, "5,5", SAID, "5,50 trên 6 điểm", "91,67", "Các mục điều tra xã hội học") == []
    assert "Sự hài lòng" not in said, "what the survey scores is no line of a self-assessment"
    with year.store.reading() as connection:
        kinds = {one: (read_paper(connection, one).kind.value, read_paper(connection, one).issuer) for one in (paper, decision, own)}
    assert kinds == {paper: ("BB", "ubnd"), decision: ("QĐ", "chu-tich"), own: ("BC", "xa-1")}
    number(desk, decision, Number(text="617/QĐ-UBND", dated=date(2025, 1, 10)))
    assert [fault for fault in verify(year.store) if "leaf 1." not in fault] == [], "the scores came from nowhere, the papers did not"


def test_papers_of_a_published_year_say_what_was_published(desk: Desk, year: Surveyed) -> None:
    order = Order(decision=DecisionOf(number="617/QĐ-UBND", dated=date(2025, 1, 9)), accepted="không thẩm định được")
    prepared = prepare(year.store, year.cycle, order, now=year.noon)
    year.do(publish, year.cycle, prepared=prepared, now=year.noon)
    with year.store.engine.begin() as connection:
        connection.execute(text("UPDATE score SET final = '1', version = version + 1 WHERE node = '1.2'"))
    _, said = drafted(desk, year, purpose=Purpose.RESULT_SHEET, unit="xa-1")
    assert missing(said, "Công bố theo Quyết định số 617/QĐ-UBND ngày 09/01/2025.", "7,75", "77,50", "Xếp hạng: 1/2.") == []
    assert "5,50" not in said, "what has changed since is not what was published"
    _, said = drafted(desk, year, purpose=Purpose.RESULT_DECISION, accepted="không thẩm định được")
    assert missing(said, "Đính chính", "thay thế kết quả ban hành theo Quyết định số 617/QĐ-UBND ngày 09/01/2025", "5,50") == []


def test_what_cannot_be_drafted_is_refused(desk: Desk, year: Surveyed) -> None:
    with pytest.raises(NoSuchCouncilError):
        result_ready(desk, year.cycle, About(purpose=Purpose.MINUTES, council=year.ids("council")[0], session=9))
    with pytest.raises(LookupError):
        result_ready(desk, year.cycle, About(purpose=Purpose.RESULT_SHEET, unit="so-tu-phap"))
    with pytest.raises(PaperError):
        result_ready(desk, year.cycle, About(purpose=Purpose.URGING))


def test_minutes_name_the_council_and_who_did_not_vote() -> None:
    matter = MatterPut(words="Điểm mục 1", scores={}, outcome="carried", counts={"for": 2}, barred=("Bà Hoa",))
    meeting = Meeting(
        number=1, held_on=date(2025, 1, 9), council="Hội đồng thẩm định", present=(), members=3, matters=(matter,), minutes="03/BB-HĐTĐ"
    )
    head = Head(issuer="SỞ NỘI VỤ", name="Sở Nội vụ", place="Vĩnh Long", symbol="SNV-CCHC")
    facts = council_minutes(meeting, issuing=Issuing(head=head, signature=Signature(), year=2024, today=date(2025, 1, 10)))
    assert (facts.cover.head.issuer, facts.cover.sign, facts.cover.number) == ("HỘI ĐỒNG THẨM ĐỊNH", "BB-HĐTĐ", "03/BB-HĐTĐ")
    assert "Không biểu quyết vì xung đột lợi ích: Bà Hoa." in facts.sections[1].paragraphs
