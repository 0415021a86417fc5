"""Files as forms take them: within the limit, proofs of a kind we know, samples with
a text."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from cases.refusals import told
from evidence.extractors import IMAGES, ExtractionError
from evidence.reading import media_type_of
from evidence.staging import StagedUpload


class UploadField(forms.FileField):
    """A file that is neither empty nor larger than settings.UPLOAD_MAX_BYTES."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload and upload.size > settings.UPLOAD_MAX_BYTES:
            raise _refusal("upload_too_large")
        return upload


class ProofField(UploadField):
    """A document or an image, by its content and by its name."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            try:
                kind = media_type_of(_bytes_of(upload), upload.name or "", "text")
            except ExtractionError as error:
                raise _refusal(error.code) from error
            self.check_kind(kind)
            upload.seek(0)
        return upload

    def check_kind(self, media_type: str) -> None:
        """Raise ValidationError when files of this kind are not wanted here."""


class SampleField(ProofField):
    """A file with a text in it."""

    def check_kind(self, media_type: str) -> None:
        if media_type in IMAGES:
            raise _refusal("image")


def _refusal(code: str) -> forms.ValidationError:
    return forms.ValidationError(str(told(code)))


def _bytes_of(upload: Any) -> Path | bytes:
    """An upload is a file already: it need not pass through our memory."""
    if isinstance(upload, StagedUpload):
        return upload.staged.path
    content: bytes = upload.read()
    return content
