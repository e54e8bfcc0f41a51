// Apple's rules for a push (protocols 2.2 to 2.4), in the order of 2.7, written without a look at notifier.
import { verify } from "node:crypto";

const [HOUR, KEPT] = [3600, 1200];
const MOST_BYTES = 4096;
const PATH = "/3/device/";

const ASKED = ["apns-topic", "apns-push-type", "apns-id", "apns-expiration", "apns-priority", "apns-collapse-id"];
const PLAIN = ["authorization", "host", "content-length", "content-type", "user-agent", "accept", "accept-encoding"];
const NAMES = new Set([":method", ":scheme", ":authority", ":path", ...ASKED, ...PLAIN]);
const PUSH_TYPES = new Set([
  ...["alert", "background", "voip", "complication", "fileprovider", "liveactivity", "location", "pushtotalk"],
  ...["controls", "widgets", "mdm"],
]);
const ALERT = new Set([
  ...["title", "subtitle", "body", "launch-image", "title-loc-key", "title-loc-args", "subtitle-loc-key"],
  ...["subtitle-loc-args", "loc-key", "loc-args"],
]);
const LEVELS = ["passive", "active", "time-sensitive", "critical"];

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === "string" && value !== "";
const isTexts = (value) => Array.isArray(value) && value.every(isText);
const isOne = (value) => value === 1;
const isAlert = (value) =>
  isText(value) ||
  (isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.entries(value).every(([name, part]) => ALERT.has(name) && (name.endsWith("args") ? isTexts : isText)(part)));
const APS = {
  alert: isAlert,
  badge: (value) => Number.isInteger(value) && value >= 0,
  sound: isText,
  "thread-id": isText,
  category: isText,
  "target-content-id": isText,
  "filter-criteria": isText,
  "content-available": isOne,
  "mutable-content": isOne,
  "interruption-level": (value) => LEVELS.includes(value),
  "relevance-score": (value) => typeof value === "number" && value >= 0 && value <= 1,
};

/** What Apple would say, with a remark of our own that holds neither token nor signature. */
export class Refusal extends Error {
  constructor(status, reason, remark = "") {
    super(String(remark));
    Object.assign(this, { status, reason });
  }
}

/** Gives what kind of push a request is, or throws a Refusal; `team` has signer, keyId, teamId and topic. */
export function judge({ headers, names, body }, team, connection) {
  demand(headers[":method"] === "POST", 405, "MethodNotAllowed", headers[":method"]);
  demand(headers[":path"].startsWith(PATH), 404, "BadPath");
  judgeNames(headers, names);
  judgeBearer(headers.authorization, team, connection);
  demand(headers["apns-topic"] !== undefined, 400, "MissingTopic");
  demand(headers["apns-topic"] === team.topic, 400, "TopicDisallowed", headers["apns-topic"]);
  judgeMarks(headers);
  const token = headers[":path"].slice(PATH.length);
  demand(token !== "", 400, "MissingDeviceToken");
  demand(/^([0-9a-f]{2})+$/i.test(token), 400, "BadDeviceToken");
  demand(body.length > 0, 400, "PayloadEmpty");
  demand(body.length <= MOST_BYTES, 413, "PayloadTooLarge", `${body.length} bytes`);
  return judgePayload(parse(body), headers["apns-push-type"]);
}

function demand(holds, status, reason, remark) {
  if (!holds) throw new Refusal(status, reason, remark);
}

// Stricter than Apple, who overlooks what it does not know: only what its page or HTTP itself names may stand here.
function judgeNames(headers, names) {
  demand(new Set(names).size === names.length, 400, "DuplicateHeaders", names);
  demand(names.every((name) => NAMES.has(name)), 400, "UnknownHeader", names);
  demand(headers[":scheme"] === "https", 400, "BadScheme", headers[":scheme"]);
  demand(isText(headers[":authority"] ?? headers.host), 400, "NoAuthority");
}

function judgeBearer(value, team, connection) {
  demand(value !== undefined, 403, "MissingProviderToken");
  if (value === connection.bearer) return;
  judgeToken(/^bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(value) ?? [], team);
  const changed = connection.since !== undefined && now() - connection.since < KEPT;
  demand(!changed, 429, "TooManyProviderTokenUpdates");
  Object.assign(connection, { bearer: value, since: now() });
}

function judgeToken([whole, header, claims, signature], team) {
  const valid = (holds, remark) => demand(holds, 403, "InvalidProviderToken", remark);
  valid(whole !== undefined, "no JWT");
  const [said, claimed] = [header, claims].map((part) => parse(Buffer.from(part, "base64url")));
  valid(isObject(said) && said.alg === "ES256", "alg");
  valid(said.kid === team.keyId, "kid");
  valid(isObject(claimed) && claimed.iss === team.teamId, "iss");
  valid(Number.isInteger(claimed.iat) && claimed.iat <= now(), "iat");
  demand(now() - claimed.iat <= HOUR, 403, "ExpiredProviderToken");
  const raw = Buffer.from(signature, "base64url");
  valid(raw.length === 64, `a signature of ${raw.length} bytes`);
  const key = { key: team.signer, dsaEncoding: "ieee-p1363" };
  valid(verify("sha256", Buffer.from(`${header}.${claims}`), key, raw), "signature");
}

function judgeMarks(headers) {
  const given = (name) => headers[`apns-${name}`];
  demand(PUSH_TYPES.has(given("push-type")), 400, "InvalidPushType", given("push-type"));
  demand(["1", "5", "10"].includes(given("priority")), 400, "BadPriority", given("priority"));
  demand(given("push-type") !== "background" || given("priority") === "5", 400, "BadPriority", "of a background push");
  demand(/^\d{1,10}$/.test(given("expiration") ?? "0"), 400, "BadExpirationDate", given("expiration"));
  demand(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(given("id")), 400, "BadMessageId", given("id"));
  const length = Buffer.byteLength(given("collapse-id") ?? "one");
  demand(length > 0 && length <= 64, 400, "BadCollapseId", `${length} bytes`);
}

// Apple overlooks a key of `aps` that it does not know; here it is a fault.
function judgePayload(payload, type) {
  const sound = (holds, remark) => demand(holds, 400, "BadPayload", remark);
  sound(isObject(payload) && isObject(payload.aps), "no JSON with aps");
  const { aps } = payload;
  for (const [name, value] of Object.entries(aps)) sound(Object.hasOwn(APS, name) && APS[name](value), `aps.${name}`);
  const seen = ["alert", "badge", "sound"].filter((name) => name in aps);
  if (type === "background") {
    sound(aps["content-available"] === 1 && seen.length === 0, `background with ${seen}`);
    return "background";
  }
  sound(type !== "alert" || (seen.length > 0 && !("content-available" in aps)), "alert without anything to see or hear");
  sound(!("mutable-content" in aps) || "alert" in aps, "mutable-content without alert");
  return "alert" in aps ? `${aps.alert["loc-key"]} ${aps["interruption-level"]}` : `only ${seen}`;
}

function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function now() {
  return Date.now() / 1000;
}
