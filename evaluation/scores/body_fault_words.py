"""Fault words of scores, the other half: sheets, survey, council, publication."""

from __future__ import annotations

from evaluation.scores.fault_words import FaultWords, words

_OF_SHEETS = {
    "survey-scores-itself": words(
        "điểm mục này lấy từ điều tra xã hội học, không chấm trực tiếp",
        "để trống; điểm được đưa vào sau khi xử lý phiếu",
        "its points come from the survey; nobody scores it",
        "leave it empty; the survey's points are brought in",
    ),
    "leaf-settled": words(
        "mục này đã có điểm chính thức",
        "muốn thay đổi phải có quyết định mới của Hội đồng",
        "its final score is settled",
        "a change needs a new decision of the council",
    ),
    "appraised-already": words(
        "mục này đã thẩm định, không sửa điểm tự chấm",
        "giải trình, hoặc đề nghị trả lại để bổ sung",
        "it was appraised: the self score stands",
        "explain, or ask for it to be returned",
    ),
    "appraised-without-remark": words(
        "điểm thẩm định khác điểm tự chấm mà không có ý kiến",
        "ghi ý kiến thẩm định",
        "the appraised score differs from the unit's and nothing says why",
        "write the appraiser's remark",
    ),
    "explanation-waits": words(
        "giải trình của đơn vị chưa được xem xét",
        "chấp nhận hoặc không chấp nhận giải trình trước",
        "the unit's explanation waits for a ruling",
        "accept or refuse it first",
    ),
    "no-explanation-waits": words(
        "không có giải trình nào chờ xem xét", "chờ đơn vị giải trình", "no explanation waits for a ruling", "wait until the unit explains"
    ),
    "explanation-empty": words("giải trình trống", "viết nội dung giải trình", "the explanation is empty", "write it"),
    "explanation-ruled": words(
        "giải trình đã được xem xét",
        "đề nghị Hội đồng xem lại nếu không đồng ý",
        "the explanation was ruled on already",
        "ask the council if you do not agree",
    ),
    "refused-without-reason": words(
        "không chấp nhận giải trình mà không nêu lý do", "ghi lý do", "refused without a reason", "write the reason"
    ),
    "returned-without-reason": words(
        "trả lại mà không nêu phải bổ sung gì",
        "ghi nội dung cần bổ sung",
        "returned without saying what is to be mended",
        "write what is missing",
    ),
    "final-without-reason": words(
        "điểm chính thức khác điểm thẩm định mà không nêu lý do",
        "ghi lý do",
        "the final score differs from the appraised one without a reason",
        "write the reason",
    ),
}
_OF_BUNDLES = {
    "not-complete": words(
        "còn {count} mục chưa có điểm chính thức: {nodes}",
        "cho điểm hoặc miễn chấm các mục này trước khi công bố",
        "{count} leaves have no final score: {nodes}",
        "settle or exempt them before anything is published",
    ),
    "sets-of-one-key": words(
        "hai bộ tiêu chí khác nhau cùng mang mã {key}",
        "mỗi phiên bản bộ tiêu chí một mã riêng",
        "two different criteria sets bear the key {key}",
        "give each version of a set a key of its own",
    ),
    "bundle-hash": words(
        "mã băm SHA-256 của gói là {found}, không phải {expected}",
        "lấy lại gói đã công bố; không dùng gói này",
        "the bundle's SHA-256 is {found}, not {expected}",
        "fetch the published bundle again; do not use this one",
    ),
    "bundle-unreadable": words(
        "không đọc được gói công bố ({why})",
        "lấy lại gói đã công bố",
        "the bundle cannot be read ({why})",
        "fetch the published bundle again",
    ),
    "bundle-not-canonical": words(
        "gói không viết theo dạng chuẩn", "lấy lại gói đã công bố", "the bundle is not canonical JSON", "fetch the published bundle again"
    ),
    "bundle-differs": words(
        "gói ghi {found}, tính lại từ điểm các mục được {expected}",
        "không dùng gói này; đối chiếu với quyết định công bố",
        "the bundle says {found}, worked out anew from its leaves it is {expected}",
        "do not use it; compare it with the decision",
    ),
}

BODY_FAULT_WORDS: dict[str, FaultWords] = {**_OF_SHEETS, **_OF_BUNDLES}
