"""Pausing and unpausing a DAG, by a GET (experimental-api, "Endpoints")."""

from __future__ import annotations

from typing import Any

from conformance.checks.experimental_api.answers import record, refused, succeeded
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.target import Target

#: Words that are neither "true" nor "false".
WORDS = ("True", "TRUE", "1", "yes", "on", "t", "truee", "False", "0", "no", "null", "conformance")
#: Which of the spare DAGs are paused, and which are only looked at (see `Target.spare_dag`).
_ONE, _ANOTHER = 1, 0
_NEIGHBOURS = (-1, 1, 2, 5)


@requirement("EXP-PAUSE-001", "EXP-PAUSE-002")
def test_words_pause_and_unpause(target: Target, judge: Judge) -> None:
    """After "true" the DAG is paused, after "false" it is not, however it was before; other DAGs stay as they are."""
    dag, others = target.spare_dag(_ONE), [target.spare_dag(_ONE + step) for step in _NEIGHBOURS]
    before = {each: _paused(target, each)[1] for each in others}
    for word in ("true", "true", "false", "false", "true", "false"):
        name = "EXP-PAUSE-001" if word == "true" else "EXP-PAUSE-002"
        answer = _pause(target, dag, word)
        succeeded(judge, answer, f"paused/{word} is to be answered with success", name)
        seen, is_paused = _paused(target, dag)
        wish = (
            f"after paused/{word} {dag} is to be {'paused' if word == 'true' else 'unpaused'}; is_paused is {is_paused}"
        )
        judge.that(is_paused is (word == "true"), [answer, seen], wish, requirement=name)
        for each, was in before.items():
            seen, now = _paused(target, each)
            wish = f"paused/{word} of {dag} is to leave {each} as it was, {was}; it is {now}"
            judge.that(now == was, [answer, seen], wish, requirement=name)


@requirement("EXP-PAUSE-003")
def test_other_words_change_nothing(target: Target, judge: Judge) -> None:
    """A word that is neither "true" nor "false" is refused, and pauses nothing; a paused DAG stays paused."""
    dag = target.spare_dag(_ANOTHER)
    for word in WORDS:
        _pause(target, dag, "true")
        answer = _pause(target, dag, word)
        seen, is_paused = _paused(target, dag)
        refused(judge, answer, f"paused/{word}")
        judge.that(is_paused is True, [seen, answer], f"paused/{word} is to change nothing; is_paused is {is_paused}")
        _pause(target, dag, "false")
        _pause(target, dag, word)
        seen, is_paused = _paused(target, dag)
        judge.that(is_paused is False, seen, f"paused/{word} is not to pause {dag}; is_paused is {is_paused}")


@requirement("EXP-PAUSE-004")
def test_unknown_dag_is_not_paused(target: Target, judge: Judge) -> None:
    """To pause or unpause a DAG that there is not is refused with 404."""
    for word in ("true", "false"):
        refused(judge, _pause(target, target.new_name("dag"), word), f"paused/{word} of a DAG that there is not", 404)


def _pause(target: Target, dag: str, word: str) -> Exchange:
    return target.call("dag_paused", params={"dag_id": dag, "paused": word})


def _paused(target: Target, dag: str) -> tuple[Exchange, Any]:
    """Whether a DAG is paused, as the API tells: the document has no operation for it, but every version has one."""
    seen = target.call("dag_is_paused", params={"dag_id": dag})
    return seen, record(seen).get("is_paused")
