import type { Api } from "../api/api.ts";
import { patiently } from "../api/patience.ts";
import type { Analysis } from "../api/types.ts";
import { upload } from "../api/upload.ts";
import { Changes } from "../changes.ts";
import type { Film } from "../project/document.ts";

export type FilmStage = "none" | "sending" | "looking" | "ready" | "failed";

/** The film that is open: how much of it has been sent, and what the server sees in it. */
export class FilmState extends Changes {
  #stage: FilmStage = "none";
  #sent = 0;
  #film: Film | null = null;
  #analysis: Analysis | null = null;
  #failure: unknown = null;
  #work = new AbortController();

  constructor(private readonly api: Api) {
    super();
  }

  get stage(): FilmStage {
    return this.#stage;
  }

  /** The part that has been sent, 0 to 1. */
  get sent(): number {
    return this.#sent;
  }

  get analysis(): Analysis | null {
    return this.#analysis;
  }

  get failure(): unknown {
    return this.#failure;
  }

  /** Sends a film. */
  async send(file: File): Promise<Film> {
    const { signal } = this.#begin(null, "sending");
    try {
      const stored = await upload(
        this.api,
        file,
        sent => {
          if (signal.aborted) return;
          this.#sent = sent;
          this.changed();
        },
        signal,
      );
      signal.throwIfAborted();
      return { file: stored.id, name: file.name };
    } catch (failure) {
      // Another film may be open meanwhile.
      if (!signal.aborted) this.#fail(failure);
      throw failure;
    }
  }

  /** Breaks off what is being sent. */
  stop(): void {
    if (this.#stage === "sending") this.#begin(null, "none");
  }

  /** Looks at a film of the server; null: no film is open. */
  async open(film: Film | null): Promise<void> {
    if (film?.file === this.#film?.file) return;
    const { signal } = this.#begin(film, film ? "looking" : "none");
    if (film) await this.#look(film, signal);
  }

  /** Looks at the film again after a failure. */
  async again(): Promise<void> {
    const film = this.#film;
    if (film && this.#stage === "failed") await this.#look(film, this.#begin(film, "looking").signal);
  }

  async #look(film: Film, signal: AbortSignal): Promise<void> {
    try {
      const analysis = await patiently(() => this.api.analyse(film.file, signal), signal);
      if (signal.aborted) return;
      this.#analysis = analysis;
      this.#stage = "ready";
      this.changed();
    } catch (failure) {
      if (!signal.aborted) this.#fail(failure);
    }
  }

  #begin(film: Film | null, stage: FilmStage): AbortController {
    this.#work.abort();
    const work = new AbortController();
    this.#work = work;
    [this.#film, this.#stage, this.#sent, this.#analysis, this.#failure] = [film, stage, 0, null, null];
    this.changed();
    return work;
  }

  #fail(failure: unknown): void {
    [this.#stage, this.#failure] = ["failed", failure];
    this.changed();
  }
}
