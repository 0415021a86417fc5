#!/usr/bin/env python
"""The project's commands. `extract` is answered before Django is loaded."""

import os
import sys
from importlib.util import find_spec


def main() -> int:
    if find_spec("django") is None:
        print("Run script/bootstrap, then .venv/bin/python manage.py", file=sys.stderr)
        return 2
    if sys.argv[1:2] == ["extract"]:
        from evidence.extractors.command import main as extract

        return extract(sys.argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moderation.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        print(f"manage.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
