from io import BytesIO
from struct import pack
from zlib import crc32

import pytest
from PIL import Image

from evidence.extractors import ExtractionError, extract, sniff

KINDS = {
    "a.png": "PNG",
    "a.jpg": "JPEG",
    "a.JPEG": "JPEG",
    "a.gif": "GIF",
    "a.webp": "WEBP",
    "a.tif": "TIFF",
    "a.bmp": "BMP",
}


def image(kind: str) -> bytes:
    out = BytesIO()
    Image.effect_noise((64, 48), 40).convert("RGB").save(out, kind)
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    chunk = b"IHDR" + pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    head = b"\x89PNG\r\n\x1a\n" + pack(">I", 13) + chunk + pack(">I", crc32(chunk))
    return head + pack(">I", 0) + b"IDAT" + pack(">I", crc32(b"IDAT"))


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_an_image_is_an_exhibit_without_text(name: str, kind: str) -> None:
    content = image(kind)

    assert sniff(content, name) == f"image/{kind.lower()}"
    assert extract(content, f"image/{kind.lower()}").text == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (image("JPEG")[:-300], "malformed"),
        (image("PNG")[:-300], "malformed"),
        (b"\x89PNG\r\n\x1a\n", "malformed"),
        (png_of(40_000, 40_000), "too_large"),
        (png_of(9_000, 9_000), "too_large"),
    ],
)
def test_a_broken_or_huge_image_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(ExtractionError) as refusal:
        extract(content, sniff(content, ""))

    assert refusal.value.code == code
