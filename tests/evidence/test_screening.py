"""What uploads and works are compared with: all that is held, whatever became of it."""

import pytest

from cases.models import Restriction
from evidence import pipeline
from evidence.actors import SYSTEM
from evidence.intake import receive_text
from evidence.listings import take_in
from evidence.matching.params import Params
from evidence.models import Document, Match, SellerAccount, Text
from evidence.screening import documents_in, screen_text
from evidence.shelving import put_on_shelf, shelf_named
from tests.evidence.clustered import clusters_indexed
from tests.factories import AT, make_case, make_party, make_work
from tests.matching.memory import edited, make_text
from tests.rights.people import make_holder
from tests.sizes import SIZE

pytestmark = pytest.mark.django_db
WORDS = make_text(1500, 1)


def uploaded(
    content: str, number: str, seller: SellerAccount | None = None
) -> Document:
    taken = take_in(
        content.encode(),
        name="a.txt",
        number=number,
        seller=seller,
        own=True,
        at=AT,
        by=SYSTEM,
    )
    assert taken.document is not None
    return taken.document


def text_of(document: Document) -> Text:
    assert document.current is not None
    return document.current.text


def test_a_text_that_was_taken_down_is_still_compared_with() -> None:
    removed = uploaded(WORDS, "600001")
    make_case(state="final", documents=[removed])
    assert Restriction.objects.active().filter(document=removed).exists()

    copy = uploaded(make_text(300, 2) + WORDS[300:900], "600002")

    match = Match.objects.get(query=text_of(copy))
    assert match.found == text_of(removed)


def test_a_version_that_was_replaced_is_still_compared_with() -> None:
    first = text_of(uploaded(WORDS, "600001"))
    uploaded(make_text(900, 2), "600001")

    copy = uploaded(make_text(300, 3) + WORDS[300:900], "600002")

    assert Match.objects.get(query=text_of(copy)).found == first


def test_a_work_is_compared_in_rights_mode_and_every_upload_is_against_it() -> None:
    early = uploaded(make_text(300, 2) + WORDS[:600], "600001")
    sample = receive_text(WORDS.encode(), name="w.txt", at=AT)
    make_work(party=make_party(), text=sample)
    pipeline.process(sample.pk, at=AT)

    late = uploaded(make_text(300, 3) + WORDS[700:1400], "600002")

    modes = {
        (match.query_id, match.found_id): match.parameters["rights"]
        for match in Match.objects.all()
    }
    assert modes[(sample.pk, text_of(early).pk)] is True
    assert modes[(text_of(late).pk, sample.pk)] is False
    assert Match.objects.filter(query=sample).count() == 2


def test_what_was_ignored_is_kept_with_the_match_on_either_side() -> None:
    statute = make_text(400, 9)
    shelved = uploaded(statute, "600009")
    put_on_shelf(text_of(shelved), shelf_named("法规", at=AT), Params(), at=AT)
    work = text_of(uploaded(WORDS + statute, "600001"))

    copy = uploaded(make_text(300, 2) + WORDS[:600] + statute[:300], "600002")

    made = Match.objects.get(query=text_of(copy), found=work)
    back = Match.objects.get(query=work, found=text_of(copy))
    (ignored,) = made.ignored
    (mirrored,) = back.ignored
    assert (ignored["why"], ignored["source"]) == ("shelf", "法规")
    start, end = ignored["query"]
    assert statute[10:250] in text_of(copy).content[start:end]
    assert mirrored == {"found": [start, end], "why": "shelf", "source": "法规"}


def test_a_work_uploaded_many_times_is_found_in_every_upload_and_shown() -> None:
    client, party = make_holder()
    sample = receive_text(WORDS.encode(), name="w.txt", at=AT)
    work = make_work(party=party, text=sample)
    pipeline.process(sample.pk, at=AT)
    others = [uploaded(make_text(700, 900 + n), f"69{n:04}") for n in range(5)]

    copies = [
        uploaded(
            edited(WORDS, 0.002, n) + f"\n第{n}次上传",
            f"61{n:04}",
            SellerAccount.objects.create(mask=f"S****{n}"),
        )
        for n in range(SIZE.copies)
    ]

    assert clusters_indexed() == 1 + len(others)
    leads = Match.objects.filter(query=sample).values_list("found", flat=True)
    assert set(leads) == {text_of(copy).pk for copy in copies}
    for query in (WORDS, make_text(500, 2) + WORDS[500:800]):
        found = {each.document.number for each in documents_in(screen_text(query))}
        assert found == {copy.number for copy in copies}
    address = f"/rights/works/{work.public_id}/"
    pages = -(-len(copies) // 50)
    shown = "".join(
        client.get(f"{address}?page={n}").content.decode() for n in range(1, pages + 1)
    )
    assert [copy.number for copy in copies if copy.number not in shown] == []
