"""Masks, as tables."""

import pytest

from reports import redaction


@pytest.mark.parametrize(
    ("mask", "plain", "shown"),
    [
        (redaction.masked_name, "张三丰", "张**"),
        (redaction.masked_name, "张", "张*"),
        (redaction.masked_name, "", ""),
        (redaction.masked_number, "510104198702031234", "510***********1234"),
        (redaction.masked_number, "A1234567", "***"),
        (redaction.masked_phone, "13812341234", "138****1234"),
        (redaction.masked_phone, "028-8611 0000", "***"),
        (redaction.masked_email, "lin@example.cn", "l***@example.cn"),
        (redaction.masked_email, "no address", "***"),
        (redaction.masked_address, "四川省成都市锦江区一号", "四川省成都市***"),
        (redaction.masked_address, "锦江区一号", "***"),
        (redaction.masked_address, "", ""),
    ],
)
def test_masks(mask: redaction.Callable[[str], str], plain: str, shown: str) -> None:
    assert mask(plain) == shown
