import { Changes } from "../changes.ts";
import { emptyDocument, type ProjectDocument, type Wish, wishOf, withHeld } from "./document.ts";
import { emptyHistory, type History, remember, stepBack, stepForward } from "./history.ts";

/** A change of the wish, which can be undone. */
export interface Command {
  /** Commands with the same name that follow each other are one step, such as the letters of a prompt. Absent: a step of its own. */
  readonly joins?: string;
  change(wish: Wish): Partial<Wish>;
}

/**
 * The project that is open. Every panel reads its document and changes it by commands. What happens without the user's wish, such as a sound
 * that was ordered, is noted, and cannot be undone.
 */
export class Project extends Changes {
  #document: ProjectDocument = emptyDocument;
  #history: History = emptyHistory;
  #lastJoin: string | undefined;

  get document(): ProjectDocument {
    return this.#document;
  }

  get history(): History {
    return this.#history;
  }

  get canUndo(): boolean {
    return this.#history.past.length > 0;
  }

  get canRedo(): boolean {
    return this.#history.future.length > 0;
  }

  do(command: Command): void {
    const before = wishOf(this.#document);
    const after = { ...before, ...command.change(before) };
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    if (command.joins === undefined || command.joins !== this.#lastJoin) this.#history = remember(this.#history, before);
    else this.#history = { ...this.#history, future: [] };
    this.#lastJoin = command.joins;
    this.#set({ ...this.#document, ...after });
  }

  /** Ends a run of commands that are one step. */
  endStep(): void {
    this.#lastJoin = undefined;
  }

  undo(): void {
    this.#step(stepBack(this.#history, wishOf(this.#document)));
  }

  redo(): void {
    this.#step(stepForward(this.#history, wishOf(this.#document)));
  }

  note(change: (document: ProjectDocument) => Partial<ProjectDocument>): void {
    this.#set({ ...this.#document, ...change(this.#document) });
  }

  open(document: ProjectDocument, history: History = emptyHistory): void {
    this.#history = history;
    this.#lastJoin = undefined;
    this.#set(document);
  }

  #step(step: { history: History; wish: Wish } | null): void {
    if (step === null) return;
    this.#history = step.history;
    this.#lastJoin = undefined;
    this.#set({ ...this.#document, ...step.wish });
  }

  #set(document: ProjectDocument): void {
    this.#document = withHeld(document);
    this.changed();
  }
}
