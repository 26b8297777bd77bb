"""The recommender in the admin: which model versions there are, what they scored, and a button to retrain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from recommender import tasks
from recommender.bundle import BundleError, activate
from recommender.bundle_report import Documents, bundle_report
from recommender.models import Bundle

MOST_FIGURES = 400
# What ``evaluate`` added after publication: for the report alone, for other splits give other figures.
LATER = "evaluations"


@admin.register(Bundle)
class BundleAdmin(admin.ModelAdmin[Bundle]):
    """Model versions are made by retraining alone; here one looks at them and chooses which is served."""

    list_display = (
        "version",
        "active",
        "created_at",
        "item_count",
        "action_count",
        "headline",
        "decision_line",
        "report_link",
    )
    list_filter = ("active", "created_at")
    search_fields = ("version", "decision")
    actions = ("activate_version",)
    ordering: ClassVar = ["-id"]
    fields = (
        "version",
        "active",
        "created_at",
        "activated_at",
        "item_count",
        "action_count",
        "decision",
        "report_link",
        "figures",
        "settings",
    )
    readonly_fields = fields
    change_list_template = "admin/recommender/bundle/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody types a model."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Bundle | None = None) -> bool:  # noqa: ARG002 - Django's signature
        """Old versions go by ``manage.py bundles prune``, which takes their files along."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Three more addresses: the button, the report and its figures for download."""
        view = self.admin_site.admin_view
        return [
            path("retrain/", view(require_POST(self.retrain)), name="recommender_bundle_retrain"),
            path("<int:key>/report/", view(require_safe(self.report)), name="recommender_bundle_report"),
            path("<int:key>/report.json", view(require_safe(self.report_json)), name="recommender_bundle_report_json"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The list, with what became of the latest request to retrain."""
        context = {
            "may_retrain": self._may_retrain(request),
            "retraining": tasks.is_retraining(),
            "last_retrain": tasks.last_retrain(),
        }
        return super().changelist_view(request, {**(extra_context or {}), **context})  # type: ignore[return-value]

    def retrain(self, request: HttpRequest) -> HttpResponse:
        """Ask the task worker to retrain, unless that has been asked already."""
        if not self._may_retrain(request):
            raise PermissionDenied
        if tasks.is_retraining():
            self.message_user(request, _("Retraining is already on its way."), messages.WARNING)
        else:
            tasks.retrain.enqueue()
            self.message_user(request, _("Retraining was asked for; it starts as soon as the task worker is free."))
        return HttpResponseRedirect(reverse("admin:recommender_bundle_changelist"))

    def report(self, request: HttpRequest, key: int) -> HttpResponse:
        """How good the version is, drawn."""
        row = self._visible(request, key)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Report"),
            "subtitle": row.version,
            "bundle": row,
            "report": bundle_report(row),
        }
        return TemplateResponse(request, "admin/recommender/bundle/report.html", context)

    def report_json(self, request: HttpRequest, key: int) -> HttpResponse:
        """The same figures, to compute with."""
        row = self._visible(request, key)
        response = JsonResponse(Documents.of(row).to_json(row), json_dumps_params={"indent": 2, "ensure_ascii": False})
        response.headers["Content-Disposition"] = f'attachment; filename="{row.version}.json"'
        return response

    @admin.action(description=gettext_lazy("Activate: serve this version from now on"), permissions=["change"])
    def activate_version(self, request: HttpRequest, queryset: QuerySet[Bundle]) -> None:
        """Serve one version; every web worker follows within two seconds."""
        versions = list(queryset.values_list("version", flat=True)[:2])
        if len(versions) != 1:
            self.message_user(request, _("Choose exactly one version to activate."), messages.ERROR)
            return
        try:
            row = activate(versions[0])
        except BundleError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        self.log_change(request, row, "Activated.")
        self.message_user(request, _("Served from now on: %(version)s") % {"version": row.version})

    @admin.display(description=gettext_lazy("figures"))
    def figures(self, bundle: Bundle) -> SafeString:
        """All metrics, one a line."""
        return _as_lines({name: value for name, value in bundle.metrics.items() if name != LATER})

    @admin.display(description=gettext_lazy("settings"))
    def settings(self, bundle: Bundle) -> SafeString:
        """All settings it was trained with, one a line."""
        return _as_lines(bundle.configuration)

    @admin.display(description=gettext_lazy("best NDCG@10"))
    def headline(self, bundle: Bundle) -> str:
        """The best method's overall NDCG@10, where the log was long enough to measure."""
        scores = [
            (value, name.split(".")[-3])
            for name, value in _flat(bundle.metrics)
            if name.endswith(".overall.ndcg@10") and not name.startswith(LATER) and isinstance(value, float | int)
        ]
        if not scores:
            return "–"
        value, method = max(scores)
        return f"{value:.3f} ({method})"

    @admin.display(description=gettext_lazy("decision of the gate"))
    def decision_line(self, bundle: Bundle) -> str:
        """Its first line."""
        return bundle.decision.partition("\n")[0]

    @admin.display(description=gettext_lazy("report"))
    def report_link(self, bundle: Bundle) -> SafeString:
        """Where the figures are drawn."""
        address = reverse("admin:recommender_bundle_report", args=[bundle.pk])
        # The name is told by an attribute: hidden words would be laid out beyond the list, which scrolls by itself.
        return format_html('<a href="{}" aria-label="{} {}">{}</a>', address, _("Report"), bundle.version, _("Report"))

    def _visible(self, request: HttpRequest, key: int) -> Bundle:
        """The row, for those who may look at it.

        Raises:
            PermissionDenied: they may not.
            Http404: there is no such row.
        """
        row = get_object_or_404(Bundle, pk=key) if self.has_view_permission(request) else None
        if row is None:
            raise PermissionDenied
        return row

    def _may_retrain(self, request: HttpRequest) -> bool:
        return request.user.has_perm("recommender.add_bundle")


def _flat(values: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """A nested document as dotted names and plain values."""
    if isinstance(values, Mapping):
        for name, value in values.items():
            yield from _flat(value, f"{prefix}.{name}" if prefix else str(name))
    else:
        yield prefix, values


def _as_lines(values: object) -> SafeString:
    """A nested document as lines of name and value; figures with four decimals."""
    lines = [
        (name, f"{value:.4f}" if isinstance(value, float) else str(value)) for name, value in _flat(values) if name
    ]
    return format_html_join("", "<div>{} <b>{}</b></div>", lines[:MOST_FIGURES]) or SafeString("–")
