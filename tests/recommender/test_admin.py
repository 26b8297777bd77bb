"""Model versions in the admin: look, activate, ask for a retrain; and no more than one may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from recommender import tasks
from recommender.bundle import bundle_path
from recommender.models import Bundle
from shop.accounts.models import User
from tests.factories import UserFactory
from tests.recommender.tiny_bundle import TinyBundle

pytestmark = pytest.mark.django_db

LIST = "/admin/recommender/bundle/"
BUTTON = f"{LIST}retrain/"


def staff(*permissions: str) -> Client:
    user: User = UserFactory.create(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def two_versions() -> None:
    TinyBundle(items=["a"]).publish("v1")
    TinyBundle(items=["a", "b"]).publish("v2", active=False)


def activate(client: Client, *versions: str) -> str:
    chosen = list(Bundle.objects.filter(version__in=versions).values_list("pk", flat=True))
    data = {"action": "activate_version", "_selected_action": chosen}
    return client.post(LIST, data, follow=True).content.decode()


def test_the_list_and_one_version_can_be_looked_at(owner: Client, two_versions: None) -> None:
    metrics = {"methods": {"history_sum": {"overall": {"ndcg@10": 0.125}}, "popularity": {"overall": {"ndcg@10": 0.1}}}}
    Bundle.objects.filter(version="v1").update(metrics=metrics)
    page = owner.get(LIST).content.decode()
    assert "v1" in page
    assert "v2" in page
    assert "0.125 (history_sum)" in page
    one = owner.get(f"{LIST}{Bundle.objects.get(version='v1').pk}/change/").content.decode()
    assert "methods.history_sum.overall.ndcg@10 <b>0.1250</b>" in one
    assert "made by hand" in one


def test_activating_serves_another_version(owner: Client, two_versions: None) -> None:
    assert "Served from now on: v2" in activate(owner, "v2")
    assert Bundle.objects.get(active=True).version == "v2"


def test_two_versions_cannot_be_activated(owner: Client, two_versions: None) -> None:
    assert "Choose exactly one version" in activate(owner, "v1", "v2")
    assert Bundle.objects.get(active=True).version == "v1"


def test_a_broken_version_cannot_be_activated(owner: Client, two_versions: None) -> None:
    (bundle_path("v2") / "items.json").unlink()
    assert "is missing" in activate(owner, "v2")
    assert Bundle.objects.get(active=True).version == "v1"


def test_nobody_adds_deletes_or_edits_a_version(owner: Client, two_versions: None) -> None:
    key = Bundle.objects.get(version="v1").pk
    assert owner.get(f"{LIST}add/").status_code == 403
    assert owner.post(f"{LIST}{key}/delete/", {"post": "yes"}).status_code == 403
    owner.post(f"{LIST}{key}/change/", {"version": "mine", "decision": "mine"})
    assert Bundle.objects.get(pk=key).version == "v1"


def test_the_button_asks_the_worker_once(owner: Client) -> None:
    assert "Retraining was asked for" in owner.post(BUTTON, follow=True).content.decode()
    page = owner.post(BUTTON, follow=True).content.decode()
    assert "already on its way" in page
    assert "disabled" in page
    (request,) = DBTaskResult.objects.all()
    assert (request.task_path, request.status) == ("recommender.tasks.retrain", TaskResultStatus.READY)


def test_what_became_of_it_is_shown(owner: Client) -> None:
    owner.post(BUTTON)
    DBTaskResult.objects.update(
        status=TaskResultStatus.SUCCESSFUL, return_value="Published v3.", finished_at=timezone.now()
    )
    page = owner.get(LIST).content.decode()
    assert "Published v3." in page
    assert not tasks.is_retraining()


def test_a_killed_worker_does_not_block_the_button_for_ever(owner: Client) -> None:
    owner.post(BUTTON)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=timezone.now())
    assert tasks.is_retraining()
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=7))
    assert not tasks.is_retraining()


def test_the_button_is_for_those_who_may(two_versions: None) -> None:
    looker = staff("view_bundle")
    assert "Retrain now" not in looker.get(LIST).content.decode()
    assert looker.post(BUTTON).status_code == 403
    assert activate(looker, "v2")
    assert Bundle.objects.get(active=True).version == "v1"
    assert not DBTaskResult.objects.exists()
    # negative control: with the permissions both work
    chief = staff("view_bundle", "add_bundle", "change_bundle")
    assert chief.post(BUTTON).status_code == 302
    activate(chief, "v2")
    assert DBTaskResult.objects.exists()
    assert Bundle.objects.get(active=True).version == "v2"


def test_a_link_cannot_press_the_button(owner: Client) -> None:
    assert owner.get(BUTTON).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    assert strict.post(BUTTON).status_code == 403
    assert not DBTaskResult.objects.exists()
