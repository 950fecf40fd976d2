import type { Api } from "./api.ts";
import { pause, pauseAfter } from "./patience.ts";
import { Problem } from "./problem.ts";
import type { Sound, SoundProgress } from "./types.ts";

export type SoundEvent = { type: "progress" | "sound"; data: SoundProgress } | { type: "done"; data: Sound };

/**
 * The events of a sound until it has ended. EventSource sends no key, so the stream is read here. It goes on where it was cut off: the id of
 * an event is the number of samples that its reader knows of.
 */
export async function* soundEvents(
  api: Api,
  sound: string,
  signal: AbortSignal,
  waiting: (is: boolean) => void,
): AsyncGenerator<SoundEvent> {
  let last: string | undefined;
  for (let failures = 0; ; ) {
    try {
      const answer = await api.request("GET", `/v1/sounds/${encodeURIComponent(sound)}/events`, {
        headers: last === undefined ? {} : { "Last-Event-ID": last },
        signal,
      });
      waiting(false);
      for await (const event of serverSent(answer.body as ReadableStream<Uint8Array>)) {
        failures = 0;
        last = event.id ?? last;
        if (event.type === "progress" || event.type === "sound" || event.type === "done") {
          yield { type: event.type, data: JSON.parse(event.data) } as SoundEvent;
          if (event.type === "done") return;
        }
      }
    } catch (failure) {
      if (signal.aborted || (failure instanceof Problem && !failure.isPassing)) throw failure;
    }
    waiting(true);
    await pause(pauseAfter(++failures), signal);
  }
}

/** Reads a stream of server-sent events. */
export async function* serverSent(stream: ReadableStream<Uint8Array>): AsyncGenerator<{ type: string; id?: string; data: string }> {
  const reader = stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = "";
  let type = "message";
  let id: string | undefined;
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (text + value).split(/\r?\n/);
      text = lines.pop() ?? "";
      for (const line of lines) {
        const [, name, content] = /^([^:]*):? ?(.*)$/.exec(line) as unknown as [string, string, string];
        if (line === "") {
          if (data.length > 0) yield { type, data: data.join("\n"), ...(id === undefined ? {} : { id }) };
          type = "message";
          data = [];
        } else if (name === "event") type = content;
        else if (name === "id") id = content;
        else if (name === "data") data.push(content);
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
