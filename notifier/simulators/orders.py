"""One order of the control API, and all that there are, as `GET /` lists them."""

import msgspec

HELP = """\
GET    /phones                 every phone in short; ?full=1 with entries and history
GET    /phones?since=VERSION&entries=K
                               {"run", "version", "phones", "forgotten"}: the phones that changed after VERSION (0: all)
                               with their newest K entries (5 if not said), and the tokens forgotten since; another run
                               than before: begin again at 0
GET    /phones/TOKEN           what one phone shows: badge, entries, notices, shown_twice, history
PUT    /phones/TOKEN           {"online": false}: away; what its provider would keep waits until {"online": true}
DELETE /phones/TOKEN           forget one phone, for it is replaced by a new one
DELETE /phones/TOKEN/entries/KEY
                               the owner swipes one notification away
DELETE /phones                 forget all phones
GET    /pushes/SERIAL          one of the newest 5,000 accepted pushes as its provider saw it
GET    /tokens                 tokens whose state is not ok
PUT    /tokens/TOKEN           {"state": "ok|gone|expired|bad|refused|limited|broken", "at_ms": 0, "times": 1,
                                "alias": "whose phone"}; an alias alone makes the phone known and leaves the state
PUT    /tokens                 {"TOKEN": {"state": ...}, ...}
DELETE /tokens                 all tokens are ok again
GET    /providers              the condition of each provider
PUT    /providers/NAME         apns, fcm or oauth, the token endpoint:
                               {"condition": "up|down|hang|mute|slow", "status": 503, "reason": "", "retry_after": "30",
                                "latency_seconds": 0, "spread_seconds": 0, "slow_seconds": 5, "share": 1.0}
GET    /counts                 requests per provider and outcome
DELETE /counts                 count from nothing again
GET    /clock                  the clock of phones and expiry
PUT    /clock                  {"ahead_seconds": 86400}: it runs a day ahead; credentials go by the real one
"""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One order: `PUT /phones/TOKEN` is of the room `phones`, and what follows is its name."""

    method: str
    room: str
    name: str
    query: str
    body: bytes


def read_order(method: str, path: str, query: str, body: bytes) -> Order:
    """Take a request apart."""
    room, _, name = path.removeprefix("/").partition("/")
    return Order(method=method, room=room, name=name, query=query, body=body)
