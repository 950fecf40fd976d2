import { Problem } from "./problem.ts";
import { Session } from "./session.ts";
import type { Analysis, Check, CheckQuestion, Estimate, Order, Sound, StoredFile } from "./types.ts";

/** What a request sends beside its method and path. */
export interface Sent {
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Whether a refusal for want of a caller is an answer as any other, and nobody is asked to sign in. */
  isAnonymous?: boolean;
}

/** The web API of the server that served this page. Where the server asks who calls, the sign-in begins a session, which is a cookie. */
export class Api {
  readonly session = new Session(this);

  /** Sends a request. One that is refused for want of a caller waits until somebody has signed in. */
  async request(method: string, path: string, sent: Sent = {}): Promise<Response> {
    for (let mayTell = true; ; ) {
      const { count } = this.session;
      const answer = await Api.#send(method, path, sent);
      if (answer.ok) return answer;
      if (answer.status !== 401 || sent.isAnonymous) throw await Problem.of(answer);
      // The key is told once for a request, or one that opens nothing any more would be told for ever.
      if (await this.session.renewed(count, mayTell, sent.signal)) mayTell = false;
    }
  }

  static #send(method: string, path: string, sent: Sent): Promise<Response> {
    const headers = new Headers(sent.headers);
    if (sent.json !== undefined) headers.set("Content-Type", "application/json");
    return fetch(path, {
      method,
      headers,
      body: sent.json !== undefined ? JSON.stringify(sent.json) : (sent.body ?? null),
      signal: sent.signal ?? null,
    });
  }

  async json<T>(method: string, path: string, sent?: Sent): Promise<T> {
    return (await this.request(method, path, sent)).json() as Promise<T>;
  }

  fileStatus(file: string) {
    return this.json<StoredFile>("GET", `/v1/files/${encodeURIComponent(file)}/status`);
  }

  analyse(file: string, signal?: AbortSignal) {
    return this.json<Analysis>("POST", `/v1/files/${encodeURIComponent(file)}/analysis`, signal ? { signal } : {});
  }

  /** The file's curve after edits, computed by the server. `curve` replaces the prediction. */
  previewCurve(file: string, edits: readonly string[], curve: readonly number[] | null, signal?: AbortSignal) {
    const json = curve === null ? { edits } : { edits, curve };
    return this.json<{ curve: number[]; onsets: number[] }>("POST", `/v1/files/${encodeURIComponent(file)}/curve`, {
      json,
      ...(signal ? { signal } : {}),
    });
  }

  check(question: CheckQuestion, signal?: AbortSignal) {
    return this.json<Check>("POST", "/v1/checks", { json: question, ...(signal ? { signal } : {}) });
  }

  estimate(order: Order, signal?: AbortSignal) {
    return this.json<Estimate>("POST", "/v1/estimate", { json: order, ...(signal ? { signal } : {}) });
  }

  /** Starts a sound. The key makes it safe to send the same order again after a failure. */
  start(order: Order, key: string) {
    return this.json<Sound>("POST", "/v1/sounds", { json: order, headers: { "Idempotency-Key": key } });
  }

  sound(sound: string) {
    return this.json<Sound>("GET", `/v1/sounds/${encodeURIComponent(sound)}`);
  }

  cancel(sound: string) {
    return this.json<Sound>("POST", `/v1/sounds/${encodeURIComponent(sound)}/cancel`);
  }

  /** Path of the file of a sound: { candidate: 1, stem: "primary", format: "wav" }. */
  static content(sound: string, choice: { candidate?: number; stem?: string; format?: string } = {}): string {
    const query = new URLSearchParams(Object.entries(choice).map(([name, value]) => [name, String(value)]));
    return `/v1/sounds/${encodeURIComponent(sound)}/content${query.size > 0 ? `?${query}` : ""}`;
  }
}
