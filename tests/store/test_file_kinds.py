"""Evidence files at the door: names, kinds told by content, archives that are bombs or hold programs."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import archives
from store.archives import ArchiveError
from store.file_kinds import KINDS, FileKindError, sniff
from store.file_names import FileNameError, clean_name, suffix_of
from store.refusals import RefusalError

ALL = frozenset(KINDS)
TYPES = "application/vnd.openxmlformats-officedocument."


def make_zip(entries: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def make_office(main: str = "wordprocessingml.document.main+xml", **more: bytes) -> bytes:
    types = f'<Types><Override ContentType="{TYPES}{main}"/></Types>'.encode()
    return make_zip({"[Content_Types].xml": types, "word/document.xml": b"<w/>", **{key.replace("__", "/"): more[key] for key in more}})


def make_odf(kind: str = "text", **more: bytes) -> bytes:
    entries = {"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<o/>"}
    return make_zip({**entries, **{key.replace("__", "/"): more[key] for key in more}})


def kind_of(content: bytes, name: str, *, allowed: frozenset[str] = ALL) -> str:
    return sniff(BytesIO(content), name=name, size=len(content), allowed=allowed).key


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 17
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600

SAMPLES = {
    "pdf": PDF,
    "docx": make_office(),
    "xlsx": make_office("spreadsheetml.sheet.main+xml"),
    "odt": make_odf(),
    "ods": make_odf("spreadsheet"),
    "png": PNG,
    "jpg": JPG,
    "txt": "Kính gửi Sở Nội vụ\n".encode(),
    "csv": "đơn vị;điểm\nXã 001;83,54\n".encode(),
    "zip": make_zip({"a.txt": b"a"}),
}


@pytest.mark.parametrize("key", sorted(KINDS))
def test_a_kind_is_told_by_its_content(key: str) -> None:
    assert kind_of(SAMPLES[key], f"tệp.{key.upper()}") == key


@pytest.mark.parametrize("key", sorted(KINDS))
@pytest.mark.parametrize("ending", [*sorted(KINDS), "exe", ""])
def test_the_ending_must_agree(key: str, ending: str) -> None:
    name = f"tệp.{ending}"
    if ending == key or {ending, key} == {"txt", "csv"}:  # which of the two a text is, only its ending says
        assert kind_of(SAMPLES[key], name) == ending
    else:
        with pytest.raises(FileKindError):
            kind_of(SAMPLES[key], name)


def test_jpeg_is_another_ending_of_the_same() -> None:
    assert kind_of(JPG, "ảnh.jpeg") == "jpg"


def test_a_kind_that_is_not_allowed_says_which_are() -> None:
    with pytest.raises(FileKindError) as refused:
        kind_of(SAMPLES["zip"], "tệp.zip", allowed=frozenset({"pdf", "docx"}))
    assert "pdf, docx" in refused.value.text("vi")
    assert "pdf, docx" in refused.value.text("en")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(OLE, "cũ.doc", id="an old office file"),
        pytest.param(OLE, "cũ.docx", id="an encrypted office file"),
        pytest.param(b"MZ\x90\x00" + b"\x00" * 100, "a.pdf", id="a program"),
        pytest.param(b"\x00\x01\x02", "a.txt", id="controls in a text"),
        pytest.param("xin chào".encode("utf-16"), "a.txt", id="a text in UTF-16"),
        pytest.param("đ".encode()[:1], "a.txt", id="half a letter"),
        pytest.param(b"", "a.txt", id="nothing"),
        pytest.param(b"", "a.pdf", id="nothing called a pdf"),
        pytest.param(b"<html><script>", "a.html", id="a page"),
        pytest.param(b"a\x1b[2J", "a.csv", id="a terminal's control"),
    ],
)
def test_what_is_not_taken(content: bytes, name: str) -> None:
    with pytest.raises(FileKindError):
        kind_of(content, name)


# --- programs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(make_office(word__vbaProject=b"x"), id="a macro project"),
        pytest.param(make_zip({"[Content_Types].xml": b"x.sheet.main+xml", "XL\\VBAPROJECT.BIN": b"x"}), id="the same in other letters"),
        pytest.param(make_office("document.macroEnabled.main+xml"), id="docm under another name"),
        pytest.param(make_office(xl__macrosheets__sheet1=b"x"), id="an Excel 4 macro sheet"),
        pytest.param(make_office(word__activeX__activeX1=b"x"), id="a control"),
        pytest.param(make_odf(Basic__Standard__Module1=b"x"), id="a macro of LibreOffice"),
        pytest.param(make_odf(Scripts__python__a=b"x"), id="a script of LibreOffice"),
        pytest.param(make_office(word__embeddings__a=make_office(word__vbaProject=b"x")), id="in a file inside"),
    ],
)
def test_programs_are_refused(content: bytes) -> None:
    with pytest.raises(ArchiveError, match="macros"):
        kind_of(content, "a.docx")


# --- bombs ------------------------------------------------------------------------------------------------------------


def test_a_file_that_blows_up_is_refused() -> None:
    bomb = make_office(word__media=b"\x00" * (archives.RATIO_FROM + 1))
    assert len(bomb) * archives.MOST_RATIO < archives.RATIO_FROM
    with pytest.raises(ArchiveError, match="bomb"):
        kind_of(bomb, "a.docx")


def test_sizes_inside_add_up() -> None:
    inner = make_office(word__media=b"\x00" * (archives.RATIO_FROM // 2 + 1))
    assert kind_of(make_office(word__embeddings__a=inner), "a.docx") == "docx"
    with pytest.raises(ArchiveError, match="bomb"):
        kind_of(make_office(word__embeddings__a=inner, word__embeddings__b=inner), "a.docx")


def test_too_many_entries() -> None:
    many = make_zip({str(number): b"" for number in range(archives.MOST_ENTRIES + 1)}, method=zipfile.ZIP_STORED)
    with pytest.raises(ArchiveError, match="bomb"):
        kind_of(many, "a.zip")


def test_an_archive_that_lies_about_its_sizes_is_damaged() -> None:
    honest = make_zip({"[Content_Types].xml": b"\x00" * 100_000})
    lying = honest.replace(struct.pack("<L", 100_000), struct.pack("<L", 10))
    with pytest.raises(ArchiveError, match="damaged"):
        kind_of(lying, "a.zip")


@pytest.mark.parametrize(
    ("content", "taken"),
    [
        pytest.param(make_office(word__embeddings__a=make_office("spreadsheetml.sheet.main+xml")), True, id="a sheet in a text"),
        pytest.param(make_office(a=make_office(b=make_office())), False, id="three deep"),
        pytest.param(make_office(a=b"7z\xbc\xaf\x27\x1c00"), False, id="another kind of archive inside"),
    ],
)
def test_what_may_be_nested(content: bytes, *, taken: bool) -> None:
    if taken:
        assert kind_of(content, "a.docx") == "docx"
    else:
        with pytest.raises(ArchiveError, match="archives"):
            kind_of(content, "a.docx")


def test_an_archive_in_an_archive_is_sent_apart() -> None:
    with pytest.raises(ArchiveError, match="one by one"):
        kind_of(make_zip({"a.zip": make_zip({"b": b"b"})}), "a.zip")


def test_an_encrypted_entry_cannot_be_checked() -> None:
    content = bytearray(make_office())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + offset] |= 1
    with pytest.raises(ArchiveError, match="encrypted"):
        kind_of(bytes(content), "a.docx")


@given(st.binary(max_size=300), st.sampled_from(sorted(KINDS)))
def test_whatever_comes_is_taken_or_refused_in_words(rest: bytes, key: str) -> None:
    for content in (rest, SAMPLES[key][: len(rest)], SAMPLES[key] + rest, b"PK\x03\x04" + rest):
        said: RefusalError | None = None
        try:
            assert kind_of(content, f"a.{key}") == key
        except RefusalError as refused:
            said = refused
        assert said is None or said.text("vi") != said.text("en")


# --- names ------------------------------------------------------------------------------------------------------------


def test_a_name_is_kept_in_composed_form() -> None:
    assert clean_name("  Ba\u0301o ca\u0301o qu\u00fd I.pdf ") == "Báo cáo quý I.pdf"


@pytest.mark.parametrize(
    "name",
    [
        "", " ", ".", "..", "...", "../a.pdf", "a/b.pdf", "a\\b.pdf", "C:a.pdf", "a\x00.pdf", "a\n.pdf", "a\r\nX-Header: b.pdf",
        "a\u202efdp.exe", "a\u200b.pdf", "a\u2028b.pdf", "a\u2215b.pdf", "\ud800.pdf", "a" * 201, "đ" * 101,
    ],
)  # fmt: skip
def test_a_name_that_is_not_taken(name: str) -> None:
    with pytest.raises(FileNameError):
        clean_name(name)


@given(st.text(max_size=120))
def test_a_clean_name_stays_as_it_is(name: str) -> None:
    try:
        clean = clean_name(name)
    except FileNameError:
        return
    assert clean_name(clean) == clean
    assert not set(clean) & set("/\\\r\n\x00")


@pytest.mark.parametrize(("name", "ending"), [("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("pdf", ""), (".pdf", ""), ("a.", "")])
def test_ending(name: str, ending: str) -> None:
    assert suffix_of(name) == ending


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        pytest.param(b"", "a.pdf", "tệp rỗng", id="empty"),
        pytest.param(b"", "a.txt", "tệp rỗng", id="empty text"),
        pytest.param(b"xin ch\xc3\xa0o\n", "a.pdf", "nội dung là văn bản thường, tên là .pdf", id="text by another name"),
        pytest.param(b"\x00\x01\x02", "a.pdf", "loại tệp không nhận", id="nothing known"),
    ],
)
def test_what_is_refused_is_called_by_its_name(content: bytes, name: str, words: str) -> None:
    with pytest.raises(FileKindError) as refused:
        kind_of(content, name)
    assert words in refused.value.vi


@pytest.mark.parametrize("name", ["a\r\nb.txt", "a\nb.txt", "a\u2028b.txt"])
def test_a_name_of_two_lines_is_told_so(name: str) -> None:
    with pytest.raises(FileNameError) as refused:
        clean_name(name)
    assert "dấu xuống dòng" in refused.value.vi
