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
PUT    /tokens/TOKEN           {"state": "ok|gone|expired|bad|refused|limited|broken|third_party",
                                "at_ms": 0, "times": 1, "alias": "whose phone"}; third_party: FCM only; an alias
                                alone makes the phone known and leaves the state
PUT    /tokens                 {"TOKEN": {"state": ...}, ...}
DELETE /tokens                 all tokens are ok again
GET    /providers              the condition of each provider
PUT    /providers/NAME         apns, fcm or oauth, the token endpoint:
                               {"condition": "up|down|hang|mute|slow", "status": 503, "reason": "", "retry_after": "30",
                                "latency_seconds": 0, "spread_seconds": 0, "slow_seconds": 5, "share": 1.0}
GET    /frames                 with --frames: {"order", "connections", "in_flight"}: the order in force, what is open
PUT    /frames                 with --frames: {"seed": 7, "refused": 0.01, "reset": {"share": 1.0, "times": 3}, ...}
                               An order takes the place of the last one; what it does not name is right again.
                               Faults of requests, thrown at a share of them (0 to 1) at random, if wanted so many times
                               in all; of several that are thrown at one request the first:
                                black_hole      the connection says no more, not even to a PING
                                tcp_reset       the connection is reset
                                goaway_below    GOAWAY below this request: it was not looked at, earlier ones go on
                                goaway          GOAWAY NO_ERROR: this one and all that came are answered, then it closes
                                refused         RST_STREAM REFUSED_STREAM: it was not looked at
                                reset           RST_STREAM with another code
                                bare_503        503 without a body
                                half_reset      headers and half a body, then RST_STREAM
                                half_silence    headers and half a body, then nothing
                                silence         nothing, ever
                                slow            answered later
                                split           of answers with a body: in two DATA frames
                               More about them, and what is meant if nothing is said:
                                seed 1, providers ["apns", "fcm", "oauth"], slow_seconds 5, reset_code 2, goaway_code 0,
                                goaway_reason "Shutdown" (Apple tells it in JSON), latency_seconds 0, spread_seconds 0
                                (how late each answer is, up to how much more), processed 0 (of those that are reset,
                                lost, half or not answered: the share that is accepted, and shown, all the same)
                               Of connections; nothing said: none, but for max_age_seconds 3600 where FCM is alone:
                                max_age_seconds          GOAWAY NO_ERROR at this age
                                bad_tokens               GOAWAY after so many BadDeviceToken
                                over_limit               what a stream above the limit gets: "refuse", or "goaway"
                               Of connections that are opened later:
                                streams                  how many may be open; nothing said: --streams
                                first_streams            how many until credentials were good; Apple: 1
                                fall_back                true: 1 after a 4xx other than 410, until a 200
                                window_bytes             what may come on a stream at once (65535)
                                connection_window_bytes  and on all of them (65535)
                                window_step_bytes        windows are given back in such steps
DELETE /frames                 with --frames: frames are as they should be
GET    /quota                  what FCM takes
PUT    /quota                  {"per_minute": 600000, "device_per_minute": 240, "device_per_hour": 5000,
                                "retry_after": "seconds|date" or null}: Google's own; what is not named is without end,
                                and a minute begins at a second that no clock shows
DELETE /quota                  FCM takes all
GET    /counts                 requests per provider and outcome; with --frames, what was thrown, as "frames"
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
