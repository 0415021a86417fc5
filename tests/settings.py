"""The site's own settings on a throw-away `var` folder, durability and hashing cheap.

The environment is set before the settings are read, and pytest-django reads them
before any conftest: that is why this is a module and not a fixture.
"""

import atexit
import os
import shutil
import tempfile

_var = tempfile.mkdtemp(prefix="anjian-test-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
os.environ["ANJIAN_VAR"] = _var
os.mkdir(f"{_var}/static")  # whitenoise warns when it is missing
os.environ["SQLITE_SYNCHRONOUS"] = "OFF"
os.environ["STATIC_HASHED"] = "off"

from moderation.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CLOCK_PROFILES = ["civil"]
# Else every client of a test reads all static files before its first request.
WHITENOISE_AUTOREFRESH = True
