"""When a careless comparison takes one text for another: a password, a token or a signature that is nearly right."""

from __future__ import annotations

_SHOWN = 4  # letters at each place of a fingerprint


def one_letter_off(right: str, given: str) -> bool:
    """Whether the words are as long as each other and differ in one letter, which is not the first."""
    differing = [at for at, (one, other) in enumerate(zip(right, given, strict=False)) if one != other]
    return len(right) == len(given) and len(differing) == 1 and differing[0] > 0


def neighbours_swapped(right: str, given: str) -> bool:
    """Whether two letters beside each other have changed places."""
    swaps = (right[:at] + right[at + 1] + right[at] + right[at + 2 :] for at in range(len(right) - 1))
    return given in swaps


def same_fingerprint(right: str, given: str) -> bool:
    """Whether the texts have the same letters at the beginning, in the middle and at the end."""
    return _fingerprint(right) == _fingerprint(given)


def _fingerprint(text: str) -> tuple[str, str, str]:
    middle = len(text) // 2
    return text[:_SHOWN], text[middle - _SHOWN // 2 : middle + _SHOWN // 2], text[-_SHOWN:]
