import { valuesPerSecond } from "./scale.ts";

/** Mel frames of a window: 5.12 s. */
const windowFrames = 512;
/** Frames that neighbours share, unless windows are only concatenated. */
const sharedFrames = 96;

export interface Window {
  /** s */
  readonly from: number;
  readonly to: number;
}

/** The windows in which a sound is sampled. Each scene between cuts has its own. */
export interface Layout {
  readonly windows: readonly Window[];
  /** Windows whose ends are fixed to a window, which is sampled first. */
  readonly dependants: readonly (readonly number[])[];
}

export type Join = "bridge" | "continue" | "crossfade" | "concatenate";

/** @param cuts times at which the sound begins anew, s */
export function layout(seconds: number, cuts: readonly number[], join: Join): Layout {
  const windows: Window[] = [];
  const dependants: number[][] = [];
  const stride = join === "concatenate" ? windowFrames : windowFrames - sharedFrames;
  const ends = [0, ...cuts.map(cut => Math.round(cut * valuesPerSecond)), Math.ceil(seconds * valuesPerSecond)];
  for (let scene = 0; scene + 1 < ends.length; scene++) {
    const [start, end] = [ends[scene] as number, ends[scene + 1] as number];
    const count = 1 + Math.max(0, Math.ceil((end - start - windowFrames) / stride));
    const first = windows.length;
    for (let window = 0; window < count; window++) {
      const from = start + window * stride;
      windows.push({ from: from / valuesPerSecond, to: Math.min(end, from + windowFrames) / valuesPerSecond });
      dependants.push([]);
      const follows = window > 0 && (join === "continue" || (join === "bridge" && window % 2 === 1));
      if (follows) dependants[first + window - 1]?.push(first + window);
      if (join === "bridge" && window % 2 === 0 && window > 0) dependants[first + window]?.push(first + window - 1);
    }
  }
  return { windows, dependants };
}

/** The windows that are sampled again when a curve has changed: those that it steers, and those that build on them. */
export function changedWindows({ windows, dependants }: Layout, before: readonly number[], after: readonly number[]): Set<number> {
  const changed = new Set<number>();
  const add = (window: number): void => {
    if (changed.has(window)) return;
    changed.add(window);
    for (const dependant of dependants[window] ?? []) add(dependant);
  };
  windows.forEach(({ from, to }, window) => {
    for (let i = Math.round(from * valuesPerSecond); i < Math.round(to * valuesPerSecond); i++)
      if (before[i] !== after[i]) {
        add(window);
        return;
      }
  });
  return changed;
}
