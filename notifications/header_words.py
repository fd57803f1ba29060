"""
Headers as a mail bears them: RFC 2047 encoded words, folded.

The standard library folds a long Vietnamese subject by trying every cut, which costs more than the whole rest of a mail; here each
header is encoded once, from left to right, and never by way of a parser.
"""

from __future__ import annotations

from base64 import b64encode
from email.policy import EmailPolicy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE = 76  #: RFC 2047: no line with an encoded word is longer
_AROUND = len("=?utf-8?b??=")


class UnsafeHeaderError(ValueError):
    """A header's value would have begun a header of its own; nothing was built."""

    def __init__(self, name: str) -> None:
        """Keep the header's name."""
        super().__init__(f"the value of {name} contains a line break or another control character")


def encoded(text: str, *, used: int) -> str:
    """Return a text as it may stand in a header of which `used` characters of the line are taken; ASCII stays as it is."""
    if text.isascii() and "=?" not in text:
        return text
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece).decode('ascii')}?=" for piece in _pieces(text, used=used))


def _pieces(text: str, *, used: int) -> Iterator[bytes]:
    """Yield the text in pieces that fit a line once encoded; a character is never split."""
    room = _room(used)
    piece = b""
    for character in text:
        more = character.encode()
        if len(piece) + len(more) > room:
            yield piece
            piece, room = b"", _room(1)
        piece += more
    yield piece


def _room(used: int) -> int:
    """Return how many bytes an encoded word that begins behind so many characters of a line can hold."""
    return max(3, (LINE - used - _AROUND) // 4 * 3)


def folded(text: str, *, used: int) -> str:
    """Return an ASCII text with line breaks at spaces, so that no line is longer than it must be."""
    lines, line = [], " " * used
    for word in text.split(" "):
        if len(line) + 1 + len(word) > LINE and line.strip():
            lines.append(line)
            line = " " + word
        else:
            line = f"{line} {word}" if line.strip() else line + word
    return "\r\n".join([*lines, line])[used:]


def mailbox(name: str, *, address: str, used: int) -> str:
    """Return a display name and an address as From and To bear them."""
    if not name:
        return address
    if name.isascii() and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"\r\n <{address}>'
    return f"{encoded(name, used=used)}\r\n <{address}>"


class PlainHeaders(EmailPolicy):
    """The SMTP policy, but headers are written as they are given: already encoded and folded."""

    def header_max_count(self, name: str) -> int | None:  # noqa: ARG002  (the policy's interface)
        """Return no limit: who builds a mail sets each header once, and asking costs a class each time."""
        return None

    def header_store_parse(self, name: str, value: object) -> tuple[str, str]:
        """
        Return the header as it is kept.

        Raises:
            UnsafeHeaderError: a line break in it does not begin a folded line, or it has other control characters.

        """
        text = str(value)
        unfolded = text.replace("\r\n ", " ").replace("\r\n\t", " ")
        if not unfolded.isascii() or not unfolded.isprintable():
            raise UnsafeHeaderError(name)
        return name, text

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002  (the policy's interface)
        """Return the header as it is kept."""
        return value

    def fold(self, name: str, value: str) -> str:
        """Return the header's lines."""
        return f"{name}: {value}\r\n"

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return the header's lines."""
        return self.fold(name, value).encode("ascii")


#: What mails are built by.
POLICY = PlainHeaders(linesep="\r\n", max_line_length=LINE)
