"""What every page needs to know."""

from django.http import HttpRequest


def shop(request: HttpRequest) -> dict[str, object]:
    """Navigation and counters of the bar."""
    return {}
