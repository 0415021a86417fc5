"""Check digits of the numbers by which China knows persons and organisations.

Pure. A number that passes is well formed; whether it is anybody's is not known here.
"""

from datetime import date

RESIDENT_WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
RESIDENT_CHECKS = "10X98765432"
# I, O, S, V and Z are left out: they read like digits.
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = tuple(3**place % 31 for place in range(17))


def is_resident_number(number: str) -> bool:
    """Whether these are the 18 places of a 公民身份号码 (GB 11643-1999).

    Six of region, eight of the date of birth, three of order, and one check place
    after ISO 7064 MOD 11-2, in which ten is written X.
    """
    digits, check = number[:17], number[17:]
    if len(number) != 18 or not (digits.isascii() and digits.isdigit()):
        return False
    total = sum(
        int(digit) * weight
        for digit, weight in zip(digits, RESIDENT_WEIGHTS, strict=True)
    )
    return _is_date(digits[6:14]) and check == RESIDENT_CHECKS[total % 11]


def is_credit_code(code: str) -> bool:
    """Whether these are the 18 places of a 统一社会信用代码 (GB 32100-2015).

    The check place makes the sum of value times 3^place mod 31 divisible by 31.
    """
    if len(code) != 18 or any(place not in CREDIT_ALPHABET for place in code):
        return False
    if not code[2:8].isdigit():
        return False
    total = sum(
        CREDIT_ALPHABET.index(place) * weight
        for place, weight in zip(code[:17], CREDIT_WEIGHTS, strict=True)
    )
    return code[17] == CREDIT_ALPHABET[-total % 31]


def masked(number: str) -> str:
    """Leave three places and the last two: enough for its owner to know it again."""
    if len(number) < 8:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
