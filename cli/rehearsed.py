"""What a rehearsed year came to, as JSON and as a picture: mails per week over the year, beside the busiest days."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.bar import Bar
from rich.console import Console
from rich.table import Table

from cli.moments import ZONE, local

if TYPE_CHECKING:
    from flows.rehearsal import Rehearsed

WIDEST_BAR = 40
BESIDE_BARS = 68  #: columns that the rest of the picture takes
MOST_CLASHES = 10


def as_data(done: Rehearsed, *, ceiling: int) -> dict[str, Any]:
    """Return a rehearsal as plain values; weeks are named by their Monday, and one without mails is there too."""
    return {
        "launched_at": done.launched_at.isoformat(),
        "first": done.first,
        "last": done.last,
        "projected": done.projected,
        "stages": done.stages,
        "obligations": done.obligations,
        "notices": done.notices,
        "mails": done.mails,
        "mails_per_week": [{"from": monday, "mails": mails} for monday, mails in done.mails_per_week()],
        "busiest_days": [{"on": on, "mails": mails} for on, mails in done.busiest_days()],
        "clashes": [asdict(one) for one in done.clashes(ceiling)],
        "people": [asdict(one) for one in done.people],
        "moves": [asdict(move) for move in done.moves],
    }


def show(done: Rehearsed, *, ceiling: int) -> None:
    """Print a rehearsal for people."""
    console = Console()
    mark = " (lịch dự kiến / projected)" if done.projected else ""
    launched = local(done.launched_at, zone=ZONE)
    console.print(f"[bold]{done.first:%d/%m/%Y} – {done.last:%d/%m/%Y}[/bold]{mark}: khởi động / launched {launched:%d/%m/%Y %H:%M}")
    recipients = len({one.recipient for one in done.people})
    console.print(f"{done.obligations} nghĩa vụ / obligations · {done.mails} thư / mails · {recipients} người nhận / recipients")
    side_by_side = Table.grid(padding=(0, 2))
    side_by_side.add_row(_busiest(done), _weeks(done, widest=max(8, min(WIDEST_BAR, console.width - BESIDE_BARS))))
    console.print(side_by_side)
    clashes = done.clashes(ceiling)
    console.print(f"Quá {ceiling} thư một ngày cho một người / above the ceiling: {len(clashes)}")
    for one in clashes[:MOST_CLASHES]:
        console.print(f"  {one.on:%d/%m/%Y} {one.recipient}: {one.mails}")


def _busiest(done: Rehearsed) -> Table:
    table = Table(title="Ngày nhiều thư nhất / busiest days")
    table.add_column("ngày / day")
    table.add_column("thư / mails", justify="right")
    for on, mails in done.busiest_days():
        table.add_row(f"{on:%d/%m/%Y}", str(mails))
    return table


def _weeks(done: Rehearsed, *, widest: int) -> Table:
    """Return the year as horizontal bars, a week a line; the longest is that of the busiest week."""
    weeks = done.mails_per_week()
    most = max((mails for _, mails in weeks), default=0)
    table = Table(title="Thư mỗi tuần / mails per week")
    table.add_column("tuần từ / from")
    table.add_column("thư / mails", justify="right")
    table.add_column("", min_width=widest)
    for monday, mails in weeks:
        table.add_row(f"{monday:%d/%m/%Y}", str(mails), Bar(size=max(most, 1), begin=0, end=mails, width=widest))
    return table
