import type { Api } from "./api.ts";
import { patiently } from "./patience.ts";
import type { StoredFile } from "./types.ts";

const partBytes = 4 << 20;
/** Characters of a name that the server accepts. */
const longestName = 255;

/** Sends a file in parts. A part that is lost on the way is sent again from where it stopped. */
export async function upload(api: Api, file: File, sent: (part: number) => void, signal?: AbortSignal): Promise<StoredFile> {
  const key = crypto.randomUUID();
  let stored = await patiently(
    () =>
      api.json<StoredFile>("POST", "/v1/files", {
        json: { bytes: file.size, name: file.name.slice(0, longestName) },
        headers: { "Idempotency-Key": key },
        ...(signal ? { signal } : {}),
      }),
    signal,
  );
  let broken = false;
  while (!stored.complete) {
    sent(stored.received / file.size);
    stored = await patiently(async () => {
      if (broken) stored = await api.json<StoredFile>("PUT", `/v1/files/${stored.id}`, { headers: { "Content-Range": "bytes */*" } });
      if (stored.complete) return stored;
      broken = true;
      const [from, to] = [stored.received, Math.min(stored.received + partBytes, file.size)];
      const answer = await api.json<StoredFile>("PUT", `/v1/files/${stored.id}`, {
        body: file.slice(from, to),
        headers: { "Content-Range": `bytes ${from}-${to - 1}/${file.size}` },
        ...(signal ? { signal } : {}),
      });
      broken = false;
      return answer;
    }, signal);
  }
  sent(1);
  return stored;
}
