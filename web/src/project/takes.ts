import type { Selection } from "../desk/view.ts";

/** A part of the sound that is made again with other options, as the server, the command line and the sidecar write it. */
export interface Take extends Selection {
  readonly text: string;
}

const largestSeed = 2 ** 32 - 1;
const seconds = (value: number): string => `${Math.round(value * 100) / 100}s`;

/** A take of the selection with another seed, and with other words if there are any. */
export function takeOf(selection: Selection, words: string): string {
  const seed = Math.floor(Math.random() * (largestSeed + 1));
  const prompt = words.replaceAll(/["\s]+/g, " ").trim();
  return `${seconds(selection.from)}..${seconds(selection.to)} seed=${seed}${prompt === "" ? "" : ` prompt="${prompt}"`}`;
}

/** The takes of a list of texts. What is none is left to the server, which says why. */
export const takesOf = (texts: readonly string[]): Take[] =>
  texts.flatMap(text => {
    const [, from, to] = /^([\d.]+)s\.\.([\d.]+)s /.exec(text) ?? [];
    return from === undefined || to === undefined ? [] : [{ from: Number(from), to: Number(to), text }];
  });

/** The takes with a further one. It replaces those that lie within it: they would not be heard any more. */
export function withTake(texts: readonly string[], text: string): readonly string[] {
  const [added] = takesOf([text]);
  if (!added) return texts;
  const heard = takesOf(texts).filter(take => take.from < added.from || take.to > added.to);
  return [...heard.map(take => take.text), text];
}
