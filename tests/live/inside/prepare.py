"""Run by the Python of a real Airflow 2 (3.8 or newer): roles, users and DAGs for a fresh database."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from airflow.models import DagBag
from airflow.www.app import cached_app
from werkzeug.security import generate_password_hash

#: One round in place of some hundred thousand: a server under test need not be slow to look at a password.
QUICK = "pbkdf2:sha256:1"

home = Path(sys.argv[1])
app = cached_app()
with app.app_context():
    builder = app.appbuilder
    builder.add_permissions(update_perms=True)
    builder.sm.sync_roles()
    for user in json.loads((home / "users.json").read_text()):
        name, role = user["username"], builder.sm.find_role(user["role"].capitalize())
        made = builder.sm.add_user(
            name,
            name,
            name,
            f"{name}@example.org",
            role,
            hashed_password=generate_password_hash(user["password"], method=QUICK),
        )
        if not made:
            sys.exit(f"the user {name} could not be created")
        if not user["active"]:
            made.active = False
            builder.sm.update_user(made)
    DagBag(str(home / "dags")).sync_to_db()
