from __future__ import annotations

import threading

import pytest

from conformance.crew import Crew, News

PATIENCE = 10.0


def test_checks_go_side_by_side_and_begin_in_their_order() -> None:
    together = threading.Barrier(3, timeout=PATIENCE)

    def carry_out(check: int) -> int:
        together.wait()
        return check * check

    told = list(Crew(3, range(6), carry_out).news())
    assert sorted(news.check for news in told if news.found is None) == list(range(6))
    assert sorted(news.found for news in told if news.found is not None) == [0, 1, 4, 9, 16, 25]
    for check in range(6):
        assert [news.found for news in told if news.check == check] == [None, check * check]


def test_what_a_thread_raises_is_raised_where_the_news_is_heard() -> None:
    def carry_out(check: str) -> str:
        raise LookupError(check)

    news = Crew(1, ["first", "second"], carry_out).news()
    assert next(news) == News("first")
    with pytest.raises(LookupError, match="first"):
        next(news)


def test_no_check_begins_after_the_end_and_those_that_end_are_heard_of(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, join = threading.Event(), threading.Thread.join

    def carry_out(check: str) -> str:
        if check == "second":
            go_on.wait(PATIENCE)
        return check

    def joined(thread: threading.Thread, seconds: float) -> None:  # by now the end has come
        go_on.set()
        join(thread, seconds)

    crew = Crew(1, ["first", "second", "third"], carry_out)
    news = crew.news()
    heard = [next(news).found for _ in range(3)]
    monkeypatch.setattr(threading.Thread, "join", joined)
    heard += [each.found for each in crew.last_news(PATIENCE)]
    assert heard == [None, "first", None, "second"]


def test_who_does_not_end_is_not_waited_for_for_ever() -> None:
    go_on = threading.Event()
    crew = Crew(1, ["stuck"], lambda _: go_on.wait(PATIENCE))
    assert next(crew.news()) == News("stuck")
    assert list(crew.last_news(0)) == []
    go_on.set()
    assert [news.found for news in crew.last_news(PATIENCE)] == [True]
