"""From a request to how long its provider keeps the push for a phone that is away, and what a newer one replaces."""

from notifier.simulators.acts import android_notification_of
from notifier.simulators.apns_request import SUFFIXES
from notifier.simulators.away import Stay
from notifier.simulators.endpoint import Get
from notifier.simulators.fcm_message import Message
from notifier.simulators.fcm_request import LONGEST_TTL_SECONDS

# Storage of at most 30 days (protocols 2.2); without an expiration Apple's own policy, of which no more is known.
APPLE_SECONDS = 30 * 86_400
APP = "app"


def read_apns_stay(get: Get) -> Stay:
    """Say how long APNs keeps a push: one per app and device, usually the newest, and 0 never (protocols 2.2, 2.3)."""
    expiration = get("apns-expiration")
    suffix = SUFFIXES[get("apns-push-type") or "alert"]
    return Stay(
        lasts_seconds=APPLE_SECONDS,
        expires_at_seconds=None if expiration is None else float(expiration),
        place=(get("apns-topic") or "").removesuffix(suffix),
    )


def read_fcm_stay(message: Message) -> Stay:
    """Say how long FCM keeps a message: `ttl`, 0 never, four weeks without one (protocols 3.2).

    "Notification messages are always collapsible and will ignore the collapse_key parameter", their key being the app
    (Firebase, "Non-collapsible and collapsible messages"): of several that wait only the newest arrives.
    """
    android = message.android or message.android_v2
    ttl = android.ttl if android else None
    key = android.collapse_key if android else None
    is_notification = message.notification is not None or android_notification_of(message) is not None
    return Stay(
        lasts_seconds=LONGEST_TTL_SECONDS if ttl is None else float(ttl[:-1]),
        place=APP if is_notification else (None if key is None else f"key {key}"),
    )
