"""What an authority is called and how its head looks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import ExitCode, RefusedError
from cli.founding import acting_in_office, authorise_office
from cli.language import said
from cli.opening import opened
from cli.options import MaybeAs
from evaluation.branding import MOST_BYTES
from evaluation.rights_table import Action


def change(  # noqa: PLR0913  everything that a head has
    key: Annotated[str, typer.Argument(metavar="KEY", help="Khóa của cơ quan / its key")],
    *,
    name: Annotated[str | None, typer.Option(help="Tên cơ quan / its name")] = None,
    name_en: Annotated[str | None, typer.Option(help="Tên tiếng Anh / in English")] = None,
    short_name: Annotated[str | None, typer.Option(help="Tên ngắn trên đầu trang / in the head of pages")] = None,
    standing_line: Annotated[str | None, typer.Option(help="Dòng của cơ quan thường trực / line of the standing body")] = None,
    standing_line_en: Annotated[str | None, typer.Option(help="Dòng ấy bằng tiếng Anh / that line in English")] = None,
    logo: Annotated[Path | None, typer.Option(help="Tệp PNG hoặc SVG, nhiều nhất 200 KB / at most 200 KB")] = None,
    no_logo: Annotated[bool, typer.Option("--no-logo", help="Bỏ logo / drop the logo")] = False,
    as_: MaybeAs = "",
) -> None:
    """Đổi tên, dòng của cơ quan thường trực, logo. / Change names, the standing body's line, the logo."""
    from store.commands.branding import HeadChange, change_head

    head = HeadChange(
        name=name,
        name_en=name_en,
        short_name=short_name,
        standing_line=standing_line,
        standing_line_en=standing_line_en,
        logo=b"" if no_logo else None if logo is None else _read(logo),
    )
    with opened() as store:
        who = acting_in_office(store, key, contact=as_)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise_office(transaction, who, Action.CHANGE_AUTHORITY)
            left = change_head(transaction, who.authority.id, head)
    pictured = said("có logo", "with a logo") if left.logo else said("không có logo", "without a logo")
    typer.echo(f"{left.words.name} · {left.words.short_name or '–'} · {left.words.standing_line or '–'} · {pictured}")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        vi, en = f"không đọc được {path}: {error.strerror}", f"cannot read {path}: {error.strerror}"
        raise RefusedError(vi, en, code=ExitCode.USAGE) from None
