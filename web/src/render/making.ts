import { Api } from "../api/api.ts";
import { soundEvents } from "../api/events.ts";
import { patiently } from "../api/patience.ts";
import { Problem } from "../api/problem.ts";
import type { Order, Sound } from "../api/types.ts";
import { Changes } from "../changes.ts";
import { setOption } from "../project/commands.ts";
import type { PendingOrder, ProjectDocument } from "../project/document.ts";
import type { Project } from "../project/project.ts";

/** Sounds that the list keeps beside those that the user keeps. */
const mostSounds = 30;
/** Seeds have 32 bits. */
const seedCount = 2 ** 32;

/** The sounds of the project: ordered, being made, and ended. The server makes them whether this page is open or not. */
export class Making extends Changes {
  readonly #sounds = new Map<string, Sound>();
  readonly #watched = new Map<string, AbortController>();
  readonly #gone = new Set<string>();
  #isCutOff = false;
  #ordering = "";
  #failure: unknown = null;

  constructor(
    private readonly api: Api,
    private readonly project: Project,
  ) {
    super();
    project.subscribe(() => this.#update());
  }

  /** Null until the server has told of it, or if it has it no more. */
  sound(id: string | undefined): Sound | null {
    return this.#sounds.get(id ?? "") ?? null;
  }

  /** The sound that is being made now. */
  get running(): Sound | null {
    return this.project.document.renders.map(render => this.sound(render.sound)).find(sound => sound && !hasEnded(sound)) ?? null;
  }

  get isOrdering(): boolean {
    return this.project.document.pending !== null;
  }

  /** Whether the connection to the server is cut. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** Why the last order was refused. */
  get failure(): unknown {
    return this.#failure;
  }

  /** The order of what the project wishes. */
  static orderOf({ film, prompt, options, edits, curve }: ProjectDocument): Order {
    const order: Order = { ...options, prompt, edits: [...edits] };
    if (film) order.file = film.file;
    if (curve) order.curve = [...curve];
    return order;
  }

  /** Orders the sound that the project wishes. */
  start(): void {
    this.#failure = null;
    const pending = { key: crypto.randomUUID(), order: Making.orderOf(this.project.document) };
    this.project.note(() => ({ pending }));
  }

  /** Orders the same again with another seed. */
  startAnother(): void {
    this.project.do(setOption("seed", Math.floor(Math.random() * seedCount)));
    this.start();
  }

  async cancel(sound: string): Promise<void> {
    this.#know(await patiently(() => this.api.cancel(sound)));
  }

  #update(): void {
    const { renders, pending } = this.project.document;
    if (pending && pending.key !== this.#ordering) void this.#order(pending);
    const wanted = new Set(renders.map(render => render.sound));
    for (const [id, watch] of this.#watched)
      if (!wanted.has(id)) {
        watch.abort();
        this.#watched.delete(id);
        this.#sounds.delete(id);
      }
    for (const id of wanted) if (!this.#watched.has(id) && !this.#gone.has(id)) void this.#watch(id);
  }

  async #order(pending: PendingOrder): Promise<void> {
    this.#ordering = pending.key;
    const { prompt, edits } = this.project.document;
    try {
      const sound = await patiently(
        () => this.api.start(pending.order, pending.key),
        undefined,
        () => this.#cut(true),
      );
      this.#cut(false);
      if (this.project.document.pending?.key !== pending.key) return;
      this.#know(sound);
      this.project.note(document => ({
        pending: null,
        renders: [
          { sound: sound.id, prompt, edits, at: Date.now(), kept: false },
          ...document.renders.filter((render, i) => render.sound !== sound.id && (render.kept || i < mostSounds)),
        ],
        chosen: { sound: sound.id, candidate: 0 },
      }));
    } catch (failure) {
      this.#failure = failure;
      this.#cut(false);
      this.project.note(({ pending: now }) => (now?.key === pending.key ? { pending: null } : {}));
      this.changed();
    }
  }

  async #watch(id: string): Promise<void> {
    const end = new AbortController();
    this.#watched.set(id, end);
    try {
      const sound = await patiently(
        () => this.api.sound(id),
        end.signal,
        () => this.#cut(true),
      );
      this.#cut(false);
      this.#know(sound);
      if (hasEnded(sound)) return;
      for await (const event of soundEvents(this.api, id, end.signal, cut => this.#cut(cut))) {
        const before = this.#sounds.get(id) as Sound;
        this.#know(event.type === "done" ? event.data : { ...before, status: "running", progress: event.data });
      }
    } catch (failure) {
      if (end.signal.aborted) return;
      this.#watched.delete(id);
      this.#gone.add(id);
      if (!(failure instanceof Problem && failure.status === 404)) this.#failure = failure;
      this.changed();
    }
  }

  #know(sound: Sound): void {
    this.#sounds.set(sound.id, sound);
    this.changed();
  }

  #cut(is: boolean): void {
    if (is === this.#isCutOff) return;
    this.#isCutOff = is;
    this.changed();
  }
}

export const hasEnded = (sound: Sound): boolean => !["queued", "running"].includes(sound.status);

/** Path of what is heard of a sound: what is there of it while it is made, then the finished mix. */
export function heardPath(sound: Sound, candidate: number): string | null {
  if (sound.status === "succeeded") return Api.content(sound.id, { candidate, format: "wav" });
  return hasEnded(sound) ? null : Api.content(sound.id, { stem: "live" });
}
