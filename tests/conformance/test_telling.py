from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from conformance import stories
from conformance.exchange import Exchange, Request, Response
from conformance.forms import Forms
from conformance.judge import Judge, Rules, Unreached
from conformance.target import Target
from conformance.telling import PAGES, Decided, Teller
from tests.conformance.samples import new_judge
from tests.conformance.targets import target_at

IDS = ["PUB-API-001", "PUB-API-002"]
POOL = {
    "name": "p",
    "slots": 3,
    "description": None,
    "team_name": None,
    "include_deferred": False,
    **dict.fromkeys(["occupied_slots", "running_slots", "queued_slots", "scheduled_slots", "deferred_slots"], 0),
    "open_slots": 3,
}
JSON = (("Content-Type", "application/json"),)
Answers = Sequence[Response]


def answer(
    body: bytes, status: int = 200, headers: tuple[tuple[str, str], ...] = JSON, seconds: float = 0.0
) -> Response:
    return Response(status, "", headers, body, seconds)


def page(*names: str, total: int | None = None) -> Response:

    pools = [{**POOL, "name": name} for name in names]
    return answer(json.dumps({"pools": pools, "total_entries": len(pools) if total is None else total}).encode())


class Told:
    """A story that was told to a target which gives these answers, one after the other."""

    def __init__(self, steps: str, answers: Answers, monkeypatch: pytest.MonkeyPatch, patience: float = 0.0) -> None:
        self.sent: list[Request] = []
        self.target: Target = target_at("http://localhost:1")
        left: Iterator[Response] = iter(answers)

        def send(request: Request) -> Exchange:
            self.sent.append(request)
            return Exchange(request, next(left, None), None if answers else "nothing came")

        monkeypatch.setattr(self.target, "send", send)
        monkeypatch.setattr("conformance.telling.PAUSE", 0.0)
        self.judge: Judge = new_judge(*IDS)
        self.judge.rules = replace_operation(self.judge.rules)
        (story,) = stories.read(f"s:\n  steps: [{steps}]", "s.yaml", "public-v2")
        forms = Forms(self.target.interface)
        teller = Teller(self.target, self.judge, forms, Decided(IDS[:1], IDS[1:]), patience=patience)
        self.tell: Callable[[], None] = lambda: teller.tell(story)

    def wrong(self) -> list[tuple[str, str]]:
        """What was noted against it."""
        self.tell()
        return [(each.requirement[-1], each.message) for each in self.judge.outcome.violations]

    @property
    def reached(self) -> list[Any]:
        return [each[:2] for each in self.judge.outcome.reached]


def replace_operation(rules: Rules) -> Rules:
    return replace(rules, operation=lambda exchange: exchange.request.operation)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    def make(steps: str, *answers: Response, **how: Any) -> Told:

        monkeypatch.setattr(Target, "_authorization", lambda *_, **__: ())
        return Told(steps, answers, monkeypatch, **how)

    return make


GET = "{do: get_pool, params: {pool_name: p}, has: {slots: 3}}"
SHOWS = "{do: get_pool, params: {pool_name: p}, shows: [/description]}"
LIST = "{do: get_pools, lists: {name: p}}"


def pool(**changed: Any) -> Response:

    return answer(json.dumps({**POOL, **changed}).encode())


def test_a_step_that_is_as_it_is_to_be_reaches_its_operation(told: Callable[..., Told]) -> None:
    made = told(GET, pool())
    assert made.wrong() == []
    assert made.reached == [("get_pool", 200)]
    assert made.judge.outcome.observed == {"PUB-API-001": 1, "PUB-API-002": 1}


@pytest.mark.parametrize(
    ("step", "given", "wrong"),
    [
        (GET, pool(slots=4), [("1", "get_pool: /slots is to be 3; it is 4")]),
        (GET, answer(b"{}", 404), [("1", "get_pool is to answer 200; it was 404")]),
        (LIST, page("q"), [("1", "get_pools: it is to list 1 like {'name': 'p'}; it lists 0")]),
        (LIST, page("p", "p"), [("1", "get_pools: it is to list 1 like {'name': 'p'}; it lists 2")]),
        (SHOWS, pool(), [("1", "get_pool: /description is not there")]),
        ("{do: get_pool, params: {pool_name: p}, text: zzz}", pool(), None),
        ("{do: get_pool, params: {pool_name: p}, answers: {X-A: b}, has: {}}", pool(), None),
        ("{do: get_pool, params: {pool_name: p}, media: text/plain, has: {slots: 3}}", pool(), None),
        ("{do: get_pool, params: {pool_name: p}, has: {slots: 3}, keep: {x: /nothing}}", pool(), None),
    ],
)  # fmt: skip
def test_what_is_not_as_it_is_to_be_is_told(
    told: Callable[..., Told], step: str, given: Response, wrong: list[tuple[str, str]] | None
) -> None:
    made = told(step, given)
    found = made.wrong()
    assert [name for name, _ in found] == ["1"]
    assert wrong is None or found == wrong
    assert "keep" in step or made.reached == []


def test_another_form_is_told_apart_from_other_content(told: Callable[..., Told]) -> None:
    made = told(GET, pool(slots=3, open_slots="many"))
    assert [name for name, _ in made.wrong()] == ["2"]
    assert made.reached == [("get_pool", 200)]


