"""Tries whether a target stands writes at the same time, where it would take long to send one after the other.

A database in one file may not: parallel writes make an Airflow 3 on SQLite stall and answer 500 (measured on 3.3.2),
and that would be taken for a fault. No API tells the database; so a few variables of the run's own are written at once.
"""

from __future__ import annotations

from conformance.exchange import Request
from conformance.kinds import Kind
from conformance.lane import failed
from conformance.target import Target

#: From so many seconds on a round trip is slow.
SLOW = 0.02
#: With fewer workers it is not tried: two writes at once never stalled on SQLite, three at times, four or more mostly
#: (3.3.2). As many are written at once as there are workers, so often.
LEAST, ROUNDS = 4, 3
#: So often the target is asked something before it counts as slow.
_LOOKS = 3
#: What is written: the first of these that the API has.
_KINDS = ("variable", "pool")


def worthwhile(target: Target) -> bool:
    """Whether it is worth a try: the target is slow, and the run may write and have so many requests in flight."""
    if target.transport.workers < LEAST or "writes" not in target.profile.capabilities:
        return False
    for _ in range(_LOOKS):
        target.send(Request("GET", "/"))
    return SLOW <= target.transport.quickest < float("inf")


def tried(target: Target) -> str:
    """Try it; let writes go together where they may. Returns what it came to, in one sentence."""
    kind = next(target.kinds[name] for name in _KINDS if name in target.kinds)
    lane = target.transport.lane
    lane.together = True
    lane.together = all(_stood(target, kind) and lane.together for _ in range(ROUNDS))
    slow = f"An answer takes {target.transport.quickest * 1000:.0f} ms"
    if lane.together:
        return f"{slow}; writes go {target.transport.workers} at a time"
    return f"{slow}; writes go one at a time nevertheless, for the target fails at more"


def _stood(target: Target, kind: Kind) -> bool:
    names = [target.new_name("trial") for _ in range(target.transport.workers)]
    return not any(map(failed, target.all([target.request(kind.create, json=kind.body(name)) for name in names])))
