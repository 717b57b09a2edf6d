"""What differs between the minor versions of Airflow, and between Airflow and its documents: all in one place.

`Traits` are those of Airflow 3, measured on 3.0.6, 3.1.8, 3.2.2 and 3.3.2; `StableTraits` those of Airflow 2;
`ExperimentalTraits` those of the experimental API of 1.10 and 2. What only the contract differs in (operations,
parameters, properties) is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from specs.versions import Version

Follow = Literal["airflow", "documents"]


@dataclass(frozen=True)
class Traits:
    """How a version behaves when it follows Airflow or the documents."""

    # Paths
    merges_slashes: bool  # //api/v2/dags is /api/v2/dags, as in the document's example
    # Tokens
    token_ids: bool  # tokens have a jti, and a kid in their header; before, an issuer that is an empty list
    token_teams: bool  # tokens of the simple auth manager have teams
    revokes: bool  # logging out ends the token
    clears_cookie: bool  # logging out makes the browser forget the cookie
    quotes_next: bool  # the place to go to after the login is percent-encoded
    # Who makes a request
    takes_cookie: bool
    cookie_wins: bool  # a good cookie goes before the Authorization header
    empty_is_absent: bool  # "Bearer" with nothing after it is no token, where before it was a bad one
    trims_token: bool  # blanks around a token do not count
    names_scheme: bool  # 401 "Not authenticated" carries WWW-Authenticate
    names_scheme_always: bool  # so does every other 401
    # Bodies
    guesses_json: bool  # a body without a Content-Type is JSON
    log_chokes: bool  # the event log breaks down on JSON that is no object
    crashes: bool  # what Airflow fails on unhandled is not an error of validation
    # Errors
    strays: bool  # they have statuses and forms that the document does not have for the operation
    hides_statements: bool  # an error of the database does not tell its SQL
    tells_database_errors: bool  # a query that the database refuses is JSON with 500, where before it was text
    event_log_ids_by_hand: bool  # an event log id that is no number gets 400
    # Roles
    late_roles: bool  # bulk operations look at the role after the body
    backfills_for_op: bool  # backfills need the role op
    # Pages
    caps_lists: bool
    caps_batches: bool
    offers_orders: bool  # only orders that the contract offers are taken; that of 3.0 does not tell them all
    nulls_last: bool  # null comes last where an order ascends too
    fallback_option: bool  # fallback_page_limit counts
    # CORS
    blanks_split_origins: bool
    origin_varies_first: bool  # in Vary, Origin stands before Accept-Encoding
    empty_is_an_item: bool  # an option that is not set is a list of one empty item, and so the headers are always sent
    modern_cors: bool  # longer Vary headers, private network requests, the method QUERY

    @classmethod
    def of(cls, version: Version, follow: Follow) -> Traits:
        """Look a version up."""
        documents = follow == "documents"

        def since(minor: int) -> bool:
            return version >= (3, minor)

        return cls(
            merges_slashes=documents,
            token_ids=documents or since(1),
            token_teams=since(2),
            revokes=documents or since(3),
            clears_cookie=since(1),
            quotes_next=since(2),
            takes_cookie=since(1) and not documents,
            cookie_wins=since(1) and not since(3),
            empty_is_absent=since(1),
            trims_token=since(2),
            names_scheme=documents or not since(1),
            names_scheme_always=documents,
            guesses_json=not since(2),
            log_chokes=not documents and not since(1),
            crashes=not documents,
            strays=not documents,
            hides_statements=since(2),
            tells_database_errors=since(3),
            event_log_ids_by_hand=since(2) and not documents,
            late_roles=since(1),
            backfills_for_op=not since(1),
            caps_lists=documents or since(1),
            caps_batches=documents,
            offers_orders=since(1),
            nulls_last=not since(1),
            fallback_option=since(1),
            blanks_split_origins=documents,
            origin_varies_first=not since(1),
            empty_is_an_item=not documents and not since(2),
            modern_cors=since(2),
        )


RELEASES = {
    "1.10": "1.10.15",
    "2.0": "2.0.2",
    "2.1": "2.1.4",
    "2.2": "2.2.5",
    "2.3": "2.3.4",
    "2.4": "2.4.3",
    "2.5": "2.5.3",
    "2.6": "2.6.3",
    "2.7": "2.7.3",
    "2.8": "2.8.4",
    "2.9": "2.9.3",
    "2.10": "2.10.5",
    "2.11": "2.11.2",
    "3.0": "3.0.6",
    "3.1": "3.1.8",
    "3.2": "3.2.2",
    "3.3": "3.3.2",
}
"""The newest patch of each minor version, or the newest that was measured."""


@dataclass(frozen=True)
class StableTraits:
    """How a version of Airflow 2 behaves when it follows Airflow or the documents.

    Measured on 2.2.5, 2.3.4, 2.6.3, 2.10.5 and 2.11.2; what changed between those is read in the packages.
    """

    # Answers
    follows: bool  # Airflow, and not the documents: what its answers have otherwise than their schemas stays so
    crashes: bool  # what Airflow fails on unhandled is not a refusal
    forbids_caching: bool  # answers are not to be cached
    names_cookie: bool  # pages and unknown paths vary with the cookie
    # Requests
    merges_first: bool  # two slashes lead to the path with one whatever the method; a page's wrong method is a 404
    checks_dates: bool  # dates must be RFC 3339; before, they are read late and leniently
    sorts_schemas: bool  # the schema that a query breaks is told with its keys in order of the alphabet
    names_emptiness: bool  # what is too short by one is told to be empty
    reads_parts: bool  # a body of several parts is looked at before it is found to be no JSON; before, it is lost
    names_empty_body: bool  # a body that is missing is told so; before, it was None, which is no object
    bad_bytes: Literal["replace", "percent"]  # what becomes of bytes in a query that are no UTF-8
    reads_logged_bodies: bool  # the event log breaks down on a body that is no JSON, though nobody wants one
    # Pages
    falls_back_freely: bool  # limit=0 gives fallback_page_limit, whatever the maximum
    caps_instances: bool  # the lists of task instances keep to the maximum
    caps_batches: bool  # so do the POST lists
    pages_tries: bool  # the lists of tries look at limit and offset
    # CORS
    sends_empty_cors: bool  # options that are not set are sent as empty headers
    knows_star: bool  # "*" stands for every origin; before, for itself
    names_origin: bool  # what depends on the origin says so in Vary

    @classmethod
    def of(cls, version: Version, follow: Follow) -> StableTraits:
        """Look a version up."""
        documents = follow == "documents"

        def since(minor: int) -> bool:
            return version >= (2, minor)

        return cls(
            follows=not documents,
            crashes=not documents,
            forbids_caching=since(8),
            names_cookie=since(11),
            merges_first=not since(3),
            checks_dates=documents or since(5),
            sorts_schemas=not since(10),
            names_emptiness=since(8),
            reads_parts=since(11),
            names_empty_body=since(6),
            bad_bytes="percent" if since(11) else "replace",
            reads_logged_bodies=since(10) and not documents,
            falls_back_freely=not documents,
            caps_instances=documents,
            caps_batches=documents,
            pages_tries=documents,
            sends_empty_cors=since(1) and not since(3) and not documents,
            knows_star=documents or since(3),
            names_origin=documents,
        )


@dataclass(frozen=True)
class ExperimentalTraits:
    """How the experimental API of a version behaves when it follows Airflow or the documents.

    Measured on 1.10.15, 2.2.5, 2.3.4, 2.6.3, 2.10.5 and 2.11.2.
    """

    crashes: bool  # what Airflow fails on unhandled is not a refusal
    # Answers
    spaced_json: bool  # JSON has blanks, and no newline at its end
    plain_pages: bool  # the pages of the framework have no charset in their media type
    old_pages: bool  # and the doctype of HTML 3.2
    deprecated: bool  # answers say that the API is deprecated
    problems: bool  # a path or method that there is not is refused as in the stable API
    run_page: str  # where a run is shown
    quotes_colons: bool  # in the address of it
    shows_all_of_runs: bool  # the answer about one run has its variables; else its state alone
    # Dates
    iso_dates: bool  # texts have dates with T between date and time; else with a blank
    made_up_dates_spaced: bool  # but those that the server chose have a blank
    durations_crash: bool  # a text that is a duration, or lasts from one date to another, breaks the server down
    # Runs
    text_confs: bool  # a configuration may be JSON in a string
    object_confs: bool  # it must be an object, or text of one where that may be
    on_is_true: bool  # the word "on" stands for true
    null_is_false: bool  # before, it breaks the server down
    runs_tell_state: bool  # messages have the state of a run, and when it was queued
    dates_are_unique: bool  # a second run at a date is refused as one with the same id; else the server breaks down
    states_are_checked: bool  # to list the runs in a state that there is not breaks the server down
    any_word_unpauses: bool
    counts_all_rows: bool  # deleting a DAG tells of all rows that go, else of it and of its runs
    names_are_cut: bool  # the names of pools are limited in length

    @classmethod
    def of(cls, version: Version, follow: Follow) -> ExperimentalTraits:
        """Look a version up."""
        documents = follow == "documents"

        def since(major: int, minor: int) -> bool:
            return version >= (major, minor)

        return cls(
            crashes=not documents,
            spaced_json=since(2, 4),
            plain_pages=not since(2, 0),
            old_pages=not since(2, 3),
            deprecated=since(2, 0),
            problems=since(2, 8),
            run_page="/dags/{}/graph" if since(2, 3) else "/graph" if since(2, 0) else "/admin/airflow/graph",
            quotes_colons=not since(2, 11),
            shows_all_of_runs=documents,
            iso_dates=not since(2, 9),
            made_up_dates_spaced=not since(2, 0),
            durations_crash=since(2, 0) and not documents,
            text_confs=documents or not since(2, 0),
            object_confs=since(2, 0),
            on_is_true=since(2, 3),
            null_is_false=since(2, 0),
            runs_tell_state=since(2, 3),
            dates_are_unique=documents or since(2, 0),
            states_are_checked=since(2, 3) and not documents,
            any_word_unpauses=not documents,
            counts_all_rows=not since(2, 3),
            names_are_cut=since(2, 0),
        )
