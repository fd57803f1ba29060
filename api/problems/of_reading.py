"""Problems of reading: which error becomes which status and words."""

from __future__ import annotations

from api.problems.errors import NoCalendarError, NoPaperError, NoUnitError, WhichAuthorityError
from api.problems.kind import Kind
from store.commands.inspections.held import NoSuchFindingError, NoSuchInspectionError
from store.commands.survey.ballots import NoSuchCodeError
from store.queries.council import NoSuchCouncilError

READING_KINDS: dict[type[Exception], Kind] = {
    NoUnitError: Kind(
        name="no-such-unit",
        status=404,
        title=("Không tìm thấy đơn vị", "No such unit"),
        detail=("Không có đơn vị mang mã này mà anh/chị được xem.", "There is no unit of that key that you may see."),
    ),
    NoCalendarError: Kind(
        name="no-calendar",
        status=404,
        title=("Chưa có lịch làm việc", "No calendar yet"),
        detail=(
            "Cơ quan chưa nhập lịch làm việc: `dondoc calendar import`.",
            "The authority has entered no calendar: `dondoc calendar import`.",
        ),
    ),
    WhichAuthorityError: Kind(
        name="which-authority",
        status=422,
        title=("Cần nêu cơ quan", "Which authority?"),
        detail=(
            "Anh/chị giữ nhiệm vụ ở nhiều cơ quan; hãy thêm `authority`.",
            "You hold posts in several authorities; add `authority`.",
        ),
    ),
    NoSuchInspectionError: Kind(
        name="no-such-inspection",
        status=404,
        title=("Không tìm thấy cuộc kiểm tra", "No such inspection"),
        detail=(
            "Không có cuộc kiểm tra này, hoặc không thuộc phạm vi của anh/chị.",
            "There is no such inspection, or it is not yours to see.",
        ),
    ),
    NoSuchFindingError: Kind(
        name="no-such-finding",
        status=404,
        title=("Không tìm thấy tồn tại", "No such finding"),
        detail=("Không có tồn tại này trong cuộc kiểm tra.", "The inspection has no such finding."),
    ),
    NoSuchCouncilError: Kind(
        name="no-such-council",
        status=404,
        title=("Không phải Hội đồng", "No such council"),
        detail=("Việc này không phải quyết định của Hội đồng.", "This is no decision of a council."),
    ),
    NoSuchCodeError: Kind(
        name="no-such-ballot",
        status=404,
        title=("Không có phiếu này", "No such ballot"),
        detail=(
            "Mã không đúng hoặc không còn dùng được; kiểm tra lại mã trên giấy hoặc trong liên kết.",
            "The code is wrong or no longer of use; look at it again, on the paper or in the link.",
        ),
    ),
    NoPaperError: Kind(
        name="no-such-paper",
        status=404,
        title=("Không tìm thấy văn bản", "Paper not found"),
        detail=("Không có văn bản này mà anh/chị được xem.", "There is no such paper that you may see."),
    ),
}
