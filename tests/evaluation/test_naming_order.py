"""Names in the order of a Vietnamese dictionary."""

from __future__ import annotations

from random import Random

import pytest

from evaluation.naming_order import name_order


@pytest.mark.parametrize(
    "ordered",
    [
        ["Xã Bến Tre", "Phường Bình Minh", "Xã Bình Phú"],
        ["Xã Tân Hạnh", "Phường Trà Vinh", "Phường Trường Long Hòa"],
        ["Xã Duyên Hải", "Xã Đông Thành", "Xã Giao Long", "Xã Vĩnh Xuân"],
        ["Xã An", "Xã Ăn", "Xã Ân", "Xã Ba"],
        ["Xã Ma", "Xã Mà", "Xã Mả", "Xã Mã", "Xã Má", "Xã Mạ", "Xã Mai"],
        ["Xã Mỹ", "Xã Mỹ Cẩm", "Xã Mỹ Long", "Xã Mỹnh"],
        ["Sở Công Thương", "Sở Nội vụ", "Sở Ôn", "Sở Xây dựng", "Xã Yên Định"],
        ["Phường 2", "Phường 10", "Phường An Hội"],
        ["UBND xã An Bình", "Xã An Định"],
    ],
)
def test_names_come_as_in_a_dictionary(ordered: list[str]) -> None:
    shuffled = list(ordered)
    Random(7).shuffle(shuffled)  # noqa: S311  an order to sort, no secret
    assert sorted(shuffled, key=name_order) == ordered
