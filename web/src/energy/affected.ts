import type { Studio } from "../studio.ts";
import { changedWindows, type Join, layout, type Window } from "./windows.ts";

export interface Affected {
  readonly windows: readonly Window[];
  /** Those that are sampled again. */
  readonly changed: ReadonlySet<number>;
}

const nothing: Affected = { windows: [], changed: new Set() };

/** The last answer, and what it depended on. It is asked for at each drawn frame. */
let last: { readonly on: readonly unknown[]; readonly affected: Affected } = { on: [], affected: nothing };

/**
 * The windows that the next sound samples, if the words and options stay those of the sound that is heard. The server keeps the others, and
 * they come out the same to the sample.
 */
export function affectedWindows(studio: Studio): Affected {
  const { project, film, energy, making } = studio;
  const on = [project.document, film.analysis, energy.curve, energy.revision, making.sound(project.document.chosen?.sound)?.status];
  if (!on.every((one, i) => one === last.on[i])) last = { on, affected: affected(studio) };
  return last.affected;
}

function affected({ project, film, energy, making }: Studio): Affected {
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
