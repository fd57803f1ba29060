"""Keeping the store: verified, backed up, restored, migrated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.acting import system_actor
from cli.errors import ExitCode
from cli.language import said
from cli.opening import evidence_files, opened
from cli.options import AsJson
from cli.output import show_json, working
from config.clock import utc_now
from config.settings import settings


def verify(*, as_json: AsJson = False) -> None:
    """Kiểm tra chuỗi nhật ký và mọi bất biến; có phát hiện thì mã thoát 1. / Check the chain and the invariants."""
    from store.file_backups import file_faults
    from store.verify import clocks_apart
    from store.verify import verify as look

    with opened() as store:
        with working("Đang kiểm tra", "Verifying"):
            findings = [*look(store), *file_faults(store, evidence_files())]
        with store.reading() as connection:
            apart = list(clocks_apart(connection))
    if as_json:
        show_json({"findings": findings, "clocks_apart": apart})
    else:
        for finding in findings:
            typer.echo(finding)
        for note in apart:
            typer.echo(said("hai giờ lệch nhau: ", "clocks apart: ") + note)
        typer.echo(said(f"{len(findings)} phát hiện.", f"{len(findings)} findings."))
    if findings:
        raise typer.Exit(ExitCode.REFUSED)


def migrate() -> None:
    """Đưa cơ sở dữ liệu lên phiên bản mới nhất. / Bring the database to the newest version."""
    from store.migrating import migrate as bring_up_to_date

    url = settings().store_url
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    with working("Đang nâng cấp", "Migrating"):
        version = bring_up_to_date(url)
    typer.echo(said(f"Cơ sở dữ liệu ở phiên bản {version}.", f"The database is at version {version}."))


FileName = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp sao lưu / the backup's file")]


def backup(file: FileName) -> None:
    """Sao lưu toàn bộ cơ sở dữ liệu và tài liệu kiểm chứng, khi hệ thống vẫn chạy. / Copy the whole database and the evidence."""
    from store.backups import backup as copy
    from store.file_backups import back_up_files, beside

    with opened() as store, working("Đang sao lưu", "Backing up"):
        kept = copy(store, file, now=utc_now(), actor=system_actor())
        count = back_up_files(store, evidence_files(), beside(file))
    typer.echo(
        said(
            f"Đã sao lưu {kept.authorities} cơ quan vào {file} ({kept.size:,} byte, phiên bản {kept.version}).",
            f"Backed up {kept.authorities} authorities to {file} ({kept.size:,} bytes, version {kept.version}).",
        )
    )
    typer.echo(said(f"{count} tài liệu kiểm chứng: {beside(file)}.", f"{count} evidence files: {beside(file)}."))


def restore(file: FileName) -> None:
    """Phục hồi bản sao lưu vào nơi còn trống; thư của mọi cơ quan được giữ lại. / Restore a backup; all mail starts held."""
    from store.backups import restore as bring_back
    from store.file_backups import beside, restore_files

    url = settings().store_url
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    with working("Đang phục hồi", "Restoring"):
        kept = bring_back(file, url, now=utc_now(), actor=system_actor())
        count = restore_files(evidence_files(), beside(file)) if beside(file).exists() else None
    typer.echo(
        said(
            f"Đã phục hồi {kept.authorities} cơ quan (phiên bản {kept.version}). Thư đang được giữ: `dondoc outbox release`.",
            f"Restored {kept.authorities} authorities (version {kept.version}). Mail is held: `dondoc outbox release`.",
        )
    )
    if count is None:
        vi, en = f"Không có {beside(file)}: chưa có tài liệu kiểm chứng nào.", f"There is no {beside(file)}: no evidence came back."
        typer.echo(said(vi, en))
    else:
        typer.echo(said(f"{count} tài liệu kiểm chứng đã trở lại.", f"{count} evidence files came back."))
