"""Many people at once at the findings of one inspection: nobody waits in a circle, nothing is lost."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from evaluation.actions import Remark
from evaluation.inspections.findings import Outcome
from store.commands.inspections.concluding import Found
from store.commands.inspections.reinspecting import Look, close_finding, reinspect
from store.commands.inspections.remedying import reopen_finding
from store.verify import verify
from tests.store.inspecting import inspected_year
from tests.store.test_concurrency import at_once, own_store

if TYPE_CHECKING:
    from store.session import Store

FINDINGS = 16
WHY = Remark(reason="Đã khắc phục", basis="3/TB")


def test_some_look_again_while_others_reopen_and_close(any_store: Store) -> None:
    year = inspected_year(any_store)
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    (inspection,) = year.plan("xa-1", now=now)
    findings = year.hold(inspection, *(Found(text=str(number)) for number in range(FINDINGS)), now=now)
    year.tick(now)
    for number, finding in enumerate(findings):
        year.report(finding, now=now)
        if not number % 2:
            year.look(finding, Outcome.NOT, now=now)

    def act(number: int) -> None:
        store, finding = own_store(year), findings[number]
        try:
            with store.transaction(now=now) as transaction:
                if number % 2:
                    look = Look(outcome=Outcome.NOT, text="Đã xem", reopen=number % 4 == 1, added=(Found(text="Thêm"),) * (number % 4 == 3))
                    reinspect(store, transaction, finding, look=look)
                elif number % 4:
                    close_finding(store, transaction, finding, remark=WHY)
                else:
                    reopen_finding(store, transaction, finding)
        finally:
            store.close()

    assert at_once(act, writers=FINDINGS) == [None] * FINDINGS
    found = year.findings()
    assert len(found) == FINDINGS + FINDINGS // 4
    assert len({one.key for one in found}) == len(found)
    assert [len(one.of("remedy")) for one in found[:4]] == [2, 2, 1, 1]
    assert sum(one.closed_at is not None for one in found) == FINDINGS // 4
    year.tick(now)
    assert verify(year.store) == []
