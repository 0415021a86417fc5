"""ZIP files from strangers: checked by their directory, read within bounds."""

import stat
import zipfile
import zlib
from io import BytesIO

from evidence.extractors.extracts import ExtractionError

MEMBERS = 5_000
INFLATED = 256 << 20
RATIO, RATIO_ABOVE = 120, 8 << 20
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# In two parts, so that no scanner takes this very file for the test virus.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!"


class Archive:
    """A ZIP file that has passed the gate. Raises ExtractionError at construction.

    The directory may lie about sizes, so `read` counts what really comes out. Names
    count without their case, and some writers part them with backslashes.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise ExtractionError("malformed") from None
        members = self._zip.infolist()
        _check(members, len(content))
        self._members = {_key(member.filename): member for member in members}
        self._left = INFLATED
        for member in members:  # the test virus counts only in a file of its own
            if len(EICAR) <= member.file_size <= 2 * len(EICAR):
                self.read(member.filename)

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._members

    def read(self, name: str) -> bytes:
        """The bytes of one member; ExtractionError("malformed") when it is absent."""
        try:
            with self._zip.open(self._members[_key(name)]) as member:
                part = member.read(self._left + 1)
        except (
            *(KeyError, zipfile.BadZipFile, zlib.error, EOFError),
            *(OSError, RuntimeError, NotImplementedError, ValueError),
        ):
            raise ExtractionError("malformed") from None
        self._left -= len(part)
        if self._left < 0:
            raise ExtractionError("too_large")
        if EICAR in part:
            raise ExtractionError("malware")
        return part


def _check(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MEMBERS:
        raise ExtractionError("unsafe_archive")
    inflated = sum(member.file_size for member in members)
    packed = max(1, min(size, sum(member.compress_size for member in members)))
    if inflated > INFLATED or (inflated > RATIO_ABOVE and inflated > RATIO * packed):
        raise ExtractionError("too_large")
    if any(member.flag_bits & 1 for member in members):
        raise ExtractionError("encrypted")
    names = {_key(member.filename) for member in members}
    if len(names) < len(members) or any(map(_is_unsafe, members)):
        raise ExtractionError("unsafe_archive")


def _key(name: str) -> str:
    return name.replace("\\", "/").casefold()


def _is_unsafe(member: zipfile.ZipInfo) -> bool:
    name = member.filename
    return (
        name.startswith(("/", "\\"))
        or name[1:2] == ":"
        or ".." in name.replace("\\", "/").split("/")
        or stat.S_ISLNK(member.external_attr >> 16)
        or member.compress_type not in METHODS
    )
