"""The JSON API as an OpenAPI 3.1 document, written from the same figures that the API itself uses."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings

from recommender import photo_search
from recommender.panel_kinds import PANEL_KINDS, About
from shop.actions.models import Kind

Json = dict[str, Any]

VERSION = "1"
HIGHEST_K = 100
ITEM_PANEL, ITEM_K = "similar", 8
MY_PANEL, MY_K = "for_you", 12
PHOTO_K = 12
ITEM_PANELS = tuple(kind.name for kind in PANEL_KINDS.values() if kind.about is not About.VISITOR)
MY_PANELS = tuple(kind.name for kind in PANEL_KINDS.values() if kind.about is About.VISITOR)
ACTIONS = {"click": Kind.CLICK, "favourite": Kind.FAVOURITE}

PROBLEM = "application/problem+json"
# Why each problem happens, in the words of this API.
PROBLEMS = {
    HTTPStatus.BAD_REQUEST: "Something in the request makes no sense; the detail says what.",
    HTTPStatus.FORBIDDEN: "The request does not come from a page of this shop.",
    HTTPStatus.NOT_FOUND: "There is no such item, or no such panel at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Another method is needed; the header Allow names it.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of another kind than this address takes.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The file is no picture, is damaged, or has too many or too few pixels.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many photos from one address; the header Retry-After says how long to wait.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The model that is served cannot look at photos; it needs a retrain with pictures.",
}


def document() -> Json:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Vitrine",
            "version": VERSION,
            "summary": "Recommendations of the shop, and telling it what a visitor did.",
            "description": (
                "A visitor is who holds the cookies: keep them between requests. Every problem is a problem "
                "document (RFC 9457) under its status."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": settings.SITE_URL}],
        "paths": {
            "/api/v1/items/{item_id}/recommendations": {"get": _of_item()},
            "/api/v1/me/recommendations": {"get": _of_visitor()},
            "/api/v1/actions": {"post": _actions()},
            "/api/v1/search/photo": {"post": _photo()},
            "/api/v1/openapi.json": {"get": _itself()},
        },
        "components": {
            "schemas": _schemas(),
            "responses": {status.name: _problem(status) for status in PROBLEMS},
            "securitySchemes": {
                "csrf": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-CSRFToken",
                    "description": "The value of the cookie csrftoken that every page of the shop sets.",
                }
            },
        },
    }


def _of_item() -> Json:
    return {
        "operationId": "recommendItems",
        "summary": "What goes with an item",
        "parameters": [
            {
                "name": "item_id",
                "in": "path",
                "required": True,
                "description": "The public id of a published item, URL-encoded.",
                "schema": {"type": "string"},
            },
            _panel(ITEM_PANELS, ITEM_PANEL),
            _k(ITEM_K),
        ],
        "responses": _responses(200, "Recommendations", HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND),
    }


def _of_visitor() -> Json:
    return {
        "operationId": "recommendForMe",
        "summary": "What suits the visitor",
        "parameters": [_panel(MY_PANELS, MY_PANEL), _k(MY_K)],
        "responses": _responses(200, "Recommendations", HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND),
    }


def _actions() -> Json:
    answers = _responses(
        201,
        "ActionTaken",
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    )
    answers["201"]["description"] = "The item is a favourite now."
    answers["200"] = answers["201"] | {"description": "The item was a favourite already."}
    answers["202"] = answers["201"] | {"description": "The click is taken note of and written soon."}
    return {
        "operationId": "tellAction",
        "summary": "Tell what the visitor did",
        "security": [{"csrf": []}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Action"}}},
        },
        "responses": answers,
    }


def _photo() -> Json:
    megabytes = settings.PICTURE_MAX_BYTES // 1024 // 1024
    return {
        "operationId": "searchByPhoto",
        "summary": "Items that look like a photo",
        "description": (
            f"At most {megabytes} MiB and {photo_search.SEARCHES} photos in {photo_search.WINDOW_SECONDS} seconds "
            "from one address. Nothing of the photo is kept."
        ),
        "parameters": [_k(PHOTO_K)],
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": [photo_search.FIELD],
                        "properties": {
                            photo_search.FIELD: {
                                "type": "string",
                                "format": "binary",
                                "description": "JPEG, PNG, WebP, GIF, AVIF, BMP or TIFF; turned as its EXIF says.",
                            }
                        },
                    }
                }
            },
        },
        "responses": _responses(
            200,
            "Recommendations",
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.TOO_MANY_REQUESTS,
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
    }


def _itself() -> Json:
    return {
        "operationId": "describe",
        "summary": "This document",
        "responses": {
            "200": {
                "description": "OpenAPI 3.1.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "400": {"$ref": "#/components/responses/BAD_REQUEST"},
            "405": {"$ref": "#/components/responses/METHOD_NOT_ALLOWED"},
        },
    }


def _panel(names: tuple[str, ...], default: str) -> Json:
    schema = {"type": "string", "enum": list(names), "default": default}
    return {"name": "panel", "in": "query", "description": "The kind of list.", "schema": schema}


def _k(default: int) -> Json:
    schema = {"type": "integer", "minimum": 1, "maximum": HIGHEST_K, "default": default}
    return {"name": "k", "in": "query", "description": "How many at most.", "schema": schema}


def _responses(success: int, schema: str, *problems: HTTPStatus) -> Json:
    """The answer that is wanted and those that may come instead; another method is refused everywhere."""
    wanted = {
        "description": "Best first." if schema == "Recommendations" else "Done.",
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }
    refused = (*problems, HTTPStatus.METHOD_NOT_ALLOWED)
    return {str(success): wanted} | {
        str(status.value): {"$ref": f"#/components/responses/{status.name}"} for status in sorted(refused)
    }


def _problem(status: HTTPStatus) -> Json:
    answer: Json = {
        "description": PROBLEMS[status],
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return answer


def _object(properties: Json, **more: Any) -> Json:
    """An object that has all of these properties and no others."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    } | more


