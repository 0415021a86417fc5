"""How a command answers a program: one JSON object on stdout and nothing else."""

import json
from typing import Any

from django.core.management.base import OutputWrapper


def answer_json(stdout: OutputWrapper, answer: dict[str, Any]) -> None:
    """A path that is not UTF-8 comes out as the JSON escapes of its odd bytes."""
    text = json.dumps(answer, ensure_ascii=False)
    stdout.write(printable(text))


def printable(text: str) -> str:
    """Return text without lone surrogates, which no terminal can take."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
