// A client of the web API for browsers and Node.js 20 or later. Its types are those of the API document (openapi.ts).
//
//     node built/rewas.js http://127.0.0.1:5180 film.mp4 "a hammer striking wood" film-with-sound.mp4
//
// The key of a server that checks its callers is read from REWAS_API_KEY.
import { open, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import type { components } from "./openapi.js";

type Schemas = components["schemas"];
export type Order = Schemas["SoundRequest"] & Record<string, unknown>;
export type Sound = Schemas["SoundView"];
export type StoredFile = Schemas["FileView"];
export type SoundEvent = { type: string; data: Schemas["SoundProgress"] | Sound };

const partBytes = 4 << 20;
const mostFailures = 10;

/** The server refused a request. The message is one line. */
export class Problem extends Error {
  constructor(readonly status: number, readonly code?: string, readonly field?: string, detail?: string) {
    super(detail ?? `HTTP ${status}`);
  }
}

/** Routes of the web API as methods. Answers are the JSON of the server. */
export class Rewas {
  constructor(private readonly address: string, private readonly key?: string) {}

  async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const sent = new Headers(headers);
    if (this.key) sent.set("Authorization", `Bearer ${this.key}`);
    const isBytes = body instanceof Uint8Array;
    if (body !== undefined && !isBytes) sent.set("Content-Type", "application/json");
    const answer = await fetch(new URL(path, this.address), {
      method, headers: sent, body: body === undefined ? undefined : isBytes ? (body as BodyInit) : JSON.stringify(body),
    });
    if (answer.ok) return answer;
    const told = (await answer.json().catch(() => ({}))) as Record<string, string | undefined>;
    throw new Problem(answer.status, told.code, told.field, told.detail);
  }

  async json<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    return (await this.request(method, path, body, headers)).json() as Promise<T>;
  }

  /** Sends a file in parts. A part that is lost on the way is sent again from where it stopped. */
  async upload(path: string): Promise<string> {
    await using film = await open(path);
    const bytes = (await film.stat()).size;
    let file = await this.json<StoredFile>("POST", "/v1/files", { bytes, name: basename(path) });
    for (let failures = 0; !file.complete;) {
      const first = file.received;
      const part = await film.read(new Uint8Array(Math.min(partBytes, bytes - first)), 0, undefined, first);
      try {
        const range = `bytes ${first}-${first + part.bytesRead - 1}/${bytes}`;
        file = await this.json<StoredFile>("PUT", `/v1/files/${file.id}`, part.buffer, { "Content-Range": range });
        failures = 0;
      } catch (failure) {
        if (failure instanceof Problem || ++failures > mostFailures) throw failure;
        await pause(failures);
        file = await this.json<StoredFile>("GET", `/v1/files/${file.id}/status`);
      }
    }
    return file.id;
  }

  analyse(file: string) {
    return this.json<Schemas["AnalysisView"]>("POST", `/v1/files/${file}/analysis`);
  }

  check(file: string, prompt: string) {
    return this.json<Schemas["CheckView"]>("POST", "/v1/checks", { file, prompt });
  }

  estimate(order: Order) {
    return this.json<Schemas["EstimateView"]>("POST", "/v1/estimate", order);
  }

  /** Starts a sound: file, prompt and any option by its name, with "_" or "-". */
  start(order: Order) {
    return this.json<Sound>("POST", "/v1/sounds", order, { "Idempotency-Key": crypto.randomUUID() });
  }

  edit(sound: string, edits: string[], options: Record<string, unknown> = {}) {
    return this.json<Sound>("POST", `/v1/sounds/${sound}/edits`, { edits, ...options });
  }

  cancel(sound: string) {
    return this.json<Sound>("POST", `/v1/sounds/${sound}/cancel`);
  }

  /** The events of a sound until it has ended. It connects again where it was cut off. */
  async *events(sound: string): AsyncGenerator<SoundEvent> {
    let last: string | undefined;
    for (let failures = 0; ;) {
      try {
        const headers: Record<string, string> = last === undefined ? {} : { "Last-Event-ID": last };
        const answer = await this.request("GET", `/v1/sounds/${sound}/events`, undefined, headers);
        for await (const event of serverSent(answer.body!)) {
          failures = 0;
          last = event.id ?? last;
          yield { type: event.type, data: JSON.parse(event.data) };
          if (event.type === "done") return;
        }
      } catch (failure) {
        if (failure instanceof Problem) throw failure;
      }
      if (++failures > mostFailures) throw new Error("the server does not answer");
      await pause(failures);
    }
  }

  /** The sound when it has ended. */
  async wait(sound: string): Promise<Sound> {
    for await (const event of this.events(sound)) if (event.type === "done") return event.data as Sound;
    throw new Error("the events ended before the sound");
  }

  /** The file of a sound: { format: "wav", candidate: "1", stem: "environment" }. */
  async content(sound: string, choice: Record<string, string> = {}): Promise<Uint8Array> {
    const answer = await this.request("GET", `/v1/sounds/${sound}/content?${new URLSearchParams(choice)}`);
    return new Uint8Array(await answer.arrayBuffer());
  }
}

/** Reads a stream of server-sent events. */
async function* serverSent(stream: ReadableStream<Uint8Array>): AsyncGenerator<{ type: string; id?: string; data: string }> {
  const decoder = new TextDecoder();
  let [text, type, id, data] = ["", "message", undefined as string | undefined, [] as string[]];
  for await (const bytes of stream as unknown as AsyncIterable<Uint8Array>) {
    const lines = (text + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    text = lines.pop()!;
    for (const line of lines) {
      const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line)!;
      if (name === "event") type = value;
      else if (name === "id") id = value;
      else if (name === "data") data.push(value);
      else if (line === "") {
        if (data.length > 0) yield { type, id, data: data.join("\n") };
        [type, data] = ["message", []];
      }
    }
  }
}

const pause = (failures: number) => new Promise(done => setTimeout(done, Math.min(30_000, 2 ** failures * 100)));

async function main([address, film, prompt, output]: string[]) {
  const rewas = new Rewas(address, process.env.REWAS_API_KEY);
  const file = await rewas.upload(film);
  const report = await rewas.check(file, prompt);
  console.error(`${report.caption} The prompt is ${report.verdict}.`);
  const sound = await rewas.wait((await rewas.start({ file, prompt })).id);
  if (sound.status !== "succeeded") throw new Error(`${sound.status}: ${sound.error?.message ?? ""}`);
  await writeFile(output, await rewas.content(sound.id));
  console.log(sound.id);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(process.argv.slice(2));
