"""Problem documents: errors of the JSON API in the form of RFC 9457, under the right status."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.cache import patch_cache_control
from django.views import defaults

# What reading a request can raise; left alone, Django makes a page of it.
UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError)


class ApiProblem(Exception):
    """A request cannot be answered; ``detail`` says why, ``status`` how."""

    def __init__(self, status: HTTPStatus, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem_behind(error: Exception) -> ApiProblem:
    """The problem that one of ``UNREADABLE`` stands for."""
    if isinstance(error, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return ApiProblem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body has more than {most:,} bytes.")
    if isinstance(error, BadRequest):
        return ApiProblem(HTTPStatus.BAD_REQUEST, str(error))
    # What Django says of the others names settings, which is for the log.
    return ApiProblem(HTTPStatus.BAD_REQUEST, "The request is malformed or did not arrive whole.")


def problem_response(problem: ApiProblem) -> JsonResponse:
    """The document of a problem."""
    document = {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
    }
    response = JsonResponse(
        document, status=problem.status, content_type="application/problem+json", headers=problem.headers
    )
    patch_cache_control(response, private=True, no_store=True)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is refused before a view sees it, such as a NUL in the address: a problem for programs, else a page."""
    if _is_for_api(request):
        return problem_response(problem_behind(exception))
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """A mistake in the shop: a problem for programs, else a page."""
    if _is_for_api(request):
        detail = "Something went wrong in the shop; its log says what."
        return problem_response(ApiProblem(HTTPStatus.INTERNAL_SERVER_ERROR, detail))
    return defaults.server_error(request)


def _is_for_api(request: HttpRequest) -> bool:
    return request.path_info == "/api" or request.path_info.startswith("/api/")
