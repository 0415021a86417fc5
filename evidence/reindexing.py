"""Make the whole index anew, text by text, while others read and add to it.

Each text is taken out and put back in one transaction, so a screening beside it finds
the old fingerprints or the new ones. Whatever moment a pass is killed at, the next
one goes on behind the last text that was committed.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from evidence import store
from evidence.clusters import shared_sample
from evidence.matching.fingerprints import Fingerprints, fingerprints
from evidence.matching.normalize import normalize
from evidence.matching.params import Params, ruled_by
from evidence.models import Reindexing, ShelfText, Text
from evidence.progress import Stage

BATCH = 50  # texts a transaction: what a pass holds up others for


def reindex(params: Params, *, at: datetime) -> Iterator[Reindexing]:
    """Yield the row of the pass after each batch; the last one is done."""
    rule = params.fingerprint_rule()
    rows = Reindexing.objects.exclude(stage=Stage.DONE).filter(rule=rule)
    row = rows.order_by("-pk").first()
    if row is None:
        row = Reindexing.objects.create(rule=rule, started_at=at, stage=Stage.RUNNING)
    row.total = Text.objects.filter(indexed_at__isnull=False).count()
    while _batch(row, params):
        yield row
    with transaction.atomic():
        _shelves(params)
        row.stage = Stage.DONE
        row.save(update_fields=["stage"])
    yield row


def _batch(row: Reindexing, params: Params) -> bool:
    with transaction.atomic():
        texts = Text.objects.select_for_update().filter(indexed_at__isnull=False)
        batch = list(texts.filter(pk__gt=row.after).order_by("pk")[:BATCH])
        for text in batch:
            _renew(text, params)
        if batch:
            row.after, row.done = batch[-1].pk, row.done + len(batch)
        row.save(update_fields=["after", "done", "total"])
    return bool(batch)


def _renew(text: Text, params: Params) -> None:
    """Take a text out as it went in and put it back as it would go in now."""
    known = store.rule_of(text.pk)
    if known is not None:
        store.remove(text.pk, _sample(text, ruled_by(known[0])))
    store.add(text.pk, fingerprints(normalize(text.content), params))
    if known is None or known[1] is None:
        return
    representative = Text.objects.filter(pk=known[1]).first()
    if representative is not None:
        shared = shared_sample(text.content, representative.content, params)
        store.stand_for(representative.pk, text.pk, shared)


def _shelves(params: Params) -> None:
    rule = params.fingerprint_rule()
    # What is still to be read goes into the index as it is (evidence.shelving.settle).
    rows = ShelfText.objects.standing().exclude(rule__in=(rule, ShelfText.UNREAD))
    rows = rows.select_related("text")
    renewed: set[int] = set()
    for row in rows:
        if row.text_id not in renewed:
            before = _sample(row.text, ruled_by(row.rule))
            store.unshelve(row.text_id, before)
            store.shelve(row.text_id, fingerprints(normalize(row.text.content), params))
            renewed.add(row.text_id)
    rows.update(rule=rule)


def _sample(text: Text, params: Params | None) -> Fingerprints | None:
    if params is None:
        return None
    return fingerprints(normalize(text.content), params)
