"""How the minor versions of Airflow 2 find out who makes a request, and how their web server logs people in.

Measured on 2.2.5, 2.3.4, 2.6.3, 2.10.5 and 2.11.2; what changed between those is read in the packages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from specs.versions import Version

Parser = Literal["strict", "first", "second", "third"]


@dataclass(frozen=True)
class Ways:
    """How a version behaves when it follows Airflow or the documents."""

    # Who makes a request
    parser: Parser  # how the header Authorization is read: as werkzeug 1, 2 or 3 does, or to the letter of the document
    hash_drops_nuls: bool  # NULs at the end of a password do not count
    public_role_counts: bool  # where nobody is let in, the public role decides, and not the backends
    basic_wants_no_header: bool  # where Basic lets in who is not logged in, it refuses who sends what is no good
    challenges_all: bool  # a 401 has the challenges of every backend; else those of the last one
    tickets_name_users: bool  # who has shown a ticket of Kerberos is the user of that name
    strangers_break: bool  # whatever looks for permissions breaks over a ticket of who is no user by that
    proves_itself: bool  # what is answered to a ticket has the token that proves the service
    own_backends_find_manager: bool  # backends may ask airflow.www for the auth manager
    own_backends_find_app: bool  # backends may ask airflow.utils for the application
    spaced_json: bool  # views write JSON with blanks
    tells_wrong_methods: bool  # a wrong method is 405 outside the API too; before, it is 404
    deleted_users_crash: bool  # the session of a user who was deleted breaks every request
    # Logging in to the web server
    rotates_session: bool  # logging in gives the session another id
    long_ids: bool  # the id of a session is 32 random bytes until somebody logs in, a UUID from then on
    lazy_cookies: bool  # only a session that something is kept in gets a cookie; before, every page sets one
    absolute_locations: bool  # redirects name scheme and host
    remembers_next: bool  # a login that is refused, or that names no place to go to, goes on to /home
    plain_next: bool  # the place to go to is not percent-encoded more than it must be
    posts_logout: bool  # logging out is a POST
    forbids_caching: bool  # the pages of the login are not to be cached
    old_dates: bool  # cookies expire on dates with dashes
    old_pages: bool  # pages of the framework have the doctype of HTML 3.2

    @classmethod
    def of(cls, version: Version, *, documents: bool = False) -> Ways:
        """Look a version up."""

        def since(minor: int) -> bool:
            return version >= (2, minor)

        parser: Parser = "third" if since(11) else "second" if since(3) else "first"
        return cls(
            parser="strict" if documents else parser,
            hash_drops_nuls=not documents,
            public_role_counts=since(9),
            basic_wants_no_header=since(11),
            challenges_all=documents,
            # Measured on 2.2.5, 2.6.3 and 2.11.2; that it was mended in 2.5.2 and 2.10.4, and broken in 2.8, is read.
            tickets_name_users=documents or since(10) or (since(5) and not since(8)),
            strangers_break=not documents and not since(8),
            proves_itself=documents,
            own_backends_find_manager=since(8),
            own_backends_find_app=since(3),
            spaced_json=since(4),
            tells_wrong_methods=since(4),
            deleted_users_crash=since(10) and not documents,
            rotates_session=since(3),
            long_ids=since(11),
            lazy_cookies=since(11),
            absolute_locations=not since(3),
            remembers_next=since(6),
            plain_next=since(11),
            posts_logout=since(10),
            forbids_caching=since(10),
            old_dates=not since(3),
            old_pages=not since(3),
        )
