"""Problems of work: which error of a command becomes which status and words, and what more it carries."""

from __future__ import annotations

from typing import Any

from starlette.requests import ClientDisconnect

from api.doors.bodies import BodyTooLongError, UploadTooLongError
from api.problems.errors import (
    ChangedError,
    NoAuthorityError,
    NoEvidenceError,
    NoMessageError,
    NoPlanError,
    NoReportRequestError,
)
from api.problems.kind import Kind
from api.problems.transition_words import why_not
from api.wire.etags import BadIfMatchError, NoIfMatchError
from config.faults import InputError
from evaluation.cycles import CycleMoveError
from evaluation.due_rules import MissingAnchorError
from evaluation.projection import CyclicStagesError
from evaluation.transitions import TransitionError
from evaluation.workdays import UnknownYearError
from store.commands.extensions import NoRequestError
from store.commands.launch_refusals import LaunchError
from store.commands.moves import NoSuchObligationError
from store.commands.paper_refusals import PaperError, PaperMovedError
from store.commands.papers import DocumentNeededError, ReceivedOnError
from store.commands.people import AlreadyThereError, PeopleError
from store.commands.replan_refusals import ReplanError
from store.commands.reporting import StaleReportError
from store.files import FileTooLargeError, NoSuchFileError, size_words, too_large
from store.idempotency import KeyReusedError, UnderWayError
from store.outbox.states import MessageMoveError, MessageState
from store.perform import StaleError
from store.queries.criteria import NoSuchCriteriaError
from store.queries.editions import NoSuchEditionError
from store.queries.people import NoSuchContactError, NoSuchPartyError
from store.refusals import RefusalError
from store.rights import NotAllowedError
from store.score_refusals import SheetFaultsError, StaleLeafError
from store.years import CycleNotRunningError, NoSuchCycleError

_SAID = ("{said_vi}", "{said_en}")


def _kind(name: str, status: int, title: tuple[str, str], detail: tuple[str, str] = _SAID) -> Kind:
    return Kind(name=name, status=status, title=title, detail=detail)


