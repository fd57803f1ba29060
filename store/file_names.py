"""Names of files as people give them: one form, no paths, nothing that shows otherwise than it is."""

from __future__ import annotations

import unicodedata

from store.refusals import RefusalError

#: Bytes of a name in UTF-8; what file systems take.
LONGEST_NAME = 200
_SEPARATORS = frozenset("/\\:\u2044\u2215\u29f8\uff0f\uff3c")
_LINE_ENDS = frozenset("\r\n\x0b\x0c\x85\u2028\u2029")
#: Control characters; format characters (among them those that turn the reading direction); surrogates; private use; unassigned;
#: separators of lines and paragraphs.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class FileNameError(RefusalError):
    """A file's name cannot be taken: why, and what to do."""


def clean_name(name: str) -> str:
    """
    Return a file's name in Unicode's composed form (NFC), without blanks around it.

    Raises:
        FileNameError: it is empty or too long, names a path, or has characters that cannot be seen.

    """
    clean = unicodedata.normalize("NFC", name).strip()
    if not clean.strip("."):
        vi, en = "tệp không có tên; hãy đặt tên rồi gửi lại", "the file has no name; give it one and send it again"
        raise FileNameError(vi, en)
    if any(character in _SEPARATORS for character in clean):
        vi, en = "tên tệp có dấu đường dẫn (/, \\, :); chỉ gửi tên tệp", "the name has path signs (/, \\, :); give the file's name alone"
        raise FileNameError(vi, en)
    if any(character in _LINE_ENDS for character in clean):
        vi, en = "tên tệp có dấu xuống dòng; hãy đổi tên thành một dòng", "the name has a line break; rename the file to one line"
        raise FileNameError(vi, en)
    if any(unicodedata.category(character) in _UNSEEN for character in clean):
        vi, en = "tên tệp có ký tự không nhìn thấy được; hãy đổi tên", "the name has characters that cannot be seen; rename the file"
        raise FileNameError(vi, en)
    if len(clean.encode()) > LONGEST_NAME:
        vi = f"tên tệp quá dài (nhiều nhất {LONGEST_NAME} byte); hãy rút ngắn"
        raise FileNameError(vi, f"the name is too long (at most {LONGEST_NAME} bytes); shorten it")
    return clean


def suffix_of(name: str) -> str:
    """Return the ending of a name without its dot, in small letters; empty where it has none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""
