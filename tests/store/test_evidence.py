"""Evidence: attached while the work is in hand, used by several items, withdrawn without being lost, missing where it is asked for."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

import orjson
import pytest
from sqlalchemy import select

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from store.actors import Actor
from store.backups import BackupError
from store.commands import moves
from store.commands.evidence import EvidenceError, NoSuchEvidenceError, attach, attach_again, withdraw_evidence
from store.commands.moves import NoSuchObligationError
from store.file_backups import back_up_files, beside, file_faults, restore_files
from store.files import open_files
from store.queries.unit_work import evidence_named, evidence_of, missing_evidence
from store.schema import JOURNAL
from store.verify import verify
from tests.conftest import SMALL_PLAN, launch_small

if TYPE_CHECKING:
    from pathlib import Path

    from store.files import Files, KeptFile
    from store.session import Store
    from tests.conftest import SmallYear

ITEMS = "deliverable: Kế hoạch\n    items: [{key: van-ban, title: Văn bản}, {key: phu-luc, title: Phụ lục}]\n"


@pytest.fixture
def year(any_store: Store) -> SmallYear:
    """The small year whose plans have two items, open."""
    calendar = shipped_calendar()
    yaml = SMALL_PLAN.read_text(encoding="utf-8").replace("deliverable: Kế hoạch\n", ITEMS)
    made = launch_small(any_store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar, yaml=yaml)
    made.tick(made.slot(date(2025, 1, 6)))
    return made


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return open_files(str(tmp_path / "files"), most_bytes=10_000, kinds="txt")


@pytest.fixture
def now(year: SmallYear) -> datetime:
    return year.slot(date(2025, 1, 7))


@pytest.fixture
def kept(files: Files) -> KeptFile:
    return files.keep([b"report\n"], name="báo cáo.txt")


def attached(year: SmallYear, ident: int, kept: KeptFile, *, now: datetime, item: str = "", who: str = "c1") -> int:
    with year.store.transaction(now=now, actor=Actor(who=who)) as transaction:
        return attach(year.store, transaction, ident, file=kept, item=item)


def withdrawn(year: SmallYear, evidence: int, *, now: datetime) -> None:
    with year.store.transaction(now=now, actor=Actor(who="c1")) as transaction:
        withdraw_evidence(year.store, transaction, evidence)


def test_evidence_is_attached_and_journaled_without_its_name(year: SmallYear, kept: KeptFile, now: datetime) -> None:
    ident = year.ids("plan")[0]
    number = attached(year, ident, kept, now=now, item="van-ban")
    with year.store.reading() as connection:
        (line,) = evidence_of(connection, ident)
        payload = connection.execute(select(JOURNAL.c.payload).where(JOURNAL.c.action == "attach")).scalar_one()
        assert evidence_named(connection, number) == line
    assert (line.id, line.item, line.name, line.sha256, line.size, line.round) == (number, "van-ban", "báo cáo.txt", kept.sha256, 7, 0)
    assert orjson.loads(payload) == {"evidence": number, "item": "van-ban", "sha256": kept.sha256}
    assert verify(year.store) == []


def test_one_file_is_evidence_of_several_items_and_kept_once(year: SmallYear, kept: KeptFile, now: datetime) -> None:
    ident, other = year.ids("plan")[:2]
    first = attached(year, ident, kept, now=now, item="van-ban")
    assert attached(year, ident, kept, now=now, item="van-ban") == first, "the same again is the same"
    with year.store.transaction(now=now) as transaction:
        second = attach_again(year.store, transaction, first, item="phu-luc")
    third = attached(year, other, kept, now=now)
    assert len({first, second, third}) == 3
    assert year.scalar("select count(*) from evidence_file") == 1


def test_an_item_that_the_plan_does_not_know_is_refused(year: SmallYear, kept: KeptFile, now: datetime) -> None:
    with pytest.raises(EvidenceError, match="van-ban, phu-luc"):
        attached(year, year.ids("plan")[0], kept, now=now, item="bieu-mau")
    assert year.scalar("select count(*) from evidence_file") == 0


def test_what_was_submitted_stands(year: SmallYear, kept: KeptFile, files: Files, now: datetime) -> None:
    ident = year.ids("plan")[0]
    number = attached(year, ident, kept, now=now)
    year.move(moves.prepare, ident, now=now)
    year.move(moves.submit, ident, now=now)
    with pytest.raises(EvidenceError, match="submitted"):
        withdrawn(year, number, now=now)
    with pytest.raises(EvidenceError, match="submitted"):
        attached(year, ident, files.keep([b"more"], name="b.txt"), now=now)
    year.move(moves.return_for_correction, ident, now=now, remark=Remark(reason="thiếu"))
    withdrawn(year, number, now=now)
    again = attached(year, ident, kept, now=now)
    with year.store.reading() as connection:
        every = evidence_of(connection, ident, withdrawn=True)
        assert [(line.id, line.round, line.withdrawn_at) for line in every] == [(number, 0, now), (again, 1, None)]
        assert [line.id for line in evidence_of(connection, ident)] == [again]
    assert verify(year.store) == []


def test_withdrawing_twice_says_so_once(year: SmallYear, kept: KeptFile, now: datetime) -> None:
    number = attached(year, year.ids("plan")[0], kept, now=now)
    withdrawn(year, number, now=now)
    withdrawn(year, number, now=now)
    assert year.actions().count("withdraw-evidence") == 1
    with pytest.raises(NoSuchEvidenceError):
        withdrawn(year, 999, now=now)


def test_nothing_is_attached_to_what_is_not_open_or_done(year: SmallYear, kept: KeptFile, now: datetime) -> None:
    with pytest.raises(EvidenceError, match="scheduled"):
        attached(year, year.ids("report")[0], kept, now=now)
    waived = year.ids("plan")[0]
    year.move(moves.waive, waived, now=now, remark=Remark(reason="x"))
    with pytest.raises(EvidenceError, match="waived"):
        attached(year, waived, kept, now=now)


def test_nobody_of_another_authority_attaches(year: SmallYear, kept: KeptFile, now: datetime) -> None:
    with pytest.raises(NoSuchObligationError):
        attached(year, year.ids("plan")[0], kept, now=now, who="c9999")


def test_missing_evidence_is_by_item(year: SmallYear, kept: KeptFile, now: datetime) -> None:
    first, second = year.ids("plan")[:2]

    def missing(party: str = "") -> list[tuple[int, str]]:
        with year.store.reading() as connection:
            return [(line.obligation, line.item) for line in missing_evidence(year.store, connection, year.cycle, now=now, party=party)]

    assert len(missing()) == 2 * len(year.ids("plan"))
    attached(year, first, kept, now=now)
    assert (first, "van-ban") in missing(), "evidence of the whole stands for no part"
    number = attached(year, first, kept, now=now, item="van-ban")
    assert [item for ident, item in missing() if ident == first] == ["phu-luc"]
    assert missing("so-noi-vu") == [(first, "phu-luc")]
    withdrawn(year, number, now=now)
    year.move(moves.waive, second, now=now, remark=Remark(reason="x"))
    assert [item for ident, item in missing() if ident in {first, second}] == ["van-ban", "phu-luc"]


def test_files_go_with_a_backup_and_come_back(year: SmallYear, kept: KeptFile, files: Files, now: datetime, tmp_path: Path) -> None:
    attached(year, year.ids("plan")[0], kept, now=now)
    target = beside(tmp_path / "dondoc.backup")
    assert back_up_files(year.store, files, target) == 1
    elsewhere = open_files(str(tmp_path / "restored"), most_bytes=10_000, kinds="txt")
    assert list(file_faults(year.store, elsewhere)) == [f"evidence file {kept.sha256} is missing or was changed"]
    assert restore_files(elsewhere, target) == 1
    assert list(file_faults(year.store, elsewhere)) == []
    with pytest.raises(BackupError, match="exists"):
        back_up_files(year.store, files, target)


def test_a_backup_that_was_tampered_with_brings_nothing_back(
    year: SmallYear, kept: KeptFile, files: Files, now: datetime, tmp_path: Path
) -> None:
    attached(year, year.ids("plan")[0], kept, now=now)
    target = beside(tmp_path / "dondoc.backup")
    back_up_files(year.store, files, target)
    elsewhere = open_files(str(tmp_path / "restored"), most_bytes=10_000, kinds="txt")
    for old, new in ((b"report\n", b"rep0rt\n"), (kept.sha256.encode(), b"../" * 20 + b"abcd")):
        changed = tmp_path / "changed.tar"
        changed.write_bytes(target.read_bytes().replace(old, new, 1))
        with pytest.raises(BackupError):
            restore_files(elsewhere, changed)
        assert elsewhere.filesystem.find(elsewhere.root) == []


def test_a_backup_says_which_file_is_missing(year: SmallYear, kept: KeptFile, files: Files, now: datetime, tmp_path: Path) -> None:
    attached(year, year.ids("plan")[0], kept, now=now)
    files.filesystem.rm_file(files.path(kept.sha256))
    with pytest.raises(BackupError, match=kept.sha256):
        back_up_files(year.store, files, tmp_path / "a.tar")
    assert not (tmp_path / "a.tar").exists()
