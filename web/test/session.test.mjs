import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.mjs";

const { Api } = await bundled("api/api.ts");

// A page's channel keeps Node.js from ending.
const Channel = globalThis.BroadcastChannel;
globalThis.BroadcastChannel = class extends Channel {
  constructor(name) {
    super(name);
    this.unref();
  }
};

const json = (status, body) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const refused = () => json(401, { detail: "a key or token must be given" });
const turn = () => new Promise(done => setTimeout(done, 0));

/** A server that knows one key, whose answers come when the test says so. */
function server() {
  const state = { signedIn: false, held: [], requests: [] };
  globalThis.fetch = async (path, { method, headers }) => {
    const key = headers.get("Authorization");
    state.requests.push(`${method} ${path}`);
    if (path === "/v1/session" && method === "POST") {
      if (key !== "Bearer good") return json(401, { detail: "the key is not known" });
      state.signedIn = true;
      return json(200, { caller: "alice", sign_in: "key", methods: ["*"] });
    }
    const answer = state.signedIn ? json(200, { path }) : refused();
    if (path.endsWith("/slow")) await new Promise(go => state.held.push(go));
    return answer;
  };
  return state;
}

test("A request without a caller waits for the sign-in and is then sent again", async () => {
  const state = server();
  const client = new Api();
  const answer = client.json("GET", "/v1/projects");
  await turn();
  assert.equal(client.session.isAsked, true);
  assert.equal(client.session.isWaiting, true);
  await client.session.enter("bad");
  assert.equal(client.session.failure.status, 401);
  assert.equal(client.session.isAsked, true);
  await client.session.enter("good");
  assert.deepEqual(await answer, { path: "/v1/projects" });
  assert.equal(client.session.isAsked, false);
  assert.equal(client.session.who.caller, "alice");
  assert.equal(state.requests.filter(request => request === "GET /v1/projects").length, 2);
});

test("A refusal that comes after the sign-in asks nobody and signs nobody out", async () => {
  const state = server();
  const client = new Api();
  const late = [client.json("GET", "/v1/slow"), client.json("GET", "/v1/other/slow")];
  await turn();
  await client.session.enter("good");
  for (const go of state.held.splice(0)) go();
  await turn();
  await turn();
  assert.equal(client.session.isAsked, false);
  assert.equal(client.session.who.caller, "alice");
  for (const go of state.held.splice(0)) go();
  assert.deepEqual(await Promise.all(late), [{ path: "/v1/slow" }, { path: "/v1/other/slow" }]);
  assert.equal(state.requests.filter(request => request === "POST /v1/session").length, 1);
});

test("A server that was started anew is told the key once more, for all requests together", async () => {
  const state = server();
  const client = new Api();
  await client.session.enter("good");
  state.signedIn = false;
  const answers = await Promise.all([1, 2, 3].map(number => client.json("GET", `/v1/${number}`)));
  assert.deepEqual(answers, [{ path: "/v1/1" }, { path: "/v1/2" }, { path: "/v1/3" }]);
  assert.equal(client.session.isAsked, false);
  assert.equal(state.requests.filter(request => request === "POST /v1/session").length, 2);
});

test("A key that opens nothing any more is not told for ever", async () => {
  const state = server();
  const client = new Api();
  await client.session.enter("good");
  globalThis.fetch = (was => async (path, sent) => {
    state.signedIn = false;
    return was(path, sent).then(answer => (path === "/v1/session" ? refused() : answer));
  })(globalThis.fetch);
  const stop = new AbortController();
  const answer = client.json("GET", "/v1/projects", { signal: stop.signal });
  await turn();
  await turn();
  assert.equal(client.session.isAsked, true);
  assert.equal(client.session.who, null);
  stop.abort();
  await assert.rejects(answer, { name: "AbortError" });
  assert.equal(client.session.isWaiting, false);
});

test("A request that was refused late still has the key told when the session ends before it is sent again", async () => {
  const state = server();
  const client = new Api();
  const late = client.json("GET", "/v1/slow");
  await turn();
  await client.session.enter("good");
  // The session ends before the refusal comes.
  state.signedIn = false;
  for (const go of state.held.splice(0)) go();
  await turn();
  await turn();
  for (const go of state.held.splice(0)) go();
  await turn();
  await turn();
  for (const go of state.held.splice(0)) go();
  assert.deepEqual(await late, { path: "/v1/slow" });
  assert.equal(client.session.isAsked, false);
});

test("Who signs in later is not asked again by each request that is refused", async () => {
  server();
  const client = new Api();
  const first = client.json("GET", "/v1/first");
  await turn();
  assert.equal(client.session.isAsked, true);
  client.session.later();
  const second = client.json("GET", "/v1/second");
  await turn();
  assert.equal(client.session.isAsked, false);
  assert.equal(client.session.isWaiting, true);
  await client.session.enter("good");
  assert.deepEqual(await Promise.all([first, second]), [{ path: "/v1/first" }, { path: "/v1/second" }]);
});
