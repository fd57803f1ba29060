"""Options that many commands share, said once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="JSON thay cho bảng / JSON instead of a table")]
As = Annotated[str, typer.Option("--as", metavar="CONTACT", help="Người thực hiện: khóa của đầu mối / who acts: a contact's key")]
MaybeAs = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="CONTACT",
        help="Người thực hiện; bỏ được lúc đầu / who acts; may be left out at first",
    ),
]
Reader = Annotated[
    str,
    typer.Option("--as", metavar="CONTACT", help="Chỉ những gì đầu mối này được xem / only what this contact may see"),
]
At = Annotated[
    str,
    typer.Option(
        "--at",
        metavar="MOMENT",
        help="Coi như lúc này là (chỉ cơ quan thử): 2026-03-19T08:00, giờ địa phương / as if it were now (sandbox only), local time",
    ),
]
AuthorityKey = Annotated[
    str,
    typer.Option(
        "--authority",
        metavar="KEY",
        help="Khóa của cơ quan; bỏ được khi chỉ có một / the authority's key; not needed if it is the only one",
    ),
]
Reason = Annotated[str, typer.Option("--reason", help="Lý do / why")]
Basis = Annotated[str, typer.Option("--document", help="Văn bản căn cứ: số, ngày / the document it rests on: number, date")]
Day = datetime  #: Typer reads a date as a datetime at midnight
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
CycleName = Annotated[str, typer.Argument(metavar="CYCLE", help="Số của chu kỳ, hoặc kế-hoạch/năm / its number, or plan/year")]
