"""
Branding: what an authority is called and how its head looks; what a logo may be.

A logo is looked into before it is taken: a PNG by its signature, its chunks and its size, an SVG element by element. What an SVG could
run, or load from elsewhere, is refused with its name, never taken out silently: the picture that is kept is the picture that was sent.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: A logo in bytes; a picture of a head needs a tenth of it.
MOST_BYTES = 200 * 1024
#: In each mail it travels along; what is larger stays out of mails.
MOST_BYTES_IN_MAIL = 32 * 1024
#: Of a name or a line, and of the short name, which stands in the menu.
MOST_LETTERS, MOST_LETTERS_SHORT = 200, 24
#: Width and height of a PNG, in pixels.
MOST_PIXELS = 4096

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
_DRAWN = frozenset(
    """
    svg g path rect circle ellipse line polyline polygon text tspan textPath defs linearGradient radialGradient stop clipPath mask marker
    pattern symbol use title desc metadata style filter feBlend feColorMatrix feComposite feFlood feGaussianBlur feMerge feMergeNode
    feOffset view switch
    """.split()  # noqa: SIM905  a list of words reads as one
)
_LOADS = re.compile(r"url\s*\(\s*(?!['\"]?\s*#)|@import|expression\s*\(|javascript:|\\", re.IGNORECASE)


class LogoKind(StrEnum):
    """What a logo is, as its media type."""

    PNG = "image/png"
    SVG = "image/svg+xml"


class LogoError(ValueError):
    """A picture that is not taken as a logo: why, in Vietnamese and in English."""

    def __init__(self, vi: str, en: str) -> None:
        """Keep both languages."""
        self.vi, self.en = vi, en
        super().__init__(en)


_MEND_VI, _MEND = "; hãy bỏ rồi gửi lại, hoặc gửi PNG", "; take it out and send it again, or send a PNG"
_FAULTS: dict[str, tuple[str, str]] = {
    "kind": ("chỉ nhận hình PNG hoặc SVG", "only a PNG or an SVG picture is taken"),
    "xml": ("chỉ nhận hình PNG hoặc SVG; tệp này là XML khác", "only a PNG or an SVG picture is taken; this is other XML"),
    "png": ("hình PNG bị hỏng hoặc có dữ liệu thừa; hãy xuất lại", "the PNG is broken or has something behind it; export it again"),
    "pixels": (
        f"hình %s điểm, nhiều nhất {MOST_PIXELS} mỗi chiều; hãy thu nhỏ",
        f"the picture has %s pixels, at most {MOST_PIXELS} a side; make it smaller",
    ),
    "svg": ("hình SVG bị hỏng ở dòng %s; hãy xuất lại bằng mã UTF-8", "the SVG is broken in line %s; export it again in UTF-8"),
    "doctype": (
        f"hình SVG có khai báo DOCTYPE, có thể gọi tệp ngoài{_MEND_VI}",
        f"the SVG has a DOCTYPE, which may call another file{_MEND}",
    ),
    "instruction": (
        f"hình SVG có chỉ thị <?%s?>, có thể gọi tệp ngoài{_MEND_VI}",
        f"the SVG has an instruction <?%s?>, which may call another file{_MEND}",
    ),
    "element": (f"hình SVG có phần tử <%s>, không phải nét vẽ{_MEND_VI}", f"the SVG has an element <%s>, which is no drawing{_MEND}"),
    "script": (f"hình SVG có mã chạy ở thuộc tính %s{_MEND_VI}", f"the SVG runs a script in its attribute %s{_MEND}"),
    "reference": (f"hình SVG gọi tệp khác ở thuộc tính %s{_MEND_VI}", f"the SVG calls another file in its attribute %s{_MEND}"),
    "style": (
        f"hình SVG gọi tệp khác hoặc có mã chạy trong kiểu trình bày{_MEND_VI}",
        f"the SVG calls another file, or runs something, in its style{_MEND}",
    ),
}


def _refused(fault: str, *which: object) -> LogoError:
    vi, en = (words % which for words in _FAULTS[fault])
    return LogoError(vi, en)


@dataclass(frozen=True, kw_only=True, slots=True)
class Branding:
    """What an authority is called, in either language; empty: not given."""

    name: str
    name_en: str = ""
    short_name: str = ""
    standing_line: str = ""  #: of the standing body, under the name
    standing_line_en: str = ""

    def name_in(self, language: str) -> str:
        """Return the name in `vi` or `en`; the Vietnamese one where there is no English."""
        return self.name_en or self.name if language == "en" else self.name

    def line_in(self, language: str) -> str:
        """Return the line of the standing body in `vi` or `en`; the Vietnamese one where there is no English."""
        return self.standing_line_en or self.standing_line if language == "en" else self.standing_line


def logo_kind(content: bytes) -> LogoKind:
    """
    Return what a picture is, once it has been looked into.

    Raises:
        LogoError: it is too large, neither PNG nor SVG, broken, or an SVG that runs or loads something.

    """
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // 1024
        vi = f"tệp {len(content) // 1024} KB, lớn hơn {most} KB; hãy giảm kích thước hoặc xuất lại thành SVG"
        raise LogoError(vi, f"the file has {len(content) // 1024} KB, more than {most} KB; make it smaller or export it as SVG")
    if content.startswith(_PNG):
        _look_into_png(content)
        return LogoKind.PNG
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        _look_into_svg(content)
        return LogoKind.SVG
    raise _refused("kind")


# --- PNG ----------------------------------------------------------------------------------------------------------------


def _look_into_png(content: bytes) -> None:
    names = list(_chunks(content))
    if len(names) < 3 or names[0] != b"IHDR" or names[-1] != b"IEND" or b"IDAT" not in names:  # noqa: PLR2004  head, picture, end
        raise _refused("png")
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        size = f"{width} × {height}"
        raise _refused("pixels", size)


def _chunks(content: bytes) -> Iterator[bytes]:
    """Yield the names of a PNG's chunks, each with its sum checked; nothing may follow the last."""
    at, name = len(_PNG), b""
    while name != b"IEND":
        size = int.from_bytes(content[at : at + 4], "big")
        name, end = content[at + 4 : at + 8], at + 8 + size
        if end + 4 > len(content) or int.from_bytes(content[end : end + 4], "big") != zlib.crc32(content[at + 4 : end]):
            raise _refused("png")
        yield name
        at = end + 4
    if at != len(content):
        raise _refused("png")


