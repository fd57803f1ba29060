"""Every paper of a played year, as it is printed: held against the journal, and against the form of NĐ 30/2020/NĐ-CP."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from evaluation.paper_heads import addressed
from evaluation.papers import PaperState, Purpose
from store.files import open_files
from store.queries.papers import Wanted, about_of, file_of, list_papers
from store.schema import JOURNAL, OBLIGATION, PARTY, TERM
from store.session import open_store
from store.verify import verify
from tests.documents.played import FAULTLESS, FAULTY, FINDINGS, SEEN, launched, play
from tests.documents.printing import printed, require_printing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.queries.papers import PaperLine
    from tests.conftest import RequiresSystem
    from tests.documents.played import Played

LETTERS = (Purpose.URGING, Purpose.LIST_TO_CHAIR, Purpose.CRITICISM)
UNITS = ("Sở", "Huyện", "Thị xã", "Thành phố", "Thanh tra", "Văn phòng", "Ban Quản lý")
PLURAL = "các cơ quan, đơn vị, địa phương"
SIGNED_BY = {Purpose.CRITICISM: "CHỦ TỊCH", Purpose.MINUTES: "TRƯỞNG ĐOÀN KIỂM TRA", Purpose.CONCLUSIONS: "TRƯỞNG ĐOÀN"}


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A paper in the register, and the words that it prints."""

    paper: PaperLine
    on: date  #: local, of its draft
    about: tuple[int, ...]
    words: str
    pages: int


@dataclass(frozen=True, kw_only=True)
class Office:
    """The year that was played, and all its papers."""

    year: Played
    papers: tuple[Printed, ...]

    def of(self, *purposes: Purpose) -> list[Printed]:
        """The papers of some purposes."""
        return [one for one in self.papers if one.paper.purpose in purposes]

    def names(self) -> dict[int, str]:
        """Every party's name."""
        with self.year.store.reading() as connection:
            return dict(connection.execute(select(PARTY.c.id, PARTY.c.name)).tuples().all())


@pytest.fixture(name="office", scope="module")
def _office(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, requires_system: RequiresSystem) -> Iterator[Office]:
    """The year played once, its papers printed in one go."""
    require_printing(requires_system)
    folder = tmp_path_factory.mktemp("year")
    (folder / "year.db").write_bytes(_sqlite_template.read_bytes())
    store = open_store(f"sqlite:///{folder / 'year.db'}", durable=False)
    year = launched(store, open_files(str(folder / "files"), most_bytes=10**7, kinds="pdf,docx,txt"))
    play(year)
    with store.reading() as connection:
        papers = list_papers(connection, [1], wanted=Wanted(at_most=1000))
        files = {str(one.id): year.files.read(file_of(connection, one.id)).read() for one in papers}
        about = {one.id: tuple(about_of(connection, one.id)) for one in papers}
    pages = printed(folder, files, way="raw")
    told = (
        Printed(
            paper=one,
            on=year.calendar.local_date(one.at),
            about=about[one.id],
            words=re.sub(r"\s+", " ", " ".join(pages[str(one.id)])),
            pages=len(pages[str(one.id)]),
        )
        for one in reversed(papers)
    )
    yield Office(year=year, papers=tuple(told))
    store.close()


def owing(office: Office, one: Printed) -> dict[int, date]:
    """Who owes, by the journal, what a letter is about on its day, and since when: nothing handed in stands, and the term is over."""
    year = office.year
    with year.store.reading() as connection:
        stage, subject = connection.execute(
            select(OBLIGATION.c.stage_id, OBLIGATION.c.subject).where(OBLIGATION.c.id == one.about[0])
        ).one()
        first = (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == 1)
        query = select(OBLIGATION.c.id, OBLIGATION.c.party_id, TERM.c.due_on).join(TERM, first)
        owed = connection.execute(query.where(OBLIGATION.c.stage_id == stage, OBLIGATION.c.subject == subject)).all()
        ids = [row.id for row in owed]
        steps = select(JOURNAL.c.obligation_id, func.count()).where(
            JOURNAL.c.obligation_id.in_(ids), JOURNAL.c.action == "submit", JOURNAL.c.at <= one.paper.at
        )
        sent = dict(connection.execute(steps.group_by(JOURNAL.c.obligation_id)).tuples().all())
    return {row.party_id: row.due_on for row in owed if row.due_on < one.on and not sent.get(row.id)}


