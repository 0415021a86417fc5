import os
from datetime import date
from pathlib import Path

import pytest

from evidence.extractors import HTML, LISTING, TEXT, extract, sniff
from evidence.extractors.listing import Listing, read_listing
from tests.extractors.making import ANOTHER, SENTENCE, listing_html, listing_page

TITLE = "社区图书室夏季开放方案"
SEED = Path(__file__).parents[3] / "shared" / "seed"
# Sites cut by count, in mid-sentence: four parts of 60 characters and a rest.
WHOLE = (SENTENCE + ANOTHER) * 6
PARTS = [WHOLE[start : start + 60] for start in range(0, 240, 60)] + [WHOLE[240:]]
BLANK_LINE = "\n\n      "


def segmented(parts: list[str], between: str = BLANK_LINE) -> str:
    return between.join(f"{n}、{part}" for n, part in enumerate(parts, 1))


def segments(listing: Listing) -> list[str]:
    starts = listing.preview.segment_starts or (0,)
    ends = [*starts[1:], len(listing.preview.text)]
    return [listing.preview.text[a:b] for a, b in zip(starts, ends, strict=True)]


def read(page: str) -> Listing:
    return read_listing(page.encode())


def test_every_label_of_the_page_is_read() -> None:
    listing = read(listing_page(segmented(PARTS)))

    assert listing.number == "700000123"
    assert listing.title == TITLE
    assert listing.seller_mask == "Q**7"
    assert listing.uploaded_on == date(2024, 3, 5)
    assert listing.format == "DOCX"
    assert listing.size_bytes == 1_572_864
    assert listing.pages == 12
    assert listing.tags == ("读书会", "夏令安排", "志愿者")


def test_labels_may_end_in_either_colon() -> None:
    page = listing_page(segmented(PARTS))
    wide = page.translate({ord(":"): "\uff1a", ord(","): "\uff0c"})
    assert wide != page
    assert sniff(wide.encode(), "page.txt") == LISTING
    narrow, listing = read(page), read(wide)
    assert (listing.number, listing.seller_mask) == (narrow.number, narrow.seller_mask)
    assert (listing.uploaded_on, listing.size_bytes) == (
        narrow.uploaded_on,
        narrow.size_bytes,
    )


def test_segments_join_without_a_gap_and_are_not_pages() -> None:
    preview = read(listing_page(segmented(PARTS))).preview

    assert preview.text == WHOLE
    assert preview.segment_starts == (0, 60, 120, 180, 240)
    assert preview.segment_at(119) == 2
    assert preview.page_starts is None
    assert preview.page_at(119) is None
    assert preview.pages == 12


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encoding_and_newlines_change_nothing(encoding: str, newline: str) -> None:
    page = listing_page(segmented(PARTS))
    # The bullet and the sign © are not in GBK: such pages have other marks.
    plain = page.replace("•", "·").replace("©", "Copyright ")
    content = plain.replace("\n", newline).encode(encoding)

    assert sniff(content, "page.txt") == LISTING
    assert read_listing(content) == read_listing(page.encode())


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_an_html_page_says_the_same_and_its_script_nothing(encoding: str) -> None:
    html = "".join(f"<p>{n}、{part}</p>" for n, part in enumerate(PARTS, 1))
    html = html.replace(SENTENCE[:5], f"<script>1、{ANOTHER}</script>{SENTENCE[:5]}")
    page = listing_html(html, encoding=encoding)

    assert sniff(page, "page.html") == LISTING
    listing = read_listing(page)

    assert listing.number == "700000123"
    assert (listing.title, listing.seller_mask) == (TITLE, "Q**7")
    assert (listing.pages, listing.size_bytes) == (12, 1_572_864)
    assert listing.tags == ("读书会", "夏令安排")
    assert segments(listing) == PARTS


def test_an_html_page_of_glued_spans_keeps_its_labels_apart() -> None:
    page = (
        "<html><title>方案 - 某站</title><div><span>卖家[上传人]:Q**7</span>"
        "<span>文档编号:700000123</span><span>上传时间:2024年3月5日</span></div>"
        f"<div><a>文本预览</a><a>下载提示</a></div><p>{SENTENCE}</p></html>"
    )

    listing = read(page)

    assert (listing.seller_mask, listing.number) == ("Q**7", "700000123")
    assert listing.uploaded_on == date(2024, 3, 5)
    assert listing.title == "方案"
    assert listing.preview.text == SENTENCE


@pytest.mark.parametrize("number", [None, ""])
def test_a_missing_number_is_none(number: str | None) -> None:
    page = listing_page(segmented(PARTS), number=number)

    assert sniff(page.encode(), "page.txt") == LISTING
    assert read(page).number is None
    assert read(page).seller_mask == "Q**7"


