import type { Options } from "../api/types.ts";
import type { Command } from "./project.ts";
import { withTake } from "./takes.ts";

export const setPrompt = (prompt: string): Command => ({ joins: "prompt", change: () => ({ prompt }) });

/** Sets an option, or gives it back to the server's default. */
export const setOption = <Name extends keyof Options>(name: Name, value: Options[Name] | undefined): Command => ({
  joins: `option ${name}`,
  change: ({ options }) => {
    const { [name]: _, ...others } = options;
    return { options: (value === undefined ? others : { ...options, [name]: value }) as Options };
  },
});

export const addEdit = (edit: string): Command => ({ change: ({ edits }) => ({ edits: [...edits, edit] }) });

/** Replaces the last edit while it is being made, such as the gain that keys change step by step. */
export const refineEdit = (edit: string, joins: string): Command => ({
  joins,
  change: ({ edits }) => ({ edits: [...edits.slice(0, -1), edit] }),
});

export const removeEdit = (index: number): Command => ({ change: ({ edits }) => ({ edits: edits.toSpliced(index, 1) }) });

export const clearEdits = (): Command => ({ change: () => ({ edits: [] }) });

/** Starts from another curve; null: from the energy of the picture. */
export const setCurve = (curve: readonly number[] | null): Command => ({ change: () => ({ curve, edits: [] }) });

type ListName = "reference" | "pin" | "ban" | "take";

const inList = (name: ListName, change: (list: readonly string[]) => readonly string[]): Command => ({
  change: ({ options }) => {
    const { [name]: before, ...others } = options;
    const after = [...change(before ?? [])];
    return { options: (after.length > 0 ? { ...others, [name]: after } : others) as Options };
  },
});

export const addTo = (name: ListName, item: string): Command => inList(name, list => (list.includes(item) ? list : [...list, item]));

export const removeFrom = (name: ListName, item: string): Command => inList(name, list => list.filter(other => other !== item));

/** A part of the sound is made again. */
export const addTake = (take: string): Command => inList("take", list => withTake(list, take));
