import pytest

from evidence.extractors import DOC, ExtractionError, extract, sniff
from tests.extractors.making import ANOTHER, SENTENCE
from tests.extractors.making_doc import DELETED, ENCRYPTED, HIDDEN, compound, doc


def test_pieces_are_read_in_their_order_and_their_widths() -> None:
    content = doc(f"{SENTENCE}\r", b"Caf\xe9 \x93quoted\x94\r", f"{ANOTHER}\r")

    assert sniff(content, "a.doc") == DOC
    assert extract(content, DOC).text == f"{SENTENCE}\nCafé “quoted”\n{ANOTHER}\n"


def test_pages_of_a_doc_are_not_guessed() -> None:
    found = extract(doc(f"{SENTENCE}\x0c{ANOTHER}\r"), DOC)

    assert found.text == f"{SENTENCE}\n{ANOTHER}\n"
    assert (found.pages, found.page_starts) == (None, None)


def test_of_a_field_its_result_is_text_and_its_code_is_not() -> None:
    link = "见\x13HYPERLINK \x13PAGE\x14x\x15\x14第三章\x15。\x13TOC\x15\r"

    assert extract(doc(link), DOC).text == "见第三章。\n"


def test_table_cells_are_parted_and_rows_end() -> None:
    assert (
        extract(doc("甲\x07乙\x07\x07丙\x07\x07\r"), DOC).text == "甲\t乙\t\n丙\t\n\n"
    )


def test_deleted_characters_are_not_text_and_hidden_ones_are() -> None:
    italic = b"\x36\x08\x01"
    runs = [(2, 4, DELETED), (6, 8, italic + HIDDEN), (8, 10, italic)]

    found = extract(doc("甲乙丙丁戊己\r", runs=runs), DOC)

    assert found.text == "甲丙丁戊己\n"
    assert found.flags == ("hidden_text",)


def test_hidden_marks_alone_are_not_hidden_text() -> None:
    assert extract(doc("甲\r", runs=[(2, 4, HIDDEN)]), DOC).flags == ()


def test_word_95_is_read_in_its_code_page() -> None:
    content = doc("Straße\r".encode("cp1252"), magic=0xA5DC)

    assert extract(content, DOC).text == "Straße\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (doc("x\r", flags=ENCRYPTED), "encrypted"),
        (doc("x\r", magic=0xA5DB), "legacy_office"),
        (doc("x\r", magic=0xA5DC, flags=0x0004), "legacy_office"),
        (compound({"WordDocument": b"\xec\xa5"}), "malformed"),
        (compound({"Another": b"WordDocument"}), "malformed"),
        (doc("x\r")[:1500], "malformed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    content: bytes, code: str
) -> None:
    with pytest.raises(ExtractionError) as refusal:
        extract(content, DOC)

    assert refusal.value.code == code
