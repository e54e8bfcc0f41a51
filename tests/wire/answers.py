"""What follows from each answer of Apple and Google, written from protocols 2.5 and 3.4 and not from the code."""

from datetime import timedelta

from notifier.domain.pushes import Again, Outcome, Refused, TokenGone, Trouble

REFUSED = Refused(trouble=Trouble.REFUSED)
GONE = TokenGone(since=None)
OURS = Refused(trouble=Trouble.CONFIGURATION)
MALFORMED = Refused(trouble=Trouble.MALFORMED)
CREDENTIALS = Again(trouble=Trouble.CREDENTIALS)
NOT_TAKEN = Again(trouble=Trouble.NOT_SENT)
BUSY = Again(trouble=Trouble.BUSY)
QUOTA = Again(trouble=Trouble.BUSY, after=timedelta(seconds=60))
AWAY = Again(trouble=Trouble.UNAVAILABLE)
UNKNOWN = Again(trouble=Trouble.UNKNOWN, unknown=True)

APPLE: list[tuple[int, str, str, Outcome]] = [
    (400, "BadDeviceToken", "forget", GONE),
    (400, "DeviceTokenNotForTopic", "forget", GONE),
    (400, "BadCollapseId", "fail", MALFORMED),
    (400, "BadExpirationDate", "fail", MALFORMED),
    (400, "BadMessageId", "fail", MALFORMED),
    (400, "BadPriority", "fail", MALFORMED),
    (400, "DuplicateHeaders", "fail", MALFORMED),
    (400, "InvalidPushType", "fail", MALFORMED),
    (400, "PayloadEmpty", "fail", MALFORMED),
    (400, "BadTopic", "stop", OURS),
    (400, "MissingTopic", "stop", OURS),
    (400, "TopicDisallowed", "stop", OURS),
    (400, "MissingDeviceToken", "fail", MALFORMED),
    (400, "IdleTimeout", "reconnect", NOT_TAKEN),
    (403, "ExpiredProviderToken", "refresh", CREDENTIALS),
    (403, "InvalidProviderToken", "stop", OURS),
    (403, "MissingProviderToken", "stop", OURS),
    (403, "Forbidden", "stop", OURS),
    (403, "BadCertificate", "stop", OURS),
    (403, "BadCertificateEnvironment", "stop", OURS),
    (403, "BadEnvironmentKeyIdInToken", "stop", OURS),
    (403, "UnrelatedKeyIdInToken", "reconnect", CREDENTIALS),
    (404, "BadPath", "fail", MALFORMED),
    (405, "MethodNotAllowed", "fail", MALFORMED),
    (413, "PayloadTooLarge", "fail", MALFORMED),
    (429, "TooManyRequests", "again", BUSY),
    (429, "TooManyProviderTokenUpdates", "keep", CREDENTIALS),
    (500, "InternalServerError", "again", AWAY),
    (503, "ServiceUnavailable", "slow", AWAY),
    (503, "Shutdown", "reconnect", NOT_TAKEN),
]
"""Status, reason, what the lane does, what becomes of the push."""
GOOGLE: list[tuple[int, str, str, Outcome]] = [
    (404, "UNREGISTERED", "forget", GONE),
    (400, "INVALID_ARGUMENT", "fail", REFUSED),
    (401, "THIRD_PARTY_AUTH_ERROR", "stop", OURS),
    (401, "APNS_AUTH_ERROR", "stop", OURS),
    (403, "SENDER_ID_MISMATCH", "forget", GONE),
    (429, "QUOTA_EXCEEDED", "slow", QUOTA),
    (500, "INTERNAL", "again", AWAY),
    (500, "UNSPECIFIED_ERROR", "again", AWAY),
    (503, "UNAVAILABLE", "slow", AWAY),
]
"""Status, `errorCode`, what the lane does, what becomes of the push."""
WITHOUT_CODE: list[tuple[int, str, Outcome]] = [
    (401, "refresh", CREDENTIALS),
    (403, "stop", OURS),
    (404, "stop", OURS),
    (429, "slow", QUOTA),
    (500, "again", AWAY),
    (503, "again", AWAY),
]
"""Status, what the lane does, what becomes of the push, where Google names no `errorCode`."""
