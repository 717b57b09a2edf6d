from __future__ import annotations

import io

from conformance.outcome import Outcome
from conformance.reporting.terminal import LiveProgress, PlainProgress, print_verdict, progress, verdict_lines
from conformance.verdict import Verdict
from tests.conformance.samples import exchange, new_judge, result


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def failing(message: str = "expected 401; came 200") -> Outcome:
    judge = new_judge("PUB-AUTH-002")
    judge.that(False, exchange(), message)
    return judge.outcome


def test_plain_lines_are_for_what_is_no_terminal() -> None:
    out = io.StringIO()
    shown = progress(out)
    assert isinstance(shown, PlainProgress)
    shown.begin(12)
    shown.end(Outcome("sample.check"), Verdict.PASS)
    shown.close()
    lines = out.getvalue().splitlines()
    assert lines[0] == "12 checks"
    assert lines[1].startswith("[ 1/12")
    assert lines[1].endswith("PASS      sample.check")


def test_a_terminal_gets_one_moving_line_and_what_is_no_pass() -> None:
    out = Screen()
    shown = progress(out)
    assert isinstance(shown, LiveProgress)
    shown.begin(2)
    shown.end(Outcome("sample.[bold]fine"), Verdict.PASS)
    shown.start("[bold]wrong")
    shown.end(Outcome("sample.[bold]wrong"), Verdict.FAIL)
    shown.close()
    assert "sample.[bold]wrong" in out.getvalue()


def test_the_verdict_block_says_what_why_and_what_next() -> None:
    silent = Outcome("sample.silent", "", ["PUB-PAGE-006"])
    text = "\n".join(verdict_lines(result(failing(), silent), "out"))
    assert "Verdict: nonconforming" in text
    assert "PUB-AUTH-002 FAIL: expected 401; came 200" in text
    assert "curl -i http://127.0.0.1:9/api/v2/dags" in text
    assert "PUB-PAGE-006 UNREACHED: the check made no observation" in text
    assert "out/report.html" in text
    assert "explain PUB-AUTH-002" in text


def test_what_a_target_sends_does_not_steer_the_terminal() -> None:
    out = Screen()
    print_verdict(result(failing("came \x1b]0;title\x07 [red]text[/red] \r\n gone")), None, out)
    assert "\x1b]0;" not in out.getvalue()
    assert "[red]text[/red]" in out.getvalue()


def test_colours_are_left_out_when_asked(monkeypatch: object) -> None:
    import os

    os.environ["NO_COLOR"] = "1"
    try:
        out = Screen()
        print_verdict(result(failing()), None, out)
        assert "\x1b[3" not in out.getvalue()
    finally:
        del os.environ["NO_COLOR"]
