import { Api } from "../api/api.ts";
import type { Candidate, Levels, Sound } from "../api/types.ts";
import type { Source } from "../playback/playback.ts";
import type { Choice, ProjectDocument } from "../project/document.ts";

/** Candidates that are compared at a time. */
export const mostCompared = 8;

/** A candidate that can be compared: of the chosen sound, or pinned. */
export interface Compared {
  readonly choice: Choice;
  readonly sound: Sound;
  readonly candidate: Candidate;
  readonly isPinned: boolean;
}

export const sameChoice = (one: Choice | null, other: Choice | null): boolean =>
  one?.sound === other?.sound && one?.candidate === other?.candidate;

export const keyOf = ({ sound, candidate }: Choice): string => `${sound}/${candidate}`;

/** What is compared: what is pinned, then the candidates of the chosen sound, at most eight. */
export function comparedOf(document: ProjectDocument, soundOf: (id: string) => Sound | null): Compared[] {
  const chosen = document.chosen ? soundOf(document.chosen.sound) : null;
  const pinned = document.pinned ?? [];
  const all = [...pinned, ...(chosen?.candidates ?? []).map(({ rank }) => ({ sound: (chosen as Sound).id, candidate: rank }))];
  return all
    .filter((choice, i) => all.findIndex(other => sameChoice(other, choice)) === i)
    .flatMap(choice => {
      const sound = soundOf(choice.sound);
      const candidate = sound?.candidates?.find(({ rank }) => rank === choice.candidate);
      return sound && candidate ? [{ choice, sound, candidate, isPinned: pinned.some(pin => sameChoice(pin, choice)) }] : [];
    })
    .slice(0, mostCompared);
}

/**
 * All candidates play at once, and only the chosen one is heard, so that a switch has no gap. Each is brought to the level of the quietest:
 * of two that differ only in level, people prefer the louder one.
 */
export function sourcesOf(compared: readonly Compared[], chosen: Choice | null, levelOf: (choice: Choice) => Levels | null): Source[] {
  const known = compared.flatMap(({ choice }) => levelOf(choice)?.loudness ?? []);
  const quietest = Math.min(...known);
  return compared.map(({ choice }) => {
    const loudness = levelOf(choice)?.loudness;
    const decibels = loudness === undefined || loudness === null ? 0 : quietest - loudness;
    return {
      path: Api.content(choice.sound, { candidate: choice.candidate, format: "wav" }),
      gain: sameChoice(choice, chosen) ? 10 ** (decibels / 20) : 0,
    };
  });
}

/** A measure of a candidate, and whether it is the best of those that are compared. */
export interface Measure {
  readonly name: "similarity" | "energy_error" | "onset_agreement" | "clipping" | "hum";
  readonly value: number;
  readonly isBest: boolean;
}

const lowIsGood: Record<Measure["name"], boolean> = {
  similarity: false,
  energy_error: true,
  onset_agreement: false,
  clipping: true,
  hum: true,
};

/** The measures of a candidate among those of its sound. */
export function measuresOf(candidate: Candidate, all: readonly Candidate[]): Measure[] {
  return (Object.keys(lowIsGood) as Measure["name"][]).flatMap(name => {
    const value = candidate[name];
    if (value === undefined || value === null) return [];
    const others = all.flatMap(other => other[name] ?? []);
    const best = lowIsGood[name] ? Math.min(...others) : Math.max(...others);
    const differ = Math.max(...others) - Math.min(...others) > 1e-6;
    return [{ name, value, isBest: differ && value === best }];
  });
}
