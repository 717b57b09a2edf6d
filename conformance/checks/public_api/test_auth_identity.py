"""A token carries the identity of its user."""

from __future__ import annotations

from conformance.auth.jwt import claims
from conformance.checks.every_api.proofs import writers
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.target import Target


@requirement("PUB-AUTH-009")
def test_tokens_of_two_users_differ(target: Target, judge: Judge) -> None:
    """The tokens of two users name two subjects, and two tokens of one user name one."""
    subjects = {role: claims(target.token(role)).get("sub") for role in writers(target)}
    distinct = len(set(subjects.values())) == len(subjects)
    judge.that(distinct, None, f"every user is to be a subject of its own; they are {subjects}")
    for role, subject in subjects.items():
        again = claims(target.token(role, fresh=True)).get("sub")
        judge.that(again == subject, None, f"a second token of {role} is to have subject {subject!r}; it has {again!r}")
