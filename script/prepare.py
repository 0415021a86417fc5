"""Bring database and static files to where the site can start (script/server).

Prints the demo accounts on standard output. What stands in the way is one sentence
on standard error, with exit code 1.
"""

import argparse
import hashlib
import ipaddress
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bind", required=True)
    parser.add_argument("--no-demo", action="store_true")
    args = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moderation.settings")

    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management.base import CommandError
    from django.db import OperationalError

    try:
        django.setup()
        _open_database()
        _migrate()
        _collect_static()
        _demo(args.bind, wanted=not args.no_demo)
    except OperationalError as error:
        return _refuse(f"the database cannot be used: {_line(error)}.")
    except OSError as error:
        return _refuse(f"cannot write {error.filename}: {error.strerror}.")
    except (CommandError, ImproperlyConfigured) as error:
        return _refuse(f"{_line(error)}.")
    return 0


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".?")


def _refuse(sentence: str) -> int:
    print(f"script/server: {sentence}", file=sys.stderr)
    return 1


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _open_database() -> None:
    """Connect, and say of what cannot be opened where it is."""
    from django.core.management import CommandError
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        place = connection.settings_dict["NAME"]
        raise CommandError(
            f"cannot open the database {place}: {_line(error)}"
        ) from None


def _migrate() -> None:
    """Run `migrate` only when something is left to do: the check is the quick part."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        _say("Migrating the database …")
        call_command("migrate", verbosity=0, interactive=False)


def _collect_static() -> None:
    """Collect when a source file is new or changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    if settings.WHITENOISE_USE_FINDERS:
        return
    sources = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=None):
            stat = os.stat(storage.path(path))
            sources.update(f"{path} {stat.st_mtime_ns} {stat.st_size}\n".encode())
    stamp = settings.VAR_DIR / "static.stamp"
    if stamp.exists() and stamp.read_text() == sources.hexdigest():
        return
    _say("Collecting static files …")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(sources.hexdigest())


def _demo(bind: str, *, wanted: bool) -> None:
    """Load the demo into an empty database, and print its accounts.

    The passwords are published, so a site with the demo listens to its own machine.
    """
    from django.conf import settings
    from django.core.management import CommandError, call_command

    from evidence.models import Document
    from moderation.models import User

    missing = wanted and not (User.objects.exists() or Document.objects.exists())
    if (missing or settings.DEMO) and not _is_loopback(bind):
        raise CommandError(
            f"demo accounts are for this machine alone, so not at {bind};"
            " use --no-demo on an empty database"
        )
    if missing:
        _say("Loading the demo; this takes up to a minute …")
        call_command("demo", stdout=sys.stderr)
    if missing or settings.DEMO:
        call_command("accounts")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    sys.exit(main())
