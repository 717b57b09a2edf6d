"""junit.xml: one test case for each check, for the test pages of CI systems."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from conformance.outcome import Outcome
from conformance.reporting.words import headline
from conformance.results import Result
from conformance.verdict import Verdict

#: What XML 1.0 cannot carry.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(result: Result) -> str:
    """The text of junit.xml. UNREACHED is a skipped case with a message, ERROR an error, FAIL a failure."""
    verdicts = {outcome.check: outcome.overall(result.levels) for outcome in result.outcomes}
    tally = list(verdicts.values())
    suite = ElementTree.Element(
        "testsuite",
        name=f"airflow-conformance {result.circumstances.profile_name}",
        tests=str(len(tally) + len(result.skipped)),
        failures=str(tally.count(Verdict.FAIL)),
        errors=str(tally.count(Verdict.ERROR)),
        skipped=str(tally.count(Verdict.UNREACHED) + len(result.skipped)),
        time=f"{sum(outcome.seconds for outcome in result.outcomes):.3f}",
        timestamp=result.circumstances.started.isoformat(timespec="seconds"),
    )
    properties = ElementTree.SubElement(suite, "properties")
    _property(properties, "verdict", headline(result))
    _property(properties, "seed", str(result.circumstances.seed))
    for outcome in result.outcomes:
        _case(suite, outcome, verdicts[outcome.check])
    for skip in result.skipped:
        case = _element(suite, skip.case.name, 0.0)
        ElementTree.SubElement(case, "skipped", message=_clean(skip.reason))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(suite: ElementTree.Element, outcome: Outcome, verdict: Verdict) -> None:
    case = _element(suite, outcome.check, outcome.seconds)
    properties = ElementTree.SubElement(case, "properties")
    for requirement in outcome.requirements:
        _property(properties, "requirement", requirement)
    _property(properties, "verdict", verdict.value)
    reason = next(filter(None, (outcome.reason(name) for name in outcome.requirements)), "")
    kinds = {Verdict.FAIL: "failure", Verdict.ERROR: "error", Verdict.UNREACHED: "skipped"}
    if kind := kinds.get(verdict):
        element = ElementTree.SubElement(case, kind, message=_clean(reason))
        element.text = _clean(_details(outcome))


def _details(outcome: Outcome) -> str:
    lines = []
    for violation in outcome.violations:
        lines.append(f"{violation.requirement}: {violation.message}")
        lines.extend(exchange["curl"] for exchange in violation.exchanges[-1:])
    return "\n".join(lines)


def _element(suite: ElementTree.Element, name: str, seconds: float) -> ElementTree.Element:
    folder, _, check = name.partition("[")[0].rpartition(".")
    shown = name[len(folder) + 1 :] if folder else name
    return ElementTree.SubElement(
        suite, "testcase", classname=folder or check, name=_clean(shown), time=f"{seconds:.3f}"
    )


def _property(properties: ElementTree.Element, name: str, value: str) -> None:
    ElementTree.SubElement(properties, "property", name=name, value=_clean(value))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
