"""Images: exhibits, without text. A whole one of bearable size is accepted."""

from io import BytesIO

from PIL import Image, UnidentifiedImageError

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
            image.load()
    except Image.DecompressionBombError:
        raise ExtractionError("too_large") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise ExtractionError("malformed") from None
    return Extract(name="image", version=VERSION, text="")