# --- SVG ----------------------------------------------------------------------------------------------------------------


def _look_into_svg(content: bytes) -> None:
    looked = _Looking()
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.StartDoctypeDeclHandler = looked.doctype
    parser.ProcessingInstructionHandler = looked.instruction
    parser.StartElementHandler = looked.element
    parser.EndElementHandler = looked.end
    parser.CharacterDataHandler = looked.text
    try:
        parser.Parse(content, True)  # noqa: FBT003  expat's own: this is all of it
    except expat.ExpatError as error:
        raise _refused("svg", error.lineno) from None


class _Looking:
    """Looks at the parts of an SVG as they come, and stops at the first that is not mere drawing."""

    def __init__(self) -> None:
        self._inside: list[str] = []
        self._style = ""

    def doctype(self, *_: object) -> None:
        raise _refused("doctype")

    def instruction(self, target: str, _: str) -> None:
        raise _refused("instruction", target)

    def element(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, plain = name.rpartition(" ")
        if not self._inside and name != f"{_SVG} svg":
            raise _refused("xml")
        if space == _XHTML or (space == _SVG and plain not in _DRAWN):
            raise _refused("element", plain)
        self._inside.append(plain)
        for key, value in attributes.items():
            _look_at_attribute(key.rpartition(" ")[2], value)

    def text(self, words: str) -> None:
        if self._inside[-1] == "style":
            self._style += words

    def end(self, _: str) -> None:
        if self._inside.pop() == "style":
            _look_at_style(self._style)
            self._style = ""


def _look_at_attribute(name: str, value: str) -> None:
    if name.lower().startswith("on"):
        raise _refused("script", name)
    if name.lower() in {"href", "src"} and not value.strip().startswith("#"):
        raise _refused("reference", name)
    _look_at_style(value)


def _look_at_style(words: str) -> None:
    if _LOADS.search(words):
        raise _refused("style")
