"""Fault words of scores, the other half: sheets, survey, council, publication."""

from __future__ import annotations

from evaluation.scores.fault_words import FaultWords, words

_OF_SHEETS = {
    "text-above-cell": words(
        "nội dung dài {count} ký tự, một ô bảng tính chỉ chứa {most}",
        "rút gọn, phần chi tiết để trong tài liệu kiểm chứng",
        "the text has {count} characters, a cell of a spreadsheet holds {most}",
        "shorten it and put the details into the evidence",
    ),
    "text-too-long": words(
        "nội dung dài {count} ký tự hoặc có ký tự rỗng; nhiều nhất {most}",
        "rút gọn, phần còn lại đưa vào tệp",
        "the text has {count} characters or a null; at most {most}",
        "shorten it and put the rest into a file",
    ),
    "leaf-stale": words(
        "mục đã được sửa trên hệ thống từ khi xuất bảng; nội dung trên hệ thống không bị ghi đè",
        "xuất bảng mới rồi điền lại mục này",
        "the leaf was changed in the system since the workbook was written; nothing is written over",
        "write a new workbook and fill this leaf in again",
    ),
    "column-of-others": words(
        "cột này thuộc phần {owner}, đã bị sửa",
        "để nguyên cột này; nếu không đồng ý thì giải trình hoặc nêu ý kiến",
        "this column belongs to the {owner} and was changed",
        "leave it as it is; explain or remark if you do not agree",
    ),
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
    "not-given-back": words(
        "mục này không được trả lại nên không sửa trong lượt bổ sung này",
        "chỉ sửa các mục được trả lại: {leaves}; cần sửa mục khác thì đề nghị người thẩm định trả lại mục đó",
        "it was not returned and is not mended in this round",
        "mend those that were returned: {leaves}; ask the appraiser to return another",
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
    "not-self-scored": words("chưa tự chấm", "chấm điểm mục này", "it is not self-scored", "score it"),
    "not-explained": words(
        "không có tài liệu kiểm chứng, cũng không giải trình cách chấm",
        "gửi tài liệu kiểm chứng, hoặc viết cách chấm",
        "there is no evidence, and nothing says how it was scored",
        "add evidence, or explain how it was scored",
    ),
    "required-evidence": words(
        "thiếu tài liệu kiểm chứng bắt buộc",
        "gửi tài liệu; nộp được khi đã giải trình, nhưng khi thẩm định mục này phải xem riêng",
        "the required evidence is missing",
        "add it; an explanation lets the sheet be handed in, but the leaf is then judged by itself",
    ),
    "not-appraised": words("chưa thẩm định", "cho điểm thẩm định", "it is not appraised", "give it an appraised score"),
    "still-returned": words(
        "đã trả lại, đơn vị chưa gửi lại",
        "chờ đơn vị gửi lại",
        "it was returned and has not come back",
        "wait until the unit sends it again",
    ),
    "not-confirmed": words(
        "điểm thẩm định chưa có người thứ hai xác nhận",
        "để một người thẩm định khác xác nhận",
        "no second appraiser has confirmed the score",
        "let another appraiser confirm it",
    ),
    "ruling-waits": words(
        "giải trình chưa được xem xét",
        "chấp nhận hoặc không chấp nhận giải trình này",
        "its explanation waits for a ruling",
        "accept or refuse it",
    ),
    "claimed-by-another": words(
        "người khác đang thẩm định mục này ({who})",
        "chọn mục khác, hoặc đợi người đó xong",
        "somebody else is appraising it ({who})",
        "take another leaf, or wait until they are done",
    ),
    "confirmed-by-the-same": words(
        "người cho điểm không tự xác nhận",
        "để một người thẩm định khác xác nhận",
        "nobody confirms a score that they gave",
        "let another appraiser confirm it",
    ),
    "not-reduced": words(
        "điểm thẩm định không thấp hơn điểm tự chấm, không cần giải trình",
        "giải trình các mục bị giảm điểm",
        "the appraised score is not lower than the unit's: there is nothing to explain",
        "explain the leaves that were reduced",
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
    "bundle-shape": words(
        "gói không đúng cấu trúc ({why})",
        "lấy lại gói đã công bố",
        "the bundle has not the shape of one ({why})",
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
_OF_THE_SURVEY = {
    "question-of-no-survey-leaf": words(
        "mục này không lấy điểm từ điều tra xã hội học",
        "ghi số của một mục có cách chấm điều tra xã hội học",
        "this leaf takes no points from the survey",
        "write the number of a leaf whose method is survey",
    ),
    "question-without-answers": words("câu hỏi không có lựa chọn nào", "ghi các lựa chọn", "the question has no answers", "write them"),
    "weight-out-of-range": words(
        "lựa chọn {answer} có trọng số {value} %",
        "ghi trọng số từ 0 đến 100",
        "answer {answer} weighs {value} %",
        "write a weight from 0 to 100",
    ),
    "questions-miss-leaf": words(
        "các câu hỏi cộng lại {points} điểm, mục này tối đa {maximum}",
        "sửa điểm của các câu hỏi",
        "its questions sum to {points} points, the leaf has {maximum}",
        "mend the points of the questions",
    ),
    "more-back-than-out": words(
        "thu về {returned} phiếu, chỉ phát ra {issued}",
        "kiểm tra số phiếu phát ra và thu về",
        "{returned} ballots came back, {issued} were handed out",
        "look at both counts",
    ),
    "more-out-than-planned": words(
        "phát ra {issued} phiếu, dự kiến {planned}",
        "sửa số phiếu dự kiến, hoặc số phiếu phát ra",
        "{issued} ballots were handed out, {planned} are planned",
        "mend the sample plan, or the count of ballots handed out",
    ),
    "no-valid-ballot": words(
        "không có phiếu hợp lệ nào",
        "khảo sát thêm, hoặc miễn chấm mục điều tra xã hội học của đơn vị (không có phiếu khác với được 0 điểm)",
        "there is no valid ballot",
        "survey more, or exempt the unit from the survey's leaves (no ballot is not 0 points)",
    ),
    "too-few-ballots": words(
        "chỉ có {count} phiếu hợp lệ, cần ít nhất {least}",
        "khảo sát thêm, hoặc thay đổi quy định về số phiếu tối thiểu",
        "{count} valid ballots, at least {least} are needed",
        "survey more, or change the rule for too few",
    ),
    "question-unanswered": words(
        "không ai trả lời câu hỏi này",
        "khảo sát thêm hoặc bỏ câu hỏi",
        "nobody answered this question",
        "survey more, or drop the question",
    ),
}
_OF_THE_COUNCIL = {
    "vote-on-own-unit": words(
        "thành viên thuộc chính đơn vị được xem xét",
        "thành viên này không biểu quyết về đơn vị mình",
        "the member belongs to the unit that is voted on",
        "leave the vote out: nobody votes on their own unit",
    ),
    "vote-with-conflict": words(
        "thành viên đã khai xung đột lợi ích về đơn vị này",
        "thành viên này không biểu quyết về đơn vị đó",
        "the member declared a conflict of interest about this unit",
        "leave the vote out: they do not vote on it",
    ),
    "vote-of-stranger": words("không phải thành viên Hội đồng", "bỏ phiếu này", "no member of the council", "leave the vote out"),
    "voted-twice": words("biểu quyết hai lần", "chỉ giữ một phiếu", "voted twice", "keep one vote"),
    "vote-in-writing": words(
        "quy chế không cho biểu quyết bằng văn bản",
        "chỉ tính phiếu tại cuộc họp",
        "votes in writing do not count",
        "count those given at the meeting alone",
    ),
    "no-quorum": words(
        "“{matter}”: mới có {count} trên {entitled} thành viên được quyền biểu quyết, cần quá {share} %",
        "lấy thêm ý kiến tại cuộc họp hoặc bằng văn bản",
        "“{matter}”: {count} of {entitled} entitled members took part, more than {share} % must",
        "gather more votes, at a meeting or in writing",
    ),
    "not-carried": words(
        "Hội đồng không thông qua “{matter}”",
        "đưa ra biểu quyết lại",
        "the council did not carry “{matter}”",
        "bring it to a vote again",
    ),
    "matter-of-another-unit": words(
        "nghị quyết này về đơn vị {unit}",
        "dùng nghị quyết về đơn vị này",
        "what was resolved is about the unit {unit}",
        "use what was resolved about this unit",
    ),
    "recommendation-empty": words(
        "kiến nghị {number} không có nội dung hoặc nơi nhận",
        "ghi cả hai",
        "recommendation {number} has no text or nobody it is made to",
        "write both",
    ),
}

BODY_FAULT_WORDS: dict[str, FaultWords] = {**_OF_SHEETS, **_OF_THE_SURVEY, **_OF_THE_COUNCIL, **_OF_BUNDLES}
