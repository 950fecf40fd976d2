import type { Texts } from "../text/text.ts";

/** A panel of the side column: its element, and its name. Elements that are not defined are not shown. */
export interface Place {
  readonly element: string;
  readonly name: (texts: Texts) => string;
}

export const places: readonly Place[] = [
  { element: "rewas-candidates", name: texts => texts.places.candidates },
  { element: "rewas-tracks", name: texts => texts.places.tracks },
  { element: "rewas-references", name: texts => texts.places.references },
  { element: "rewas-conversation", name: texts => texts.places.conversation },
  { element: "rewas-export", name: texts => texts.places.export },
];
