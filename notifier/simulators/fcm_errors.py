"""Answers of FCM HTTP v1 that are no success, as google.rpc.Status in JSON."""

import re
from collections.abc import Sequence

import msgspec

from notifier.simulators.endpoint import Reply

CODES = {
    "INVALID_ARGUMENT": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
}
STATUS_OF_CODE = {code: status for status, code in CODES.items()}
# FCM's own code for a google.rpc status when a whole provider is told to fail with it.
ERROR_CODES = {"RESOURCE_EXHAUSTED": "QUOTA_EXCEEDED", "INTERNAL": "INTERNAL", "UNAVAILABLE": "UNAVAILABLE"}
JSON = ("content-type", "application/json; charset=UTF-8")
FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure"

_where = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`$")
_unknown = re.compile(r"unknown field `([^`]*)`")

Detail = dict[str, object]


def refuse(status: str, message: str, details: Sequence[Detail] = (), retry_after: str | None = None) -> Reply:
    """Phrase an error with its google.rpc status."""
    error: dict[str, object] = {"code": CODES[status], "message": message, "status": status}
    if details:
        error["details"] = details
    headers = [JSON] if retry_after is None else [JSON, ("retry-after", retry_after)]
    return CODES[status], headers, msgspec.json.encode({"error": error})


def fcm_error(code: str) -> Detail:
    """Give the detail that carries FCM's own code."""
    return {"@type": FCM_ERROR, "errorCode": code}


def exhausted(subject: str, retry_after: str | None = None) -> Reply:
    """Phrase that the quota of a device or of the project is used up."""
    violations = [{"subject": subject, "description": f"{subject.capitalize()} message rate exceeded."}]
    details: list[Detail] = [fcm_error("QUOTA_EXCEEDED"), {"@type": QUOTA_FAILURE, "violations": violations}]
    return refuse("RESOURCE_EXHAUSTED", "Resource has been exhausted.", details, retry_after)


def expired_token() -> Reply:
    """Phrase the refusal of an access token that was good once."""
    detail: Detail = {"@type": ERROR_INFO, "reason": "ACCESS_TOKEN_EXPIRED", "domain": "googleapis.com"}
    return refuse("UNAUTHENTICATED", "Request had invalid authentication credentials.", [detail])


def violation(field: str, description: str) -> Reply:
    """Phrase a bad field of the request."""
    violations = [{"field": field, "description": description}]
    return refuse("INVALID_ARGUMENT", description, [{"@type": BAD_REQUEST, "fieldViolations": violations}])


def explain(error: msgspec.ValidationError) -> Reply:
    """Phrase what the types of the message refused, naming the field as Google does."""
    text = str(error)
    place = _where.search(text)
    field = place.group(1).replace("[...]", "") if place else ""
    if unknown := _unknown.search(text):
        said = f"Invalid JSON payload received. Unknown name \"{unknown.group(1)}\" at '{field}': Cannot find field."
        return violation(field, said)
    return violation(field, f"Invalid value at '{field}': {text.partition(' - at ')[0]}")
