"""Logos: what is taken, and what of a picture is refused, in words."""

from __future__ import annotations

import zlib

import pytest

from evaluation.branding import MOST_BYTES, Branding, LogoError, LogoKind, logo_kind

HEAD = b"\x89PNG\r\n\x1a\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 4 4">{}</svg>'


def chunk(name: bytes, content: bytes = b"") -> bytes:
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


def png(*, width: int = 4, height: int = 4, more: bytes = b"") -> bytes:
    """A whole picture, one grey byte a pixel."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress((b"\x00" + b"\x80" * width) * height)
    return HEAD + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + more + chunk(b"IEND")


def svg(inside: str) -> bytes:
    return SVG.format(inside).encode()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(png(), LogoKind.PNG, id="png"),
        pytest.param(svg('<rect width="4" height="4" fill="#c00"/>'), LogoKind.SVG, id="svg"),
        pytest.param(b'<?xml version="1.0" encoding="UTF-8"?>\n' + svg('<path d="M0 0h4v4z"/>'), LogoKind.SVG, id="svg with its head"),
        pytest.param(
            svg('<defs><linearGradient id="a"/></defs><circle r="2" style="fill:url(#a)"/><use xlink:href="#a"/>'),
            LogoKind.SVG,
            id="svg that calls itself",
        ),
        pytest.param(svg("<style>.a{fill:url('#a')}</style>"), LogoKind.SVG, id="svg with a style"),
        pytest.param(svg('<n:view xmlns:n="urn:editor" n:zoom="2"/>'), LogoKind.SVG, id="svg with its editor's notes"),
    ],
)
def test_a_picture_is_taken(content: bytes, kind: LogoKind) -> None:
    assert logo_kind(content) is kind


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"GIF89a", "chỉ nhận hình PNG hoặc SVG", id="another picture"),
        pytest.param(b"<html><body>x</body></html>", "tệp này là XML khác", id="a page"),
        pytest.param(b"x" * (MOST_BYTES + 1), "lớn hơn 200 KB", id="too large"),
        pytest.param(png()[:-3], "bị hỏng", id="png cut off"),
        pytest.param(png() + b"<script>", "dữ liệu thừa", id="png with something behind it"),
        pytest.param(
            png().replace(b"\x80", b"\x81", 1)[:40] + png()[40:41] + png()[41:].replace(b"I", b"J", 1), "bị hỏng", id="png altered"
        ),
        pytest.param(png(width=5000), "5000 × 4 điểm", id="png too wide"),
        pytest.param(svg("<script>alert(1)</script>"), "<script>", id="svg with a script"),
        pytest.param(svg('<rect onload="alert(1)"/>'), "onload", id="svg with a handler"),
        pytest.param(svg('<image href="https://tinh.invalid/a.png"/>'), "<image>", id="svg with a picture"),
        pytest.param(svg('<use xlink:href="https://tinh.invalid/a.svg#a"/>'), "thuộc tính href", id="svg that calls another file"),
        pytest.param(svg('<rect fill="url(https://tinh.invalid/a)"/>'), "kiểu trình bày", id="svg that paints with another file"),
        pytest.param(svg("<style>@import 'a.css';</style>"), "kiểu trình bày", id="svg with another file's style"),
        pytest.param(svg(r"<style>rect{fill:u\72l(//tinh.invalid/a)}</style>"), "kiểu trình bày", id="svg whose style is disguised"),
        pytest.param(svg('<animate attributeName="href" to="x"/>'), "<animate>", id="svg that moves"),
        pytest.param(svg("<foreignObject/>"), "<foreignObject>", id="svg with a page in it"),
        pytest.param(svg('<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>'), "<script>", id="svg with a page's script"),
        pytest.param(b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"), "DOCTYPE", id="svg with entities"),
        pytest.param(b'<?xml-stylesheet href="a.css"?>' + svg(""), "<?xml-stylesheet?>", id="svg with a style sheet"),
        pytest.param(b"<svg", "bị hỏng ở dòng 1", id="svg cut off"),
    ],
)
def test_a_picture_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(LogoError) as refused:
        logo_kind(content)
    assert said in refused.value.vi
    assert refused.value.en
    assert refused.value.en != refused.value.vi


def test_a_name_is_vietnamese_where_there_is_no_english() -> None:
    both = Branding(name="UBND tỉnh", name_en="People's Committee", standing_line="Sở Nội vụ")
    assert [both.name_in("vi"), both.name_in("en"), both.line_in("en")] == ["UBND tỉnh", "People's Committee", "Sở Nội vụ"]
