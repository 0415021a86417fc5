"""Every number the matcher depends on, in one frozen value stored with each match."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass

from evidence.matching.characters import FOLDING


@dataclass(frozen=True, slots=True)
class Params:
    """Lengths are normalised characters; shares are 0–1.

    `replace(params, sampling=8)` gives a protected work twice the fingerprints of an
    upload; a finer sample contains the coarser one, so both can stand in one index.
    """

    # Fingerprints (evidence.matching.fingerprints)
    gram: int = 8
    sampling: int = 16
    repeats: int = 8  # positions kept of one hash in one text
    short: int = 60  # below this only identical texts are compared

    # Candidates (evidence.matching.candidates)
    candidates: int = 20
    postings: int = 256  # looked up per hash; a cost limit, not a judgement
    seeds: int = 2
    band: int = 64  # width of the diagonals that count as one place
    band_weight: float = 1.5
    scattered_weight: float = 3.0
    frequent: int = 20  # texts holding a hash before it counts as common …
    frequent_share: float = 0.001  # … or this share of all texts, if more
    frequent_weight: float = 0.1
    frequent_candidates: int = 1  # read although they share common grams alone
    glance: int = 48  # characters before and behind a seed (evidence.matching.glance)
    glance_similarity: float = 0.55

    # Alignment (evidence.matching.seeds, chains, align)
    dense_gram: int = 5
    occurrences: int = 6  # in the other text; a gram seen more often gives no seed
    bridge: int = 16  # seeds of one diagonal up to this far apart are one stretch
    gap: int = 48
    skew: int = 12
    skew_share: float = 0.3
    chain: float = 12.5  # smallest score of a chain
    drop: int = 4
    merge: int = 120
    noisy_gap: int = 480  # between two spans, when it reads alike itself

    # Judgement (evidence.matching.judge)
    passage: int = 30
    copied_passage: int = 16  # when much of the query came from the same text
    line: int = 8  # of verse, whose lines may have been shuffled
    line_coverage: float = 0.25  # of the shorter text, by such lines
    similarity: float = 0.62
    evidence: float = 60.0
    short_coverage: float = 0.6
    beside_quotation: int = 16  # what is left of a passage next to one, at least
    hole: int = 120  # a longer quotation of a work cuts a passage in two

    # What may act by itself (evidence.matching.floors)
    floor: int = 200

    # Clusters (evidence.clusters)
    near_identical: float = 0.95  # contained in one another both ways

    # Proposals for a shelf (evidence.matching.proposals)
    clause_texts: int = 5  # otherwise unlike texts of different sellers
    paragraph_texts: int = 3  # that hold a whole paragraph to the character
    clause_shortest: int = 50
    clause_longest: int = 1000  # longer ones are works rather than clauses
    clause_unlike: float = 0.3  # share of the smaller sample that unlike texts share
    clause_similarity: float = 0.75

    def as_dict(self) -> dict[str, int | float | str]:
        """Return every parameter by name, and the version of the folding tables."""
        return {**asdict(self), "folding": FOLDING}

    def digest(self) -> str:
        """Return 16 hexadecimal digits that change whenever a parameter does."""
        canonical = json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    def fingerprint_rule(self) -> str:
        """Return what decides a text's fingerprints: a change asks for a reindex."""
        return f"n{FOLDING}k{self.gram}p{self.sampling}r{self.repeats}s{self.short}"


def ruled_by(rule: str) -> Params | None:
    """Return parameters that make the fingerprints of an earlier rule again.

    None when the characters were folded otherwise then: that cannot be repeated.
    """
    found = re.fullmatch(rf"n{FOLDING}k(\d+)p(\d+)r(\d+)s(\d+)", rule)
    if found is None:
        return None
    gram, sampling, repeats, short = map(int, found.groups())
    return Params(gram=gram, sampling=sampling, repeats=repeats, short=short)
