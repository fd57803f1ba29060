"""Self scores accepted as they are: which leaves are left out, and why; one table of every reason."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from evaluation.scores.accepting import LeftOut
from evaluation.scores.methods import Given
from store.commands.scores.accepting import accept_self_scores
from store.commands.scores.appraising import Judged, appraise_leaf, claim_leaf
from store.commands.scores.held import SheetError
from store.commands.scores.returning import return_leaves
from store.commands.scores.scoring import Typed, save_leaf
from tests.store.scoring import Sheets, with_sheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.commands.scores.accepting import Acceptance
    from store.session import Store

APPRAISER, SECOND = "officer.so-tu-phap", "head.so-tu-phap"


@pytest.fixture
def sheets(store: Store) -> Sheets:
    made = with_sheets(store)
    made.fill()
    made.hand_in()
    return made


def accepted(sheets: Sheets) -> Acceptance:
    found: Acceptance = sheets.do(accept_self_scores, sheets.of("appraisal"), by=APPRAISER, facts=None)
    return found


def appraise(sheets: Sheets) -> None:
    sheets.do(appraise_leaf, sheets.of("appraisal"), Judged(node="2", points=Decimal(4), seen=1), by=SECOND)


def claim(sheets: Sheets) -> None:
    sheets.do(claim_leaf, sheets.of("appraisal"), "2", by=SECOND)


def give_back(sheets: Sheets) -> None:
    sheets.do(return_leaves, sheets.of("appraisal"), {"2": "Thiếu số liệu"}, by=SECOND)


def clear(sheets: Sheets) -> None:
    give_back(sheets)
    sheets.do(save_leaf, sheets.of("self"), Typed(node="2", given=Given(errors=1), explanation="x", seen=2))
    sheets.do(save_leaf, sheets.of("self"), Typed(node="2", explanation="x", seen=3))


@pytest.mark.parametrize(
    ("act", "why", "words"),
    [
        pytest.param(appraise, LeftOut.JUDGED, "đã có điểm thẩm định", id="judged"),
        pytest.param(
            claim, LeftOut.CLAIMED, "Người đứng đầu – Sở 02 (tên chưa có nguồn) đang nhận thẩm định", id="claimed by somebody else"
        ),
        pytest.param(give_back, LeftOut.RETURNED, "đang trả lại để đơn vị bổ sung", id="returned"),
        pytest.param(clear, LeftOut.NOT_SCORED, "đơn vị chưa tự chấm", id="without a score"),
    ],
)
def test_what_is_left_out_says_why(sheets: Sheets, act: Callable[[Sheets], None], why: LeftOut, words: str) -> None:
    act(sheets)
    done = accepted(sheets)
    assert [one.node for one in done.accepted] == ["1.2"]
    assert [(one.node, one.why) for one in done.left] == [("1.1", LeftOut.NO_EVIDENCE), ("2", why)]
    assert done.left[1].text() == words
    with pytest.raises(SheetError, match=r"no leaf .* – 1\.1: the required evidence is missing; 1\.2: it is appraised already; 2: "):
        accepted(sheets)


def test_a_leaf_that_is_no_more_to_be_accepted_says_why(sheets: Sheets) -> None:
    appraise(sheets)
    with pytest.raises(SheetError) as refused:
        sheets.do(accept_self_scores, sheets.of("appraisal"), by=APPRAISER, facts=None, seen={"1.2": 1, "2": 1, "3": 1})
    assert refused.value.vi.endswith("2: đã có điểm thẩm định; 3: không phải phần của anh/chị")