def test_year_left_every_paper_that_it_owed(office: Office) -> None:
    counted = Counter((one.paper.purpose, one.paper.state is PaperState.SIGNED) for one in office.papers)
    assert counted == {
        (Purpose.URGING, True): 5,
        (Purpose.LIST_TO_CHAIR, True): 3,
        (Purpose.CRITICISM, True): 2,
        (Purpose.MINUTES, True): 2,
        (Purpose.CONCLUSIONS, True): 2,
        (Purpose.REPORT, False): 8,  # as each opens, and anew before it is due
    }
    assert verify(office.year.store) == []


def test_letter_says_who_owes_what_by_the_journal_and_names_nobody_else(office: Office) -> None:
    names, body = office.names(), office.year.unit_of("so-noi-vu")
    faulty = addressed(names[office.year.unit_of(FAULTY)])
    for one in office.of(*LETTERS):
        expected = owing(office, one)
        if not expected:  # reported, found not remedied, and asked for anew: not late
            told = (f"{faulty} chưa khắc phục xong", "Đã báo cáo khắc phục ngày", "phúc tra ngày", "nguyên nhân khắc phục chưa đạt")
            assert [words for words in told if words not in one.words] == []
            assert "theo thời hạn quy định" not in one.words
            continue
        if one.paper.purpose is not Purpose.LIST_TO_CHAIR:
            expected.pop(body, None)
        for party, due_on in expected.items():
            unit, late = re.escape(addressed(names[party])), (one.on - due_on).days
            row = rf"{unit} (Báo cáo|Kế hoạch) .{{10,400}} {due_on:%d/%m/%Y} {late} \(\d+\) \d"
            assert re.search(row, one.words), (names[party], one.words)
        others = {
            addressed(name)
            for ident, name in names.items()
            if ident not in expected and name.startswith(("Sở", "Huyện", "Thị xã", "Thành phố"))
        }
        assert [name for name in others - {"Sở Nội vụ"} if re.search(rf"{name}\b", one.words)] == []
        assert len(re.findall(r"\d\d/\d\d/\d{4} \d+ \(\d+\) \d", one.words)) == len(expected)
        assert (PLURAL in one.words) == (len(expected) > 1)
        assert f"ngày {one.on:%d/%m/%Y}" in one.words


def test_standing_body_is_told_of_to_the_chair_and_never_urged_by_itself(office: Office) -> None:
    late = [one for one in office.of(*LETTERS) if "Kế hoạch cải thiện" in one.paper.summary]
    assert [one.paper.purpose for one in late] == [Purpose.URGING, Purpose.LIST_TO_CHAIR]
    assert ["Sở Nội vụ Kế hoạch" in one.words for one in late] == [False, True]
    assert late[0].paper.addressees == ("Sở Xây dựng",)


def test_unit_that_never_remedied_is_pressed_through_both_rounds_to_criticism(office: Office) -> None:
    pressed = [(one.paper.purpose, one.on) for one in office.of(*LETTERS) if "UBND huyện Vũng Liêm Báo cáo khắc phục" in one.words]
    assert pressed == [
        (Purpose.URGING, date(2023, 10, 11)),
        (Purpose.URGING, date(2023, 11, 1)),
        (Purpose.LIST_TO_CHAIR, date(2023, 11, 8)),
        (Purpose.CRITICISM, date(2023, 11, 22)),
    ]


