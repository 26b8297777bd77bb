"""Middleware that belongs to the site as a whole rather than to one room."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.middleware.gzip import GZipMiddleware

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; "
    "img-src 'self' data: blob:; "
    "object-src 'none'; "
    "base-uri 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)

FORM = "application/x-www-form-urlencoded"

# Pictures and fonts are compressed already; doing it again costs time and saves nothing.
COMPRESSIBLE = ("text/", "application/json", "application/manifest+json", "application/problem+json", "application/xml")


class PageCompressionMiddleware(GZipMiddleware):
    """Compress pages, which are mostly repetition, for browsers that can read that.

    Django pads each answer by a random length and masks its CSRF tokens, so the
    compressed length tells nothing about them.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]  # the stubs allow what Django never passes
        """Compress text; leave every other answer as it is."""
        if not response.headers.get("Content-Type", "").startswith(COMPRESSIBLE):
            return response
        return super().process_response(request, response)  # type: ignore[return-value]


class NulMiddleware:
    """Refuse addresses, cookies and forms that hold a NUL: no text of the shop does, and PostgreSQL takes none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400, or let the page be made."""
        if self._in_address(request) or self._in_cookies(request) or self._in_form(request):
            raise BadRequest("The request holds a NUL.")
        return self.get_response(request)

    def _in_address(self, request: HttpRequest) -> bool:
        return "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")

    def _in_cookies(self, request: HttpRequest) -> bool:
        # A quoted cookie writes it as \000; that of a session is looked up in the database.
        return any("\0" in value for value in request.COOKIES.values())

    def _in_form(self, request: HttpRequest) -> bool:
        # Uploads are left to whoever takes them: reading them here would hold them in memory twice.
        try:
            return request.content_type == FORM and b"%00" in request.body
        except UnreadablePostError:  # the browser has gone; whoever reads the form will notice
            return False


class ContentSecurityPolicyMiddleware:
    """Send one strict Content-Security-Policy with every page: no inline script, no inline style."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the page be made, then add the header."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response
