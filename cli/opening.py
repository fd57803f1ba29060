"""Opening the store: a new SQLite database is made, an older one brought up to date, and that is said on stderr."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cli.errors import ExitCode, RefusedError
from cli.language import said
from config.settings import settings
from store.queries.version import found_version, newest_version
from store.session import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.files import Files

_SQLITE = "sqlite:///"


def open_migrated_store(*, durable: bool = True) -> Store:
    """
    Return the store of the settings, at the newest version; whoever opens it closes it.

    `durable=False` waits for no disk: for making the demo, which a power cut may cost.

    Raises:
        RefusedError: a database other than SQLite is of another version: whoever runs it decides when it changes; or an older one can
            only be read.

    """
    url = settings().store_url
    if url.startswith(_SQLITE):
        Path(url.removeprefix(_SQLITE)).parent.mkdir(parents=True, exist_ok=True)
    store = open_store(url, durable=durable)
    try:
        _bring_up_to_date(store, own=url.startswith(_SQLITE))
    except BaseException:
        store.close()
        raise
    return store


def evidence_files() -> Files:
    """Return where the settings keep evidence files; RefusedError if they name a kind that is not known."""
    from store.files import open_files

    chosen = settings()
    try:
        return open_files(chosen.files_url, most_bytes=chosen.file_most_bytes, kinds=chosen.file_kinds)
    except ValueError as error:
        vi, en = f"thiết lập sai: {error}", f"a setting is wrong: {error}"
        raise RefusedError(vi, en, code=ExitCode.UNAVAILABLE) from error


def _bring_up_to_date(store: Store, *, own: bool) -> None:
    with store.reading() as connection:
        found = found_version(connection)
    if found == newest_version():
        return
    if not store.writable:
        vi = f"cơ sở dữ liệu ở phiên bản {found or 'trống'}, cần {newest_version()}, mà ở đây chỉ được đọc"
        en = f"the database is at version {found or 'none'}, {newest_version()} is needed, and this user may only read it"
        raise RefusedError(vi, en, code=ExitCode.UNAVAILABLE)
    if not own:
        vi = f"cơ sở dữ liệu ở phiên bản {found or 'trống'}, cần {newest_version()}: chạy `dondoc migrate`"
        en = f"the database is at version {found or 'none'}, {newest_version()} is needed: run `dondoc migrate`"
        raise RefusedError(vi, en, code=ExitCode.UNAVAILABLE)
    from store.migrating import migrate

    version = migrate(store)
    where = store.engine.url.database
    typer.echo(
        said(f"Đã nâng cơ sở dữ liệu {where} từ {found} lên {version}.", f"Brought {where} from version {found} to {version}.")
        if found
        else said(f"Đã tạo cơ sở dữ liệu {where}.", f"Made the database {where}."),
        err=True,
    )


@contextmanager
def opened() -> Iterator[Store]:
    """Open the store for one command."""
    store = open_migrated_store()
    try:
        yield store
    finally:
        store.close()
