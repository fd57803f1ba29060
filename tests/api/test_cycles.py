from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.conftest import LAUNCHED, MIDWAY, Web, counted_queries, launch_again

if TYPE_CHECKING:
    from store.session import Store
    from tests.conftest import SmallYear


def test_a_cycle_with_its_counts(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    (cycle,) = web.at(MIDWAY).get("/api/v1/cycles").json()["items"]
    assert cycle == {
        "id": small_year.cycle,
        "authority": "thu",
        "authority_name": "UBND thử",
        "sandbox": True,
        "plan": "small-plan",
        "year": 2025,
        "state": "launched",
        "title": "Kế hoạch nhỏ để thử",
        "title_en": "A small plan for tests",
        "plan_version": 1,
        "mail_held": False,
        "launched_at": "2025-01-02T02:00:00+00:00",
        "launched_on": "2025-01-02",
        "zone": "Asia/Ho_Chi_Minh",
        "whole": True,
        "total": cycle["total"],
    }
    assert cycle["total"]["late"] == 4
    assert cycle["total"]["counts"]["open"] == 4
    assert cycle["total"]["next_due"] == "2025-02-17"


def test_a_cycle_with_its_stages_in_the_plans_order(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    cycle = web.at(MIDWAY).get(f"/api/v1/cycles/{small_year.cycle}").json()
    assert [stage["key"] for stage in cycle["stages"]] == ["report", "plan", "summary", "after-lock", "upkeep"]
    by_key = {stage["key"]: stage for stage in cycle["stages"]}
    assert by_key["plan"]["total"] == {
        "obligations": 4,
        "counts": {"open": 4},
        "late": 4,
        "uncorrected": 0,
        "review_overdue": 0,
        "next_due": None,
    }
    assert by_key["summary"]["waits"] is True


def test_lateness_is_judged_by_now(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    assert web.at(LAUNCHED).get("/api/v1/cycles").json()["items"][0]["total"]["late"] == 0


@pytest.mark.parametrize("address", ["/api/v1/cycles/2", "/cycles/2"])
def test_a_real_authority_is_neither_listed_nor_found(web: Web, small_year: SmallYear, address: str) -> None:
    real = launch_again(small_year.store, key="that", sandbox=False)
    client = web.at(MIDWAY)
    assert real == 2
    assert [cycle["id"] for cycle in client.get("/api/v1/cycles").json()["items"]] == [small_year.cycle]
    assert client.get(address).status_code == 404
    assert client.get(address.replace("2", "99")).status_code == 404


def test_three_cycles_take_as_many_queries_as_one(web: Web, store: Store) -> None:
    client = web.at(MIDWAY)
    counts = []
    for key in ("mot", "hai", "ba"):
        launch_again(store, key=key, sandbox=True)
        with counted_queries(store) as seen:
            listed = client.get("/api/v1/cycles").json()["items"]
        counts.append((len(listed), len(seen)))
    assert counts == [(1, 3), (2, 3), (3, 3)]


def test_no_cycles_at_all(web: Web) -> None:
    assert web.at(MIDWAY).get("/api/v1/cycles").json() == {"items": []}
