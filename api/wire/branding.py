"""What goes over the wire of what an authority is called and how its head looks."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Base64Bytes, Field

from api.problems.fault_words import sound_text
from api.wire.accounts import Asked
from api.wire.schemas import Wire
from evaluation.branding import MOST_LETTERS, MOST_LETTERS_SHORT
from store.commands.branding import HeadChange

#: A logo of the largest size, as base64.
MOST_BASE64 = 280_000
Name = Annotated[str, Field(max_length=MOST_LETTERS), AfterValidator(sound_text)]
Short = Annotated[str, Field(max_length=MOST_LETTERS_SHORT), AfterValidator(sound_text)]


class HeadIn(Asked):
    """What of an authority's head is to be different; what is left out stays as it is."""

    name: Name | None = Field(default=None, examples=["UBND tỉnh Quảng Nam"])
    name_en: Name | None = None
    """Empty: English pages and mails say the Vietnamese one."""
    short_name: Short | None = Field(default=None, examples=["CCHC Quảng Nam"])
    """In the head of pages."""
    standing_line: Name | None = None
    """Of the standing body, under the name."""
    standing_line_en: Name | None = None
    logo: Annotated[Base64Bytes, Field(max_length=MOST_BASE64)] | None = None
    """A PNG or SVG of at most 200 KB, in base64; empty: none any more."""

    @property
    def change(self) -> HeadChange:
        """What the command takes."""
        return HeadChange(**{name: getattr(self, name) for name in type(self).model_fields})


class HeadOut(Wire):
    """The head of an authority."""

    authority: str
    version: int
    """Rises with every change; 0: nothing was ever given."""
    name: str
    name_en: str
    short_name: str
    standing_line: str
    standing_line_en: str
    logo: str
    """Address of its logo; empty: none."""
