import type { Api } from "../api/api.ts";
import { isPassing, patiently, pause, pauseAfter } from "../api/patience.ts";
import { Problem } from "../api/problem.ts";
import { Changes } from "../changes.ts";
import { emptyDocument, merge, type ProjectDocument, readDocument } from "./document.ts";
import { emptyHistory } from "./history.ts";
import { LocalCopy } from "./localCopy.ts";
import type { Project } from "./project.ts";

export interface ProjectEntry {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly lease_ends: string;
  readonly owner?: string | null;
  /** Whether it is another caller's. It can be seen and heard, and is not saved. */
  readonly read_only: boolean;
  readonly shared_with?: readonly string[] | null;
}

interface StoredProject extends ProjectEntry {
  readonly document: unknown;
}

/** Where the newest state of the project is. */
export type SaveState = "saved" | "saving" | "waiting";

const quietTime = 600;

/**
 * Keeps the open project on the server, and a copy in this browser until the server has it. Several tabs may have a project open: each tells
 * the others of the versions that it saves, and changes that meet on the server are joined.
 */
export class ProjectStore extends Changes {
  #id: string | null = null;
  #entry: ProjectEntry | null = null;
  #base: { version: number; document: ProjectDocument } | null = null;
  #state: SaveState = "saved";
  #work: Promise<void> | null = null;
  /** Whether the server has a version that this page has not joined. */
  #stale = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The document as it was opened, or last kept in this browser. Any other is a change. */
  #known: ProjectDocument = emptyDocument;
  #tabs: BroadcastChannel | null = null;

  constructor(
    private readonly api: Api,
    private readonly project: Project,
  ) {
    super();
    project.subscribe(() => this.#changed());
    addEventListener("pagehide", () => this.#keepHere());
  }

  get id(): string | null {
    return this.#id;
  }

  get entry(): ProjectEntry | null {
    return this.#entry;
  }

  get state(): SaveState {
    return this.#state;
  }

  async list(): Promise<ProjectEntry[]> {
    const { data } = await this.api.json<{ data: ProjectEntry[] }>("GET", "/v1/projects");
    return data;
  }

  /** Makes a project of what is open now. */
  async create(name: string): Promise<void> {
    const document = this.project.document;
    const made = await this.api.json<ProjectEntry>("POST", "/v1/projects", { json: { name, document } });
    this.#follow({ ...made, name }, document);
    this.#keepHere();
    this.changed();
  }

  /** Opens a project: the server's state, joined with what this browser has and the server lacks. */
  async open(id: string): Promise<void> {
    const stored = await patiently(() => this.api.json<StoredProject>("GET", `/v1/projects/${encodeURIComponent(id)}`));
    const theirs = readDocument(stored.document) ?? emptyDocument;
    const here = LocalCopy.read(id);
    this.#follow(stored, theirs);
    const joined = here?.base ? merge(here.base.document, here.document, theirs) : theirs;
    this.#known = joined;
    this.project.open(joined, here?.history ?? emptyHistory);
    // What this browser has and the server lacks is sent now.
    if (!stored.read_only && JSON.stringify(joined) !== JSON.stringify(theirs)) void this.save();
  }

  async delete(id: string): Promise<void> {
    await this.api.request("DELETE", `/v1/projects/${encodeURIComponent(id)}`);
    LocalCopy.forget(id);
    if (id === this.#id) this.close();
  }

  async share(caller: string): Promise<void> {
    if (this.#id === null) return;
    await this.api.request("POST", `/v1/projects/${encodeURIComponent(this.#id)}/shares`, { json: { caller } });
    this.#entry = await this.api.json<StoredProject>("GET", `/v1/projects/${encodeURIComponent(this.#id)}`);
    this.changed();
  }

  close(): void {
    this.#follow(null, emptyDocument);
    this.project.open(emptyDocument);
    this.changed();
  }

  #follow(entry: ProjectEntry | null, document: ProjectDocument): void {
    clearTimeout(this.#timer);
    this.#tabs?.close();
    this.#id = entry?.id ?? null;
    this.#entry = entry;
    this.#base = entry ? { version: entry.version, document } : null;
    this.#known = document;
    this.#stale = false;
    this.#state = "saved";
    this.#tabs = entry ? new BroadcastChannel(`rewas.project.${entry.id}`) : null;
    if (this.#tabs) this.#tabs.onmessage = message => this.#hear(message.data);
    history.replaceState(null, "", entry ? `#project=${encodeURIComponent(entry.id)}` : location.pathname);
  }

  /** Another tab has saved a version. It is joined as that of another browser, so that two changes at a time lose nothing. */
  #hear(version: unknown): void {
    if (version === this.#base?.version) return;
    this.#stale = true;
    void this.save();
  }

  #changed(): void {
    if (this.#id === null || this.#entry?.read_only || JSON.stringify(this.project.document) === JSON.stringify(this.#known)) return;
    this.#known = this.project.document;
    this.#keepHere();
    this.#tell("saving");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), quietTime);
  }

  #keepHere(): void {
    if (this.#id) LocalCopy.write(this.#id, { document: this.project.document, history: this.project.history, base: this.#base });
  }

  /** Sends the newest state. Ends when the server has it. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#work ??= this.#saveAll().finally(() => {
      this.#work = null;
    });
    return this.#work;
  }

  async #saveAll(): Promise<void> {
    const id = this.#id;
    for (let failures = 0; id !== null && id === this.#id && this.#base !== null; ) {
      const document = this.project.document;
      const stale = this.#stale;
      const isSaved = this.#entry?.read_only === true || JSON.stringify(document) === JSON.stringify(this.#base.document);
      if (!stale && isSaved) break;
      try {
        if (stale) {
          this.#stale = false;
          await this.#join(id);
          continue;
        }
        const answer = await this.api.json<ProjectEntry>("PUT", `/v1/projects/${encodeURIComponent(id)}`, {
          json: { name: this.#entry?.name ?? "", document },
          headers: { "If-Match": `"${this.#base.version}"` },
        });
        this.#base = { version: answer.version, document };
        this.#entry = answer;
        this.#tabs?.postMessage(answer.version);
        failures = 0;
      } catch (failure) {
        if (stale || isOld(failure)) this.#stale = true;
        if (!isOld(failure)) {
          this.#tell("waiting");
          if (!isPassing(failure)) return;
          await pause(pauseAfter(++failures));
        }
      }
    }
    this.#keepHere();
    this.#tell("saved");
  }

  /** Somebody else has changed the project on the server. */
  async #join(id: string): Promise<void> {
    const stored = await this.api.json<StoredProject>("GET", `/v1/projects/${encodeURIComponent(id)}`);
    const theirs = readDocument(stored.document) ?? emptyDocument;
    const joined = merge(this.#base?.document ?? emptyDocument, this.project.document, theirs);
    this.#base = { version: stored.version, document: theirs };
    this.#entry = stored;
    this.#known = joined;
    this.project.open(joined, this.project.history);
  }

  #tell(state: SaveState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.changed();
  }
}

/** Whether the server refused a change of an older version. */
function isOld(failure: unknown): boolean {
  return failure instanceof Problem && failure.status === 412;
}
