"""A sheet on PostgreSQL that two write at once, each by another obligation: whoever is overtaken is told, nothing is written over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from evaluation.scores.filling import Act, score_self
from store.commands.scores.held import hold_sheet
from store.commands.scores.scoring import SELF
from store.score_changes import keep
from store.score_refusals import StaleLeafError
from store.verify import verify
from tests.store.scoring import SAID, Sheets, with_sheets

if TYPE_CHECKING:
    from store.session import Store


@pytest.fixture
def sheets(postgres_store: Store) -> Sheets:
    return with_sheets(postgres_store)


def written_once_all_have_read(sheets: Sheets, nodes: list[str], *, start: Barrier) -> dict[str, int]:
    """Score leaves that nobody had touched when everybody read the sheet, as two do who hold different obligations about it."""
    store, actor = sheets.year.store, sheets.actor("officer.xa-1")
    with store.transaction(now=sheets.now, actor=actor) as transaction:
        held = hold_sheet(store, transaction, sheets.of("self"), kinds=SELF)
    after = held.sheet
    for node in nodes:
        after = score_self(after, node, SAID[node], act=Act(by="c1", at=sheets.now))
    start.wait()
    with store.transaction(now=sheets.now, actor=actor) as transaction:
        return keep(transaction, held, after, action="score")


@pytest.mark.postgres
@pytest.mark.parametrize("second", [["1.1", "1.2"], ["1.2", "1.1"], ["2", "1.2"]])
def test_fresh_leaves_that_another_wrote_meanwhile_are_told_by_name(sheets: Sheets, second: list[str]) -> None:
    start = Barrier(2)

    def met(nodes: list[str]) -> dict[str, int] | StaleLeafError:
        try:
            return written_once_all_have_read(sheets, nodes, start=start)
        except StaleLeafError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(met, (["1.1", "1.2"], second)))
    (stale,) = [one for one in found if isinstance(one, StaleLeafError)]
    assert "1." in str(stale)
    assert set(sheets.sheet().versions.values()) == {1}
    assert verify(sheets.year.store) == []
