"""Check digits, by the examples of the standards and by what people mistype."""

import pytest

from cases.identity_numbers import is_credit_code, is_resident_number, masked

# The examples of GB 11643 itself, one with ten as its check place.
RESIDENTS = ["11010519491231002X", "440524188001010014"]
CREDIT_CODES = ["91350100M000100Y43", "91110000600037341L", "91110000802100433B"]


@pytest.mark.parametrize("number", RESIDENTS)
def test_a_resident_number_holds(number: str) -> None:
    assert is_resident_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "110105194912310021",
        "11010519491231002x",
        "11010519490230002X",
        "1101051949123100X2",
        "１１０１０５１９４９１２３１００２X",
        "11010519491231002",
        "11010519491231002XX",
    ],
)
def test_a_wrong_resident_number_does_not(number: str) -> None:
    assert not is_resident_number(number)


@pytest.mark.parametrize("number", RESIDENTS)
def test_one_mistyped_place_or_two_swapped_are_found(number: str) -> None:
    for place in range(17):
        digit = str((int(number[place]) + 1) % 10)
        assert not is_resident_number(number[:place] + digit + number[place + 1 :])
    for place in range(16):
        left, right = number[place], number[place + 1]
        if left != right:
            swapped = number[:place] + right + left + number[place + 2 :]
            assert not is_resident_number(swapped)


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_a_credit_code_holds(code: str) -> None:
    assert is_credit_code(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91350100M000100Y42",
        "91350100m000100y43",
        "91350100MO00100Y43",
        "9135010AM000100Y43",
        "91350100M000100Y4",
    ],
)
def test_a_wrong_credit_code_does_not(code: str) -> None:
    assert not is_credit_code(code)


def test_a_masked_number_keeps_both_ends() -> None:
    assert masked("11010519491231002X") == "110*************2X"
    assert masked("1234") == "****"
    assert masked("") == ""
