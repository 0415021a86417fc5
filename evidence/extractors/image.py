"""Images: exhibits, without text. A whole one of bearable size is accepted."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, ImageFile, UnidentifiedImageError

from evidence.extractors.extracts import Extract, ExtractionError

VERSION = "1"
PIXELS = 80_000_000
"""More than a scanner makes of an A3 page at 600 dots an inch, in grey or colour."""
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")


def read(content: bytes) -> Extract:
    """Check that an image can be shown; its words are for a person to read."""
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > PIXELS:
                raise ExtractionError("too_large")
            with _strictly():
                image.load()
    except Image.DecompressionBombError:
        raise ExtractionError("too_large") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise ExtractionError("malformed") from None
    return Extract(name="image", version=VERSION, text="")


@contextmanager
def _strictly() -> Iterator[None]:
    """Refuse half an image: libraries that print switch that check off for all."""
    held, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = held
