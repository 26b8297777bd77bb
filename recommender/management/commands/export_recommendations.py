"""``manage.py export_recommendations``: what a panel recommends, for the whole shop, as a CSV file."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from recommender.bundle_vectors import NoVectors
from recommender.exporting import (
    ITEM_PANELS,
    PANELS,
    USER_PANELS,
    Exclude,
    ItemLists,
    Keys,
    KeysUnreadable,
    Moment,
    UserLists,
    read_keys,
    write_rows,
)
from recommender.method_options import add_method_arguments, check_method, method_lists
from recommender.photos import Photos, PhotosRefused
from recommender.session import NoPictureEncoder, Session, get_session
from recommender.snapshot import take_snapshot
from recommender.vector_lists import NoUserVectors
from shop.command_help import ExplainedCommand
from shop.progress import track

UNKNOWN_SHOWN = 5
REFUSED_SHOWN = 20
# Options that only some panels have; one that has no say in what is written is refused, never passed over.
PANELS_OF = {
    "items": ITEM_PANELS,
    "users": USER_PANELS,
    "exclude": USER_PANELS,
    "at": USER_PANELS,
    "photos": ("photo",),
}
DEFAULT_EXCLUDE: Exclude = "purchased"
DEFAULT_MOMENT: Moment = "now"


class Command(ExplainedCommand):
    """Writes product_main/user_id/photo, product_id and score, best first."""

    help = (
        "Write what a panel recommends as CSV: product_main,product_id,score (item panels), "
        "user_id,product_id,score (for_you, pick_up), photo,product_id,score (photo), product_id,score (trending).\n\n"
        "Example: manage.py export_recommendations --panel similar -k 10 --out similar.csv"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which panel, how many, where to, and for which keys."""
        parser.add_argument("--panel", required=True, choices=PANELS)
        parser.add_argument("-k", type=int, required=True, help="rows for each key")
        parser.add_argument("--out", type=Path, required=True, help="the CSV file to write")
        parser.add_argument(
            "--items", type=Path, help="CSV whose column seed_item_id, else item_id, names the only keys wanted"
        )
        parser.add_argument("--users", type=Path, help="CSV whose column user_id names the only keys wanted")
        parser.add_argument("--photos", type=Path, help="folder or ZIP of photos, for panel photo")
        parser.add_argument(
            "--exclude",
            choices=["purchased", "touched", "none"],
            help=f"what a shopper's own list leaves out (default: {DEFAULT_EXCLUDE})",
        )
        parser.add_argument(
            "--at",
            choices=["now", "last-action"],
            help="coming back at the end of the log (now, default) or right after each shopper's last action",
        )
        add_method_arguments(parser)

    def handle(self, **options: Any) -> None:
        """Check the wishes, then write."""
        _check(options)
        session = get_session()
        if not session.version:
            raise CommandError("no model version is active; run manage.py retrain first")
        try:
            number, keys = self._write(session, options)
        except KeyboardInterrupt:
            raise CommandError("stopped; nothing was written", returncode=130) from None
        except (NoVectors, NoUserVectors) as error:
            raise CommandError(str(error)) from error
        except NoPictureEncoder as error:
            raise CommandError(f"{error}; run manage.py retrain with pictures in the shop") from error
        except (KeysUnreadable, PhotosRefused, OSError) as error:
            raise CommandError(str(error)) from error
        if keys.unknown:
            shown = ", ".join(keys.unknown[:UNKNOWN_SHOWN]) + (" …" if len(keys.unknown) > UNKNOWN_SHOWN else "")
            self.stderr.write(f"{len(keys.unknown):,} keys are not in the shop and get no rows: {shown}")
        if keys.refused:
            self.stderr.write(f"{len(keys.refused):,} photos cannot be used and get no rows:")
            for problem in keys.refused[:REFUSED_SHOWN]:
                self.stderr.write(f"  {problem}")
        self.stdout.write(
            f"{number:,} rows for {len(keys.known):,} keys from model version {session.version}: {options['out']}"
        )

    def _write(self, session: Session, options: dict[str, Any]) -> tuple[int, Keys]:
        """Write the file; gives the number of rows and the keys."""
        panel, k, out = options["panel"], options["k"], options["out"].absolute()
        method = method_lists(session, options)
        if panel in USER_PANELS:
            wanted = read_keys(options["users"], ["user_id"]) if options["users"] else None
            users = UserLists(
                session,
                k=k,
                snapshot=take_snapshot(),
                exclude=options["exclude"] or DEFAULT_EXCLUDE,
                at=options["at"] or DEFAULT_MOMENT,
                method=method,
            )
            keys = users.keys(wanted)
            return write_rows(out, panel, users.rows(self._tracked(keys.known), panel=panel)), keys
        items = ItemLists(session, k=k, method=method)
        if panel == "photo":
            photos, refused = Photos.at(options["photos"]), list[str]()
            rows = items.photo(photos, self._tracked(photos.names), refused)
            return write_rows(out, panel, rows), Keys(photos.names, refused=refused)
        if panel == "trending":
            return write_rows(out, panel, items.trending()), Keys(("all",))
        wanted = read_keys(options["items"], ["seed_item_id", "item_id"]) if options["items"] else None
        keys = items.keys(wanted)
        return write_rows(out, panel, items.rows(panel, self._tracked(keys.known))), keys

    def _tracked(self, keys: Sequence[str]) -> Any:
        return track(keys, total=len(keys), what="Exporting")


def _check(options: dict[str, Any]) -> None:
    """Refuse wishes that make no sense, before anything is read."""
    panel, k, out = options["panel"], options["k"], options["out"]
    check_method(options)
    for option, panels in PANELS_OF.items():
        if options[option] is not None and panel not in panels:
            raise CommandError(f"--{option} belongs to {', '.join(panels)}; panel {panel} has no use for it")
    if panel == "photo" and not options["photos"]:
        raise CommandError("panel photo needs --photos DIR or ZIP")
    if panel == "pick_up" and options["exclude"] == "touched":
        raise CommandError("panel pick_up is what was touched and not bought; without that nothing is left of it")
    if k < 1:
        raise CommandError(f"-k must be at least 1, not {k}")
    if not out.absolute().parent.is_dir():
        raise CommandError(f"the folder of {out} does not exist")
    if out.is_dir():
        raise CommandError(f"{out} is a folder; name a file in it, such as {out / f'{panel}.csv'}")
