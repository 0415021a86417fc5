"""Near-identical texts: one stands for all of them in the vote of the matcher.

A work that was uploaded three hundred times would look like a phrase that everybody
uses. So frequency counts such uploads once; each of them is still reported.
"""

import numpy as np
from django.db import transaction

from evidence import store
from evidence.matching.fingerprints import Fingerprints, fingerprints
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.matching.passages import Screening
from evidence.models import Text


def join(text: Text, screening: Screening, params: Params) -> None:
    """Let an earlier text stand for this one, when one is nearly identical.

    Only an earlier text can: two that are compared at the same time cannot come to
    stand for one another.
    """
    alike = [
        each.text
        for each in screening.resemblances
        if each.text < text.pk
        and min(each.containment_query, each.containment_found) >= params.near_identical
    ]
    if not alike:
        return
    with transaction.atomic():
        ids = sorted([*alike, text.pk])
        contents = dict(
            Text.objects.select_for_update()
            .filter(pk__in=ids)
            .order_by("pk")
            .values_list("pk", "content")
        )
        stands_for = store.representatives(ids)
        if stands_for.get(text.pk, 0) is not None:
            return  # stood for already, or taken out of the index
        # Where all are stood for, by whom: it is as good as identical to them.
        first = min(stands_for.get(each) or each for each in alike)
        representative = Text.objects.filter(pk=first).first()
        if representative is not None and first in store.representatives([first]):
            shared = shared_sample(contents[text.pk], representative.content, params)
            store.stand_for(first, text.pk, shared)


def leave(text: Text, params: Params) -> None:
    """Take a text out of the index; those it stood for stand for themselves again."""
    with transaction.atomic():
        members = store.members([text.pk]).get(text.pk, [])
        for member in Text.objects.select_for_update().filter(pk__in=members):
            sample = fingerprints(normalize(member.content), params)
            store.remove(member.pk, sample)
            store.add(member.pk, sample)
        store.remove(text.pk, fingerprints(normalize(text.content), params))
        # Else a renewal of the index would put it back.
        Text.objects.filter(pk=text.pk).update(indexed_at=None)


def shared_sample(content: str, representative: str, params: Params) -> Fingerprints:
    """Return the fingerprints of a text that its representative has as well."""
    sample = fingerprints(normalize(content), params)
    other = fingerprints(normalize(representative), params)
    shared = np.isin(sample.hashes, other.hashes)
    return Fingerprints(sample.hashes[shared], sample.positions[shared], sample.rule)
