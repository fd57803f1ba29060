"""Letters to test with: one for each kind of message, of facts that never change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from evaluation.accounts import AccountEvent, Purpose
from evaluation.actions import Remark
from evaluation.due_rules import Period
from evaluation.kinds import MessageKind, Role
from evaluation.letter_subjects import Running, TheirResult
from evaluation.letters import (
    AccountChange,
    Answers,
    Digest,
    DigestLine,
    DigestList,
    Duty,
    GroupCount,
    Helpdesk,
    Item,
    Language,
    Letter,
    OneTime,
    Reader,
    Repair,
    Subject,
    Timing,
)
from evaluation.obligations import State
from evaluation.papers import Purpose as PaperPurpose
from evaluation.papers import WaitingPapers
from evaluation.plans import Document
from evaluation.terms import TermReason, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

BASE_URL = "https://dondoc.invalid"
SUPPORT = "0270 000 000"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 3, 16, 0, 30, tzinfo=UTC)  # Monday, 07:30 local
Q1 = Period.quarter(2026, 1)
UNIT = "Xã 001 (tên chưa có nguồn)"

RUNNING = Running(
    id=3, title="Kế hoạch xác định Chỉ số CCHC năm 2026", title_en="Determining the PAR Index of 2026", year=2026, standing_body="Sở Nội vụ"
)
DUTY = Duty(
    title="Báo cáo CCHC định kỳ gửi Sở Nội vụ",
    title_en="Periodic report to the standing body",
    deliverable="Báo cáo CCHC định kỳ",
    parts=(("bao-cao", "Báo cáo đã ký"), ("so-lieu", "Biểu số liệu")),
    words="trước ngày 20 tháng cuối quý",
    basis=Document(
        key="cv-185",
        kind="CV",
        number="185/SNV-CCHC&VTLT",
        issuer="Sở Nội vụ tỉnh Vĩnh Long",
        dated=date(2023, 3, 1),
        title="Hướng dẫn thực hiện chế độ báo cáo cải cách hành chính định kỳ",
        source="seed 001",
    ),
    receiver="Sở Nội vụ",
)
AHEAD = Timing(
    number=1,
    reason=TermReason.INITIAL,
    made_as=TermReason.INITIAL,
    turn=Turn.PARTY,
    due_on=date(2026, 3, 19),
    due_at=datetime(2026, 3, 19, 17, tzinfo=UTC),
    locks_at=datetime(2026, 4, 2, 17, tzinfo=UTC),
    days_left=3,
    workdays_left=3,
)
TODAY = replace(AHEAD, due_on=date(2026, 3, 16), due_at=datetime(2026, 3, 16, 17, tzinfo=UTC), days_left=0, workdays_left=0)
PAST = replace(AHEAD, due_on=date(2026, 3, 13), due_at=datetime(2026, 3, 13, 17, tzinfo=UTC), overdue=True, days_left=-3, workdays_left=-1)
CORRECTION = replace(AHEAD, number=3, reason=TermReason.CORRECTION, made_as=TermReason.CORRECTION, locks_at=None)
REVIEW = replace(AHEAD, number=2, reason=TermReason.REVIEW, made_as=TermReason.REVIEW, turn=Turn.RECEIVER, locks_at=None)
WHY = Remark(reason="Số liệu tháng 3 chưa có", basis="Công văn số 12/UBND ngày 12/3/2026")
RETURNED = Remark(reason="Thiếu số liệu", items=(("so-lieu", "chưa chốt đến ngày 14/3"), ("bao-cao", "chưa ký")))
SUSPENDED = replace(AHEAD, number=2, reason=TermReason.SUSPENSION, due_on=None, due_at=None, locks_at=None, days_left=None, held_days=5)


def _line(number: int, **changes: Any) -> DigestLine:
    given: dict[str, Any] = {"party": f"Xã {number:03} (tên chưa có nguồn)", "title": DUTY.title, "title_en": DUTY.title_en}
    return DigestLine(**{**given, "subject": Subject(period=Q1), "due_on": date(2026, 3, 13), "days_late": 3, **changes})


def _one_time(purpose: Purpose) -> OneTime:
    return OneTime(purpose=purpose, nonce="n", expires_at=datetime(2026, 3, 16, 0, 45, tzinfo=UTC), token="uMBDWmzU0nQ")


CONTACT = Repair(what="contact", party=UNIT, role=Role.OFFICER)
DIGEST = Digest(
    late=DigestList(total=53, lines=(_line(1), _line(2), _line(3, days_late=1))),
    uncorrected=DigestList(total=1, lines=(_line(4),)),
    awaiting_review=DigestList(total=1, lines=(_line(5, days_late=0, due_on=date(2026, 3, 19)),)),
    repairs=DigestList(
        total=2,
        lines=(
            _line(0, repair=CONTACT),
            _line(0, repair=Repair(what="released-after-due", title=DUTY.title, title_en=DUTY.title_en, period=Q1)),
        ),
    ),
    groups=(GroupCount(group="so-ban-nganh", late_units=7, late=9, uncorrected=1), GroupCount(group="xa", findings=3)),
    to_sign=(
        WaitingPapers(purpose=PaperPurpose.URGING, number=2, units=(("so-ban-nganh", 7), ("xa", 1))),
        WaitingPapers(purpose=PaperPurpose.LIST_TO_CHAIR, number=1, units=(("so-ban-nganh", 3),)),
    ),
    held=2,
    unknown=1,
)

#: What is particular to a kind; the rest is the same for all.
ASKED = Duty(
    title="Thiệt hại do bão số 3",
    title_en="Thiệt hại do bão số 3",
    deliverable="Báo cáo theo yêu cầu",
    words="Số hồ sơ trễ hẹn, nguyên nhân",
    basis=Document(key="YC-03", kind="VB", number="45/UBND-NC", issuer="", dated=date(2026, 3, 16), title="", source="none"),
    receiver="Sở Nội vụ",
    asked=True,
)
ELEVEN = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)
AT_ELEVEN = replace(AHEAD, due_on=date(2026, 3, 16), due_at=ELEVEN, locks_at=None, days_left=0, workdays_left=0)
ANSWERS = Answers(
    key="YC-03",
    title="Thiệt hại do bão số 3",
    due_on=date(2026, 3, 16),
    due_at=ELEVEN,
    in_time=(UNIT, "Sở Tư pháp"),
    late=(("Xã 002 (tên chưa có nguồn)", 1),),
    missing=("Xã 003 (tên chưa có nguồn)",),
)
RESULT = TheirResult(
    unit=UNIT,
    year=2026,
    decision="617/QĐ-UBND",
    decided_on=date(2026, 3, 16),
    corrects=False,
    path="/published/quang-nam/2026/1/units/xa-1",
    decimals=2,
    running=RUNNING,
    group="ubnd-xa",
    index=Decimal("88.745"),
    points=Decimal("84.3"),
    maximum=Decimal(95),
    place=3,
    of=21,
    band="B",
    plan_due=date(2026, 12, 31),
)
FACTS: dict[MessageKind, dict[str, Any]] = {
    MessageKind.DUE_TODAY: {"timing": TODAY},
    MessageKind.OVERDUE: {"timing": PAST},
    MessageKind.ESCALATION_STANDING_BODY: {"timing": PAST, "reader": Reader.RECEIVES},
    MessageKind.ESCALATION_CHAIR: {"timing": PAST, "reader": Reader.OVERSEES, "state": State.LAPSED},
    MessageKind.AWAITING_HEAD: {"state": State.PREPARED},
    MessageKind.SENT_BACK_BY_HEAD: {"remark": Remark(reason="Bổ sung nội dung về thủ tục hành chính")},
    MessageKind.RECEIVED: {
        "timing": REVIEW,
        "reader": Reader.RECEIVES,
        "state": State.SUBMITTED,
        "days_late": 2,
        "received_on": date(2026, 3, 14),
        "document": "05/BC-UBND",
    },
    MessageKind.RETURNED_FOR_CORRECTION: {"timing": CORRECTION, "state": State.RETURNED, "rounds": 1, "remark": RETURNED},
    MessageKind.CORRECTION_REMINDER: {"timing": CORRECTION, "state": State.RETURNED, "rounds": 1},
    MessageKind.CORRECTION_OVERDUE: {
        "timing": replace(PAST, number=3, reason=TermReason.CORRECTION, made_as=TermReason.CORRECTION, locks_at=None),
        "state": State.RETURNED,
        "rounds": 2,
    },
    MessageKind.ACCEPTED: {"timing": None, "state": State.ACCEPTED, "days_late": 0},
    MessageKind.EXTENSION_ASKED: {"reader": Reader.OVERSEES, "wanted_on": date(2026, 3, 25), "remark": WHY},
    MessageKind.EXTENSION_GRANTED: {
        "timing": replace(AHEAD, number=2, reason=TermReason.EXTENSION, made_as=TermReason.EXTENSION),
        "due_before": date(2026, 3, 16),
        "remark": WHY,
    },
    MessageKind.EXTENSION_REFUSED: {"remark": Remark(reason="Báo cáo phải gửi đúng kỳ")},
    MessageKind.SUSPENDED: {"timing": SUSPENDED, "due_before": date(2026, 3, 19), "remark": WHY},
    MessageKind.RESUMED: {"timing": replace(AHEAD, number=3, reason=TermReason.RESUMPTION, made_as=TermReason.RESUMPTION)},
    MessageKind.WAIVED: {"timing": None, "state": State.WAIVED, "remark": Remark(reason="Cơ quan đặc thù, miễn chấm")},
    MessageKind.DATES_MOVED: {
        "timing": replace(AHEAD, number=2, reason=TermReason.CALENDAR, projected=True),
        "due_before": date(2026, 3, 18),
        "remark": WHY,
    },
    MessageKind.RE_OPENED: {"timing": replace(AHEAD, number=2, reason=TermReason.RE_OPENING, made_as=TermReason.RE_OPENING), "remark": WHY},
    MessageKind.HANDED_OVER: {"predecessor": "Xã 002 (tên chưa có nguồn)", "remark": WHY},
    MessageKind.REVIEW_DUE: {"timing": REVIEW, "reader": Reader.RECEIVES, "state": State.SUBMITTED},
    MessageKind.REVIEW_OVERDUE: {
        "timing": replace(PAST, number=2, reason=TermReason.REVIEW, made_as=TermReason.REVIEW, turn=Turn.RECEIVER, locks_at=None),
        "reader": Reader.RECEIVES,
        "state": State.SUBMITTED,
    },
    MessageKind.URGED: {"timing": PAST, "remark": Remark(reason="Chủ tịch yêu cầu báo cáo trong tuần")},
    MessageKind.INSPECTION_NOTICE: {
        "timing": None,
        "wanted_on": date(2026, 4, 2),
        "duty": Duty(title="Kiểm tra công tác CCHC", title_en="Inspection", receiver="Sở Nội vụ"),
        "party": "Đoàn kiểm tra CCHC tỉnh",
        "subject": Subject(about="Xã 001 (tên chưa có nguồn)"),
    },
    MessageKind.VOTE_ASKED: {
        "timing": None,
        "wanted_on": date(2026, 2, 20),
        "duty": Duty(title="Hội đồng thẩm định thông qua kết quả", title_en="The council's decision", receiver="Sở Nội vụ"),
        "party": "Hội đồng thẩm định Chỉ số CCHC tỉnh",
        "subject": Subject(),
    },
    MessageKind.PLAN_ISSUED: {"running": replace(RUNNING, version=2, signed="số 12/KH-UBND ngày 05/01/2026")},
    MessageKind.RESULTS_PUBLISHED: {"result": RESULT},
    MessageKind.CYCLE_PAUSED: {"remark": WHY},
    MessageKind.CYCLE_RESUMED: {},
    MessageKind.CYCLE_CANCELLED: {"remark": WHY},
    MessageKind.COORDINATOR_DIGEST: {"digest": DIGEST},
    MessageKind.REQUEST_SUMMARY: {"answers": ANSWERS},
    MessageKind.URGENT_REQUEST: {"duty": ASKED, "subject": Subject(about="YC-03"), "timing": AT_ELEVEN},
    MessageKind.CONTACT_UNREACHABLE: {
        "timing": None,
        "repair": CONTACT,
        "duty": Duty(title="Việc cần xử lý của cơ quan thường trực", title_en="Repairs asked of the standing body"),
        "party": "Sở Nội vụ",
        "subject": Subject(),
    },
    MessageKind.SIGN_IN_LINK: {"one_time": _one_time(Purpose.SIGN_IN)},
    MessageKind.PASSWORD_RESET: {"one_time": _one_time(Purpose.RESET)},
    MessageKind.INVITATION: {"one_time": _one_time(Purpose.INVITATION)},
    MessageKind.TEST_MAIL: {},
    MessageKind.ACCOUNT_CHANGED: {
        "account_change": AccountChange(
            what=AccountEvent.PASSWORD_CHANGED, at=datetime(2026, 3, 16, 0, 30, tzinfo=UTC), address="203.0.113.7"
        )
    },
}
_OF_AN_ACCOUNT = frozenset(
    {
        MessageKind.SIGN_IN_LINK,
        MessageKind.PASSWORD_RESET,
        MessageKind.INVITATION,
        MessageKind.ACCOUNT_CHANGED,
        MessageKind.TEST_MAIL,
    }
)
_OF_THE_CYCLE = frozenset(
    {
        MessageKind.PLAN_ISSUED,
        MessageKind.RESULTS_PUBLISHED,
        MessageKind.CYCLE_PAUSED,
        MessageKind.CYCLE_RESUMED,
        MessageKind.CYCLE_CANCELLED,
        MessageKind.COORDINATOR_DIGEST,
        MessageKind.REQUEST_SUMMARY,
    }
)


def make_item(kind: MessageKind, **changes: Any) -> Item:
    """An item of a kind, as a year would bring it."""
    if kind in _OF_AN_ACCOUNT:
        return Item(**{"notice": 1, "kind": kind, **FACTS[kind], **changes})
    common: dict[str, Any] = {"notice": 1, "running": RUNNING}
    if kind not in _OF_THE_CYCLE:
        common |= {
            "duty": DUTY,
            "obligation": 41,
            "party_id": 7,
            "party": UNIT,
            "reader": Reader.OWES,
            "subject": Subject(period=Q1),
            "state": State.OPEN,
            "timing": AHEAD,
        }
    return Item(kind=kind, **{**common, **FACTS.get(kind, {}), **changes})


def make_letter(*items: Item, **changes: Any) -> Letter:
    """A letter of a real authority to the focal officer of a unit."""
    given: dict[str, Any] = {
        "authority_id": 1,
        "authority": "ubnd-tinh",
        "authority_name": "UBND tỉnh",
        "sandbox": False,
        "zone": ZONE,
        "now": NOW,
        "recipient": "c9",
        "address": "officer.xa-001@tinh.invalid",
        "name": f"Công chức đầu mối CCHC – {UNIT}",
        "language": Language.VI,
        "items": items,
        "helpdesk": Helpdesk(name="Sở Nội vụ", phone="0270 111 111", mailbox="so-noi-vu@tinh.invalid"),
    }
    return Letter(**{**given, **changes})


@pytest.fixture
def item() -> Callable[..., Item]:
    """The factory of items."""
    return make_item


@pytest.fixture
def letter() -> Callable[..., Letter]:
    """The factory of letters."""
    return make_letter


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden mails instead of comparing with them")
