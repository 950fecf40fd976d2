import type { Studio } from "../studio.ts";

/** Sends a film. Where there is a keyboard, the words are written next, so their field has the focus unless something else has it. */
export async function openFilm(studio: Studio, file: File): Promise<void> {
  await studio.openFilm(file);
  const isIdle = document.activeElement === null || document.activeElement === document.body;
  if (isIdle && !matchMedia("(pointer: coarse)").matches) document.querySelector<HTMLElement>("#prompt")?.focus({ preventScroll: true });
}
