"""From stored bytes to matches: the only place that knows the order.

Read → index → screen. Each step looks whether it has been done, so a job that was
killed anywhere is simply run again.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from evidence import progress, quarantine, store
from evidence.antivirus import ScannerSilent
from evidence.clusters import join
from evidence.extractors import Extract, ExtractionError
from evidence.intake import path_of
from evidence.matching.fingerprints import fingerprints
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.matching.passages import Ignored, Resemblance, Screening
from evidence.models import Match, ShelfText, Text
from evidence.progress import LEASE, ProgressQuerySet, Stage
from evidence.reading import read_text
from evidence.screening import is_comparable, screen_text
from evidence.shelving import settle
from evidence.thresholds import in_force

STEPS = 2
OVERTIME = "timeout"
"""The refusal of a file that was not read in its time: more time may help."""
_MATCHES_A_STATEMENT = 50
_TEXTS_A_STATEMENT = 500


def process(
    text_id: int,
    *,
    at: datetime,
    extract: Extract | None = None,
    seconds: float | None = None,
) -> None:
    """Bring a waiting text to its end: readable and compared, or refused.

    What stands on a shelf and nobody offers is read for others to be compared with,
    and never compared itself.
    Returns at once when another worker holds the row or nothing is left to do.
    `extract` is what the caller has just read, so that it need not be read again.
    `seconds`: more than the time that a file has as a rule.
    """
    lease = LEASE + timedelta(seconds=seconds or 0)
    text = progress.claim(Text, text_id, at=at, lease=lease)
    if text is None:
        return
    offered = _is_offered(text)
    if text.state == Text.State.RECEIVED:
        try:
            _read(text, extract, at=at, index=offered, seconds=seconds)
        except ScannerSilent as silent:
            progress.put_back(text, silent.code)
            return
    settle(text, in_force(), at=at)
    if not offered:
        progress.finish(text)
        return
    if text.state == Text.State.OK:
        _index(text, at=at)
    if not progress.report(text, 1, STEPS, at=at):
        return
    if text.state == Text.State.OK:
        _screen(text, at=at)
    progress.report(text, STEPS, STEPS, at=at)
    progress.finish(text)


def ask_again(text: Text) -> None:
    """Queue a text that was processed before somebody else came to hold it too.

    A work registered on the text of an upload, or a second document on the same
    bytes, must be compared although nothing is left to read. The caller nudges
    `process_text` once its transaction has committed.
    """
    ask_again_all([text.pk])


def ask_again_all(texts: Iterable[int]) -> None:
    """Queue many texts at once, by id; `tick` nudges the worker for each."""
    ids = sorted(texts)
    for start in range(0, len(ids), _TEXTS_A_STATEMENT):
        _queue(ids[start : start + _TEXTS_A_STATEMENT])


def _queue(ids: list[int]) -> None:
    rows = ProgressQuerySet(Text).filter(pk__in=ids)
    rows.exclude(stage__in=(Stage.QUEUED, Stage.RUNNING)).exclude(
        state=Text.State.REFUSED
    ).update(stage=Stage.QUEUED, attempts=0, error="", cancel_asked=False)


def read_again(text: Text) -> bool:
    """Queue a text that ran out of time, as if it had just come; False when it did
    not. What it is given now, the caller tells `process`."""
    rows = Text.objects.filter(pk=text.pk, state=Text.State.REFUSED, refusal=OVERTIME)
    return bool(
        rows.update(
            state=Text.State.RECEIVED,
            refusal="",
            stage=Stage.QUEUED,
            attempts=0,
            error="",
        )
    )


def _is_offered(text: Text) -> bool:
    """Whether a work or a listing holds a text, or may come to: not a shelf alone."""
    if not ShelfText.objects.standing().filter(text=text).exists():
        return True
    return text.works.exists() or text.versions.exists()


def _read(
    text: Text,
    extract: Extract | None,
    *,
    at: datetime,
    index: bool = True,
    seconds: float | None = None,
) -> None:
    """Raises ScannerSilent: what cannot be scanned is not read."""
    try:
        if not quarantine.is_clean(text.blob, at=at):
            raise ExtractionError("malware")
        if extract is None:
            extract = read_text(path_of(text.blob), text.media_type, seconds)
    except ExtractionError as refusal:
        text.state, text.refusal = Text.State.REFUSED, refusal.code
        rows = Text.objects.filter(pk=text.pk, attempts=text.attempts)
        rows.filter(state=Text.State.RECEIVED).update(
            state=text.state, refusal=text.refusal
        )
        if refusal.code == "malware":
            quarantine.mark_infected(text.blob, "", at=at)
        return
    _fill(text, extract)
    # A worker whose lease ran out may have been overtaken: only one writes.
    rows = Text.objects.filter(pk=text.pk, attempts=text.attempts)
    with transaction.atomic():
        written = rows.filter(state=Text.State.RECEIVED).update(
            **{name: getattr(text, name) for name in _READ_FIELDS}
        )
        if written and index and text.state == Text.State.OK:
            _index(text, at=at)


def _index(text: Text, *, at: datetime) -> None:
    """Put a text into the index, where screenings find it from the commit on."""
    if text.indexed_at is not None:
        return
    sample = fingerprints(normalize(text.content), in_force())
    with transaction.atomic():
        rows = Text.objects.filter(pk=text.pk, indexed_at__isnull=True)
        if rows.filter(attempts=text.attempts).update(indexed_at=at):
            store.add(text.pk, sample)
    text.indexed_at = at


_READ_FIELDS = (
    *("state", "content", "characters", "pages", "page_starts", "body_end"),
    *("segment_starts", "flags", "extractor"),
)


def _fill(text: Text, extract: Extract) -> None:
    """Without one letter in it, a text is accepted but cannot be compared."""
    readable = is_comparable(extract.text)
    text.state = Text.State.OK if readable else Text.State.NO_TEXT
    text.content = extract.text
    text.characters = len(extract.text)
    text.pages = extract.pages
    text.page_starts = _plain(extract.page_starts)
    text.body_end = extract.body_end
    text.segment_starts = _plain(extract.segment_starts)
    text.flags = list(extract.flags)
    text.extractor = f"{extract.name} {extract.version}"


def _plain(starts: tuple[int, ...] | None) -> list[int] | None:
    return None if starts is None else list(starts)


def _screen(text: Text, *, at: datetime) -> None:
    """Compare a text in each of its roles and keep what was found, both ways round.

    A work's sample looks for every copy; an upload, for works and uploads. Existing
    rows stand: a match never changes under the same parameters.
    """
    works, uploads = text.works.count(), text.versions.values("document").distinct()
    held_twice = works + uploads.count() > 1
    modes = [True] if works else []
    if uploads.exists() or not works:
        modes.append(False)
    params = in_force()
    for rights in modes:
        screening = screen_text(text.content, rights=rights, params=params)
        found = [
            each
            for each in screening.resemblances
            # Being alike to itself says something only when two hold the text.
            if each.text != text.pk or held_twice
        ]
        Match.objects.bulk_create(
            _matches(text, found, screening, params, rights=rights, at=at),
            batch_size=_MATCHES_A_STATEMENT,
            ignore_conflicts=True,
        )
        join(text, screening, params)


def _matches(
    text: Text,
    found: list[Resemblance],
    screening: Screening,
    params: Params,
    *,
    rights: bool,
    at: datetime,
) -> Iterator[Match]:
    common: dict[str, Any] = {
        "parameters": {**params.as_dict(), "rights": rights},
        "parameters_digest": params.digest(),
        "at": at,
    }
    ignored = [_ignored(each) for each in screening.ignored]
    for each in found:
        yield Match(
            query_id=text.pk,
            found_id=each.text,
            containment_query=each.containment_query,
            containment_found=each.containment_found,
            longest_run=each.longest_run,
            passages=_passages(each, mirrored=False),
            ignored=ignored,
            **common,
        )
        if each.text != text.pk:
            yield Match(
                query_id=each.text,
                found_id=text.pk,
                containment_query=each.containment_found,
                containment_found=each.containment_query,
                longest_run=each.longest_run,
                passages=_passages(each, mirrored=True),
                ignored=[_ignored(one, side="found") for one in screening.ignored],
                **common,
            )


def _passages(each: Resemblance, *, mirrored: bool) -> list[dict[str, Any]]:
    return [
        {
            "query": list(passage.found if mirrored else passage.query),
            "found": list(passage.query if mirrored else passage.found),
            "similarity": round(passage.similarity * 1000),
            "length": passage.length,
        }
        for passage in each.passages
    ]


def _ignored(each: Ignored, *, side: str = "query") -> dict[str, Any]:
    """side: on which one of the match's texts the range is."""
    return {side: list(each.query), "why": each.why, "source": each.source}
