import { Api } from "../api/api.ts";
import type { Choice } from "../project/document.ts";
import type { Studio } from "../studio.ts";

/** Path of a file of the chosen sound. */
export const contentOf = (chosen: Choice, choice: { stem?: string; format?: string }): string =>
  Api.content(chosen.sound, { candidate: chosen.candidate, ...choice });

/** Saves a file of the server under the film's name. The browser loads it itself, however large it is. */
export function take({ project }: Studio, path: string, ending: string): void {
  const link = document.createElement("a");
  link.href = path;
  link.download = `${(project.document.film?.name ?? "sound").replace(/\.[^.]*$/, "")}-sound${ending}`;
  link.click();
}
