"""Files as forms take them: within the limit, and for samples one that can be read."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from cases.refusals import told
from evidence.extractors import ExtractionError
from evidence.reading import media_type_of


class UploadField(forms.FileField):
    """A file that is neither empty nor larger than settings.UPLOAD_MAX_BYTES."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload and upload.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(str(told("upload_too_large")))
        return upload


class SampleField(UploadField):
    """A file with a text in it: what no extractor takes is refused at once."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            try:
                media_type_of(_bytes_of(upload), upload.name or "", "text")
            except ExtractionError as error:
                raise forms.ValidationError(str(told(error.code))) from error
            upload.seek(0)
        return upload


def _bytes_of(upload: Any) -> Path | bytes:
    """A large upload is a file already: it need not pass through our memory."""
    if isinstance(upload, TemporaryUploadedFile):
        return Path(upload.temporary_file_path())
    content: bytes = upload.read()
    return content
