import type { Api } from "./api.ts";
import { serverSent } from "./events.ts";

/** A message of the conversation. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** What comes while the agent answers. */
export interface Said {
  /** The next words of the answer. */
  readonly words: string;
  /** What the agent does now, such as "check_conflict". */
  readonly activity?: string;
  readonly session: string;
}

interface Chunk {
  readonly choices: readonly { readonly delta?: { readonly content?: string } }[];
  readonly metadata: { readonly session: string; readonly activity?: string };
}

/** Says something to the agent, and yields its answer as it comes. */
export async function* say(
  api: Api,
  words: string,
  session: string | null,
  film: string | null,
  signal: AbortSignal,
): AsyncGenerator<Said> {
  const text = { type: "text", text: words };
  // A session has seen its film.
  const content = session === null && film !== null ? [text, { type: "file", file: { file_id: film } }] : [text];
  const answer = await api.request("POST", "/v1/chat/completions", {
    json: { stream: true, messages: [{ role: "user", content }], ...(session === null ? {} : { metadata: { session } }) },
    signal,
  });
  for await (const event of serverSent(answer.body as ReadableStream<Uint8Array>)) {
    if (event.data === "[DONE]") return;
    const chunk = JSON.parse(event.data) as Chunk;
    const { session: named, activity } = chunk.metadata;
    yield { words: chunk.choices[0]?.delta?.content ?? "", session: named, ...(activity === undefined ? {} : { activity }) };
  }
}

/** Addresses of the files that an answer links to. */
export const madeFiles = (answer: string): string[] =>
  [...answer.matchAll(/\]\((\/v1\/chat\/[\w-]+\/files\/[\w.%-]+)\)/g)].map(found => found[1] as string);

/** How a file of the agent was made, from its sidecar. */
export interface MadeBy {
  readonly prompt: string;
  readonly options?: Record<string, unknown>;
  readonly energyEdits?: readonly string[];
}

export const madeBy = (api: Api, file: string): Promise<MadeBy> => api.json("GET", `${file}.json`);
