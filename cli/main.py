"""`dondoc`: one command per thing a person does; docs/cli.md describes each. A command is imported when it is called."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.lazy import LazyGroup, Place

_MOVES = (
    "prepare",
    "send-back",
    "submit",
    "withdraw",
    "accept",
    "return",
    "extend",
    "refuse-extension",
    "suspend",
    "resume-clock",
    "waive",
    "transfer",
    "reopen",
    "urge",
)
_CYCLE_MOVES = ("pause", "resume", "close", "cancel")
_RUNNING = ("rehearse", "tick", "deliver", "engine", "web", "up", "demo")

COMMANDS: dict[str, Place] = {
    "plans": "cli.plans:plans",
    "check": "cli.plans:check",
    "deadlines": "cli.plans:deadlines",
    "rehearse": "cli.running:rehearse",
    "authority": ("Cơ quan điều hành: tạo, liệt kê. / Authorities.", {"create": "cli.authority:create", "list": "cli.authority:show"}),
    "units": (
        "Đơn vị, tổ chức, cá nhân của một cơ quan. / Units, bodies and persons.",
        {
            "import": "cli.units:take_in",
            "list": "cli.units:show",
            "add": "cli.units:add",
            "drop": "cli.units:drop",
            "superior": "cli.units:superior",
            "successors": "cli.units:successors",
        },
    ),
    "contacts": (
        "Đầu mối: nhận từ tệp, thêm, thôi giữ, thay, ủy quyền, địa chỉ. / Contacts.",
        {
            "import": "cli.units:take_in",
            "list": "cli.contacts:show",
            "add": "cli.contacts:add",
            "drop": "cli.contacts:drop",
            "replace": "cli.contacts:replace",
            "deputy": "cli.contacts:deputy",
            "address": "cli.contacts:address",
        },
    ),
    "calendar": (
        "Lịch ngày làm việc: xem, nhập, kiểm tra tệp. / The working calendar.",
        {"show": "cli.working_days:show", "import": "cli.working_days:take_in", "check": "cli.working_days:check"},
    ),
    "launch": "cli.cycles:launch",
    "replan": "cli.replanning:replan",
    **{name: f"cli.cycles:{name}" for name in _CYCLE_MOVES},
    "status": "cli.reading:status",
    "obligations": "cli.reading:obligations",
    **{name: f"cli.moves:{name.replace('-', '_')}" for name in _MOVES if name != "return"},
    "return": "cli.moves:return_for_correction",
    "outbox": (
        "Hộp thư đi: liệt kê, giữ, thả, gửi lại, tính là đã gửi. / The outbox.",
        {
            "list": "cli.outbox:show",
            "held": "cli.outbox:held",
            "hold": "cli.outbox:hold",
            "release": "cli.outbox:release",
            "resend": "cli.outbox:resend",
            "count-as-sent": "cli.outbox:count_as_sent",
        },
    ),
    "journal": "cli.reading:journal",
    "why": "cli.reasons:why",
    "verify": "cli.keeping:verify",
    "backup": "cli.keeping:backup",
    "restore": "cli.keeping:restore",
    "migrate": "cli.keeping:migrate",
    **{name: f"cli.running:{name}" for name in _RUNNING if name != "rehearse"},
}


class Dondoc(LazyGroup):
    """The commands of `dondoc`."""

    places = COMMANDS


app = typer.Typer(cls=Dondoc, name="dondoc", no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


@app.callback()
def dondoc(
    lang: Annotated[str, typer.Option(help="Ngôn ngữ, đặt ở đâu trên dòng lệnh cũng được / language, anywhere: vi, en")] = "vi",
) -> None:
    """Đôn đốc: ai phải nộp gì, khi nào, đến lượt ai. / Who owes what by when, and whose turn it is."""


def main() -> None:
    """Run `dondoc`."""
    app()


if __name__ == "__main__":
    main()
