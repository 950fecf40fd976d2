import type { Api } from "./api.ts";

/** Saves a file of the server. Without a key the browser loads it itself, however large it is. */
export async function download(api: Api, path: string, name: string): Promise<void> {
  const url = await api.mediaUrl(path);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  if (url.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
