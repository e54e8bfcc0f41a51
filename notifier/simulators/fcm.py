"""Simulated FCM HTTP v1: `POST /v1/projects/<project>/messages:send`."""

import time
from collections.abc import Callable
from itertools import count

import msgspec

from notifier.simulators.acts import read_fcm
from notifier.simulators.endpoint import Reply, Scope
from notifier.simulators.faults import Condition, Provider, TokenState
from notifier.simulators.fcm_errors import (
    ERROR_CODES,
    JSON,
    STATUS_OF_CODE,
    exhausted,
    expired_token,
    fcm_error,
    refuse,
)
from notifier.simulators.fcm_message import Message
from notifier.simulators.fcm_request import judge, read
from notifier.simulators.oauth import AccessTokens
from notifier.simulators.pushes import Accepted
from notifier.simulators.quota import Meter, Quota
from notifier.simulators.stays import read_fcm_stay
from notifier.simulators.witness import Witness

PREFIX, SUFFIX = "/v1/projects/", "/messages:send"


class Fcm:
    """Google's side of a push."""

    def __init__(
        self,
        provider: Provider,
        tokens: AccessTokens,
        project: str | None,
        witness: Witness,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Answer for one project (None: every project), with the clock `now` in seconds of the epoch."""
        self.provider, self._tokens, self._project, self._witness, self._now = provider, tokens, project, witness, now
        self._numbers = count(1)
        self._meter: Meter | None = None

    def decide(self, scope: Scope, body: bytes) -> Reply:
        """Judge one request, show it on its phone, and say what to answer."""
        path = scope.path
        if scope.method != "POST" or not (path.startswith(PREFIX) and path.endswith(SUFFIX)):
            return self._counted(refuse("NOT_FOUND", "Requested entity was not found."), "path")
        if refusal := self._authorize(scope.headers.get("authorization")):
            return refusal
        if self._meter and (over := self._meter.take()):
            return self._counted(exhausted(over.subject, over.retry_after), "QUOTA_EXCEEDED")
        return self._send(scope, body)

    @property
    def quota(self) -> Quota | None:
        """Give the quotas in force."""
        return self._meter.quota if self._meter else None

    def set_quota(self, quota: Quota | None) -> None:
        """Go by these quotas, nothing of which is used yet; None: take all."""
        self._meter = Meter(self._now, quota) if quota else None

    def phrase(self, condition: Condition) -> Reply:
        """Say that the provider is down."""
        self.provider.count_refused(condition.reason or "down")
        status = STATUS_OF_CODE.get(condition.status, "UNAVAILABLE")
        code = condition.reason or ERROR_CODES.get(status)
        details = [fcm_error(code)] if code else []
        return refuse(status, "The service is currently unavailable.", details, condition.retry_after)

    def _authorize(self, authorization: str | None) -> Reply | None:
        expired = self._tokens.is_expired(authorization, self._now())
        if expired is False:
            return None
        said = "Request is missing required authentication credential."
        return self._counted(expired_token() if expired else refuse("UNAUTHENTICATED", said), "UNAUTHENTICATED")

    def _send(self, scope: Scope, body: bytes) -> Reply:
        project = scope.path[len(PREFIX) : -len(SUFFIX)]
        if project != (self._project or project) or not project or "/" in project:
            return self._counted(refuse("NOT_FOUND", "Requested entity was not found."), "project")
        request = read(body)
        if isinstance(request, tuple):
            return self._counted(request, "INVALID_ARGUMENT")
        message = request.message
        if refusal := judge(message, body):
            return self._counted(refusal, "INVALID_ARGUMENT")
        target = message.token or message.fid
        if target and (refusal := self._judge_target(target)):
            return refusal
        if request.validate_only:
            return self._counted(_accept(project, "fake_message_id"), "validated")
        self.provider.accepted += 1
        if self._witness.watches:
            self._show(message, scope, body)
        return _accept(project, f"0:{int(self._now() * 1e6)}%{next(self._numbers):x}")

    def _judge_target(self, target: str) -> Reply | None:
        if self._meter and (over := self._meter.take_of(target)):
            return self._counted(exhausted(over.subject, over.retry_after), "QUOTA_EXCEEDED")
        fault = self.provider.take_fault(target) if self.provider.tokens else None
        return self._refuse_token(fault.state) if fault else None

    def _show(self, message: Message, scope: Scope, body: bytes) -> None:
        target = message.token or message.fid
        accepted = Accepted(
            provider=self.provider.name,
            token=target or message.topic or message.condition or "",
            headers={"target": "token" if message.token else "fid" if target else "topic"},
            scope=scope,
            body=body,
        )
        if target:
            self._witness.see(accepted, read_fcm(message, body), read_fcm_stay(message))
        else:
            self._witness.note(accepted)

    def _counted(self, reply: Reply, reason: str) -> Reply:
        self.provider.count_refused(reason)
        return reply

    def _refuse_token(self, state: TokenState) -> Reply:
        match state:
            case TokenState.GONE | TokenState.EXPIRED:
                return self._told("NOT_FOUND", "UNREGISTERED", "Requested entity was not found.")
            case TokenState.REFUSED:
                return self._told("PERMISSION_DENIED", "SENDER_ID_MISMATCH", "SenderId mismatch")
            case TokenState.LIMITED:
                return self._counted(exhausted("device"), "QUOTA_EXCEEDED")
            case TokenState.THIRD_PARTY:
                return self._told("UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR", "Auth error from APNS.")
            case TokenState.BROKEN:
                return self._told("INTERNAL", "INTERNAL", "Internal error encountered.")
        said = "The registration token is not a valid FCM registration token"
        return self._told("INVALID_ARGUMENT", "INVALID_ARGUMENT", said)

    def _told(self, status: str, code: str, message: str) -> Reply:
        self.provider.count_refused(code)
        return refuse(status, message, [fcm_error(code)])


def _accept(project: str, number: str) -> Reply:
    return 200, [JSON], msgspec.json.encode({"name": f"projects/{project}/messages/{number}"})
