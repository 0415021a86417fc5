"""Cases with something to compare: a text, its copy, and the match between them."""

from datetime import datetime
from typing import Any

from django.test import Client

from cases.models import Case
from evidence.actors import Actor, Role
from evidence.models import Match, ShelfProposal, Text
from moderation.access import actor_of
from moderation.models import User
from tests.factories import (
    AT,
    make_case,
    make_document,
    make_party,
    make_text,
    make_user,
    make_work,
)

OURS = "河岸上的柳树在三月发芽,船工把缆绳系在石柱上,等一场雨过去。"
THEIRS = "河岸上的柳树在四月发芽,船工把缆绳系在石柱上,等一场雨过去。"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_examiner(duty: str = Role.MODERATOR, **fields: Any) -> tuple[Actor, Client]:
    user = make_user(duty=duty, **fields)
    return actor_of(user), signed_in(user)


def make_match(
    query: Text, found: Text, *, share: float = 0.62, at: datetime = AT
) -> Match:
    start, other = query.content.index(OURS), found.content.index(THEIRS)
    return Match.objects.create(
        query=query,
        found=found,
        containment_query=share,
        containment_found=share / 2,
        longest_run=21,
        passages=[
            {
                "query": [start, start + len(OURS)],
                "found": [other, other + len(THEIRS)],
                "similarity": 968,
                "length": 28,
            }
        ],
        ignored=[{"query": [0, 8], "why": "boilerplate", "source": None}],
        parameters={"gram": 8, "sampling": 16},
        parameters_digest="0123456789abcdef",
        at=at,
    )


def copied_case(
    *,
    state: str = "accepted",
    by: Actor | None = None,
    copies: int = 1,
    share: float = 0.62,
    at: datetime = AT,
) -> Case:
    """A case whose documents hold a passage of the work: on page 2 of the work, in
    segment 2 of the documents' previews."""
    party = make_party(user=make_user())
    sample = make_text("第一页只有标题和目录。" * 2 + OURS)
    Text.objects.filter(pk=sample.pk).update(page_starts=[0, 22], pages=2)
    work = make_work(party=party, text=sample)
    documents = []
    for _ in range(copies):
        text = make_text("别人的开头,与此无关。" * 2 + THEIRS)
        Text.objects.filter(pk=text.pk).update(segment_starts=[0, 22])
        documents.append(make_document(text=text, title="柳岸行船记"))
        make_match(sample, text, share=share)
    return make_case(
        state=state, claimant=party, documents=documents, by=by, at=at, work=work
    )


def make_proposals(count: int) -> list[ShelfProposal]:
    """Open proposals for a shelf, each held by the same three documents."""
    found = [[make_document().current.text_id, 0, 5] for _ in range(3)]  # type: ignore[union-attr]
    return [
        ShelfProposal.objects.create(
            text=make_text(),
            start=0,
            end=6,
            found=found,
            sha256=f"{n:064}",
            proposed_at=AT,
        )
        for n in range(count)
    ]
