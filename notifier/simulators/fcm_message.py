"""The message of FCM HTTP v1 (discovery document fcm.v1, revision 20261023) as types that refuse unknown fields."""

from typing import Annotated, Literal

import msgspec

Label = Annotated[str, msgspec.Meta(pattern=r"^[a-zA-Z0-9\-_.~%]{1,50}$")]
Color = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Duration = Annotated[str, msgspec.Meta(pattern=r"^[0-9]+(\.[0-9]{1,9})?s$")]
Words = Annotated[tuple[str, ...], msgspec.Meta(max_length=64)]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a message; a field that it does not name is refused."""


class FcmOptions(_Strict, frozen=True, kw_only=True):
    """Options of the SDK, on every platform."""

    analytics_label: Label | None = None


class ApnsOptions(FcmOptions, frozen=True, kw_only=True):
    """Options of the SDK on iOS."""

    image: str | None = None


class WebpushOptions(FcmOptions, frozen=True, kw_only=True):
    """Options of the SDK in browsers."""

    link: str | None = None


class Notification(_Strict, frozen=True, kw_only=True):
    """`notification`: what all platforms share; a sound or tag here is a common mistake, and refused."""

    title: str | None = None
    body: str | None = None
    image: str | None = None


class AndroidNotification(Notification, frozen=True, kw_only=True):
    """`android.notification`, which goes before `notification`."""

    icon: str | None = None
    color: Color | None = None
    sound: str | None = None
    tag: str | None = None
    click_action: str | None = None
    body_loc_key: str | None = None
    body_loc_args: Words | None = None
    title_loc_key: str | None = None
    title_loc_args: Words | None = None
    channel_id: str | None = None
    ticker: str | None = None
    sticky: bool | None = None
    event_time: str | None = None
    local_only: bool | None = None
    notification_priority: (
        Literal[
            "PRIORITY_UNSPECIFIED", "PRIORITY_MIN", "PRIORITY_LOW", "PRIORITY_DEFAULT", "PRIORITY_HIGH", "PRIORITY_MAX"
        ]
        | None
    ) = None
    default_sound: bool | None = None
    default_vibrate_timings: bool | None = None
    default_light_settings: bool | None = None
    vibrate_timings: tuple[Duration, ...] | None = None
    visibility: Literal["VISIBILITY_UNSPECIFIED", "PRIVATE", "PUBLIC", "SECRET"] | None = None
    notification_count: Annotated[int, msgspec.Meta(ge=0)] | None = None
    light_settings: dict[str, msgspec.Raw] | None = None
    proxy: Literal["PROXY_UNSPECIFIED", "ALLOW", "DENY", "IF_PRIORITY_LOWERED"] | None = None
    bypass_proxy_notification: bool | None = None


class _AndroidEnvelope(_Strict, frozen=True, kw_only=True):
    """What `android` and `android_v2` share."""

    collapse_key: str | None = None
    priority: Literal["NORMAL", "HIGH", "normal", "high"] | None = None
    ttl: Duration | None = None
    restricted_package_name: str | None = None
    data: dict[str, str] | None = None
    fcm_options: FcmOptions | None = None
    direct_boot_ok: bool | None = None
    bandwidth_constrained_ok: bool | None = None
    restricted_satellite_ok: bool | None = None


class Android(_AndroidEnvelope, frozen=True, kw_only=True):
    """`android`."""

    notification: AndroidNotification | None = None


class RemoteNotification(_Strict, frozen=True, kw_only=True):
    """`android_v2.remote_notification`."""

    notification: AndroidNotification | None = None
    mutable_content: bool | None = None
    use_as_v1_data_message: bool | None = None


class AndroidV2(_AndroidEnvelope, frozen=True, kw_only=True):
    """`android_v2`, which excludes `android`."""

    remote_notification: RemoteNotification | None = None
    background_sync: dict[str, msgspec.Raw] | None = None


class Webpush(_Strict, frozen=True, kw_only=True):
    """`webpush`."""

    headers: dict[str, str] | None = None
    data: dict[str, str] | None = None
    notification: dict[str, msgspec.Raw] | None = None
    fcm_options: WebpushOptions | None = None


class Apns(_Strict, frozen=True, kw_only=True):
    """`apns`."""

    headers: dict[str, str] | None = None
    payload: dict[str, msgspec.Raw] | None = None
    fcm_options: ApnsOptions | None = None
    live_activity_token: str | None = None


class Message(_Strict, frozen=True, kw_only=True):
    """One message to exactly one of `token`, `fid`, `topic`, `condition`."""

    name: str | None = None
    data: dict[str, str] | None = None
    notification: Notification | None = None
    android: Android | None = None
    android_v2: AndroidV2 | None = None
    webpush: Webpush | None = None
    apns: Apns | None = None
    fcm_options: FcmOptions | None = None
    token: str | None = None
    fid: str | None = None
    topic: str | None = None
    condition: str | None = None


class Request(_Strict, frozen=True, kw_only=True):
    """The body of `messages:send`."""

    message: Message
    validate_only: bool = False
