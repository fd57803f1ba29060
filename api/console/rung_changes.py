"""One rung of a ladder changed by a form: the plan's text is edited in that place alone, and goes the way of every changed plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.console.catalogues import N_
from api.console.deed import Blank
from api.console.settings import AUDIENCES
from api.routes import replanning
from api.wire.replanning import ChangeIn, ReplanIn
from config.plan_editing import NoSuchRungError, RungEdit, with_rung
from evaluation.due_rules import DayUnit
from evaluation.kinds import Audience, MessageKind
from store.queries.health import answering
from store.queries.plans import plan_in_force
from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from api.changing.cycles import ChangingCycle
    from notifications.letters import Language

#: What rungs say, in the order of a year.
MESSAGES = (
    MessageKind.REMINDER_BEFORE_DUE,
    MessageKind.DUE_TODAY,
    MessageKind.OVERDUE,
    MessageKind.ESCALATION_STANDING_BODY,
    MessageKind.ESCALATION_CHAIR,
    MessageKind.CORRECTION_REMINDER,
    MessageKind.CORRECTION_OVERDUE,
    MessageKind.REVIEW_DUE,
    MessageKind.REVIEW_OVERDUE,
)
_AS_IT_IS = ("", N_("giữ như đang có"))
BLANKS = (
    Blank(name="rung", label=N_("Bậc nhắc"), kind="choice", required=True),
    Blank(name="offset", label=N_("Số ngày so với hạn (âm: trước hạn; để trống: giữ nguyên)"), hint="-5"),
    Blank(
        name="unit",
        label=N_("Tính theo"),
        kind="choice",
        choices=(_AS_IT_IS, (DayUnit.CALENDAR.value, N_("ngày")), (DayUnit.WORKING.value, N_("ngày làm việc"))),
    ),
    Blank(name="message", label=N_("Thư"), kind="choice"),
    *(Blank(name=f"audience.{one.value}", label=words, kind="check") for one, words in AUDIENCES.items()),
    Blank(name="drop", label=N_("Bỏ bậc này"), kind="check"),
)


class RungIn(BaseModel):
    """What becomes of a rung, as the form says it."""

    model_config = ConfigDict(frozen=True)
    rung: str = Field(max_length=200)
    offset: int | None = Field(default=None, ge=-366, le=366)
    unit: DayUnit | None = None
    message: MessageKind | None = None
    audience: tuple[Audience, ...] = ()
    drop: bool = False

    @model_validator(mode="after")
    def _whole_where_new(self) -> RungIn:
        if self.rung.endswith(":") and (self.offset is None or self.message is None or not self.audience):
            raise PydanticCustomError(
                "new_rung", "bậc mới cần đủ số ngày, thư và người được báo / a new rung needs days, mail and audience"
            )
        return self

    @property
    def edit(self) -> RungEdit:
        """What is to be done to the plan's text."""
        ladder, _, rung = self.rung.partition(":")
        told = {name: getattr(self, name) for name in ("offset", "unit", "message", "audience", "drop")}
        return RungEdit(ladder=ladder, rung=rung, **told)


def read_rung(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the form as `RungIn` has it; what is left empty is not said."""
    said = {name: fields[name].strip() for name in ("rung", "offset", "unit", "message") if fields.get(name, "").strip()}
    audience = [one.value for one in Audience if fields.get(f"audience.{one.value}") == "yes"]
    return {**said, "audience": audience, "drop": fields.get("drop") == "yes"}


def look_at_rung(given: Mapping[str, Any], changing: ChangingCycle, language: Language) -> Response:
    """Return what the changed rung would move. ValidationError, NoSuchRungError."""
    return replanning.preview_replan(ChangeIn.model_validate(_as_plan(given, changing)), changing, language)


def change_rung(given: Mapping[str, Any], changing: ChangingCycle, language: Language) -> Response:
    """Change the rung. ValidationError, NoSuchRungError."""
    return replanning.apply_replan(ReplanIn.model_validate(_as_plan(given, changing)), changing, language)


def _as_plan(given: Mapping[str, Any], changing: ChangingCycle) -> dict[str, Any]:
    words = {name: given[name] for name in ("reason", "basis", "accept_late") if name in given}
    asked = RungIn.model_validate({name: value for name, value in given.items() if name not in words})
    with answering(changing.served.store) as connection:
        text = plan_in_force(connection, changing.cycle).yaml
    try:
        return {"yaml": with_rung(text, asked.edit), **words}
    except NoSuchRungError as error:
        vi = f"kế hoạch đang chạy không có bậc “{asked.rung}”; chọn lại trong danh sách"
        raise RefusalError(vi, f"{error}; choose one of the list", field="rung") from error
