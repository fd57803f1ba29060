"""How results are shown: rich tables for people, JSON for programs; progress on stderr, and only where somebody watches."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson
import typer

from cli.language import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import Console

#: Where nobody watches, lines are not broken to fit a window.
PIPE_WIDTH = 220


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table: its heading in both languages, and how a row's cell is made."""

    vi: str
    en: str
    cell: Callable[[Any], object]
    right: bool = False


def show_json(value: object) -> None:
    """Print a value as indented JSON, its dates in ISO 8601."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=_plain).decode())


def show_json_line(value: object) -> None:
    """Print a value as one line of JSON."""
    typer.echo(orjson.dumps(value, default=_plain).decode())


def _plain(value: object) -> object:
    return str(value)


def show_table(rows: Iterable[Any], *, columns: Iterable[Column], title: str = "") -> None:
    """Print rows as a table."""
    from rich.table import Table

    chosen = list(columns)
    table = Table(title=title or None, title_justify="left")
    for column in chosen:
        table.add_column(said(column.vi, column.en), justify="right" if column.right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(text(column.cell(row)) for column in chosen))
    console().print(table)


def console() -> Console:
    """Return the console that is written to."""
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False, markup=False)


def text(value: object) -> str:
    """Return a cell as people read it: dates as dd/mm/yyyy, yes and no, nothing as nothing."""
    match value:
        case None:
            return ""
        case bool():
            return said("có", "yes") if value else ""
        case datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case list() | tuple():
            return ", ".join(text(one) for one in value)
        case _:
            return str(value)


@contextmanager
def working(vi: str, en: str) -> Iterator[None]:
    """Show on stderr that something takes a while; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task(said(vi, en), total=None)
        yield


@contextmanager
def progress_bar(words: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """Show on stderr how far something is and how long it still takes; what it yields is told how much of how much is done."""
    if quiet:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn())
    left = (TextColumn(said("còn khoảng", "left about")), TimeRemainingColumn())
    with Progress(*columns, *left, console=Console(stderr=True)) as bar:
        shown = bar.add_task(words, total=1)
        yield lambda done, total: bar.update(shown, completed=done, total=total)