_FILE_TOO_LARGE = _kind("file-too-large", 413, ("Tệp quá lớn", "The file is too large"))
#: What a message's state is called in Vietnamese.
_MESSAGE_STATES: dict[object, str] = {
    MessageState.HELD: "đang giữ",
    MessageState.QUEUED: "đang chờ gửi",
    MessageState.SENDING: "đang gửi",
    MessageState.SENT: "đã gửi",
    MessageState.UNKNOWN: "chưa rõ kết quả",
    MessageState.REFUSED: "bị từ chối",
    MessageState.BOUNCED: "bị trả về",
    MessageState.CANCELLED: "đã hủy",
}
#: The first class of an error's family that is listed decides, so the narrow ones come first.
WORK_KINDS: dict[type[Exception], Kind] = {
    NoSuchObligationError: _kind(
        "no-such-obligation",
        404,
        ("Không tìm thấy nghĩa vụ", "No such obligation"),
        ("Không có nghĩa vụ này, hoặc không thuộc phạm vi của anh/chị.", "There is no such obligation, or it is not yours to see."),
    ),
    NoSuchCycleError: _kind(
        "no-such-cycle",
        404,
        ("Không tìm thấy chu kỳ", "No such cycle"),
        ("Không có chu kỳ này, hoặc không thuộc phạm vi của anh/chị.", "There is no such cycle, or it is not yours to see."),
    ),
    PaperMovedError: _kind("paper-changed", 409, ("Có người vừa thay đổi văn bản", "Somebody has just changed the paper")),
    PaperError: _kind("paper-state", 409, ("Văn bản không cho phép", "The paper does not take that")),
    NoEvidenceError: _kind(
        "no-such-evidence",
        404,
        ("Không tìm thấy tài liệu", "No such evidence"),
        ("Không có tài liệu số {number} mà anh/chị được xem.", "There is no evidence {number} that you may see."),
    ),
    NoMessageError: _kind(
        "no-such-message",
        404,
        ("Không tìm thấy thư", "No such message"),
        ("Không có thư số {number} thuộc phạm vi của anh/chị.", "There is no message {number} of yours."),
    ),
    NoSuchFileError: _kind(
        "no-such-file",
        404,
        ("Không tìm thấy tệp", "The file is missing"),
        (
            "Tệp không còn trong kho; hãy báo người quản trị (`dondoc verify`).",
            "The file is not in the store; tell your administrator (`dondoc verify`).",
        ),
    ),
    NoAuthorityError: _kind(
        "no-such-authority",
        404,
        ("Không tìm thấy cơ quan", "No such authority"),
        ("Không có cơ quan này, hoặc anh/chị không thuộc cơ quan đó.", "There is no such authority, or you are not of it."),
    ),
    NoReportRequestError: _kind(
        "no-such-request",
        404,
        ("Không tìm thấy yêu cầu", "No such request"),
        ("Chu kỳ không có yêu cầu báo cáo “{key}”.", "The cycle has no request “{key}”."),
    ),
    NoPlanError: _kind(
        "no-such-plan",
        404,
        ("Không tìm thấy kế hoạch", "No such plan"),
        (
            "Không có kế hoạch “{key}” đi kèm dondoc; có thể gửi cả kế hoạch trong `yaml`.",
            "No plan “{key}” comes with dondoc; `yaml` takes a whole one.",
        ),
    ),
    NoSuchPartyError: _kind(
        "no-such-party",
        404,
        ("Không tìm thấy đơn vị", "No such unit"),
        ("Cơ quan không có đơn vị “{key}”.", "The authority has no unit “{key}”."),
    ),
    NoSuchContactError: _kind(
        "no-such-contact",
        404,
        ("Không tìm thấy đầu mối", "No such contact"),
        ("Cơ quan không có đầu mối “{key}”.", "The authority has no contact “{key}”."),
    ),
    NoRequestError: _kind(
        "no-open-request",
        404,
        ("Không có đề nghị nào đang chờ", "No open request"),
        ("Không có đề nghị gia hạn nào đang chờ.", "Nobody has asked for a longer term, or it is decided already."),
    ),
    NotAllowedError: _kind("not-allowed", 403, ("Không thuộc quyền của anh/chị", "Not for you to do")),
    TransitionError: _kind("not-possible-now", 409, ("Không thực hiện được ở trạng thái này", "Not possible as it stands")),
    CycleNotRunningError: _kind(
        "cycle-not-running",
        409,
        ("Chu kỳ không còn chạy", "The cycle is not under way"),
        ("Chu kỳ đã kết thúc; các nghĩa vụ không thay đổi nữa.", "The cycle is over; its obligations do not move any more."),
    ),
    CycleMoveError: _kind(
        "cycle-state",
        409,
        ("Trạng thái của chu kỳ không cho phép", "The cycle's state does not allow it"),
        ("Được phép: {allowed}.", "Allowed: {allowed}."),
    ),
    MessageMoveError: _kind(
        "message-state",
        409,
        ("Trạng thái của thư không cho phép", "The message's state does not allow it"),
        ("Thư đang ở trạng thái “{state_vi}”. Được phép: {allowed}.", "The message is {state}. Allowed: {allowed}."),
    ),
    LaunchError: _kind("cannot-launch", 409, ("Không khởi động được", "It cannot be launched")),
    ReplanError: _kind("cannot-replan", 409, ("Không điều chỉnh được", "It cannot be changed so")),
    AlreadyThereError: _kind("already-there", 409, ("Đã có rồi", "It is there already")),
    PeopleError: _kind("people-state", 409, ("Không ghi được", "It cannot be so")),
    ChangedError: _kind(
        "changed-meanwhile",
        412,
        ("Có người vừa thay đổi", "Somebody else has just changed it"),
        (
            "Trạng thái hiện tại nằm trong `{name}`; hãy xem lại rồi gửi lại với ETag mới.",
            "The state as it is now is in `{name}`; look again, and repeat with its ETag.",
        ),
    ),
    StaleError: _kind(
        "changed-meanwhile",
        412,
        ("Có người vừa thay đổi", "Somebody else has just changed it"),
        ("Hãy xem lại rồi gửi lại.", "Look again, and repeat."),
    ),
    NoIfMatchError: _kind(
        "if-match-required",
        428,
        ("Cần If-Match", "If-Match is needed"),
        (
            "Gửi ETag của nội dung mà anh/chị đã xem trong tiêu đề If-Match; `*` không được nhận.",
            "Send the ETag of what you change, as you saw it, in the header If-Match; `*` is not taken.",
        ),
    ),
    BadIfMatchError: _kind(
        "if-match-malformed",
        400,
        ("If-Match viết chưa đúng", "If-Match is malformed"),
        (
            'Chép nguyên ETag đã nhận, kể cả dấu ngoặc kép, như If-Match: "27"; không nhận ETag yếu (W/).',
            'Copy the ETag as it was given, with its quotation marks, such as If-Match: "27"; weak ones (W/) are not taken.',
        ),
    ),
    InputError: _kind("faults", 422, ("Tệp có lỗi", "The file has faults"), ("Sửa các lỗi nêu dưới đây.", "Mend the faults named below.")),
    UnknownYearError: _kind(
        "unknown-year",
        422,
        ("Chưa có lịch làm việc", "The calendar does not reach so far"),
        ("Chưa có lịch ngày làm việc của năm {year}.", "The working days of {year} are unknown."),
    ),
    MissingAnchorError: _kind(
        "plan-rule",
        422,
        ("Mốc để tính hạn chưa có ngày", "A date hangs on one that is not known"),
        ("Thời hạn tính từ “{anchor}”, mốc này chưa có ngày.", "The period is counted from “{anchor}”, which has no date yet."),
    ),
    CyclicStagesError: _kind(
        "plan-rule",
        422,
        ("Các công đoạn chờ lẫn nhau", "Stages wait for each other"),
        ("Các công đoạn chờ lẫn nhau: {circle}; bỏ bớt một chỗ chờ.", "Stages wait in a circle: {circle}; take one of the waits away."),
    ),
    FileTooLargeError: _FILE_TOO_LARGE,
    UploadTooLongError: _FILE_TOO_LARGE,
    BodyTooLongError: _kind(
        "body-too-long",
        413,
        ("Nội dung quá dài", "The body is too long"),
        ("Nhiều nhất {most_vi}; hãy gửi ít hơn.", "At most {most_en} is taken; send less."),
    ),
    NoSuchCriteriaError: _kind("no-such-criteria", 404, ("Không tìm thấy bộ tiêu chí", "No such criteria set")),
    NoSuchEditionError: _kind(
        "no-such-edition",
        404,
        ("Không tìm thấy bản công bố", "No such edition"),
        ("Chưa công bố bản nào như vậy; xem danh sách các bản đã công bố.", "Nothing of that name was published; see what was."),
    ),
    KeyReusedError: _kind("key-reused", 422, ("Khóa đã dùng", "The key was used")),
    UnderWayError: _kind("under-way", 409, ("Đang được thực hiện", "Under way")),
    ReceivedOnError: _kind("received-on", 422, ("Ngày nhận không được chấp nhận", "The date of receipt is not taken")),
    DocumentNeededError: _kind("document-needed", 422, ("Thiếu số, ngày văn bản", "The document is not named")),
    StaleLeafError: _kind("leaf-changed", 409, ("Mục này đã được người khác lưu", "Somebody else has saved the leaf")),
    SheetFaultsError: _kind("sheet-faults", 422, ("Phiếu chấm điểm chưa được chấp nhận", "The sheet is not taken so")),
    StaleReportError: _kind("report-changed", 409, ("Báo cáo đã được người khác lưu", "Somebody else has saved the report")),
    RefusalError: _kind("refused", 422, ("Không được chấp nhận", "Refused")),
    ClientDisconnect: _kind(
        "broken-off",
        400,
        ("Nội dung bị đứt giữa chừng", "The body broke off"),
        ("Hãy gửi lại từ đầu.", "Send it again from the beginning."),
    ),
}


