"""Problem documents: errors of the JSON API in the form of RFC 9457, under the right status."""

from __future__ import annotations

from http import HTTPStatus

from django.http import JsonResponse


class ApiProblem(Exception):
    """A request cannot be answered; ``detail`` says why, ``status`` how."""

    def __init__(self, status: HTTPStatus, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem_response(problem: ApiProblem) -> JsonResponse:
    """The document of a problem."""
    document = {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
    }
    return JsonResponse(
        document, status=problem.status, content_type="application/problem+json", headers=problem.headers
    )
