import pytest

from evidence.matching.locate import page_of


@pytest.mark.parametrize(
    ("starts", "offset", "page"),
    [
        (None, 5, None),
        ((), 5, None),
        ((0, 10, 20), 0, 1),
        ((0, 10, 20), 9, 1),
        ((0, 10, 20), 10, 2),
        ((0, 10, 20), 500, 3),
        ((0, 10, 10, 20), 12, 3),
        ((3, 10), 1, None),
    ],
)
def test_an_offset_stands_on_the_page_that_began_last(
    starts: tuple[int, ...] | None, offset: int, page: int | None
) -> None:
    assert page_of(starts, offset) == page
