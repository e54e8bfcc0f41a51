// A validating APNs server on Node's own HTTP/2, which shares nothing with notifier; its rules are in apns_rules.mjs.
// Its one argument is JSON: {key, chain, signer: files in PEM, keyId, teamId, topic, streams, settings, tls}.
// It prints a line of JSON when it listens, for each refusal, for whatever broke, and at SIGTERM what it took.
import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { judge, Refusal } from "./apns_rules.mjs";

const given = JSON.parse(process.argv[2]);
const team = { ...given, signer: createPublicKey(readFileSync(given.signer)) };
const counts = { accepted: 0, refused: 0, broken: 0, connections: 0, kinds: {} };
const ids = new Set();

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function broke(what) {
  counts.broken += 1;
  say({ broken: String(what) });
}

function answer(stream, request) {
  const id = request.headers["apns-id"];
  try {
    const kind = judge(request, team, stream.session);
    counts.accepted += 1;
    counts.kinds[kind] = (counts.kinds[kind] ?? 0) + 1;
    ids.add(id);
    widen(stream.session);
    stream.respond({ ":status": 200, "apns-id": id }, { endStream: true });
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    counts.refused += 1;
    say({ refused: refusal.status, reason: refusal.reason, remark: refusal.message });
    stream.respond({ ":status": refusal.status, "content-type": "application/json", ...(id && { "apns-id": id }) });
    stream.end(JSON.stringify({ reason: refusal.reason }));
  }
}

// One stream until a valid token came, then as many as Apple gives (protocols 2.1).
function widen(session) {
  if (!session.wide) session.settings({ maxConcurrentStreams: given.streams ?? 1000 });
  session.wide = true;
}

const server = createSecureServer({
  key: readFileSync(given.key),
  cert: readFileSync(given.chain),
  minVersion: "TLSv1.2",
  ...given.tls,
  settings: { maxConcurrentStreams: 1, ...given.settings },
});
server.on("session", (session) => {
  counts.connections += 1;
  session.on("goaway", (code) => code !== 0 && broke(`GOAWAY ${code} from the client`));
  session.on("frameError", (type, code) => broke(`frame ${type}: ${code}`));
});
server.on("sessionError", broke);
server.on("unknownProtocol", () => broke("no HTTP/2"));
server.on("tlsClientError", broke);
server.on("stream", (stream, headers, _flags, raw) => {
  const chunks = [];
  stream.on("error", broke);
  stream.on("aborted", () => broke("the client ended a stream early"));
  stream.on("trailers", () => broke("trailers"));
  stream.on("data", (chunk) => chunks.push(chunk));
  stream.on("end", () => {
    const names = raw.filter((_, at) => at % 2 === 0);
    if (!stream.destroyed) answer(stream, { headers, names, body: Buffer.concat(chunks) });
  });
});
process.on("SIGTERM", () => {
  say({ ...counts, ids: ids.size });
  process.exit(0);
});
server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
