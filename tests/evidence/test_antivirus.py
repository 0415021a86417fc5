"""The scanner: what it finds is never read or served, and nothing passes without it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path

import pytest
from pytest_django import Settings

from evidence import pipeline, quarantine
from evidence.actors import SYSTEM
from evidence.antivirus import ScannerSilent, TooLongToScan, scan
from evidence.extractors.archive import EICAR
from evidence.intake import receive, receive_text
from evidence.listings import take_in
from evidence.models import Blob, Document, Text
from evidence.progress import Stage
from evidence.quarantine import Quarantined, check_servable, scan_waiting
from tests.factories import AT

WORDS = "春天的河水漫过石桥，船工把缆绳系在石柱上。".encode()
VIRUS = b"virus within"
LONG = b"longer than the scanner takes"


class FakeScanner:
    """Speaks INSTREAM as clamd does; what holds VIRUS is infected.

    way: "scan", or a misbehaviour: "hang up", "mumble", "limit", "cut", "stall".
    The answers are those of clamd 1.4.6.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.listener, self.way, self.seen = listener, "scan", list[bytes]()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            # Whoever asked may have lost patience.
            with line, line.makefile("rb") as heard, suppress(OSError):
                self._answer(line, heard)

    def _answer(self, line: socket.socket, heard: "socket.SocketIO | BytesIO") -> None:
        assert heard.read(10) == b"zINSTREAM\0"
        if self.way == "hang up":
            return
        if self.way == "limit":
            line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
            return
        content = b""
        while size := int.from_bytes(heard.read(4) or b"", "big"):
            content += heard.read(size) or b""
        self.seen.append(content)
        if self.way == "stall":
            threading.Event().wait(3)
        if self.way == "cut" or LONG in content:
            line.sendall(b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0")
            return
        said = b"stream: Test.Virus FOUND\0" if VIRUS in content else b"stream: OK\0"
        line.sendall(b"hm\0" if self.way == "mumble" else said)


@pytest.fixture
def scanner(tmp_path: Path, settings: Settings) -> Iterator[FakeScanner]:
    address = str(tmp_path / "clamd.ctl")
    settings.CLAMD = address
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(address)
        listener.listen()
        yield FakeScanner(listener)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def received(content: bytes = WORDS) -> Text:
    return receive_text(content, name="a.txt", at=AT)


def processed(text: Text) -> Text:
    pipeline.process(text.pk, at=AT)
    return Text.objects.select_related("blob").get(pk=text.pk)


def test_content_goes_to_the_scanner_in_pieces(
    scanner: FakeScanner, settings: Settings
) -> None:
    content = bytes(range(256)) * 1_000

    assert scan(BytesIO(content), settings.CLAMD) == ""
    assert scan(BytesIO(content + VIRUS), settings.CLAMD) == "Test.Virus"
    assert scan(BytesIO(b""), settings.CLAMD) == ""
    assert scanner.seen == [content, content + VIRUS, b""]


def test_a_scanner_on_the_network_is_asked_as_well() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        FakeScanner(listener)
        port = listener.getsockname()[1]
        assert scan(BytesIO(VIRUS), f"127.0.0.1:{port}") == "Test.Virus"


@pytest.mark.parametrize("way", ["hang up", "mumble", "limit", "stall"])
def test_only_the_scanners_own_word_passes_a_file(
    scanner: FakeScanner, settings: Settings, way: str
) -> None:
    scanner.way = way
    with pytest.raises(ScannerSilent):
        scan(BytesIO(bytes(1 << 20)), settings.CLAMD, seconds=0.3)


@pytest.mark.parametrize("way", ["limit", "cut"])
def test_content_beyond_the_scanner_s_limits_is_said_to_be(
    scanner: FakeScanner, settings: Settings, way: str
) -> None:
    scanner.way = way
    with pytest.raises(TooLongToScan):
        scan(BytesIO(bytes(1 << 20)), settings.CLAMD)


@pytest.mark.django_db
def test_a_file_too_long_for_the_scanner_holds_up_nothing_behind_it(
    scanner: FakeScanner,
) -> None:
    long = receive(WORDS + LONG, name="a.txt", at=AT)
    short = receive(WORDS, name="b.txt", at=AT)

    assert scan_waiting(at=AT) == 1
    assert dict(Blob.objects.values_list("pk", "scan")) == {
        long.pk: "",
        short.pk: "clean",
    }
    text = processed(received(WORDS + LONG))
    assert (text.stage, text.error) == (Stage.QUEUED, "too_long_to_scan")
    assert quarantine.waiting() == 1


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:1", "nonsense"])
def test_a_scanner_that_is_not_there_is_silent(address: str) -> None:
    with pytest.raises(ScannerSilent):
        scan(BytesIO(WORDS), address)


@pytest.mark.django_db
def test_a_clean_file_is_scanned_once_and_read(scanner: FakeScanner) -> None:
    text = processed(received())

    assert (text.state, text.blob.scan, text.blob.scanned_at) == ("ok", "clean", AT)
    check_servable(text.blob)
    pipeline.ask_again(text)
    processed(text)
    assert scanner.seen == [WORDS]


@pytest.mark.django_db
def test_an_infected_file_is_kept_and_neither_read_nor_served(
    scanner: FakeScanner,
) -> None:
    text = processed(received(WORDS + VIRUS))

    assert (text.state, text.refusal, text.stage) == ("refused", "malware", "done")
    assert (text.blob.virus, text.content) == ("Test.Virus", "")
    with pytest.raises(Quarantined) as refused:
        check_servable(text.blob)
    assert not refused.value.waits


@pytest.mark.django_db
def test_a_file_waits_for_a_silent_scanner_however_long(settings: Settings) -> None:
    settings.CLAMD = "/nowhere/clamd.ctl"
    text = received()
    for _ in range(8):  # more often than a worker may die
        text = processed(text)

    assert (text.state, text.stage) == ("received", Stage.QUEUED)
    assert text.error == "scanner_silent"
    assert quarantine.waiting() == 1
    with pytest.raises(Quarantined) as refused:
        check_servable(text.blob)
    assert refused.value.waits


@pytest.mark.django_db
def test_it_goes_on_by_itself_once_the_scanner_answers(
    scanner: FakeScanner, settings: Settings
) -> None:
    address, settings.CLAMD = settings.CLAMD, "/nowhere/clamd.ctl"
    text = processed(received())
    settings.CLAMD = address
    text = processed(text)

    assert (text.state, text.stage, text.error) == ("ok", Stage.DONE, "")
    assert quarantine.waiting() == 0


@pytest.mark.django_db
def test_a_listing_waits_with_the_scanner_and_makes_no_document(
    settings: Settings,
) -> None:
    settings.CLAMD = "/nowhere/clamd.ctl"
    taken = take_in(WORDS, name="a.txt", at=AT, by=SYSTEM)

    assert (taken.status, taken.error) == ("failed", "scanner_silent")
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_what_nobody_reads_is_scanned_at_the_tick(scanner: FakeScanner) -> None:
    clean = receive(WORDS, name="a.txt", at=AT)
    infected = receive(WORDS + VIRUS, name="b.txt", at=AT)

    assert scan_waiting(at=AT) == 2
    assert scan_waiting(at=AT) == 0
    states = dict(Blob.objects.values_list("pk", "scan"))
    assert states == {clean.pk: "clean", infected.pk: "infected"}


@pytest.mark.django_db
def test_the_tick_waits_for_a_silent_scanner(settings: Settings) -> None:
    settings.CLAMD = "/nowhere/clamd.ctl"
    receive(WORDS, name="a.txt", at=AT)

    assert scan_waiting(at=AT) == 0
    assert Blob.objects.get().scan == ""


@pytest.mark.django_db
def test_the_test_virus_is_known_without_a_scanner() -> None:
    virus = EICAR + b"$H+H*"
    exhibit = receive(virus, name="a.txt", at=AT)
    text = received(virus)

    assert (text.state, text.refusal, text.blob) == ("refused", "malware", exhibit)
    with pytest.raises(Quarantined):
        check_servable(Blob.objects.get())


@pytest.mark.django_db
def test_without_a_scanner_files_are_read_and_served() -> None:
    text = processed(received())

    assert (text.state, text.blob.scan) == ("ok", "")
    check_servable(text.blob)