def _schemas() -> Json:
    text = {"type": "string"}
    return {
        "Recommendations": _object(
            {
                "panel": {"type": "string", "enum": [*PANEL_KINDS, photo_search.PANEL]},
                "bundle": {"type": ["string", "null"], "description": "The model version; null where none is active."},
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}, "maxItems": HIGHEST_K},
            }
        ),
        "Item": _object(
            {
                "id": text,
                "title": text,
                "price": {"type": ["string", "null"], "pattern": r"^\d+(\.\d+)?$", "description": "Null: on request."},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                "url": {"type": "string", "format": "uri-reference"},
                "image": {"type": ["string", "null"], "format": "uri-reference"},
                "score": {"type": "number", "exclusiveMinimum": 0, "description": "Falls along the list."},
                "reason": {"$ref": "#/components/schemas/Reason"},
            }
        ),
        "Reason": _object(
            {
                "text": {"type": "string", "minLength": 1, "description": "One sentence in the visitor's language."},
                "parts": {
                    "type": "object",
                    "description": "What the score is made of; adds up to it. Colour counts as image.",
                    "properties": {part: {"type": "number"} for part in ("text", "image", "behaviour")},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            }
        ),
        "Action": {
            "type": "object",
            "required": ["item", "action"],
            "properties": {"item": text, "action": {"type": "string", "enum": list(ACTIONS)}},
        },
        "ActionTaken": _object(
            {
                "item": text,
                "action": {"type": "string", "enum": list(ACTIONS)},
                "recorded": {"type": "boolean", "description": "Whether it entered the stream of actions."},
            }
        ),
        "Problem": _object(
            {
                "type": {"type": "string", "format": "uri-reference"},
                "title": text,
                "status": {"type": "integer", "minimum": 400, "maximum": 599},
                "detail": text,
            }
        ),
    }
