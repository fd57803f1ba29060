"""What rights are called: actions, relations, roles and refusals, in Vietnamese and in English."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.kinds import Role
from evaluation.rights_table import EVERYBODY, Action, Relation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evaluation.kinds import StageKind
    from evaluation.rights_table import Row

#: Vietnamese, English.
Both = tuple[str, str]


class Why(StrEnum):
    """Why something is refused."""

    NOT_FOUND = "not-found"  #: it is not there, as far as the actor may know
    NOT_IN_OFFICE = "not-in-office"  #: no post is held on that day
    OWN_UNIT = "own-unit"  #: nobody judges the unit they belong to
    NO_RIGHT = "no-right"  #: no row of the table gives it


REASONS: dict[Why, Both] = {
    Why.NOT_FOUND: ("không có mục này, hoặc không thuộc phạm vi của anh/chị", "there is no such thing, or it is not yours to see"),
    Why.NOT_IN_OFFICE: (
        "anh/chị không giữ nhiệm vụ nào ở cơ quan này vào ngày đó; người đang giữ nhiệm vụ, hoặc người được ủy quyền, thực hiện",
        "you hold no post in this authority on that day; let whoever is in office, or their deputy, do it",
    ),
    Why.OWN_UNIT: (
        "không ai thẩm định đơn vị của chính mình, trừ khi kế hoạch cho phép; hãy để người khác thực hiện",
        "nobody appraises their own unit unless the plan says so; let somebody else do it",
    ),
    Why.NO_RIGHT: (
        "việc này không thuộc quyền của anh/chị mà của: {who}",
        "that is not for you; it is for: {who}",
    ),
}
ROLES: dict[Role, Both] = {
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
RELATIONS: dict[Relation, Both] = {
    Relation.OWES: ("của đơn vị phải thực hiện", "of the party that owes"),
    Relation.OWES_UNSIGNED: (
        "của đơn vị phải thực hiện, khi kế hoạch không cần lãnh đạo ký",
        "of the party that owes, where no signature is asked",
    ),
    Relation.ASSIGNED: ("được giao việc này", "to whom the work was given"),
    Relation.RECEIVES: ("của nơi tiếp nhận", "of the party that receives"),
    Relation.DECIDES: ("là Chủ tịch, khi kế hoạch trình Chủ tịch", "of the chair, where it goes to the chair"),
    Relation.COORDINATES: ("của đơn vị phối hợp", "of a co-ordinating party"),
    Relation.SUPERIOR: ("của đơn vị cấp trên", "of the superior unit"),
    Relation.LEADS: ("của cơ quan chủ trì mục đó", "of the party that leads it"),
    Relation.COUNCIL_MEMBER: ("là thành viên Hội đồng quyết định việc đó", "named to the council that decides it"),
    Relation.RUNS_SURVEY: ("của đơn vị tiến hành điều tra", "of a party that runs the survey"),
    Relation.SUBJECT: ("của đơn vị được kiểm tra, thẩm định", "of the unit it is about"),
    Relation.STANDING_BODY: ("của cơ quan thường trực", "of the standing body"),
    Relation.OVER_OTHERS: ("của cơ quan thường trực, khi đơn vị khác phải thực hiện", "of the standing body, where another party owes"),
    Relation.OVER_STANDING_BODY: (
        "là Chủ tịch, khi chính cơ quan thường trực phải thực hiện",
        "of the chair, where the standing body itself owes",
    ),
    Relation.FOR_CHAIR_ON_OWN: (
        "của cơ quan thường trực, theo ý kiến Chủ tịch về việc của chính mình (ghi rõ, kèm văn bản)",
        "of the standing body, as the chair decided of its own debts (marked, with the document)",
    ),
    Relation.FOR_OWING: ("của cơ quan thường trực, làm thay đơn vị (ghi rõ)", "of the standing body, on behalf of the unit (marked)"),
    Relation.FOR_CHAIR: ("của cơ quan thường trực, ghi thay Chủ tịch (ghi rõ)", "of the standing body, on behalf of the chair (marked)"),
    Relation.CHAIR: ("của Chủ tịch", "of the chair"),
    Relation.AUTHORITY: ("trong cơ quan", "anywhere in the authority"),
    Relation.SELF: ("về chính mình", "about oneself"),
}
ACTIONS: dict[Action, Both] = {
    Action.READ_OBLIGATION: ("xem nghĩa vụ", "see an obligation"),
    Action.PREPARE: ("trình lãnh đạo", "hand to the head"),
    Action.SEND_BACK: ("chưa duyệt", "refuse to sign"),
    Action.SUBMIT: ("nộp", "submit"),
    Action.WITHDRAW: ("rút lại", "take back"),
    Action.ACCEPT: ("chấp nhận", "accept"),
    Action.RETURN: ("trả lại để bổ sung", "return for correction"),
    Action.ASK_EXTENSION: ("đề nghị gia hạn", "ask for an extension"),
    Action.EXTEND: ("gia hạn", "extend"),
    Action.REFUSE_EXTENSION: ("không đồng ý gia hạn", "refuse an extension"),
    Action.BULK_EXTEND: ("gia hạn nhiều việc", "extend many"),
    Action.SUSPEND: ("tạm dừng tính hạn", "stop the clock"),
    Action.RESUME_CLOCK: ("tính hạn tiếp", "let the clock go on"),
    Action.WAIVE: ("miễn", "waive"),
    Action.TRANSFER: ("chuyển giao", "pass to a successor"),
    Action.REOPEN: ("mở lại", "open again"),
    Action.URGE: ("đôn đốc", "urge"),
    Action.MOVE_DUE: ("dời hạn", "move a date"),
    Action.REASSIGN: ("giao việc cho người khác", "give the work to another"),
    Action.FILL_REPORT: ("điền báo cáo", "fill in a report"),
    Action.SCORE: ("tự chấm điểm", "score one's own unit"),
    Action.APPRAISE: ("thẩm định, cho điểm", "appraise"),
    Action.RETURN_LEAF: ("trả lại mục để bổ sung", "return leaves for correction"),
    Action.EXPLAIN: ("giải trình", "explain"),
    Action.RULE_ON_EXPLANATION: ("xem xét giải trình", "rule on an explanation"),
    Action.UPLOAD: ("nộp tài liệu kiểm chứng", "add evidence"),
    Action.WITHDRAW_EVIDENCE: ("rút tài liệu kiểm chứng", "withdraw evidence"),
    Action.DOWNLOAD: ("tải tài liệu kiểm chứng", "download evidence"),
    Action.PLAN_INSPECTIONS: ("lập kế hoạch kiểm tra", "plan inspections"),
    Action.INSPECT: ("tiến hành kiểm tra", "hold an inspection"),
    Action.CONCLUDE: ("kết luận kiểm tra", "issue conclusions"),
    Action.REINSPECT: ("phúc tra", "re-inspect"),
    Action.CLOSE_FINDING: ("kết thúc tồn tại", "close a finding"),
    Action.PLAN_MEASURE: ("đề ra biện pháp cải thiện", "plan a measure"),
    Action.REPORT_PROGRESS: ("báo cáo tiến độ biện pháp", "report the progress of a measure"),
    Action.READ_COUNCIL_SHEETS: ("xem hồ sơ chấm điểm trình Hội đồng", "see the scores that the council decides on"),
    Action.CAST_VOTE: ("biểu quyết trong Hội đồng, khai xung đột lợi ích", "vote in the council, declare a conflict of interest"),
    Action.RUN_COUNCIL: ("điều hành, ghi kết quả Hội đồng", "run the council"),
    Action.READ_SURVEY: ("xem số phiếu điều tra", "see the counts of the survey"),
    Action.RUN_SURVEY: ("tổ chức điều tra xã hội học", "run the survey"),
    Action.ENTER_BALLOTS: ("nhập phiếu điều tra", "enter ballots"),
    Action.READ_RESULTS: ("xem kết quả, xếp hạng chưa công bố", "see results before they are published"),
    Action.EXEMPT: ("miễn chấm", "exempt from scoring"),
    Action.SET_RESULT_RULES: ("đặt cách tính, xếp hạng", "set how results are worked out and ranked"),
    Action.PUBLISH_RESULTS: ("công bố kết quả", "publish results"),
    Action.REWARD: ("ghi khen thưởng", "write down rewards"),
    Action.READ_STATUS: ("xem tình hình chung", "see the status of a cycle"),
    Action.LAUNCH: ("khởi động chu kỳ", "launch a cycle"),
    Action.REPLAN: ("điều chỉnh kế hoạch", "change the plan"),
    Action.PAUSE: ("tạm dừng chu kỳ", "pause a cycle"),
    Action.RESUME: ("tiếp tục chu kỳ", "resume a cycle"),
    Action.CLOSE: ("đóng chu kỳ", "close a cycle"),
    Action.CANCEL: ("hủy chu kỳ", "cancel a cycle"),
    Action.IMPORT_WEAK: ("nhập tiêu chí điểm thấp năm trước", "take in the weak criteria of last year"),
    Action.ASK_REPORT: ("yêu cầu báo cáo đột xuất, chuyên đề", "ask for an ad-hoc or thematic report"),
    Action.CANCEL_REQUEST: ("hủy yêu cầu báo cáo", "cancel a request for a report"),
    Action.READ_JOURNAL: ("xem nhật ký", "read the journal"),
    Action.READ_OUTBOX: ("xem hộp thư đi", "see the outbox"),
    Action.HOLD_MAIL: ("giữ thư", "hold mail"),
    Action.RELEASE_MAIL: ("thả thư", "release mail"),
    Action.RESEND_MAIL: ("gửi lại thư, tính là đã gửi", "resend mail, count it as sent"),
    Action.READ_PEOPLE: ("xem đơn vị, đầu mối", "see units and contacts"),
    Action.CHANGE_PEOPLE: ("sửa đơn vị, đầu mối", "change units and contacts"),
    Action.DEPUTISE: ("cử người thay mặt", "name a deputy"),
    Action.READ_CALENDAR: ("xem lịch làm việc", "see the calendar"),
    Action.IMPORT_CALENDAR: ("nhập lịch làm việc", "import a calendar"),
    Action.CHANGE_AUTHORITY: ("đổi tên, logo của cơ quan", "change the authority's names and logo"),
    Action.READ_CRITERIA: ("xem bộ tiêu chí", "see criteria sets"),
    Action.CHANGE_CRITERIA: ("nhập, sửa bộ tiêu chí", "take in and change criteria sets"),
    Action.CHANGE_FORMS: ("nhập biểu mẫu báo cáo", "take in report forms"),
    Action.PIN_CRITERIA: ("ghim bộ tiêu chí cho chu kỳ", "pin a criteria set for a cycle"),
    Action.MANAGE_ACCOUNTS: ("quản lý tài khoản", "manage accounts"),
    Action.READ_PAPERS: ("xem sổ văn bản", "see the document register"),
    Action.READ_ISSUED: ("xem văn bản đã ký về đơn vị mình", "open issued papers about one's own unit"),
    Action.DRAFT_PAPER: ("soạn văn bản", "draft a paper"),
    Action.NUMBER_PAPER: ("lấy số văn bản", "give a paper its number"),
    Action.SIGN_PAPER: ("đính kèm bản đã ký", "attach the signed paper"),
    Action.DISCARD_PAPER: ("bỏ văn bản", "discard a paper"),
    Action.REGISTER_PAPER: ("ghi sổ văn bản đã ban hành", "register a paper issued elsewhere"),
    Action.MANAGE_OWN_ACCOUNT: ("quản lý tài khoản của mình", "manage one's own account"),
    Action.MANAGE_OWN_TOKENS: ("quản lý khóa truy cập của mình", "manage one's own tokens"),
}


def who_may(rows: Iterable[Row], *, kind: StageKind | None = None) -> Both:
    """Return in words whom some rows of the table name, as far as they hold in stages of a kind: `head of the party that owes; …`."""
    fitting = [row for row in rows if not row.kinds or kind in row.kinds]
    vi, en = ("; ".join(f"{_names(row, side)} {RELATIONS[row.relation][side]}" for row in fitting) for side in (0, 1))
    return vi, en


def _names(row: Row, side: int) -> str:
    if row.roles == EVERYBODY:
        return ("mọi người", "anybody")[side]
    return ", ".join(ROLES[role][side] for role in Role if role in row.roles)
