import type { Api } from "../api/api.ts";
import { patiently } from "../api/patience.ts";
import { Changes } from "../changes.ts";
import type { FilmState } from "../film/filmState.ts";
import { addEdit } from "../project/commands.ts";
import type { Command, Project } from "../project/project.ts";
import { eventTimes } from "./editText.ts";
import { eventsOf } from "./events.ts";

export interface CurveState {
  readonly values: readonly number[];
  readonly onsets: readonly number[];
}

/** A curve that is shown beside the film's, such as that of a recording. */
export interface Comparison {
  readonly name: string;
  readonly values: readonly number[];
}

/** The energy after the edits. The server applies them, so that the curve is the one that is rendered. */
export class Energy extends Changes {
  #curve: CurveState | null = null;
  #before: CurveState | null = null;
  #comparison: Comparison | null = null;
  #failure: unknown = null;
  #key = "";
  #work = new AbortController();
  #revision = 0;
  readonly #known = new Map<string, CurveState>();
  readonly #asked = new Set<string>();

  constructor(
    private readonly api: Api,
    private readonly project: Project,
    private readonly film: FilmState,
  ) {
    super();
    project.subscribe(() => this.#update());
    film.subscribe(() => this.#update());
  }

  /** Null until the film is looked at. */
  get curve(): CurveState | null {
    return this.#curve;
  }

  /** The curve without the edits. */
  get predicted(): CurveState | null {
    return this.#before;
  }

  get comparison(): Comparison | null {
    return this.#comparison;
  }

  /** Why the last edit was refused. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Grows with each curve that has come. */
  get revision(): number {
    return this.#revision;
  }

  compare(comparison: Comparison | null): void {
    this.#comparison = comparison;
    this.changed();
  }

  /** Adds an edit if the server accepts it. */
  add(edit: string): Promise<boolean> {
    return this.try(addEdit(edit));
  }

  /** Does a command on the edits if the server accepts the result. */
  async try(command: Command): Promise<boolean> {
    const { document } = this.project;
    if (!document.film) return false;
    const { edits, curve } = { ...document, ...command.change(document) };
    try {
      await this.of(edits, curve);
      this.#failure = null;
      this.project.do(command);
      return true;
    } catch (failure) {
      this.#failure = failure;
      this.changed();
      return false;
    }
  }

  /** The curve after edits. */
  async of(edits: readonly string[], curve: readonly number[] | null, signal?: AbortSignal): Promise<CurveState> {
    const { film } = this.project.document;
    const { analysis } = this.film;
    if (!film || !analysis) throw new Error("no film is open");
    if (edits.length === 0 && curve === null) return { values: analysis.curve, onsets: eventsOf(analysis.curve, analysis.onsets) };
    const key = JSON.stringify([film.file, edits, curve]);
    const known = this.#known.get(key);
    if (known) return known;
    const preview = await patiently(() => this.api.previewCurve(film.file, edits, curve, signal), signal);
    const state = { values: preview.curve, onsets: eventsOf(preview.curve, [...preview.onsets, ...eventTimes(edits)]) };
    this.#known.set(key, state);
    this.#revision++;
    if (this.#known.size > 64) this.#known.delete(this.#known.keys().next().value as string);
    return state;
  }

  /** The curve after edits, if it is here; else it is asked for, and listeners are told when it has come. */
  known(edits: readonly string[]): CurveState | null {
    const { film, curve } = this.project.document;
    const { analysis } = this.film;
    if (!film || !analysis) return null;
    if (edits.length === 0 && curve === null) return this.#before;
    const key = JSON.stringify([film.file, edits, curve]);
    const state = this.#known.get(key);
    if (!state && !this.#asked.has(key)) {
      this.#asked.add(key);
      this.of(edits, curve).then(
        () => this.changed(),
        () => {
          // The edits of an older sound no longer fit; what it would take is not shown.
        },
      );
    }
    return state ?? null;
  }

  #update(): void {
    const { film, edits, curve } = this.project.document;
    const { analysis } = this.film;
    const key = analysis && film ? JSON.stringify([film.file, edits, curve]) : "";
    if (key === this.#key) return;
    this.#key = key;
    this.#work.abort();
    this.#work = new AbortController();
    if (key === "") {
      [this.#curve, this.#before, this.#comparison, this.#failure] = [null, null, null, null];
      this.changed();
      return;
    }
    const { signal } = this.#work;
    Promise.all([this.of([], curve, signal), this.of(edits, curve, signal)]).then(
      ([before, after]) => {
        if (signal.aborted) return;
        [this.#before, this.#curve] = [before, after];
        this.changed();
      },
      failure => {
        if (signal.aborted) return;
        this.#failure = failure;
        this.#curve ??= { values: (analysis as { curve: number[] }).curve, onsets: [] };
        this.changed();
      },
    );
  }
}
