import { type ProjectDocument, readDocument } from "./document.ts";
import { emptyHistory, type History } from "./history.ts";

/** What this browser keeps of a project: the document, its undo steps, and what the server had when it was last in step. */
export interface Kept {
  readonly document: ProjectDocument;
  readonly history: History;
  readonly base: { readonly version: number; readonly document: ProjectDocument } | null;
}

const keyOf = (id: string) => `rewas.project.${id}`;

/** The copy of a project in this browser. A crash, a reload and a cut network lose nothing of it. */
export const LocalCopy = {
  read(id: string): Kept | null {
    try {
      const json = JSON.parse(localStorage.getItem(keyOf(id)) ?? "null") as Kept | null;
      const document = readDocument(json?.document);
      return json && document ? { document, history: json.history ?? emptyHistory, base: json.base ?? null } : null;
    } catch {
      return null;
    }
  },

  /** Keeps fewer undo steps where the browser has no room for all. */
  write(id: string, kept: Kept): void {
    for (let steps = kept.history.past.length; ; steps = Math.floor(steps / 2)) {
      const history = { past: kept.history.past.slice(-steps || Number.POSITIVE_INFINITY), future: steps > 0 ? kept.history.future : [] };
      try {
        localStorage.setItem(keyOf(id), JSON.stringify({ ...kept, history }));
        return;
      } catch {
        if (steps === 0) return;
      }
    }
  },

  forget(id: string): void {
    localStorage.removeItem(keyOf(id));
  },
};
