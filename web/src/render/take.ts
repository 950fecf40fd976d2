import { Api } from "../api/api.ts";
import type { Choice, ProjectDocument } from "../project/document.ts";
import type { Studio } from "../studio.ts";
import { text } from "../text/text.ts";

/** How long the page says that a file is made ready, ms. The browser says itself when it comes. */
const toldFor = 8000;

/** Path of a file of the chosen sound. */
export const contentOf = (chosen: Choice, choice: { stem?: string; format?: string }): string =>
  Api.content(chosen.sound, { candidate: chosen.candidate, ...choice });

/**
 * Name of a file of the chosen sound: that of the film, and which take it is. The first sound of the film is take 1.
 * @param ending with its mark, such as "-primary.wav"
 */
export function nameOf({ film, renders, chosen }: ProjectDocument, candidates: number, ending: string): string {
  const whole = (film?.name ?? "sound").replace(/\.[^.]*$/, "");
  const number = renders.length - renders.findIndex(render => render.sound === chosen?.sound);
  const candidate = chosen && candidates > 1 ? `-candidate-${chosen.candidate + 1}` : "";
  return `${whole}-take-${number}${candidate}${ending}`;
}

/** Saves a file of the server. The browser loads it itself, however large it is. */
export function take({ project, making, notices }: Studio, path: string, ending: string): void {
  const candidates = making.sound(project.document.chosen?.sound)?.candidates?.length ?? 1;
  const name = nameOf(project.document, candidates, ending);
  const link = document.createElement("a");
  // The server's own name for a file would win over the link's.
  link.href = path.includes("/content") ? `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams({ name })}` : path;
  link.download = name;
  link.click();
  notices.tellFor(toldFor, text().export.preparing(name));
}
