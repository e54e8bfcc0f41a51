"""What Apple demands of a request's headers, token and body; each check gives Apple's reason, or "" if all is well."""

import re

from notifier.simulators.endpoint import Get

PATH = "/3/device/"
MOST_BODY_BYTES = 4096
MOST_VOIP_BYTES = 5120
MOST_COLLAPSE_BYTES = 64
PRIORITIES = (None, "10", "5", "1")
# Push type -> what its topic ends with (Apple, "Sending notification requests to APNs").
SUFFIXES = {
    "alert": "",
    "background": "",
    "voip": ".voip",
    "complication": ".complication",
    "fileprovider": ".pushkit.fileprovider",
    "liveactivity": ".push-type.liveactivity",
    "location": ".location-query",
    "pushtotalk": ".voip-ptt",
    "controls": ".push-type.controls",
    "widgets": ".push-type.widgets",
    "mdm": "",
}

_is_uuid = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
_is_token = re.compile(r"(?:[0-9a-fA-F]{2})+").fullmatch
_is_topic = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]*").fullmatch
_is_number = re.compile(r"[0-9]{1,19}").fullmatch


def judge_kind(topic: str | None, push_type: str | None, priority: str | None, allowed: frozenset[str]) -> str:
    """Judge topic, push type and priority together; `allowed` empty allows every topic.

    Stricter than Apple in one thing: a missing push type is refused, since watchOS demands it and Apple advises it.
    """
    if topic is None or not _is_topic(topic):
        return "MissingTopic" if topic is None else "BadTopic"
    suffix = SUFFIXES.get(push_type or "")
    if allowed and topic not in allowed and topic.removesuffix(suffix or "") not in allowed:
        return "TopicDisallowed"
    if suffix is None:
        return "InvalidPushType"
    if suffix and not topic.endswith(suffix):
        return "BadTopic"
    if priority not in PRIORITIES or (push_type == "background" and priority != "5"):
        return "BadPriority"
    return ""


def judge_marks(get: Get, apns_id: str | None) -> str:
    """Judge expiration, id and collapse id."""
    expiration = get("apns-expiration")
    if expiration is not None and not _is_number(expiration):
        return "BadExpirationDate"
    if apns_id is not None and not _is_uuid(apns_id):
        return "BadMessageId"
    collapse_id = get("apns-collapse-id")
    if collapse_id is not None and not 0 < len(collapse_id.encode()) <= MOST_COLLAPSE_BYTES:
        return "BadCollapseId"
    return ""


def judge_token(token: str) -> str:
    """Judge the form of a device token: hexadecimal, of any even length."""
    if not token:
        return "MissingDeviceToken"
    return "" if _is_token(token) else "BadDeviceToken"


def judge_size(body: bytes, push_type: str | None) -> str:
    """Judge the size of the payload."""
    if not body:
        return "PayloadEmpty"
    return "PayloadTooLarge" if len(body) > (MOST_VOIP_BYTES if push_type == "voip" else MOST_BODY_BYTES) else ""