def work_facts(error: Exception) -> dict[str, Any]:
    """Return what fills the words above."""
    said = ("", "")
    if isinstance(error, TransitionError):
        said = why_not(error)
    elif isinstance(error, RefusalError):
        said = (sentence(error.vi), sentence(error.en))
    elif isinstance(error, UploadTooLongError):
        vi, en = too_large(error.most)
        said = (sentence(vi), sentence(en))
    most = size_words(getattr(error, "most", 0))
    allowed = ", ".join(getattr(error, "allowed", ())) or "–"
    return {
        "said_vi": said[0],
        "said_en": said[1],
        "most_vi": most[0],
        "most_en": most[1],
        "allowed": allowed,
        "state": getattr(error, "state", ""),
        "state_vi": _MESSAGE_STATES.get(getattr(error, "state", ""), ""),
        "key": getattr(error, "key", ""),
        "name": getattr(error, "name", ""),
        "year": getattr(error, "year", ""),
        "anchor": getattr(error, "anchor", ""),
        "circle": " → ".join(getattr(error, "stages", ())),
    }


def sentence(words: str) -> str:
    """Return words as a sentence: with a capital and a full stop."""
    return f"{words[:1].upper()}{words[1:]}" + ("" if words.endswith(".") else ".")


def work_more(error: Exception) -> dict[str, Any]:
    """Return what a problem carries beside its words: what is allowed, the state as it is now."""
    if isinstance(error, TransitionError | CycleMoveError | MessageMoveError):
        return {"allowed": [one.value for one in error.allowed]}
    if isinstance(error, ChangedError):
        return {error.name: error.left.model_dump(mode="json")}
    return {}
