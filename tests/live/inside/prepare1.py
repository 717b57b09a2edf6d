"""Run by the Python of a real Airflow 1.10 (3.7 or newer): users with passwords for a fresh database."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from airflow import models, settings
from airflow.contrib.auth.backends.password_auth import PasswordUser
from flask_bcrypt import generate_password_hash

#: 16 rounds of bcrypt, the fewest, in place of 4096: a server under test need not be slow to look at a password.
QUICK = 4

session = settings.Session()
for name, password in json.loads((Path(sys.argv[1]) / "users.json").read_text()).items():
    user = PasswordUser(models.User())
    user.username, user.email = name, f"{name}@example.org"
    user._password = generate_password_hash(password, QUICK).decode()
    session.add(user)
session.commit()
