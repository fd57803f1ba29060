"""Phrases: documents, states, repairs and headings as a mail names them, in Vietnamese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.kinds import MessageKind, Role
from evaluation.obligations import State
from notifications.letters import Language
from notifications.wording import document_date, period_name

if TYPE_CHECKING:
    from evaluation.plans import Document
    from notifications.letters import Repair, Subject

#: Kinds of official documents (NĐ 30/2020/NĐ-CP and what is customary) in full.
DOCUMENT_KINDS: dict[str, tuple[str, str]] = {
    "QĐ": ("Quyết định", "Decision"),
    "KH": ("Kế hoạch", "Plan"),
    "CV": ("Công văn", "Official letter"),
    "TB": ("Thông báo", "Notice"),
    "BC": ("Báo cáo", "Report"),
    "TTr": ("Tờ trình", "Submission"),
    "BB": ("Biên bản", "Minutes"),
    "NQ": ("Nghị quyết", "Resolution"),
    "NĐ": ("Nghị định", "Decree"),
    "CT": ("Chỉ thị", "Directive"),
    "TT": ("Thông tư", "Circular"),
}
ROLES: dict[Role, tuple[str, str]] = {
    Role.OFFICER: ("công chức đầu mối", "focal officer"),
    Role.HEAD: ("người đứng đầu", "head"),
    Role.DEPUTY_HEAD: ("cấp phó", "deputy head"),
    Role.MEMBER: ("thành viên", "member"),
}
STATES: dict[State, tuple[str, str]] = {
    State.SCHEDULED: ("Chưa mở", "Not open yet"),
    State.OPEN: ("Chưa gửi", "Not submitted"),
    State.PREPARED: ("Chờ lãnh đạo duyệt", "Awaiting the head"),
    State.SUBMITTED: ("Đã gửi", "Submitted"),
    State.RETURNED: ("Trả lại để bổ sung", "Returned for correction"),
    State.ACCEPTED: ("Đã chấp nhận", "Accepted"),
    State.LAPSED: ("Đã khóa, chưa gửi", "Locked, not submitted"),
    State.WAIVED: ("Không áp dụng", "Waived"),
    State.TRANSFERRED: ("Đã chuyển giao", "Handed over"),
}
#: How a group of such notices is headed in a mail with several.
HEADINGS: dict[MessageKind, tuple[str, str]] = {
    MessageKind.STAGE_OPENED: ("Việc mới", "Opened"),
    MessageKind.REMINDER_BEFORE_DUE: ("Sắp đến hạn", "Due soon"),
    MessageKind.DUE_TODAY: ("Đến hạn", "Due"),
    MessageKind.OVERDUE: ("Quá hạn", "Overdue"),
    MessageKind.ESCALATION_STANDING_BODY: ("Quá hạn, báo cáo cơ quan thường trực", "Overdue, reported to the standing body"),
    MessageKind.ESCALATION_CHAIR: ("Quá hạn, báo cáo Chủ tịch", "Overdue, reported to the Chairman"),
    MessageKind.AWAITING_HEAD: ("Chờ lãnh đạo duyệt", "Awaiting the head"),
    MessageKind.SENT_BACK_BY_HEAD: ("Lãnh đạo chưa duyệt", "Sent back by the head"),
    MessageKind.RECEIVED: ("Mới nhận, chờ xem xét", "Received, awaiting review"),
    MessageKind.RETURNED_FOR_CORRECTION: ("Trả lại để bổ sung", "Returned for correction"),
    MessageKind.CORRECTION_REMINDER: ("Sắp đến hạn bổ sung", "Correction due soon"),
    MessageKind.CORRECTION_OVERDUE: ("Quá hạn bổ sung", "Correction overdue"),
    MessageKind.ACCEPTED: ("Đã chấp nhận", "Accepted"),
    MessageKind.EXTENSION_GRANTED: ("Được gia hạn", "Extension granted"),
    MessageKind.EXTENSION_REFUSED: ("Không được gia hạn", "Extension refused"),
    MessageKind.SUSPENDED: ("Tạm dừng tính thời hạn", "Clock suspended"),
    MessageKind.RESUMED: ("Tiếp tục tính thời hạn", "Clock resumed"),
    MessageKind.WAIVED: ("Không phải thực hiện", "Waived"),
    MessageKind.DATES_MOVED: ("Thay đổi thời hạn", "Dates moved"),
    MessageKind.RE_OPENED: ("Mở lại", "Re-opened"),
    MessageKind.HANDED_OVER: ("Nhận chuyển giao", "Handed over"),
    MessageKind.REVIEW_DUE: ("Sắp đến hạn xem xét", "Review due soon"),
    MessageKind.REVIEW_OVERDUE: ("Quá hạn xem xét", "Review overdue"),
    MessageKind.URGED: ("Đôn đốc", "Urged"),
    MessageKind.PLAN_ISSUED: ("Ban hành kế hoạch", "Plan issued"),
    MessageKind.CYCLE_PAUSED: ("Tạm dừng", "Paused"),
    MessageKind.CYCLE_RESUMED: ("Tiếp tục", "Resumed"),
    MessageKind.CYCLE_CANCELLED: ("Hủy", "Cancelled"),
    MessageKind.COORDINATOR_DIGEST: ("Tổng hợp đôn đốc", "Digest"),
    MessageKind.CONTACT_UNREACHABLE: ("Cần xử lý", "To be repaired"),
}


def pick(pair: tuple[str, str], *, language: Language) -> str:
    """Return the Vietnamese or the English one of a pair."""
    return pair[0] if language is Language.VI else pair[1]


def document_name(document: Document, *, language: Language) -> str:
    """Return a citation: `Công văn số 185/SNV-CCHC&VTLT ngày 01/3/2023 của Sở Nội vụ`; what the source does not print is left out."""
    vi = language is Language.VI
    kind = DOCUMENT_KINDS.get(document.kind)
    parts = [pick(kind, language=language) if kind else document.kind]
    if document.number:
        parts.append(f"số {document.number}" if vi else f"No. {document.number}")
    if document.dated is not None:
        parts.append(f"{'ngày' if vi else 'of'} {document_date(document.dated, language=language)}")
    if document.issuer:
        parts.append(f"của {document.issuer}" if vi else f"issued by {document.issuer}")
    return " ".join(parts)


def subject_name(subject: Subject, *, language: Language) -> str:
    """Return what an obligation is about: `quý I/2026`, a unit's name, or both; empty where there is nothing to tell apart."""
    period = "" if subject.period is None else period_name(subject.period, language=language)
    return ", ".join(part for part in (period, subject.about) if part)


def repair_name(repair: Repair, *, language: Language) -> str:
    """Return what the standing body is asked to mend, as a sentence without its full stop."""
    vi = language is Language.VI
    match repair.what:
        case "contact":
            role = "" if repair.role is None else pick(ROLES[repair.role], language=language)
            return f"{repair.party}: chưa có {role} nhận được thư" if vi else f"{repair.party}: no {role} can be reached by mail"
        case "released-after-due":
            title = repair.title if vi else repair.title_en
            name = f"{title}, {period_name(repair.period, language=language)}" if repair.period else title
            return f"“{name}” được mở sau thời hạn của chính nó" if vi else f"“{name}” was opened after its own due date"
        case "message" | "mail" | "unknown-mail":
            return f"Thư {repair.rest}: chưa rõ đã đến nơi hay chưa" if vi else f"Mail {repair.rest}: it is not known whether it arrived"
        case _:
            name = f"{repair.what} {repair.rest}".strip()
            return f"Việc cần xử lý: {name}" if vi else f"To be repaired: {name}"