def test_conclusions_and_minutes_say_what_was_recorded(office: Office) -> None:
    year, names = office.year, office.names()
    faulty, faultless = names[year.unit_of(FAULTY)], names[year.unit_of(FAULTLESS)]
    minutes, none_found = office.of(Purpose.MINUTES)[0].words, office.of(Purpose.CONCLUSIONS)[1].words
    said = ("Số: 12/BB-ĐKT", "ngày 12/09/2023", f"trụ sở {faulty}", "Thư ký Đoàn kiểm tra CCHC, thành viên", *SEEN.splitlines())
    assert [words for words in (*said, "kết thúc vào", "ĐẠI DIỆN ĐƠN VỊ TRƯỞNG ĐOÀN KIỂM TRA") if words not in minutes] == []
    assert "Vĩnh Long, ngày" not in minutes, "form 1.9 has no line of place and date"
    found = office.of(Purpose.CONCLUSIONS)[0].words
    assert [text for text, _ in FINDINGS if text not in found] == []
    assert found.count("02/10/2023") == len(FINDINGS), "fifteen days from the conclusions, a Saturday rolled to Monday"
    assert (faultless in none_found, faulty in none_found, "Không phát hiện tồn tại, hạn chế." in none_found) == (True, False, True)


def test_quarterly_report_counts_what_the_journal_says(office: Office) -> None:
    year, names = office.year, office.names()
    units = len({year.obligation(ident).party for ident in year.ids("quarterly-report")})
    drafts = office.of(Purpose.REPORT)[1::2]
    assert len(drafts) == 4
    for number, one in enumerate(drafts, start=1):
        sent, late, missing = sent_by(year, f"2023-Q{number}", one)
        said = f"đã gửi: {sent}, trong đó đúng hạn: {sent - len(late)}, chậm: {len(late)}; chưa gửi: {len(missing)};"
        assert f"phải báo cáo: {units}; {said}" in one.words
        assert all(f"- {names[party]}: chậm {days} ngày." in one.words for party, days in late.items())
        assert all(f"- {names[party]}." in one.words for party in missing)
    assert (
        "phát hiện trong kỳ: 2; phúc tra: 2 lượt; đã khắc phục xong: 1; xử lý nghiêm: 1; còn phải khắc phục đến nay: 1" in drafts[3].words
    )


def sent_by(year: Played, period: str, one: Printed) -> tuple[int, dict[int, int], set[int]]:
    """How many have sent a period's report when a draft was made, who of them late and by how many days, and who has not."""
    with year.store.reading() as connection:
        query = select(OBLIGATION.c.party_id, TERM.c.due_on, func.min(JOURNAL.c.at).label("sent")).join(
            TERM, (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == 1)
        )
        mine = (JOURNAL.c.obligation_id == OBLIGATION.c.id) & (JOURNAL.c.action == "submit") & (JOURNAL.c.at <= one.paper.at)
        owed = OBLIGATION.c.id.in_(year.ids("quarterly-report")) & (OBLIGATION.c.subject == period)
        rows = connection.execute(query.outerjoin(JOURNAL, mine).where(owed).group_by(OBLIGATION.c.id, TERM.c.due_on)).all()
    days = {row.party_id: (year.calendar.local_date(row.sent) - row.due_on).days for row in rows if row.sent is not None}
    return len(days), {party: late for party, late in days.items() if late > 0}, {row.party_id for row in rows} - days.keys()


def test_each_paper_has_the_form_of_the_decree(office: Office) -> None:
    for one in office.papers:
        parts = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số:", "Nơi nhận:", "- Lưu: VT", "./."]
        parts += ["V/v "] if one.paper.kind.value == "CV" else [one.paper.summary]
        parts += [] if one.paper.purpose is Purpose.MINUTES else ["Vĩnh Long, ngày"]
        parts += [f"Số: {one.paper.number_text}"] if one.paper.number_text else []
        signature = SIGNED_BY.get(one.paper.purpose, "GIÁM ĐỐC")
        assert [words for words in (*parts, signature) if words not in one.words] == [], one.words
        assert one.words.index("./.") < one.words.rindex(signature)
        assert one.pages <= (3 if one.paper.purpose is Purpose.REPORT else 1)
