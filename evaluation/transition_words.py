"""Why a move on an obligation is refused, in Vietnamese: the reasons that `evaluation` gives, known by their form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evaluation.obligations import State
from evaluation.statuses import STATUS_OF_STATE

if TYPE_CHECKING:
    from evaluation.transitions import TransitionError

#: English reason (whole) → Vietnamese.
REASONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(english), vietnamese)
    for english, vietnamese in (
        (r"an obligation that is \w+ does not take it", "trạng thái hiện tại không cho phép"),
        (r"its clock is suspended; resume it first", "đang dừng tính hạn; hãy tính hạn tiếp trước"),
        (r"its clock is not suspended", "không ở trong thời gian dừng tính hạn"),
        (r"its term holds nothing that could go on", "không còn thời hạn nào để tính tiếp"),
        (r"(\S+) is not after the present due date (\S+)", r"hạn mới \1 không sau hạn hiện tại \2"),
        (r"(\S+(?: \S+)?) has passed", r"\1 đã qua"),
        (r"the plan allows no extension here", "kế hoạch không cho gia hạn ở công đoạn này"),
        (r"the plan allows (\d+) extension\(s\) of one turn", r"kế hoạch chỉ cho gia hạn \1 lần trong một lượt"),
        (
            r"the plan allows (\d+) days past (\S+), its due date without extensions",
            r"kế hoạch chỉ cho gia hạn đến \1 ngày sau \2 (hạn khi chưa gia hạn)",
        ),
        (r"it has no due date that could be later", "việc này không có hạn để gia hạn"),
        (r"a longer term was asked for already and awaits a decision", "đã đề nghị gia hạn và đang chờ quyết định"),
        (r"the successor is the party itself", "đơn vị kế thừa là chính đơn vị ấy"),
        (r"the authority has no party \d+", "cơ quan không có đơn vị này"),
        (
            r"the plan asks for no signature of the head here; submit it",
            "kế hoạch không yêu cầu lãnh đạo duyệt ở công đoạn này; hãy nộp thẳng (submit)",
        ),
        (r"the head has not signed; prepare it first", "lãnh đạo chưa duyệt; hãy trình trước (prepare)"),
        (r"its lock has passed and the stage takes nothing late", "đã quá thời điểm khóa và công đoạn này không nhận muộn"),
        (
            r"parts are returned so of what was accepted alone; return it as a whole",
            "chỉ việc đã hoàn thành mới trả lại từng phần theo cách này; hãy trả lại cả việc",
        ),
        (r"it needs a reason, and none is given", "phải nêu lý do (--reason)"),
        (r"(\S+), on which the paper is said to have come in, is yet to come", r"ngày nhận bản giấy \1 chưa đến"),
        (r"the deliverable has no part “(.+)”; its parts: (.+)", r"sản phẩm không có phần “\1”; các phần: \2"),
        (
            r"the roster does not name that unit as a successor; name it \((.+)\), or hand over with --undeclared",
            r"danh sách chưa ghi đơn vị ấy là đơn vị kế thừa; hãy ghi (\1), hoặc chuyển giao với --undeclared",
        ),
        (
            r"the successor's own obligation (\d+) is accepted already: .+",
            r"nghĩa vụ \1 của chính đơn vị kế thừa đã hoàn thành: miễn việc này nếu đã gồm cả hai, không thì dừng tính hạn",
        ),
        (
            r"the successor's own obligation (\d+) is waived already: .+",
            r"nghĩa vụ \1 của chính đơn vị kế thừa đã được miễn: miễn cả việc này, hoặc chuyển cho đơn vị còn phải thực hiện",
        ),
        (
            r"the successor's own obligation (\d+) is transferred already: .+",
            r"nghĩa vụ \1 của chính đơn vị kế thừa đã được chuyển giao: chuyển thẳng cho đơn vị đã nhận việc ấy",
        ),
    )
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def transition_words(error: TransitionError) -> str:
    """Return why a move is refused, the state the obligation is in, and the commands it takes, in Vietnamese."""
    state = STATUS_OF_STATE[State(error.state)].vi
    allowed = ", ".join(error.allowed) or "không có lệnh nào"
    return f"không thực hiện được “{error.verb}”: {reason_words(error.why)} (trạng thái: {state}; được phép: {allowed})"


def reason_words(why: str) -> str:
    """Return a reason in Vietnamese, its dates as dd/mm/yyyy; one that the table does not know stays as it is."""
    known = next((found.expand(vi) for pattern, vi in REASONS if (found := pattern.fullmatch(why))), why)
    return _ISO.sub(r"\3/\2/\1", known)
