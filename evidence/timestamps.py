"""Trusted time from elsewhere, behind an interface (RFC 3161). Off by default: we
call nobody whom the operator has not named in TIMESTAMP_AUTHORITY."""

from typing import Protocol


class TimestampAuthority(Protocol):
    """A class without arguments that an operator supplies by its dotted path.

    Its answer is kept beside the checkpoint as it came; what it proves is for the
    authority's own tools to say (`openssl ts -verify`).
    """

    def stamp(self, digest: bytes) -> bytes:
        """Return the DER of a TimeStampResp over a SHA-256 digest of 32 bytes.

        Raises OSError when the authority cannot be reached.
        """
        ...
