"""The session: one open bundle per process, asked by every page.

``get_session()`` gives it. It is opened once per web worker by ``start()`` (at
start-up, not per request and not at import) and follows the active bundle from
then on; a management command that asks for it gets it opened on first use.
What it answers is ``recommender.bundle_session``; where no bundle is active,
``FallbackSession`` answers every question with an empty list.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from recommender.bundle_files import open_bundle
from recommender.bundle_session import FallbackSession, Session
from recommender.models import Bundle
from recommender.newcomers.following import Follower, FollowingThread
from recommender.picture_lookup import NoPictureEncoder
from recommender.swap import ActiveVersionUnknown, SessionHolder

__all__ = [
    "FallbackSession",
    "NoPictureEncoder",
    "Session",
    "check_ready",
    "get_session",
    "look_for_newcomers",
    "open_session",
    "refresh",
    "served_version",
    "start",
    "stop",
    "use_session",
]


def open_session(version: str) -> Session:
    """Open one published version, picture model included.

    Raises:
        BundleMissing, BundleBroken: it is not there or not whole.
    """
    session = Session(open_bundle(Path(settings.RECOMMENDER_HOME) / version))
    session.prepare_pictures()
    return session


def get_session() -> Session:
    """The session of this process; a fallback session where no bundle is active."""
    return _holder.current


def served_version() -> str:
    """The version of the model that answers in this process, empty for none."""
    return get_session().version


def check_ready() -> str:
    """What keeps this process from recommending, or the empty string."""
    return "" if get_session().version else "no model version is active, or none that opens; run manage.py retrain"


def start() -> None:
    """Open the session, follow the active bundle and take in new items; every web worker calls this once when it starts."""
    _holder.start()
    _newcomers.start()


def stop() -> None:
    """Close the session and stop following; the next ``get_session`` opens it again."""
    _newcomers.stop()
    _holder.stop()


def use_session(session: Session) -> None:
    """Serve exactly this session in this process; for tests and experiments."""
    _holder.use(session)


def refresh() -> None:
    """Look now whether another bundle is active, instead of at the next look of the watching thread."""
    _holder.refresh()


def look_for_newcomers() -> None:
    """Take in now what changed in the shop, instead of at the next look of the following thread."""
    _follower.catch_up()


def _active_version() -> str:
    """The version whose row is active, empty for none."""
    try:
        return Bundle.objects.active().values_list("version", flat=True).first() or ""
    except DatabaseError as error:
        raise ActiveVersionUnknown(str(error)) from error


_holder: SessionHolder[Session] = SessionHolder(
    active_version=_active_version,
    open_version=open_session,
    fallback=FallbackSession,
    after_look=close_old_connections,
    at_end=connections.close_all,
)
_follower = Follower(current=get_session, replace=_holder.replace)
_newcomers = FollowingThread(_follower, after_look=close_old_connections, at_end=connections.close_all)
