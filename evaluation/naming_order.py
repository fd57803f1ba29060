"""
The order of names: as a Vietnamese dictionary puts them (a ă â b … d đ e ê … o ô ơ … u ư), units by their own name.

Letters come before tones: the tones (ngang, huyền, hỏi, ngã, sắc, nặng) tell words apart only where all
letters are the same.
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACES = {letter: place for place, letter in enumerate(_LETTERS, start=100)}
#: Grave, hook, tilde, acute, dot below.
_TONES = {"\N{COMBINING GRAVE ACCENT}": 1, "\N{COMBINING HOOK ABOVE}": 2, "\N{COMBINING TILDE}": 3, "\N{COMBINING ACUTE ACCENT}": 4}
_TONES |= {"\N{COMBINING DOT BELOW}": 5}
#: The word for what a commune is says nothing of its place among the others.
_KIND_OF_UNIT = re.compile(r"^(?:(?:ubnd|ủy ban nhân dân) )?(?:xã|phường|thị trấn|đặc khu) ")

Order = tuple[tuple[tuple[tuple[int, ...], ...], ...], str]


def name_order(name: str) -> Order:
    """
    Return what to sort a name by: the places of its letters word by word, a number by its size, then its tones.

    A commune is sorted by its own name, without `Xã`, `Phường`.
    """
    whole = unicodedata.normalize("NFC", name).casefold()
    words = _KIND_OF_UNIT.sub("", whole).split()
    return (tuple(_letters(word) for word in words), tuple(_tones(word) for word in words)), whole


def _letters(word: str) -> tuple[int, ...]:
    if word.isdecimal():
        return 0, int(word)
    return tuple(_PLACES.get(letter, min(ord(letter), 99) if letter.isascii() else 1000 + ord(letter)) for letter in _toneless(word))


def _toneless(word: str) -> str:
    bare = "".join(part for part in unicodedata.normalize("NFD", word) if part not in _TONES)
    return unicodedata.normalize("NFC", bare)


def _tones(word: str) -> tuple[int, ...]:
    return tuple(_TONES[part] for part in unicodedata.normalize("NFD", word) if part in _TONES)
