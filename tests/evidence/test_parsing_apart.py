"""Files of strangers are parsed in a process of their own, never in one of ours."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from evidence import extractors, pipeline, reading
from evidence.models import Text, Work
from tests.extractors.making import SENTENCE, docx, paragraph
from tests.extractors.test_pdf import pdf
from tests.factories import AT
from tests.rights.people import make_holder, work_form

ROOT = Path(__file__).parents[2]
# The web process with all its addresses, and the worker with all it imports.
LOADED = """
import sys, django
django.setup()
import moderation.wsgi
from django.core.management import load_command_class
from django.urls import get_resolver
get_resolver().url_patterns
load_command_class("moderation", "work")
print(*sys.modules)
"""
PARSERS = {"lxml", "pypdfium2", "olefile", "PIL", "docx", "pptx", "charset_normalizer"}
NO_READERS = {"answers", "confinement", "extracts", "formats", "isolation"}


def test_neither_the_site_nor_the_worker_loads_a_parser(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    settings = {
        "DJANGO_SETTINGS_MODULE": "moderation.settings",
        "ANJIAN_VAR": str(tmp_path),
        "STATIC_HASHED": "off",
    }
    listed = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env={**os.environ, **settings},
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = set(listed.stdout.split())
    readers = {name.removeprefix("evidence.extractors.") for name in loaded} - loaded

    assert loaded & PARSERS == set()
    assert readers == NO_READERS


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [("a.docx", docx(paragraph(SENTENCE))), ("a.pdf", pdf(SENTENCE))],
)
def test_an_upload_is_read_although_no_reader_works_here(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes,
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("parsed in our own process")

    settings.MEDIA_ROOT = tmp_path
    for media_type in extractors.EXTRACTORS:
        monkeypatch.setitem(extractors.EXTRACTORS, media_type, never)
    for module in (extractors, reading):
        monkeypatch.setattr(module, "sniff", never)
        monkeypatch.setattr(module, "extract", never)
    client, party = make_holder()
    sample = SimpleUploadedFile(name, content)

    client.post("/rights/works/new/", work_form(party, pasted="", sample_file=sample))
    pipeline.process(Work.objects.get().sample_id, at=AT)

    text = Text.objects.get()
    assert (text.state, text.content) == ("ok", f"{SENTENCE}\n")
