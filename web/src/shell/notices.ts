import { Problem } from "../api/problem.ts";
import { Changes } from "../changes.ts";
import { text } from "../text/text.ts";

export interface Notice {
  readonly id: number;
  readonly kind: "problem" | "note";
  readonly text: string;
}

/** What the page tells the user until it is dismissed. Texts are drawn as text and never as markup. */
export class Notices extends Changes {
  #all: readonly Notice[] = [];
  #next = 1;

  get all(): readonly Notice[] {
    return this.#all;
  }

  tell(message: string, kind: Notice["kind"] = "note"): void {
    if (this.#all.some(notice => notice.text === message)) return;
    this.#all = [...this.#all, { id: this.#next++, kind, text: message }].slice(-4);
    this.changed();
  }

  /** Tells what is being done. It goes by itself. */
  tellFor(milliseconds: number, message: string): void {
    this.tell(message);
    const told = this.#all.find(notice => notice.text === message);
    if (told) setTimeout(() => this.dismiss(told.id), milliseconds);
  }

  /** Tells of a failure, and what to do about it. What the user has stopped is no failure. */
  report(failure: unknown): void {
    if (failure instanceof DOMException && failure.name === "AbortError") return;
    this.tell(problemText(failure), "problem");
  }

  dismiss(id: number): void {
    this.#all = this.#all.filter(notice => notice.id !== id);
    this.changed();
  }
}

export function problemText(failure: unknown): string {
  const texts = text().problem;
  if (failure instanceof Problem) {
    if (failure.status === 401) return texts.unauthenticated;
    if (failure.status === 403) return texts.denied(failure.message);
    if (failure.status === 404) return texts.gone(failure.message);
    if (failure.isPassing) return texts.busy(failure.message);
    return texts.other(failure.message);
  }
  if (failure instanceof TypeError) return texts.network;
  return texts.other(failure instanceof Error ? failure.message : String(failure));
}
