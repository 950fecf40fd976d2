import type { Check } from "../api/types.ts";

/** What the words of a prompt were read as. */
export interface Reading {
  /** Empty: nothing to hear is named. */
  readonly hear: string;
  readonly notHear: string;
  /** Change of level, dB. */
  readonly decibels: number;
  readonly unknown: readonly string[];
  /** What was understood and not done, and why. */
  readonly notes: readonly string[];
  /** Whether the prompt is in a language that cannot be read. It is passed on as it is. */
  readonly isUnread: boolean;
}

/** The reading in a report; null: the prompt is taken as it is. */
export function readingOf({ prompt, words }: Check): Reading | null {
  if (!words) return null;
  const { negative, decibels, unknown, notes } = words;
  const isUnread = words.prompt === prompt && negative === "" && decibels === 0 && notes.length === 0;
  return { hear: words.prompt, notHear: negative, decibels, unknown, notes, isUnread };
}

/** A change of level as editors write it: −6 dB, +3 dB. */
export const decibelText = (decibels: number): string => `${decibels < 0 ? "−" : "+"}${Math.round(Math.abs(decibels) * 100) / 100} dB`;
