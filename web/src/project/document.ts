import type { Message } from "../api/conversation.ts";
import type { Options, Order } from "../api/types.ts";

export const documentFormat = 1;

export interface Film {
  readonly file: string;
  readonly name: string;
}

/** What the user wants to hear. Undo and redo change this part of a document. */
export interface Wish {
  readonly prompt: string;
  /** Options of the order by their names in the API. Recordings, pinned and banned pieces are options too: reference, pin, ban. */
  readonly options: Options;
  /** Replaces the energy predicted from the picture: 100 values a second. */
  readonly curve: readonly number[] | null;
  /** Edits of the energy in order, each as on the command line. */
  readonly edits: readonly string[];
}

/** A sound that was ordered. */
export interface Rendered {
  readonly sound: string;
  readonly prompt: string;
  readonly edits: readonly string[];
  /** When it was ordered, milliseconds since 1970. */
  readonly at: number;
  /** Kept by the user. Others may be forgotten when there are many. */
  readonly kept: boolean;
}

/** An order that is being sent. Sent again with its key, it gives the same sound, so a reload in between loses nothing. */
export interface PendingOrder {
  readonly key: string;
  readonly order: Order;
}

/** The candidate of a sound that is heard and exported. */
export interface Choice {
  readonly sound: string;
  readonly candidate: number;
}

/** How a track is heard while the film plays. The export is finished by the options of the order. */
export interface TrackMix {
  readonly muted: boolean;
  readonly solo: boolean;
  /** dB. */
  readonly gain: number;
}

/** All that the page keeps of one film. The server stores it as it is, and keeps the files and sounds that it lists. */
export interface ProjectDocument extends Wish {
  readonly format: typeof documentFormat;
  readonly files: readonly string[];
  readonly sounds: readonly string[];
  readonly film: Film | null;
  /** The newest first. */
  readonly renders: readonly Rendered[];
  readonly chosen: Choice | null;
  /** Candidates that stay beside those of the chosen sound, to compare with. */
  readonly pinned?: readonly Choice[];
  readonly pending: PendingOrder | null;
  /** Names of recordings by their file. */
  readonly names: Readonly<Record<string, string>>;
  /** Names of recordings of the library by what the order calls them. */
  readonly libraryNames?: Readonly<Record<string, string>>;
  readonly mix: Readonly<Record<string, TrackMix>>;
  /** Session of the conversation with the agent. */
  readonly conversation: string | null;
  /** What was said in it. */
  readonly said?: readonly Message[];
}

export const emptyDocument: ProjectDocument = {
  format: documentFormat,
  files: [],
  sounds: [],
  film: null,
  prompt: "",
  options: {},
  curve: null,
  edits: [],
  renders: [],
  chosen: null,
  pending: null,
  names: {},
  mix: {},
  conversation: null,
};

export const wishOf = ({ prompt, options, curve, edits }: Wish): Wish => ({ prompt, options, curve, edits });

/** The document with the lists of what the server must keep. */
export function withHeld(document: ProjectDocument): ProjectDocument {
  const files = new Set([
    ...(document.film ? [document.film.file] : []),
    ...(document.options.reference ?? []).filter(reference => !reference.startsWith("library:")),
    ...Object.keys(document.names),
  ]);
  return { ...document, files: [...files], sounds: document.renders.map(render => render.sound) };
}

/** Reads a document of the server or of this browser. Fields that it lacks are empty. Null: it is no document of this page. */
export function readDocument(json: unknown): ProjectDocument | null {
  if (typeof json !== "object" || json === null || (json as ProjectDocument).format !== documentFormat) return null;
  return { ...emptyDocument, ...(json as ProjectDocument) };
}

/** Joins the changes of two writers. A field that only one of them has changed is his; of a field that both have changed, it is mine. */
export function merge(base: ProjectDocument, mine: ProjectDocument, theirs: ProjectDocument): ProjectDocument {
  const merged: Record<string, unknown> = { ...theirs };
  for (const key of Object.keys(mine) as (keyof ProjectDocument)[])
    if (JSON.stringify(mine[key]) !== JSON.stringify(base[key])) merged[key] = mine[key];
  const both = merged as unknown as ProjectDocument;
  // Nothing that was rendered is lost, whoever ordered it.
  const renders = new Map([...theirs.renders, ...mine.renders].map(render => [render.sound, render]));
  return { ...both, renders: [...renders.values()].sort((one, other) => other.at - one.at) };
}
