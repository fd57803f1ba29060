"""What a mail says, word by word: golden files for each kind and language, and what holds for all of them."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any
from unicodedata import is_normalized

import pytest

from evaluation.accounts import CHANGES, AccountEvent
from evaluation.actions import Remark
from evaluation.kinds import MessageKind, manner
from evaluation.letters import AccountChange, Language, Letter, Reader, by_urgency
from evaluation.obligations import State
from notifications.groups import MOST_LINES
from notifications.phrases import ACCOUNT_CHANGES, pick
from notifications.render import MOST_IN_SUBJECT, TEMPLATES, Rendered, environment, render

SECRET = frozenset(kind for kind in MessageKind if manner(kind).confidential)
GOLDEN = Path(__file__).with_name("golden")
PARTS = ("subject.txt", "body.txt", "body.html")
EVERY = [pytest.param(kind, language, id=f"{kind}.{language}") for kind, language in product(MessageKind, Language)]
Make = Callable[..., Any]


def _render(letter: Letter) -> Rendered:
    return render(letter, base_url="https://dondoc.invalid", support_phone="0270 000 000")


def _compare(name: str, rendered: Rendered, *, update: bool) -> None:
    for suffix, words in (("subject", rendered.subject + "\n"), ("txt", rendered.text), ("html", rendered.html)):
        path = GOLDEN / f"{name}.{suffix}"
        if update:
            path.parent.mkdir(exist_ok=True)
            path.write_text(words, encoding="utf-8")
        assert words == path.read_text(encoding="utf-8"), f"{path.name}: see the difference, or run with --update-golden"


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _seen(html: str) -> str:
    """What a reader of the HTML sees."""
    body = html.partition("<body")[2].partition(">")[2]
    return markup.unescape(re.sub(r"<[^>]*>", " ", body))


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden", default=False))


def _several(item: Make, letter: Make, **changes: Any) -> Letter:
    kinds = (
        MessageKind.REMINDER_BEFORE_DUE,
        MessageKind.OVERDUE,
        MessageKind.STAGE_OPENED,
        MessageKind.DUE_TODAY,
        MessageKind.RETURNED_FOR_CORRECTION,
        MessageKind.OVERDUE,
        MessageKind.ACCEPTED,
    )
    items = (item(kind, notice=number, obligation=40 + number) for number, kind in enumerate(kinds))
    made: Letter = letter(*by_urgency(items), **changes)
    return made


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_mail_is_as_agreed(kind: MessageKind, language: Language, item: Make, letter: Make, *, update: bool) -> None:
    _compare(f"{kind}.{language}", _render(letter(item(kind), language=language)), update=update)


@pytest.mark.parametrize("language", list(Language))
def test_merged_mail_of_a_sandbox_is_as_agreed(language: Language, item: Make, letter: Make, *, update: bool) -> None:
    _compare(f"several.{language}", _render(_several(item, letter, language=language, sandbox=True)), update=update)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_kind_has_its_templates(kind: MessageKind, language: Language) -> None:
    assert [part for part in PARTS if not (TEMPLATES / kind.value / language.value / part).is_file()] == []


def test_no_template_is_left_over() -> None:
    assert {path.name for path in TEMPLATES.iterdir()} == {"layout", "several", *(kind.value for kind in MessageKind)}


def test_every_golden_file_belongs_to_a_kind() -> None:
    every = product(("several", *MessageKind), Language, ("subject", "txt", "html"))
    names = {f"{name}.{language}.{suffix}" for name, language, suffix in every}
    assert {path.name for path in GOLDEN.iterdir()} == names


def test_every_kind_has_its_heading_and_true_subject_in_the_documents() -> None:
    text = (TEMPLATES.parent.parent / "docs" / "messages.md").read_text(encoding="utf-8")
    found = re.findall(r"^### `([a-z-]+)`$.*?^- Subject: `(.*?)`$", text, flags=re.MULTILINE | re.DOTALL)
    assert found == [(kind.value, (GOLDEN / f"{kind}.vi.subject").read_text(encoding="utf-8").strip()) for kind in MessageKind]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_html_says_what_the_text_says(kind: MessageKind, language: Language, item: Make, letter: Make) -> None:
    rendered = _render(letter(item(kind), language=language))
    assert _words(rendered.text) - _words(_seen(rendered.html)) == set()


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_mail_fits(kind: MessageKind, language: Language, item: Make, letter: Make) -> None:
    rendered = _render(letter(item(kind), language=language, sandbox=True))
    assert len(rendered.subject) <= MOST_IN_SUBJECT
    year = "" if kind in SECRET | {MessageKind.TEST_MAIL} else " 2026"
    assert rendered.subject.startswith(f"[THỬ][CCHC{year}]" if language is Language.VI else f"[TEST][PAR{year}]")
    assert ("Thư thử." if language is Language.VI else "Test mail.") in rendered.text
    assert rendered.text.count("https://") == 1
    assert rendered.html.count("<a ") == 1
    assert all(bad not in rendered.html for bad in ("<img", "<style", "<script", "class="))
    assert "0270 111 111" in rendered.text
    assert "  " not in rendered.text
    assert rendered.text.splitlines()[1] == rendered.text.splitlines()[3] == ""
    assert all(is_normalized("NFC", text) for text in (rendered.subject, rendered.text, rendered.html))


def test_first_line_says_what_by_when_and_under_which_document(item: Make, letter: Make) -> None:
    first = _render(letter(item(MessageKind.REMINDER_BEFORE_DUE))).text.splitlines()[0]
    assert first == (
        "Báo cáo CCHC định kỳ gửi Sở Nội vụ, quý I/2026: hạn 24 giờ 00 thứ Năm 19/03/2026 (hết ngày), "
        "theo Công văn số 185/SNV-CCHC&VTLT ngày 01/3/2023 của Sở Nội vụ tỉnh Vĩnh Long."
    )


def test_due_today_says_the_true_day_when_it_comes_early(item: Make, letter: Make) -> None:
    due = item(MessageKind.DUE_TODAY)
    sunday = replace(
        due.timing, due_on=date(2026, 3, 22), due_at=datetime(2026, 3, 22, 17, tzinfo=UTC), days_left=2, workdays_left=0, off_day=True
    )
    rendered = _render(letter(replace(due, timing=sunday), now=datetime(2026, 3, 20, 0, 30, tzinfo=UTC)))
    assert rendered.subject == "[CCHC 2026][Còn 2 ngày] Báo cáo CCHC định kỳ gửi Sở Nội vụ, quý I/2026 – hạn hết Chủ nhật 22/03/2026"
    assert "Hôm nay là ngày cuối" not in rendered.text
    assert "Ngày hạn là ngày nghỉ: hôm nay là ngày làm việc cuối cùng trước hạn." in rendered.text


def test_reminder_that_was_held_says_that_it_is_overdue(item: Make, letter: Make) -> None:
    late = item(MessageKind.OVERDUE).timing
    rendered = _render(letter(item(MessageKind.REMINDER_BEFORE_DUE, timing=late)))
    assert rendered.subject.startswith("[CCHC 2026][Quá hạn 3 ngày]")
    assert "đã quá hạn 3 ngày" in rendered.text


def test_hour_of_the_plan_is_told(item: Make, letter: Make) -> None:
    early = replace(item(MessageKind.REMINDER_BEFORE_DUE).timing, due_at=datetime(2026, 3, 19, 10, tzinfo=UTC))
    rendered = _render(letter(item(MessageKind.REMINDER_BEFORE_DUE, timing=early)))
    assert "hạn 17 giờ 00 thứ Năm 19/03/2026," in rendered.text
    assert rendered.subject.endswith("hạn 17:00 thứ Năm 19/03/2026")


def test_merged_subject_counts_by_what_is_so(item: Make, letter: Make) -> None:
    subject = _render(_several(item, letter)).subject
    assert subject == ("[CCHC 2026] 7 việc: 2 quá hạn, 1 đến hạn hôm nay, 1 sắp đến hạn, 1 trả lại để bổ sung, 1 mới, 1 thông báo khác")


def test_long_merged_mail_shows_fifty_lines_and_says_how_many_more(item: Make, letter: Make) -> None:
    late = [item(MessageKind.OVERDUE, notice=number, obligation=number) for number in range(60)]
    soon = [item(MessageKind.REMINDER_BEFORE_DUE, notice=number, obligation=number) for number in range(60, 67)]
    text = _render(letter(*late, *soon)).text
    assert sum(line.startswith("- ") for line in text.splitlines()) == MOST_LINES
    assert "Quá hạn (60)" in text
    assert "… và 10 việc khác." in text
    assert "Sắp đến hạn (7)" in text
    assert "… và 7 việc khác." in text


def test_names_begin_no_line_and_no_tag(item: Make, letter: Make) -> None:
    evil = 'Xã\r\nBcc: x@y.invalid\u2028<script>alert("1")</script>\u202e'
    kind = MessageKind.RETURNED_FOR_CORRECTION
    rendered = _render(letter(item(kind, party=evil, remark=Remark(reason=evil, items=((evil, evil),))), name=evil, authority_name=evil))
    assert not any(line.lstrip().startswith("Bcc:") for line in rendered.text.splitlines())
    assert "<script" not in rendered.html
    assert all(bad not in text for bad in "\r\u2028\u202e" for text in (rendered.subject, rendered.text, rendered.html))
    assert "\n" not in rendered.subject


def test_long_names_leave_the_due_date_in_the_subject(item: Make, letter: Make) -> None:
    long = item(MessageKind.ESCALATION_CHAIR, party="Ủy ban nhân dân " * 10)
    long = replace(long, duty=replace(long.duty, title="Rà soát, đánh giá, khắc phục " * 10))
    subject = _render(letter(long, sandbox=True)).subject
    assert len(subject) <= MOST_IN_SUBJECT
    assert "quý I/2026" in subject
    assert subject.endswith("13/03/2026")


def test_decomposed_names_become_composed(item: Make, letter: Make) -> None:
    assert "Xã" in _render(letter(item(MessageKind.OVERDUE, party="Xa\u0303"))).text


def test_locked_stage_says_whether_it_still_takes_a_submission(item: Make, letter: Make) -> None:
    lapsed = item(MessageKind.OVERDUE, state=State.LAPSED)
    assert "vẫn nhận bản gửi muộn" in _render(letter(lapsed)).text
    assert "cho mở lại" in _render(letter(replace(lapsed, duty=replace(lapsed.duty, accepts_late=False)))).text


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        pytest.param(
            Language.VI,
            "[Đã chuyển giao]",
            "tiếp nhận việc này từ Xã 002 (tên chưa có nguồn). Xã 002 (tên chưa có nguồn) không phải",
            id="vi",
        ),
        pytest.param(
            Language.EN, "[Handed over]", "from Xã 002 (tên chưa có nguồn). Xã 002 (tên chưa có nguồn) no longer owes it.", id="en"
        ),
    ],
)
def test_who_owed_it_before_is_not_asked_to_do_it(language: Language, subject: str, words: str, item: Make, letter: Make) -> None:
    rendered = _render(letter(item(MessageKind.HANDED_OVER, reader=Reader.OWED), language=language))
    assert subject in rendered.subject
    assert "Xã 001 (tên chưa có nguồn): " in rendered.subject
    assert words in rendered.text
    assert words in _seen(rendered.html)
    assert not any(asked in rendered.text for asked in ("Đề nghị thực hiện", "is asked to submit"))
    assert rendered.ics is None, "the successor's date is not theirs"


def test_mailbox_is_told_why_it_gets_the_mail(item: Make, letter: Make) -> None:
    assert "hộp thư chung" in _render(letter(item(MessageKind.OVERDUE), recipient="m7")).text
    assert "hộp thư chung" not in _render(letter(item(MessageKind.OVERDUE))).text


def test_without_a_telephone_of_the_standing_body_the_support_is_phoned(item: Make, letter: Make) -> None:
    made = letter(item(MessageKind.OVERDUE))
    rendered = _render(replace(made, helpdesk=replace(made.helpdesk, phone="")))
    assert "Liên hệ: Sở Nội vụ, điện thoại 0270 000 000" in rendered.text
    assert "Hỗ trợ kỹ thuật" not in rendered.text


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("what", sorted(CHANGES))
def test_every_change_of_an_account_has_its_words(what: AccountEvent, language: Language, item: Make, letter: Make) -> None:
    given = AccountChange(what=what, at=datetime(2026, 3, 16, 0, 30, tzinfo=UTC))
    rendered = _render(letter(item(MessageKind.ACCOUNT_CHANGED, account_change=given), language=language))
    words = pick(ACCOUNT_CHANGES[what], language=language)
    assert words in rendered.subject
    assert words in rendered.text.splitlines()[0]
    assert ("trên máy chủ" if language is Language.VI else "on the server itself") in rendered.text


def test_templates_cannot_reach_beyond_their_sheets() -> None:
    from jinja2.exceptions import SecurityError, UndefinedError  # noqa: PLC0415

    with pytest.raises(SecurityError):
        environment().from_string("{{ ''.__class__.__mro__ }}").render()
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nothing }}").render()
