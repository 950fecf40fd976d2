import type { Api } from "./api.ts";
import type { LibrarySounds } from "./types.ts";

/** Finds recordings of the server's library by words, and by the curve of a film if one is given. */
export function searchLibrary(api: Api, words: string, film: string | null, signal: AbortSignal): Promise<LibrarySounds> {
  const query = new URLSearchParams({ limit: "20" });
  if (words !== "") query.set("q", words);
  if (film !== null) query.set("file", film);
  return api.json("GET", `/v1/library/sounds?${query}`, { signal });
}
