import type { Studio } from "../studio.ts";
import { changedWindows, type Join, layout, type Window } from "./windows.ts";

export interface Affected {
  readonly windows: readonly Window[];
  /** Those that are sampled again. */
  readonly changed: ReadonlySet<number>;
}

const nothing: Affected = { windows: [], changed: new Set() };

/**
 * The windows that the next sound samples, if the words and options stay those of the sound that is heard. The server keeps the others, and
 * they come out the same to the sample.
 */
export function affectedWindows({ project, film, energy, making }: Studio): Affected {
  const { analysis } = film;
  const { curve } = energy;
  const { chosen, renders, options } = project.document;
  const heard = renders.find(render => render.sound === chosen?.sound);
  if (!analysis || !curve || !heard || making.sound(heard.sound)?.status !== "succeeded") return nothing;
  const before = energy.known(heard.edits);
  if (!before) return nothing;
  const cuts = options["ignore-cuts"] ? [] : analysis.cuts;
  const windows = layout(analysis.seconds, cuts, (options.join ?? "bridge") as Join);
  return { windows: windows.windows, changed: changedWindows(windows, before.values, curve.values) };
}
