import { isOwnMix, layersOf, originalGain } from "./panels/mixing.ts";
import type { Source } from "./playback/playback.ts";
import { heardPath } from "./render/making.ts";
import type { Studio } from "./studio.ts";

/** The files that are heard with the picture now. Panels that play more, such as stems or candidates side by side, are asked here. */
export function heardSources({ project, making, film, audition }: Studio): readonly Source[] {
  if (audition.sources) return audition.sources;
  const { chosen } = project.document;
  const sound = making.sound(chosen?.sound);
  if (chosen && sound?.status === "succeeded" && isOwnMix(project.document, sound, film.analysis?.has_audio ?? false))
    return layersOf(project.document, sound, chosen.candidate);
  const path = sound && chosen ? heardPath(sound, chosen.candidate) : null;
  return path ? [{ path, gain: 1 }] : [];
}

/** How loud the film's own sound is heard from the picture. What a panel lets hear is heard alone, and the server's mix has it already. */
export function heardOriginal({ project, making, film, audition }: Studio): number {
  if (audition.sources) return 0;
  const sound = making.sound(project.document.chosen?.sound);
  const hasOriginal = film.analysis?.has_audio ?? false;
  const isMixed = sound?.status === "succeeded" && !isOwnMix(project.document, sound, hasOriginal);
  return isMixed ? 0 : originalGain(project.document, sound, hasOriginal);
}
