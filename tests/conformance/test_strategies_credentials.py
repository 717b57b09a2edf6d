from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.strategies.credentials import (
    Account,
    bodies,
    hashes,
    misses,
    mixed_up,
    near,
    wrong_passwords,
    wrong_usernames,
)

ANN = Account("ann", "s3cret-Word")
WORDS = ("admin", "a", "12345", "ÄÖ", "*", "pass word", "'", "x" * 80)


@pytest.mark.parametrize("word", WORDS)
def test_no_miss_is_the_word(word: str) -> None:
    found = list(misses(word))
    assert word not in {miss for _, miss in found}
    assert len({flaw for flaw, _ in found}) == len(found) > 15


@given(word=st.sampled_from(WORDS), data=st.data())
def test_near_word_is_one_edit_away(word: str, data: st.DataObject) -> None:
    miss = data.draw(near(word))
    assert miss.word != word
    assert abs(len(miss.word) - len(word)) <= 1
    assert word not in repr(miss) or len(word) < 3


def test_look_alikes_look_alike() -> None:
    found = dict(misses("admin"))
    assert unicodedata.normalize("NFKC", found["in full-width letters"]) == "admin"
    assert not found["in look-alike letters"].isascii()


def test_wrong_passwords_keep_the_user() -> None:
    assert all(pair.username == "ann" and pair.password != ANN.password for pair in wrong_passwords(ANN))


def test_case_of_a_user_name_counts_or_not() -> None:
    strict = {pair.username for pair in wrong_usernames(ANN, case_counts=True)}
    lenient = {pair.username for pair in wrong_usernames(ANN, case_counts=False)}
    assert {"ANN", "Ann"} <= strict
    assert {"ANN", "Ann"} & lenient == set()
    assert lenient < strict


def test_mixed_up_pairs_are_nobodys() -> None:
    accounts = [ANN, Account("bob", "other"), Account("cyd", "cyd")]
    right = {(account.username, account.password) for account in accounts}
    pairs = list(mixed_up(accounts, "nobody"))
    assert {(pair.username, pair.password) for pair in pairs} & right == set()
    assert ("ann", "other") in {(pair.username, pair.password) for pair in pairs}
    assert ("s3cret-Word", "ann") in {(pair.username, pair.password) for pair in pairs}


def test_bodies_do_not_hold_the_credentials() -> None:
    found = list(bodies(ANN))
    assert len({body.flaw for body in found}) == len(found)
    for body in found:
        try:
            value = json.loads(body.content or b"")
        except ValueError:
            continue
        assert value != {"username": ANN.username, "password": ANN.password}, body.flaw


def test_hashes_are_those_of_the_password() -> None:
    assert "5f4dcc3b5aa765d61d8327deb882cf99" in set(hashes("password"))
    assert "XohImNooBHFR0OVvjcYpJ3NgPQ1qq73WKhHvch0VQtg" in set(hashes("password"))


def test_passwords_are_not_shown() -> None:
    assert "s3cret" not in repr(ANN)
    assert all("s3cret" not in repr(each) for each in (*wrong_passwords(ANN), *bodies(ANN)))
