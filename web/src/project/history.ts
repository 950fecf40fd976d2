import type { Wish } from "./document.ts";

/** Steps that can be undone. */
const mostSteps = 100;

/** What was wished before, and what was undone. */
export interface History {
  readonly past: readonly Wish[];
  readonly future: readonly Wish[];
}

export const emptyHistory: History = { past: [], future: [] };

export const remember = (history: History, before: Wish): History => ({
  past: [...history.past, before].slice(-mostSteps),
  future: [],
});

/** Null: there is nothing to undo. */
export function stepBack(history: History, now: Wish): { history: History; wish: Wish } | null {
  const wish = history.past.at(-1);
  return wish ? { wish, history: { past: history.past.slice(0, -1), future: [...history.future, now] } } : null;
}

/** Null: there is nothing to redo. */
export function stepForward(history: History, now: Wish): { history: History; wish: Wish } | null {
  const wish = history.future.at(-1);
  return wish ? { wish, history: { past: [...history.past, now], future: history.future.slice(0, -1) } } : null;
}