def test_a_missing_seller_does_not_take_the_next_label() -> None:
    page = listing_page(SENTENCE).replace("[上传人]:Q**7", "[上传人]:")

    assert read(page).seller_mask is None
    assert read(page).number == "700000123"


def test_a_preview_without_segments_is_one_text() -> None:
    listing = read(listing_page(SENTENCE))

    assert listing.preview.text == SENTENCE
    assert listing.preview.segment_starts is None


def test_a_page_without_a_preview_has_no_text() -> None:
    page = listing_page("").partition("  • 文本预览")[0]

    listing = read(page)

    assert listing.number == "700000123"
    assert listing.preview.text == ""


def test_the_body_s_own_numbers_within_a_line_do_not_split() -> None:
    own = f"工作要求:1、登记。2、借阅。3、归还。{SENTENCE}"

    assert segments(read(listing_page(own))) == [own]
    assert segments(read(listing_page(segmented([own, ANOTHER])))) == [own, ANOTHER]


@pytest.mark.parametrize("between", [BLANK_LINE, "\n"])
@pytest.mark.parametrize("holder", [0, 2, 4])
def test_the_body_s_own_list_at_line_starts_does_not_split(
    holder: int, between: str
) -> None:
    own = "\n1、先登记。\n2、再借阅。\n3、后归还。"
    parts = list(PARTS)
    parts[holder] = parts[holder][: 60 - len(own)] + own

    listing = read(listing_page(segmented(parts, between)))

    assert segments(listing) == parts


def test_uneven_segments_are_split_where_the_count_goes_on() -> None:
    parts = [SENTENCE, f"{ANOTHER}\n1、登记\n2、归还", SENTENCE * 3]

    assert segments(read(listing_page(segmented(parts)))) == parts


def test_the_repeated_title_and_the_closing_sentence_are_not_the_document() -> None:
    listing = read(listing_page(f"1、{TITLE} {SENTENCE}《{TITLE}》另见附件。"))

    assert listing.preview.text == f"{SENTENCE}《{TITLE}》另见附件。"


def test_a_closing_sentence_on_the_last_segment_s_line_is_cut_off() -> None:
    page = listing_page(SENTENCE).replace(
        f"{SENTENCE}\n\n      ", f"《手册》{SENTENCE}"
    )

    assert read(page).preview.text == f"《手册》{SENTENCE}"


def test_a_gap_in_the_preview_stays_a_gap() -> None:
    assert read(listing_page(f"*{SENTENCE}*")).preview.text == f"*{SENTENCE}*"


def test_without_a_line_of_pages_the_closing_sentence_names_the_title() -> None:
    page = listing_page(SENTENCE).replace(f"{TITLE}\n\n12页\n", "")

    listing = read(page)

    assert (listing.title, listing.pages) == (TITLE, 12)


def test_an_impossible_date_is_none() -> None:
    page = listing_page(SENTENCE).replace("2024-03-05", "2024-13-45")

    assert read(page).uploaded_on is None


def test_a_document_that_speaks_of_listings_is_not_one() -> None:
    text = f"文本预览是页面上的一项,文档编号也是。{SENTENCE}"

    assert sniff(text.encode(), "essay.txt") == TEXT
    assert sniff(f"<html><p>{text}</p></html>".encode(), "essay.html") == HTML


@pytest.mark.parametrize(
    ("size", "expected"),
    [("15.98KB", 16_364), ("512B", 512), ("2.25 M", 2_359_296), ("未知", None)],
)
def test_sizes_count_in_1024(size: str, expected: int | None) -> None:
    page = listing_page(SENTENCE).replace("1.5MB", size)

    assert read(page).size_bytes == expected


def test_the_real_page_gives_eight_segments_on_nine_pages() -> None:
    pages = sorted(SEED.glob("*.txt"))
    if not pages:
        if os.environ.get("CI"):
            pytest.fail("../shared/seed is absent")
        pytest.skip("../shared/seed is absent: the real listing page is not tried")
    content = pages[0].read_bytes()

    assert sniff(content, pages[0].name) == LISTING
    listing = read_listing(content)
    found = extract(content, LISTING)

    assert listing.number == "483611177"
    assert listing.seller_mask == "M****1"
    assert listing.uploaded_on == date(2023, 7, 20)
    assert (listing.format, listing.size_bytes) == ("DOCX", 16_364)
    assert listing.pages == 9
    assert len(listing.tags) > 40
    assert found == listing.preview
    lengths = [len(segment) for segment in segments(listing)]
    assert lengths[1:] == [500] * 6 + [855]
    # The title that the site repeats, and the blank after it, are not the document.
    assert listing.title is not None
    assert lengths[0] == 500 - len(listing.title) - 1
    assert "搜索" not in found.text[-40:]
