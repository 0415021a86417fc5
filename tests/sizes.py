"""How much the tests try: the everyday size, and the full one of `script/test --all`.

A test reads `SIZE`; no other file names a size.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """One size of the suite. Widths are CSS pixels; the rest are counts."""

    name: str
    examples: int  # of one Hypothesis property
    steps: int  # of one run of a Hypothesis state machine
    programmes: int  # such runs over the services, on SQLite
    slower_programmes: int  # the same on PostgreSQL, where a run takes twice as long
    mergers: int  # examples of whole cases that are merged and taken apart
    processes: int  # that decide the same cases at once
    contested_cases: int
    tamperings: int  # of the ledger, by raw SQL
    characters: int  # of the longest text that is read and compared
    copies: int  # uploads of one work
    reports: int  # of one document, filed at once
    kills: int  # of the worker, at random moments of one job
    crashes: int  # of a process that uploads and reads, at random moments
    whole_matrix: bool  # of roles and URLs on each database, or half of the URLs
    whole_corpus: bool  # of hostile files, or one of each kind
    widths: tuple[int, ...]
    themes: tuple[str, ...]


EVERYDAY = Size(
    name="everyday",
    examples=50,
    steps=20,
    programmes=8,
    slower_programmes=8,
    mergers=10,
    processes=8,
    contested_cases=200,
    tamperings=36,
    characters=300_000,
    copies=25,
    reports=64,
    kills=1,
    crashes=2,
    whole_matrix=False,
    whole_corpus=False,
    widths=(390, 1440),
    themes=("light",),
)
FULL = Size(
    name="full",
    examples=2_000,
    steps=50,
    programmes=2_000,
    slower_programmes=1_000,
    mergers=300,
    processes=8,
    contested_cases=2_000,
    tamperings=200,
    characters=5_000_000,
    copies=300,
    reports=1_000,
    kills=30,
    crashes=25,
    whole_matrix=True,
    whole_corpus=True,
    widths=(390, 768, 1440),
    themes=("light", "dark"),
)

SIZE = FULL if os.environ.get("ANJIAN_TEST_SIZE") == "full" else EVERYDAY
