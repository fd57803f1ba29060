"""Dates, periods and documents in words."""

from __future__ import annotations

from datetime import date

import pytest

from evaluation.due_rules import Period
from evaluation.kinds import MessageKind, Role
from evaluation.letters import Language, Repair, Subject
from evaluation.obligations import State
from evaluation.plans import Document
from notifications.phrases import HEADINGS, ROLES, STATES, document_name, repair_name, subject_name
from notifications.wording import WEEKDAYS, counted, document_date, full_date, period_name

VI, EN = Language.VI, Language.EN


def test_every_state_role_and_kind_has_its_words() -> None:
    assert (set(STATES), set(ROLES), set(HEADINGS)) == (set(State), set(Role), set(MessageKind))


@pytest.mark.parametrize(
    ("on", "vi", "en"),
    [
        (date(2026, 3, 16), "thứ Hai 16/03/2026", "Monday 16 March 2026"),
        (date(2026, 3, 19), "thứ Năm 19/03/2026", "Thursday 19 March 2026"),
        (date(2026, 3, 1), "Chủ nhật 01/03/2026", "Sunday 1 March 2026"),
    ],
)
def test_date_has_its_weekday(on: date, vi: str, en: str) -> None:
    assert (full_date(on, language=VI), full_date(on, language=EN)) == (vi, en)


def test_week_has_seven_different_days() -> None:
    assert {language: len(set(names)) for language, names in WEEKDAYS.items()} == {VI: 7, EN: 7}


@pytest.mark.parametrize(
    ("on", "words"),
    [(date(2023, 3, 1), "01/3/2023"), (date(2023, 2, 9), "09/02/2023"), (date(2019, 11, 27), "27/11/2019")],
)
def test_document_is_dated_as_offices_write_it(on: date, words: str) -> None:
    assert document_date(on, language=VI) == words


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        (Period.quarter(2026, 1), "quý I/2026", "Q1 2026"),
        (Period.quarter(2026, 4), "quý IV/2026", "Q4 2026"),
        (Period.half(2026, 1), "6 tháng đầu năm 2026", "first half of 2026"),
        (Period.half(2026, 2), "6 tháng cuối năm 2026", "second half of 2026"),
        (Period.month(2026, 3), "tháng 3/2026", "March 2026"),
        (Period(year=2026, first_month=1, last_month=12, key="2026"), "năm 2026", "2026"),
    ],
)
def test_period_has_its_name(period: Period, vi: str, en: str) -> None:
    assert (period_name(period, language=VI), period_name(period, language=EN)) == (vi, en)


def test_subject_names_period_and_unit() -> None:
    assert subject_name(Subject(period=Period.quarter(2026, 2), about="Sở Tư pháp"), language=VI) == "quý II/2026, Sở Tư pháp"
    assert subject_name(Subject(), language=VI) == ""


def _document(**changes: object) -> Document:
    given = {"key": "x", "kind": "QĐ", "number": "", "issuer": "", "dated": None, "title": "", "source": "none", **changes}
    return Document(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("document", "vi", "en"),
    [
        (
            _document(number="2845/QĐ-UBND", issuer="UBND tỉnh Thái Nguyên", dated=date(2019, 11, 27)),
            "Quyết định số 2845/QĐ-UBND ngày 27/11/2019 của UBND tỉnh Thái Nguyên",
            "Decision No. 2845/QĐ-UBND of 27 November 2019 issued by UBND tỉnh Thái Nguyên",
        ),
        (_document(kind="KH", issuer="UBND thử"), "Kế hoạch của UBND thử", "Plan issued by UBND thử"),
        (_document(kind="Đề án", number="5"), "Đề án số 5", "Đề án No. 5"),
    ],
)
def test_document_is_cited_by_what_is_known_of_it(document: Document, vi: str, en: str) -> None:
    assert (document_name(document, language=VI), document_name(document, language=EN)) == (vi, en)


@pytest.mark.parametrize(
    ("repair", "vi"),
    [
        (Repair(what="contact", party="Xã 001", role=Role.HEAD), "Xã 001: chưa có người đứng đầu nhận được thư"),
        (
            Repair(what="released-after-due", title="Báo cáo", period=Period.quarter(2026, 1)),
            "“Báo cáo, quý I/2026” được mở sau thời hạn của chính nó",
        ),
        (Repair(what="mailbox", party="Xã 001"), "Xã 001: hộp thư chung không nhận được thư"),
        (Repair(what="mail-server", on=date(2026, 3, 16)), "Máy chủ thư không nhận thư từ ngày 16/03/2026; việc gửi đã dừng"),
        (Repair(what="fuse", on=date(2026, 3, 16)), "Đợt gửi thư ngày 16/03/2026 đã dừng vì vượt ngưỡng an toàn"),
        (Repair(what="mail-not-made", rest="overdue"), "Không soạn được thư “overdue”"),
        (Repair(what="unknown-mail", rest="12"), "Thư số 12: chưa rõ đã đến nơi hay chưa; đề nghị chọn gửi lại hoặc coi là đã gửi"),
        (Repair(what="unheard-of", rest="12/phê bình"), "Việc cần xử lý: unheard-of 12/phê bình"),
    ],
)
def test_repair_is_a_sentence(repair: Repair, vi: str) -> None:
    assert repair_name(repair, language=VI) == vi
    assert repair_name(repair, language=EN) != vi


def test_one_day_is_singular_in_english() -> None:
    assert [counted(number, language=EN, working=True) for number in (1, 2)] == ["1 working day", "2 working days"]
    assert counted(1, language=VI) == "1 ngày"
