"""Results on the command line: shown, exempt, published, and a bundle verified without a database."""

from __future__ import annotations

import hashlib
import json
from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from config.calendar_files import shipped_calendar
from config.settings import settings
from store.session import open_store
from tests.store.resulting import Scores, pin_small, score

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Dondoc

SCORES: Scores = {
    "xa-1": {"1.1": ("9", "8.5", None), "1.2": ("10", "9", "9.25"), "2": ("10", "4", None)},
    "xa-2": {"1.1": ("7", "7", None), "1.2": ("8", "8", None), "2": ("9", "9", None)},
}
BY = ("--as", "head.so-noi-vu", "--at", "2025-01-07")


@pytest.fixture
def scored(small: Dondoc) -> Dondoc:
    now = shipped_calendar().instant(date(2025, 1, 3), time(9, 0))
    store = open_store(settings().store_url, durable=False)
    pin_small(store, 1, now=now)
    score(store, 1, SCORES, now=now)
    store.close()
    return small


def test_results_are_shown_exempt_settled_published_and_verified(scored: Dondoc, tmp_path: Path) -> None:
    (group,) = scored.read("results", "show", 1)
    assert [(line["unit"], line["place"]) for line in group["lines"]] == [("xa-2", 1), ("xa-1", 2)]
    assert "72,50 %" in scored.do("results", "trace", 1, "xa-1")
    looked = scored.do("results", "exempt", 1, "xa-1", "2", *BY, "--reason", "Không có chức năng", "--preview")
    assert "1 đơn vị khác giữ nguyên mẫu số" in looked
    assert scored.read("results", "exemptions", 1) == []
    assert "30,00 → 20,00" in scored.do("results", "exempt", 1, "xa-1", "2", *BY, "--reason", "Không có chức năng")
    assert "88,75" in scored.do("results", "show", 1)
    scored.do("results", "end-exemption", 1, 1, *BY, "--reason", "nhầm")
    rules = tmp_path / "rules.json"
    given = json.loads(scored.do("results", "rules", 1))
    rules.write_text(json.dumps({**given, "bands": [{"name": "Tốt", "least": "80"}]}), encoding="utf-8")
    assert "Đã đặt" in scored.do("results", "set-rules", 1, rules, *BY, "--reason", "Quy chế")
    rules.write_text("{}", encoding="utf-8")
    assert scored("results", "set-rules", 1, rules, *BY, "--reason", "Quy chế").code == 1
    assert "công bố được" in scored.do("results", "preview", 1, "--at", "2025-01-07")
    assert "SHA-256" in scored.do("results", "publish", 1, "--number", "617/QĐ-UBND", "--dated", "2025-01-06", *BY)
    again = scored("results", "publish", 1, "--number", "700/QĐ-UBND", "--dated", "2025-01-06", *BY)
    assert (again.code, "617/QĐ-UBND" in again.err) == (1, True)
    (edition,) = scored.read("results", "editions")
    file = tmp_path / "bundle.json"
    scored.do("results", "export", "thu", 2025, "--into", file)
    weak = scored.do("results", "export", "thu", 2025, "--kind", "weak")
    assert "xa-1,2,4,10,Tiêu chí 2,2" in weak
    rules.write_text(json.dumps({**given, "weak_below": "10"}), encoding="utf-8")
    assert "Đã đặt" in scored.do("results", "set-rules", 1, rules, *BY, "--reason", "Quy chế mới")
    assert scored.do("results", "export", "thu", 2025, "--kind", "weak") == weak, "what was published keeps its settings"
    assert "Đúng" in scored.do("results", "verify", file, "--sha256", edition["sha256"])


def test_a_bundle_is_verified_without_any_database(dondoc: Dondoc, tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"
    assert dondoc("results", "verify", file).code == 5
    file.write_bytes(b"{}")
    assert dondoc("results", "verify", file, "--sha256", hashlib.sha256(b"{}").hexdigest()).code == 1
    assert not list(dondoc.home.glob("*.db"))


def test_units_without_a_score_are_said_to_have_none_and_are_not_ranked_by_zero(small: Dondoc) -> None:
    now = shipped_calendar().instant(date(2025, 1, 3), time(9, 0))
    store = open_store(settings().store_url, durable=False)
    pin_small(store, 1, now=now)
    score(store, 1, {"xa-1": SCORES["xa-1"]}, now=now)
    store.close()
    (group,) = small.read("results", "show", 1)
    assert [(one["unit"], one["place"], one["of"], one["index"], one["points"]) for one in group["lines"]][1] == ("xa-2", None, 1, "", "")
    shown = small.do("results", "show", 1)
    (line,) = [line for line in shown.splitlines() if "Xã 002" in line]
    assert [cell.strip() for cell in line.split("│")[1:6]] == ["chưa có điểm", "Xã 002 (tên chưa có nguồn)", "–", "–", "30,00"]
    assert "xa-2" not in shown
    assert "1 đơn vị chưa có điểm: chưa xếp hạng, không tính vào trung bình." in shown
    assert "Xã 002 (tên chưa có nguồn): chưa có điểm" in small.do("results", "trace", 1, "xa-2")
    said = small.do("results", "preview", 1, "--accept", "Chưa thẩm định được")
    assert "3 mục chưa có điểm được tính 0." in said
    assert "1 đơn vị chưa có điểm, sẽ công bố chỉ số 0 và xếp hạng theo đó: Xã 002 (tên chưa có nguồn)." in said
