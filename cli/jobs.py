"""Long work that people asked for, as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.acting import the_authority
from cli.language import said, spoken
from cli.moments import ZONE, local
from cli.opening import opened
from cli.options import AsJson, AuthorityKey
from cli.output import Column, show_json, show_table

if TYPE_CHECKING:
    from store.queries.jobs import JobLine

STATES = {
    "waiting": ("đang chờ", "waiting"),
    "running": ("đang chạy", "running"),
    "done": ("đã xong", "done"),
    "failed": ("không thực hiện được", "failed"),
    "broken": ("bị gián đoạn", "broken"),
}
KINDS = {"rehearsal": ("chạy thử", "rehearsal"), "letters": ("soạn văn bản", "letters")}


def jobs(*, authority: AuthorityKey = "", as_json: AsJson = False) -> None:
    """Các việc chạy nền: đang chờ, đang chạy, đã xong. / Long work that people asked for."""
    from store.queries.jobs import list_jobs

    with opened() as store:
        of = the_authority(store, authority).id if authority else None
        with store.reading() as connection:
            found = list_jobs(connection, authority=of)
    if as_json:
        show_json(found)
        return
    show_table(found, columns=_columns())


def _columns() -> tuple[Column, ...]:
    return (
        Column(vi="số", en="no.", cell=lambda row: row.id, right=True),
        Column(vi="cơ quan", en="authority", cell=lambda row: row.authority_key),
        Column(vi="việc", en="what", cell=lambda row: said(*KINDS[row.kind.value])),
        Column(vi="trạng thái", en="state", cell=_state),
        Column(vi="%", en="%", cell=lambda row: row.percent, right=True),
        Column(vi="máy", en="engine", cell=lambda row: row.holder),
        Column(vi="yêu cầu lúc", en="asked at", cell=lambda row: local(row.asked_at, zone=ZONE)),
        Column(vi="xong lúc", en="over at", cell=lambda row: None if row.over_at is None else local(row.over_at, zone=ZONE)),
        Column(vi="vì sao", en="why", cell=lambda row: row.fault.get(spoken().value, "")),
    )


def _state(row: JobLine) -> str:
    words = said(*STATES[row.state.value])
    return (
        f"{words}; {said('không có máy nào làm: chạy `dondoc engine`', 'no engine works at it: run `dondoc engine`')}"
        if row.unattended
        else words
    )
