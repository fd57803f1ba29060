"""What the register refuses, and what is said then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.papers import OF_RUNGS, PaperState, Purpose
from store.refusals import RefusalError

if TYPE_CHECKING:
    from datetime import date

    from store.queries.papers import PaperLine

STATES = {
    PaperState.DRAFT: ("dự thảo", "a draft"),
    PaperState.NUMBERED: ("đã lấy số", "numbered"),
    PaperState.SIGNED: ("đã ký", "signed"),
    PaperState.DISCARDED: ("đã bỏ", "discarded"),
}


class PaperError(RefusalError):
    """Something about a paper is refused: why, and what to do."""


class PaperStateError(PaperError):
    """A paper's state does not take that."""


class NumberTakenError(PaperError):
    """Another paper of that issuer, kind and year bears the number."""

    def __init__(self, holder: PaperLine) -> None:
        """Say which."""
        self.holder = holder.id
        vi = f"số {holder.number_text} đã cấp cho văn bản {holder.id} (“{holder.summary}”); hãy nhập số khác"
        en = f"the number {holder.number_text} is that of paper {holder.id} (“{holder.summary}”); enter another"
        super().__init__(vi, en, field="number")


class PaperMovedError(PaperError):
    """Somebody changed a paper since it was read."""

    def __init__(self, paper: int) -> None:
        """Keep which."""
        self.paper = paper
        vi, en = (
            f"văn bản {paper} vừa được người khác thay đổi; hãy xem lại rồi làm lại",
            f"somebody has just changed paper {paper}; read it again",
        )
        super().__init__(vi, en)


def not_allowed_in(state: PaperState) -> PaperStateError:
    """Return the refusal of what a state does not take."""
    vi, en = STATES[state]
    return PaperStateError(f"văn bản {vi}, không làm được việc này", f"the paper is {en}; that cannot be done with it")


def dated_ahead(dated: date) -> PaperError:
    """Return the refusal of a date that lies far ahead."""
    vi = f"ngày {dated:%d/%m/%Y} còn hơn 7 ngày nữa mới đến; hãy xem lại ngày của văn bản"
    return PaperError(vi, f"{dated} is more than 7 days ahead; look at the date of the paper again", field="dated")


def of_record(paper: PaperLine) -> PaperError:
    """Return the refusal of another number than that of the record which a paper was drafted of."""
    on = "" if paper.dated is None else f"{paper.dated:%d/%m/%Y}"
    vi = f"hồ sơ đã ghi số {paper.number_text} ngày {on}; văn bản lấy đúng số, ngày đó"
    return PaperError(vi, f"the record says number {paper.number_text} of {on}; the paper bears that number and date", field="number")


def number_needed(text: str) -> PaperError:
    """Return the refusal of a number that has none in it, or of a registration that lacks something."""
    vi = f"cần số, nơi ban hành và trích yếu; “{text}” không bắt đầu bằng số, ví dụ 185/SNV-CCHC"
    en = f"a number, an issuer and a summary are needed; “{text}” does not begin with a number such as 185/SNV-CCHC"
    return PaperError(vi, en, field="number")


def no_pdf(name: str) -> PaperError:
    """Return the refusal of a signed file that is no PDF."""
    vi, en = f"“{name}” không phải tệp PDF; văn bản đã ký phải là PDF", f"“{name}” is no PDF; a signed paper is one"
    return PaperError(vi, en, field="file")


def reason_needed() -> PaperError:
    """Return the refusal of discarding without a reason."""
    return PaperError("hãy nêu lý do bỏ văn bản", "say why it is discarded", field="reason")


def stale_letter(gone: int) -> PaperError:
    """Return the refusal of a letter that speaks of what was done meanwhile, or of terms that are others now."""
    vi = f"{gone} việc trong văn bản đã được thực hiện, không còn phải thực hiện hoặc đã đổi thời hạn; hãy soạn lại trước khi lấy số"
    en = f"{gone} of what the letter speaks of was done meanwhile, is owed no more or has another term; draft it anew before it is numbered"
    return PaperError(vi, en)


def no_letter(purpose: Purpose) -> PaperError:
    """Return the refusal of a paper for a purpose that no letter about who owes what has."""
    of = ", ".join(one.value for one in OF_RUNGS)
    vi = f"“{purpose.value}” không phải văn bản về việc đơn vị còn nợ; hãy chọn một trong: {of}"
    return PaperError(vi, f"“{purpose.value}” is no letter about who owes what; choose one of: {of}", field="purpose")


def nothing_owed() -> PaperError:
    """Return the refusal of a letter about nothing."""
    vi = "không có việc nào quá hạn hoặc bổ sung, khắc phục chưa đạt trong số đã chọn; văn bản không nêu việc còn trong hạn"
    en = "nothing of what was chosen is late, or was not corrected; a letter does not speak of what is not due yet"
    return PaperError(vi, en, field="obligations")