def test_after_a_wrong_status_the_story_is_over(told: Callable[..., Told]) -> None:
    made = told(f"{GET}, {GET}", answer(b"{}", 403), pool())
    assert len(made.wrong()) == len(made.sent) == 1


def test_a_refusal_that_is_wanted_reaches_nothing(told: Callable[..., Told]) -> None:
    made = told("{do: get_pool, params: {pool_name: p}, status: 404}", answer(b"{}", 404))
    assert made.wrong() == []
    assert made.reached == []


def test_a_list_is_looked_through_page_by_page(told: Callable[..., Told]) -> None:
    made = told(LIST, page("a", total=3), page("b", total=3), page("p", total=3))
    assert made.wrong() == []
    assert [request.query for request in made.sent] == ["", "offset=1", "offset=2"]


def test_a_list_without_an_end_is_left(told: Callable[..., Told]) -> None:
    made = told(LIST, *[page("a", total=10**6)] * (PAGES + 5))
    assert len(made.wrong()) == 1
    assert len(made.sent) == PAGES + 1


UNTIL = "{do: get_pool, params: {pool_name: p}, until: {slots: 5}}"


def test_it_is_asked_until_it_is_so(told: Callable[..., Told]) -> None:
    made = told(UNTIL, pool(), pool(), pool(slots=5), patience=9.0)
    assert made.wrong() == []
    assert (len(made.sent), made.reached) == (3, [("get_pool", 200)])


def test_what_does_not_come_in_time_is_unreached(told: Callable[..., Told]) -> None:
    made = told(UNTIL, pool(), pool())
    with pytest.raises(Unreached, match="/slots is to be 5; it is 3"):
        made.tell()
    assert made.judge.outcome.violations == []


@pytest.mark.parametrize("busy", [answer(b"", 503), answer(b"", 500, seconds=5.2)])
def test_a_busy_target_is_asked_again(told: Callable[..., Told], busy: Response) -> None:
    made = told(GET, busy, pool())
    assert (made.wrong(), len(made.sent)) == ([], 2)


def test_a_target_that_fails_at_once_is_not_asked_again(told: Callable[..., Told]) -> None:
    made = told(GET, answer(b"", 500, seconds=0.1), pool())
    assert (len(made.wrong()), len(made.sent)) == (1, 1)


def test_what_was_kept_is_used_later(told: Callable[..., Told]) -> None:
    later = "{do: get_pool, params: {pool_name: '{found}'}, has: {name: '{found}'}}"
    made = told(
        f"{{do: get_pools, lists: {{name: q}}, keep: {{found: /pools/0/name}}}}, {later}", page("q"), pool(name="q")
    )
    assert made.wrong() == []
    assert made.sent[1].path == "/api/v2/pools/q"


def test_of_several_pointers_the_first_that_finds_something_counts(told: Callable[..., Told]) -> None:
    kept = "{do: get_pool, params: {pool_name: x}, has: {slots: 3}, keep: {word: [/nope, /team_name, /name]}}"
    one = told(
        f"{kept}, {{do: get_pool, params: {{pool_name: '{{word}}'}}, has: {{slots: 3}}}}",
        pool(name="p"),
        pool(name="p"),
    )
    assert one.wrong() == []
    assert one.sent[1].path == "/api/v2/pools/p"


def test_what_the_target_made_because_of_a_story_is_removed_too(told: Callable[..., Told]) -> None:
    owned = "owns: {pool: {pool_name: '{word}'}}"
    step = f"{{do: get_pool, params: {{pool_name: x}}, has: {{slots: 3}}, keep: {{word: /name}}, {owned}}}"
    one = told(step, pool(name="p"))
    assert one.wrong() == []
    assert [(each.kind, each.ids) for each in one.target.journal.open_entries()] == [("pool", {"pool_name": "p"})]
    assert one.target.guard.owns("pool_name", "p")


def test_no_answer_is_an_error_and_no_verdict(told: Callable[..., Told]) -> None:
    made = told(f"{GET}, {GET}")
    assert made.wrong() == []
    assert made.judge.outcome.error
    assert len(made.sent) == 1


def test_a_step_is_told_where_its_needs_are_met(told: Callable[..., Told]) -> None:
    made = told(
        "{do: get_pools, needs: [scheduler], lists: {name: p}}, {do: get_pools, needs: [writes], has: {}}", page("p")
    )
    assert made.wrong() == []
    assert len(made.sent) == 1


def test_what_the_target_does_not_have_leaves_the_story_unreached(told: Callable[..., Told]) -> None:
    made = told("{do: create_token, role: null, json: {username: '{username:nobody}'}, has: {}}", page())
    with pytest.raises(Unreached, match="the target does not tell the username of nobody"):
        made.tell()


def test_after_a_departure_the_story_goes_on(told: Callable[..., Told]) -> None:
    made = told(
        "{do: delete_dag, params: {dag_id: conformance_disposable}, text: ''}, " + GET, answer(b"", 204), pool()
    )
    assert [name for name, _ in made.wrong()] == ["1"]
    assert (len(made.sent), made.reached) == (2, [("get_pool", 200)])
