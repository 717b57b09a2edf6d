"""The files of DAGs: their source, and asking for them to be parsed again."""

from __future__ import annotations

import json

from mockserver.api.v1 import media, operation
from mockserver.api.v1.dag_views import token
from mockserver.api.v1.wording import missing
from mockserver.operations import Answer, Call
from mockserver.world.dags import Dag
from specs.fixtures import source

PLAIN, JSON = "text/plain", "application/json"


def _dag(call: Call, text: str) -> Dag:
    """A DAG of the file that the path's token stands for."""
    for dag in call.world.dags:
        if token(dag) == call.path["file_token"]:
            return dag
    raise missing(call, text)


@operation("get_dag_source")
def get_dag_source(call: Call) -> Answer:
    """Show a file, as JSON or as plain text; one of them must be asked for."""
    content = source(2, _dag(call, "source").plan)
    wanted = media.best(call, PLAIN, JSON)
    if wanted is None:
        return Answer(406, b"Not Allowed Accept Header", media=media.HTML)
    body = content if wanted == PLAIN else json.dumps({"content": content})
    return Answer(body=body.encode(), media=wanted)


@operation("reparse_dag_file")
def reparse_dag_file(call: Call) -> Answer:
    """Ask for a file to be parsed again; the answer says when that was asked before."""
    file = _dag(call, "file").plan.file
    new = call.world.files.wish(file, call.world.now())
    return Answer(201, b"" if new else b"Duplicate request", media=media.HTML)
