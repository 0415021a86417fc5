"""Word 97 files for the tests: a compound file ([MS-CFB]) with two streams."""

from struct import pack, pack_into

SECTOR = 512
_END, _FREE, _FAT = 0xFFFF_FFFE, 0xFFFF_FFFF, 0xFFFF_FFFD
ENCRYPTED = 0x0100
DELETED, HIDDEN = b"\x00\x08\x01", b"\x3c\x08\x01"
TEXT_AT = 0x800


def doc(
    *pieces: str | bytes,
    runs: list[tuple[int, int, bytes]] | None = None,
    flags: int = 0,
    magic: int = 0xA5EC,
) -> bytes:
    """A DOC file of these pieces, str in UTF-16 and bytes in the Western code page.

    runs: (start, end, modifiers) in bytes of the text, in order and apart.
    """
    stored = [p if isinstance(p, bytes) else p.encode("utf-16-le") for p in pieces]
    text = b"".join(stored)
    head = bytearray(TEXT_AT)
    pack_into("<H", head, 0, magic)
    pack_into("<H", head, 0x0A, flags | 0x0200)
    pack_into("<II", head, 0x18, TEXT_AT, TEXT_AT + len(text))
    positions, places, at = [0], b"", TEXT_AT
    for piece, content in zip(pieces, stored, strict=True):
        positions.append(positions[-1] + len(piece))
        place = at if isinstance(piece, str) else at * 2 | 0x4000_0000
        places += pack("<HIH", 0, place, 0)
        at += len(content)
    table = pack(f"<{len(positions)}I", *positions) + places
    # One modifier for whole pieces goes before the table, and is passed over.
    clx = b"\x01\x02\x00ab\x02" + pack("<I", len(table)) + table
    page_number = -(-(TEXT_AT + len(text)) // SECTOR)
    pages = pack("<III", TEXT_AT, TEXT_AT + len(text), page_number)
    pack_into("<II", head, 0x1A2, 0, len(clx))
    pack_into("<II", head, 0xFA, len(clx), len(pages))
    body = _padded(bytes(head) + text, SECTOR) + _formatting(runs or [])
    return compound({"WordDocument": body, "1Table": clx + pages})


def _formatting(runs: list[tuple[int, int, bytes]]) -> bytes:
    """A page of formatting runs: plain ones stand between those that are asked for."""
    bounds, places, page, top = [TEXT_AT], [], bytearray(SECTOR), 510
    for start, end, modifiers in runs:
        top -= (len(modifiers) + 2) // 2 * 2
        page[top : top + 1 + len(modifiers)] = bytes([len(modifiers)]) + modifiers
        bounds += [TEXT_AT + start, TEXT_AT + end]
        places += [0, top // 2]
    pack_into(f"<{len(bounds)}I", page, 0, *bounds)
    page[4 * len(bounds) : 4 * len(bounds) + len(places)] = bytes(places)
    page[-1] = len(places)
    return bytes(page)


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of these streams, each long enough to need no small sectors."""
    contents = [
        _padded(content.ljust(4096, b"\0"), SECTOR) for content in streams.values()
    ]
    fat = [_FAT, _END]  # the table itself, then the directory
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    for number, (name, content) in enumerate(
        zip(streams, contents, strict=True), start=1
    ):
        beside = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, len(fat), len(content), right=beside))
        count = len(content) // SECTOR
        fat += [len(fat) + n for n in range(1, count)] + [_END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += pack("<HHHHH6xIII4xI", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 4096)
    header += pack("<IIII", _END, 0, _END, 0) + pack("<I", 0) + b"\xff" * 432
    fat += [_FREE] * (SECTOR // 4 - len(fat))
    directory = _padded(b"".join(entries), SECTOR)
    return header + pack(f"<{len(fat)}I", *fat) + directory + b"".join(contents)


def _entry(
    name: str,
    kind: int,
    start: int,
    size: int,
    *,
    child: int = _FREE,
    right: int = _FREE,
) -> bytes:
    stored = (name + "\0").encode("utf-16-le")
    places = pack("<HBBIII", len(stored), kind, 1, _FREE, right, child)
    return stored.ljust(64, b"\0") + places + bytes(36) + pack("<IQ", start, size)


def _padded(content: bytes, to: int) -> bytes:
    return content + bytes(-len(content) % to)
