"""From a payload to what it asks of a phone, as iOS, Android and our own convention for removal have it."""

from collections.abc import Mapping
from hashlib import blake2b

from notifier.simulators.fcm_message import AndroidNotification, Message, Notification
from notifier.simulators.remembered import Act

QUIET = ("PRIORITY_MIN", "PRIORITY_LOW")


def read_apns(payload: Mapping[str, object], push_type: str, collapse_id: str | None, apns_id: str) -> Act:
    """Say what an APNs payload does; `remove` in a background push takes entries away, a badge there does nothing."""
    aps = payload.get("aps")
    aps = aps if isinstance(aps, dict) else {}
    named = payload.get("id")
    identity = named if isinstance(named, str) else apns_id
    if push_type == "background":
        removable = aps.get("content-available") == 1
        return Act(identity=identity, key=None, text_key="", remove=_ids(payload.get("remove")) if removable else ())
    alert, badge = aps.get("alert"), aps.get("badge")
    passive = aps.get("interruption-level") == "passive"
    return Act(
        identity=identity,
        key=collapse_id,
        text_key=_text_of_alert(alert),
        shows=bool(alert),
        sounds=bool(aps.get("sound")) and not passive,
        badge=badge if type(badge) is int and badge >= 0 else None,
    )


def _text_of_alert(alert: object) -> str:
    if isinstance(alert, str):
        return alert
    if not isinstance(alert, dict):
        return ""
    return str(alert.get("loc-key") or alert.get("title-loc-key") or alert.get("body") or alert.get("title") or "")


def _ids(value: object) -> tuple[str, ...]:
    return tuple(key for key in value if isinstance(key, str)) if isinstance(value, list) else ()


def read_fcm(message: Message, body: bytes) -> Act:
    """Say what an FCM message does on Android; without a notification it is a data message for the app."""
    given = _data_of(message)
    notification = android_notification_of(message)
    count = notification.notification_count if notification else None
    text_key = _text_of(notification, message.notification)
    tag = notification.tag if notification else None
    removed = given.get("remove", "")
    return Act(
        identity=given.get("id") or given.get("s") or tag or blake2b(body, digest_size=16).hexdigest(),
        key=tag,
        text_key=text_key,
        shows=bool(text_key),
        sounds=notification is not None and bool(text_key) and _is_audible(notification),
        badge=int(given["badge"]) if given.get("badge", "").isdecimal() else count,
        remove=tuple(removed.split(",")) if removed else (),
    )


def _data_of(message: Message) -> Mapping[str, str]:
    own = (message.android and message.android.data) or (message.android_v2 and message.android_v2.data)
    return {**(message.data or {}), **own} if own else (message.data or {})


def android_notification_of(message: Message) -> AndroidNotification | None:
    """Give what a message shows on Android in particular, from the old form or the new one."""
    if message.android is not None:
        return message.android.notification
    remote = message.android_v2.remote_notification if message.android_v2 else None
    return remote.notification if remote else None


def _text_of(own: AndroidNotification | None, shared: Notification | None) -> str:
    keys = (own.body_loc_key or own.title_loc_key or own.body or own.title) if own else None
    return keys or (shared and (shared.body or shared.title)) or ""


def _is_audible(notification: AndroidNotification) -> bool:
    return bool(notification.sound or notification.default_sound) and notification.notification_priority not in QUIET
