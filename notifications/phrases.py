"""Phrases: documents, states, repairs and headings as a mail names them, in Vietnamese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.accounts import AccountEvent
from evaluation.kinds import MessageKind, Role
from evaluation.obligations import State
from notifications.letters import Language
from notifications.wording import document_date, period_name, plain_date

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
    "VB": ("Văn bản", "Document"),
}
ROLES: dict[Role, tuple[str, str]] = {
    Role.OFFICER: ("công chức đầu mối", "focal officer"),
    Role.HEAD: ("người đứng đầu", "head"),
    Role.DEPUTY_HEAD: ("cấp phó", "deputy head"),
    Role.MEMBER: ("thành viên", "member"),
    Role.APPRAISER: ("người thẩm định", "appraiser"),
    Role.FIELD_LEAD: ("chủ trì lĩnh vực", "field lead"),
    Role.INSPECTOR: ("người kiểm tra", "inspector"),
    Role.SURVEY_RUNNER: ("người điều tra", "survey runner"),
    Role.AUDITOR: ("người giám sát", "auditor"),
    Role.ADMINISTRATOR: ("quản trị hệ thống", "administrator"),
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
    MessageKind.URGENT_REQUEST: ("Yêu cầu gấp", "Urgent request"),
    MessageKind.REQUEST_SUMMARY: ("Kết quả yêu cầu báo cáo", "Answers to a request"),
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
    MessageKind.EXTENSION_ASKED: ("Đề nghị gia hạn", "Extension asked for"),
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
    MessageKind.INSPECTION_NOTICE: ("Lịch kiểm tra", "Inspection"),
    MessageKind.VOTE_ASKED: ("Lấy ý kiến biểu quyết", "Vote asked for"),
    MessageKind.PLAN_ISSUED: ("Ban hành kế hoạch", "Plan issued"),
    MessageKind.RESULTS_PUBLISHED: ("Công bố kết quả", "Results published"),
    MessageKind.CYCLE_PAUSED: ("Tạm dừng", "Paused"),
    MessageKind.CYCLE_RESUMED: ("Tiếp tục", "Resumed"),
    MessageKind.CYCLE_CANCELLED: ("Hủy", "Cancelled"),
    MessageKind.COORDINATOR_DIGEST: ("Tổng hợp đôn đốc", "Digest"),
    MessageKind.CONTACT_UNREACHABLE: ("Cần xử lý", "To be repaired"),
    MessageKind.SIGN_IN_LINK: ("Liên kết đăng nhập", "Sign-in link"),
    MessageKind.PASSWORD_RESET: ("Đặt lại mật khẩu", "Password reset"),
    MessageKind.INVITATION: ("Lời mời", "Invitation"),
    MessageKind.ACCOUNT_CHANGED: ("Thay đổi tài khoản", "Account changed"),
    MessageKind.TEST_MAIL: ("Thư thử", "Test mail"),
}
#: What the owner of an account is told was done to it.
ACCOUNT_CHANGES: dict[AccountEvent, tuple[str, str]] = {
    AccountEvent.PASSWORD_CHANGED: ("đã đổi mật khẩu", "the password was changed"),
    AccountEvent.PASSWORD_RESET: ("đã đặt lại mật khẩu bằng liên kết gửi qua thư", "the password was reset by a mailed link"),
    AccountEvent.SECOND_FACTOR_SET: ("đã bật xác thực hai bước", "a second factor was set up"),
    AccountEvent.SECOND_FACTOR_DROPPED: ("đã bỏ xác thực hai bước", "the second factor was dropped"),
    AccountEvent.RECOVERY_CODE_USED: ("đã dùng một mã dự phòng của xác thực hai bước", "a recovery code of the second factor was used"),
    AccountEvent.TOKEN_CREATED: ("đã tạo một mã truy cập API", "an API token was made"),
    AccountEvent.TOKEN_REVOKED: ("đã thu hồi một mã truy cập API", "an API token was revoked"),
    AccountEvent.IDENTITY_LINKED: ("đã gắn với dịch vụ đăng nhập của cơ quan", "a sign-in service was linked to it"),
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
    finding = pick((f"tồn tại {subject.finding}", f"finding {subject.finding}"), language=language) if subject.finding else ""
    named = " ".join(filter(None, (subject.criterion, subject.criterion_title)))
    criterion = pick((f"tiêu chí {named}", f"criterion {named}"), language=language) if subject.criterion else ""
    measure = pick((f"biện pháp {subject.measure}", f"measure {subject.measure}"), language=language) if subject.measure else ""
    return ", ".join(part for part in (period, finding, subject.about, criterion, measure) if part)


def repair_name(repair: Repair, *, language: Language) -> str:
    """Return what the standing body is asked to mend, as a sentence without its full stop."""
    return _repair_words(repair, language=language)[0 if language is Language.VI else 1]


#: What is to be mended about a stage: Vietnamese, English.
_OF_A_STAGE: dict[str, tuple[str, str]] = {
    "released-after-due": (
        "“{title}{period}” được mở sau thời hạn của chính nó",
        "“{title}{period}” was opened after its own due date",
    ),
    "no-criteria": (
        "“{title}”: nhóm “{rest}” chưa được ghim bộ tiêu chí",
        "“{title}”: no criteria set is pinned for the group “{rest}”",
    ),
    "no-lead": (
        "“{title}”: mục {rest} của bộ tiêu chí chưa có đơn vị chủ trì",
        "“{title}”: nobody leads {rest} of the criteria set",
    ),
    "lead-changed": (
        "“{title}”, tiêu chí {rest}: đã đổi đơn vị chủ trì, cần chuyển giao",
        "“{title}”, criterion {rest}: its lead has changed, hand it over",
    ),
    "results-missing": (
        "“{title}”: còn mục chưa có điểm chính thức hoặc điểm thẩm định; xem trang kết quả",
        "“{title}”: leaves have neither a final nor an appraised score; see the page of results",
    ),
    "results-unpublished": (
        "“{title}”: quyết định đã được duyệt nhưng chưa công bố được; công bố ở trang kết quả",
        "“{title}”: the decision was accepted but could not be published; publish it on the page of results",
    ),
    "ended-unit": (
        "{party} đã kết thúc, còn “{title}{period}”: chuyển cho đơn vị kế thừa hoặc miễn",
        "{party} has ended and still owes “{title}{period}”: hand it to its successor, or waive it",
    ),
}


def _repair_words(repair: Repair, *, language: Language) -> tuple[str, str]:
    if repair.what in _OF_A_STAGE:
        period = "" if repair.period is None else f", {period_name(repair.period, language=language)}"
        vi, en = _OF_A_STAGE[repair.what]
        facts = {"party": repair.party, "rest": repair.rest, "period": period}
        return vi.format(title=repair.title, **facts), en.format(title=repair.title_en, **facts)
    on = "" if repair.on is None else plain_date(repair.on, language=language)
    match repair.what:
        case "contact":
            vi, en = ROLES[repair.role] if repair.role is not None else ("ai", "one")
            return f"{repair.party}: chưa có {vi} nhận được thư", f"{repair.party}: no {en} can be reached by mail"
        case "mailbox":
            return f"{repair.party}: hộp thư chung không nhận được thư", f"{repair.party}: the office mailbox takes no mail"
        case "letter" if repair.on is None:
            vi = f"{repair.party}: công văn đôn đốc khắc phục tồn tại {repair.rest}"
            return vi, f"{repair.party}: urging letter about finding {repair.rest}"
        case "letter":
            return _letter_words(repair, on=on)
        case _:
            return _mail_words(repair, on=on)


def _mail_words(repair: Repair, *, on: str) -> tuple[str, str]:
    match repair.what:
        case "unknown-mail":
            vi = f"Thư số {repair.rest}: chưa rõ đã đến nơi hay chưa; đề nghị chọn gửi lại hoặc coi là đã gửi"
            return vi, f"Mail {repair.rest}: it is not known whether it arrived; choose to send it again or to count it as sent"
        case "mail-server":
            vi = f"Máy chủ thư không nhận thư từ ngày {on}; việc gửi đã dừng"
            return vi, f"The mail server takes no mail since {on}; sending has stopped"
        case "fuse":
            return f"Đợt gửi thư ngày {on} đã dừng vì vượt ngưỡng an toàn", f"The mails of {on} were stopped: a safety limit was passed"
        case "account-mail":
            vi = f"Tài khoản số {repair.rest}: máy chủ thư từ chối địa chỉ của tài khoản"
            return vi, f"Account {repair.rest}: the mail server refuses its address"
        case "mail-not-made":
            return f"Không soạn được thư “{repair.rest}”", f"A mail “{repair.rest}” could not be made"
        case _:
            name = f"{repair.what} {repair.rest}".strip()
            return f"Việc cần xử lý: {name}", f"To be repaired: {name}"


#: What rungs ask to be signed, by purpose.
LETTERS: dict[str, tuple[str, str]] = {
    "urging-letter": ("Công văn đôn đốc", "Urging letter"),
    "list-to-chair": ("Danh sách đơn vị chậm trình Chủ tịch", "List of late units to the chair"),
    "criticism": ("Công văn phê bình", "Letter of criticism"),
}


def _letter_words(repair: Repair, *, on: str) -> tuple[str, str]:
    if repair.party:
        vi = f"{repair.party}: công văn đôn đốc khắc phục tồn tại {repair.rest}"
        return vi, f"{repair.party}: urging letter about finding {repair.rest}"
    vi, en = LETTERS.get(repair.rest, ("Văn bản", "Paper"))
    return f"{vi} về “{repair.title}” (ngày {on}) đang chờ ký", f"{en} about “{repair.title_en}” ({on}) is to be signed"
