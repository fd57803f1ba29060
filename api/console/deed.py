"""One deed: something that can be done with an obligation, as a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import BaseModel
    from starlette.responses import Response

    from api.changing.doing import Doing
    from evaluation.rights_table import Action

#: What the name of a remark on a part begins with.
PART = "item:"


@dataclass(frozen=True, kw_only=True)
class Blank:
    """A field to be filled in."""

    name: str
    label: str
    kind: str = "line"  #: `line`, `text`, `date`, `time`, `choice`, `check`, `named` (one by name), `several` (by name)
    required: bool = False
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    whole: bool = False  #: left empty it says that there is nothing, in the place of what was there
    on_behalf: bool = False  #: asked of whoever files for a unit alone
    among: str = ""  #: of what is named: in which list of the page they stand


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something that can be done."""

    action: Action
    icon: str
    words: str
    button: str
    act: Callable[..., Response]
    asked: type[BaseModel] | None = None
    blanks: tuple[Blank, ...] = ()
    tone: str = ""
    done: str = ""  #: what is said afterwards
    part_by_part: bool = False  #: remarks on parts and fields of the deliverable go with it

    def run(self, doing: Doing, given: Mapping[str, Any]) -> Response:
        """Do it. ValidationError where what was given is not what it takes; else the errors of the API's address."""
        return self.act(doing=doing) if self.asked is None else self.act(asked=self.asked.model_validate(given), doing=doing)

    def read(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Return what a form says, of the blanks of this deed alone; what is left empty is not said."""
        said = (blank for blank in self.blanks if fields.get(blank.name, "").strip() or (blank.whole and blank.name in fields))
        given: dict[str, Any] = {blank.name: fields[blank.name] for blank in said}
        if self.part_by_part:
            remarks = [(name.removeprefix(PART), words) for name, words in fields.items() if name.startswith(PART)]
            given["items"] = [{"item": key, "words": words} for key, words in remarks if words.strip()]
        return given
