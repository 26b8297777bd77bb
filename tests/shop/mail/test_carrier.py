"""The thread: it sends after the answer, there is one of it, and it ends with its process."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from shop.mail import carrier as carrier_module
from shop.mail.carrier import LetterCarrier, carrier
from shop.mail.delivery import letters_deliver
from shop.mail.models import Letter
from shop.mail.services import mail_send
from tests.factories import UserFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("file_database")]

ROOT = Path(__file__).resolve().parents[3]
RESET = "/account/password/reset/"
PATIENCE_SECONDS = 20


class RecordingBackend(BaseEmailBackend):
    """A mail server that notes which thread speaks to it."""

    threads: ClassVar[list[str]] = []
    readers: ClassVar[list[str]] = []
    fail_once: ClassVar[bool] = False

    def send_messages(self, email_messages: Any) -> int:
        """Take them, or refuse the first time."""
        self.threads.append(threading.current_thread().name)
        if RecordingBackend.fail_once:
            RecordingBackend.fail_once = False
            raise ConnectionRefusedError
        self.readers.extend(message.to[0] for message in email_messages)
        return len(email_messages)


@pytest.fixture(autouse=True)
def after_answer(settings: Any) -> Iterator[None]:
    """Letters go by the thread, which ends with the test."""
    settings.MAIL_DELIVERY = "after_answer"
    settings.EMAIL_BACKEND = f"{__name__}.{RecordingBackend.__name__}"
    for recorded in (RecordingBackend.threads, RecordingBackend.readers):
        recorded.clear()
    RecordingBackend.fail_once = False
    yield
    carrier.finish()


def wait_until_empty() -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Letter.objects.waiting().exists():
        assert time.monotonic() < deadline, "letters are left"
        time.sleep(0.02)


def write(to: str = "ada@example.com") -> None:
    mail_send(to=to, template="account_closed", context={"email": to})


def test_no_mail_server_is_asked_within_the_request(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory.create(email="ada@example.com")
    held = threading.Event()
    deliver = letters_deliver

    def later(**how: Any) -> Any:
        held.wait(PATIENCE_SECONDS)
        return deliver(**how)

    monkeypatch.setattr(carrier_module, "letters_deliver", later)
    for email in ("ada@example.com", "nobody@example.com"):
        assert client.post(RESET, {"email": email}).status_code == 302
    assert RecordingBackend.threads == [], "both are answered, and nobody has spoken to the server"
    assert list(Letter.objects.order_by("id").values_list("recipient", flat=True)) == ["ada@example.com", ""]
    held.set()
    wait_until_empty()
    assert RecordingBackend.threads == ["letters"]
    assert RecordingBackend.readers == ["ada@example.com"]


def test_in_the_request_it_would_be_the_requests_thread(client: Client, settings: Any) -> None:
    settings.MAIL_DELIVERY = "in_request"
    UserFactory.create(email="ada@example.com")
    client.post(RESET, {"email": "ada@example.com"})
    assert RecordingBackend.threads == [threading.current_thread().name]


def test_the_database_is_asked_the_same_whether_there_is_an_account(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "wake", lambda: None)
    UserFactory.create(email="ada@example.com")
    UserFactory.create(email="closed@example.com", is_active=False)
    asked = []
    for email in ("ada@example.com", "nobody@example.com", "closed@example.com"):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.post(RESET, {"email": email})
        asked.append([query["sql"].split("(")[0].split("WHERE")[0] for query in captured])
    assert asked[0] == asked[1] == asked[2]
    assert sum("INSERT" in sql for sql in asked[0]) == 1
    known, unknown, closed = Letter.objects.order_by("id")
    assert known.subject == unknown.subject == closed.subject
    assert known.html.count("\n") == unknown.html.count("\n")
    assert [letter.recipient for letter in (known, unknown, closed)] == ["ada@example.com", "", ""]


def test_nothing_is_carried_before_it_is_true() -> None:
    with transaction.atomic():
        write()
        assert not carrier.is_running
    wait_until_empty()
    assert RecordingBackend.readers == ["ada@example.com"]


def test_there_is_one_thread_however_many_letters() -> None:
    for number in range(5):
        write(f"{number}@example.com")
    assert [thread.name for thread in threading.enumerate()].count("letters") == 1
    wait_until_empty()
    assert sorted(RecordingBackend.readers) == [f"{number}@example.com" for number in range(5)]
    assert set(RecordingBackend.threads) == {"letters"}


def test_the_thread_closes_its_connection_after_each_round(monkeypatch: pytest.MonkeyPatch) -> None:
    open_after: list[bool] = []
    close_all = connections.close_all

    def close() -> None:
        close_all()
        open_after.append(connection.connection is not None)

    monkeypatch.setattr(connections, "close_all", close)
    write()
    wait_until_empty()
    carrier.finish()
    assert open_after
    assert not any(open_after)


def test_woken_by_many_at_once_it_begins_once() -> None:
    own = LetterCarrier()
    barrier = threading.Barrier(8)

    def wake() -> None:
        barrier.wait(PATIENCE_SECONDS)
        own.wake()

    threads = [threading.Thread(target=wake) for _one in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [thread.name for thread in threading.enumerate()].count("letters") == 1
    own.finish()
    assert not own.is_running


def test_what_failed_is_tried_again_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop.mail.delivery.PAUSES", (timedelta(milliseconds=300),) * 7)
    RecordingBackend.fail_once = True
    write()
    wait_until_empty()
    assert RecordingBackend.threads == ["letters", "letters"]
    assert RecordingBackend.readers == ["ada@example.com"]


def test_at_the_end_of_the_process_what_is_due_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier_module, "SETTLING_SECONDS", 60.0)  # it would not go for a minute
    write()
    carrier.finish()
    assert RecordingBackend.readers == ["ada@example.com"]
    assert not carrier.is_running


def test_a_server_that_hangs_holds_the_end_up_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hang(self: Any, messages: Any) -> int:
        released.wait(PATIENCE_SECONDS)
        return 1

    monkeypatch.setattr(RecordingBackend, "send_messages", hang)
    monkeypatch.setattr(carrier_module, "FINISH_SECONDS", 0.3)
    write()
    [thread] = [thread for thread in threading.enumerate() if thread.name == "letters"]
    begin = time.monotonic()
    carrier.finish()
    assert time.monotonic() - begin < 5
    released.set()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def test_after_the_end_another_letter_begins_anew() -> None:
    write()
    carrier.finish()
    write("bo@example.com")
    wait_until_empty()
    assert RecordingBackend.readers == ["ada@example.com", "bo@example.com"]


def test_a_child_begins_without_the_parents_thread() -> None:
    own = LetterCarrier()
    own.wake()
    parents = own._thread
    stop, wake = own._stop, own._wake
    own.after_fork()
    assert not own.is_running
    stop.set()
    wake.set()
    assert parents is not None
    parents.join(PATIENCE_SECONDS)


def test_a_program_that_ends_at_once_sends_its_letter_all_the_same(tmp_path: Path) -> None:
    """In a process of its own: begun by the letter, the thread sends it, and holds nobody up afterwards."""
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "from shop.mail.services import mail_send\n"
        "mail_send(to='ada@example.com', template='account_closed', context={'email': 'ada@example.com'})\n"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}",
        "SECRET_KEY": "x",
        "EMAIL_URL": "consolemail://",
        "PATH": "/usr/bin:/bin",
    }
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    assert "To: ada@example.com" in result.stdout
