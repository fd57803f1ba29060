"""Statuses: every state has a name, and a unit's name follows the furthest step."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from evaluation.kinds import StageKind
from evaluation.obligations import Punctuality, State
from evaluation.statuses import PUNCTUALITY_NAMES, STATUS_OF_KIND, STATUS_OF_STATE, UNIT_STATUSES, Status, obligation_status, unit_status

SELF, APPRAISAL, EXPLANATION = StageKind.SELF_ASSESSMENT, StageKind.APPRAISAL, StageKind.EXPLANATION
COUNCIL, PUBLICATION = StageKind.COUNCIL_DECISION, StageKind.PUBLICATION


def test_every_state_of_every_kind_has_a_name() -> None:
    assert all(obligation_status(kind, state).vi for kind, state in product(StageKind, State))


def test_every_word_of_time_has_a_name() -> None:
    assert PUNCTUALITY_NAMES.keys() == set(Punctuality)


def test_every_status_can_occur() -> None:
    derived = {obligation_status(kind, state) for kind, state in product(StageKind, State)} | {rule.status for rule in UNIT_STATUSES}
    assert derived == set(Status)


def test_names_differ() -> None:
    assert len({status.vi for status in Status}) == len({status.en for status in Status}) == len(Status)


@pytest.mark.parametrize(
    ("kind", "state", "name"),
    [
        pytest.param(SELF, State.OPEN, "Đang tự chấm", id="self-scoring"),
        pytest.param(StageKind.DUTY, State.OPEN, "Đang thực hiện", id="any other duty"),
        pytest.param(APPRAISAL, State.ACCEPTED, "Đã thẩm định", id="appraised"),
        pytest.param(StageKind.QUARTERLY_REPORT, State.ACCEPTED, "Hoàn thành", id="a report that is done"),
        pytest.param(EXPLANATION, State.OPEN, "Chờ giải trình", id="awaiting explanation"),
    ],
)
def test_an_obligation_is_called_by_its_kind(kind: StageKind, state: State, name: str) -> None:
    assert obligation_status(kind, state).vi == name
    assert (STATUS_OF_KIND.get((kind, state)) is None) is (name in {"Đang thực hiện", "Hoàn thành"})


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        pytest.param([], "Chưa thực hiện", id="nothing raised"),
        pytest.param([(SELF, State.SCHEDULED)], "Chưa thực hiện", id="not open yet"),
        pytest.param([(SELF, State.OPEN), (APPRAISAL, State.SCHEDULED)], "Đang tự chấm", id="self-scoring"),
        pytest.param([(SELF, State.PREPARED)], "Chờ lãnh đạo duyệt", id="awaits the head"),
        pytest.param([(SELF, State.SUBMITTED)], "Đã gửi", id="submitted"),
        pytest.param([(SELF, State.ACCEPTED), (APPRAISAL, State.SCHEDULED)], "Đã gửi", id="taken over, appraisal not begun"),
        pytest.param([(SELF, State.RETURNED)], "Trả lại để bổ sung", id="returned"),
        pytest.param([(SELF, State.ACCEPTED), (APPRAISAL, State.OPEN)], "Đang thẩm định", id="in appraisal"),
        pytest.param([(SELF, State.ACCEPTED), (APPRAISAL, State.ACCEPTED), (APPRAISAL, State.OPEN)], "Đang thẩm định", id="one field left"),
        pytest.param([(APPRAISAL, State.OPEN), (EXPLANATION, State.OPEN)], "Chờ giải trình", id="asked to explain"),
        pytest.param([(APPRAISAL, State.OPEN), (EXPLANATION, State.SUBMITTED)], "Đã giải trình", id="explained"),
        pytest.param([(APPRAISAL, State.ACCEPTED), (EXPLANATION, State.ACCEPTED)], "Đã thẩm định", id="appraised"),
        pytest.param([(APPRAISAL, State.ACCEPTED), (COUNCIL, State.ACCEPTED)], "Đã phê duyệt", id="approved"),
        pytest.param([(COUNCIL, State.ACCEPTED), (PUBLICATION, State.OPEN)], "Đã phê duyệt", id="not published yet"),
        pytest.param([(COUNCIL, State.ACCEPTED), (PUBLICATION, State.ACCEPTED)], "Đã công bố", id="published"),
        pytest.param([(SELF, State.WAIVED), (PUBLICATION, State.ACCEPTED)], "Không áp dụng", id="exempt, though others are published"),
        pytest.param([(SELF, State.LAPSED)], "Đã khóa, chưa nộp", id="lapsed"),
        pytest.param([(APPRAISAL, State.ACCEPTED), (APPRAISAL, State.WAIVED)], "Đã thẩm định", id="what is waived is not waited for"),
    ],
)
def test_a_units_status_is_its_furthest_step(steps: list[tuple[StageKind, State]], name: str) -> None:
    assert unit_status(steps).vi == name


def test_the_tables_are_documented() -> None:
    document = (
        (Path(__file__).parents[2] / "docs" / "states.md").read_text(encoding="utf-8").partition("## Trạng thái")[2].partition("\n## ")[0]
    )
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in document.splitlines() if line.startswith("|")]
    kinds = [StageKind(name) for name in rows[0][2:]]
    states = {row[0]: row[1:] for row in rows if row[0] in set(State)}
    for state in State:
        general, *own = states[state.value]
        assert general == STATUS_OF_STATE[state].vi
        assert [STATUS_OF_KIND.get((kind, state)) for kind in kinds] == [next((s for s in Status if s.vi == name), None) for name in own]
    assert {kind for kind, _ in STATUS_OF_KIND} == set(kinds)
    order = [(row[0], row[2]) for row in rows if row[0] in set(StageKind) and len(row) == 3]
    assert order == [(rule.kind.value, rule.status.vi) for rule in UNIT_STATUSES]
