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
  /** Ends the work on a project that is no longer open. */
  #end = new AbortController();
  /** Whether the server has a version that this page has not joined. */
  #stale = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The document as it was opened, or last kept in this browser. Any other is a change. */
  #known: ProjectDocument = emptyDocument;
  #tabs: BroadcastChannel | null = null;
  /** Counts what was opened and closed. What was asked for before is not opened any more. */
  #turn = 0;

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
    const turn = this.#turn;
    const document = this.project.document;
    const sent = { json: { name, document }, headers: { "Idempotency-Key": crypto.randomUUID() } };
    const made = await patiently(() => this.api.json<ProjectEntry>("POST", "/v1/projects", sent));
    // Another film may be open by now. This one is in the list.
    if (turn !== this.#turn) return;
    this.#follow({ ...made, name }, document);
    this.#keepHere();
    // What was done while the server answered is sent now.
    this.#changed();
    this.changed();
  }

  /** Opens a project: the server's state, joined with what this browser has and the server lacks. */
  async open(id: string): Promise<void> {
    const turn = ++this.#turn;
    const stored = await patiently(() => this.api.json<StoredProject>("GET", `/v1/projects/${encodeURIComponent(id)}`));
    if (turn !== this.#turn) return;
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
    await this.#changeShares(path => this.api.request("POST", path, { json: { caller } }));
  }

  /** Another caller may no longer open the project. */
  async unshare(caller: string): Promise<void> {
    await this.#changeShares(path => this.api.request("DELETE", `${path}/${encodeURIComponent(caller)}`));
  }

  async #changeShares(change: (path: string) => Promise<unknown>): Promise<void> {
    const turn = this.#turn;
    if (this.#id === null) return;
    const path = `/v1/projects/${encodeURIComponent(this.#id)}`;
    await change(`${path}/shares`);
    const { shared_with } = await this.api.json<StoredProject>("GET", path);
    if (turn !== this.#turn || this.#entry === null) return;
    this.#entry = { ...this.#entry, shared_with: shared_with ?? null };
    this.changed();
  }

  close(): void {
    this.#follow(null, emptyDocument);
    this.project.open(emptyDocument);
    this.changed();
  }

  #follow(entry: ProjectEntry | null, document: ProjectDocument): void {
    this.#turn++;
    // What was done just before is sent, though nobody waits for it. If that fails, this browser has it.
    if (!this.#isSaved) void this.save();
    clearTimeout(this.#timer);
    this.#end.abort();
    [this.#end, this.#work] = [new AbortController(), null];
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

  /** Sends the newest state. Ends when the server has it, or another project is open. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    const id = this.#id;
    if (id === null) return Promise.resolve();
    const { signal } = this.#end;
    this.#work ??= this.#saveAll(id, signal).finally(() => {
      if (!signal.aborted) this.#work = null;
    });
    return this.#work;
  }

  get #isSaved(): boolean {
    return (
      this.#base === null ||
      this.#entry?.read_only === true ||
      JSON.stringify(this.project.document) === JSON.stringify(this.#base.document)
    );
  }

  async #saveAll(id: string, signal: AbortSignal): Promise<void> {
    for (let failures = 0; this.#stale || !this.#isSaved; ) {
      const document = this.project.document;
      const stale = this.#stale;
      try {
        if (stale) {
          this.#stale = false;
          await this.#join(id, signal);
        } else {
          const answer = await this.api.json<ProjectEntry>("PUT", `/v1/projects/${encodeURIComponent(id)}`, {
            json: { name: this.#entry?.name ?? "", document },
            headers: { "If-Match": `"${this.#base?.version}"` },
          });
          if (signal.aborted) return;
          this.#base = { version: answer.version, document };
          this.#entry = answer;
          this.#tabs?.postMessage(answer.version);
          failures = 0;
        }
      } catch (failure) {
        if (signal.aborted) return;
        if (stale || isOld(failure)) this.#stale = true;
        if (!isOld(failure)) {
          this.#tell("waiting");
          if (!isPassing(failure)) return;
          await pause(pauseAfter(++failures), signal).catch(() => {});
        }
      }
      if (signal.aborted) return;
    }
    this.#keepHere();
    this.#tell("saved");
  }

  /** Somebody else has changed the project on the server. */
  async #join(id: string, signal: AbortSignal): Promise<void> {
    const stored = await this.api.json<StoredProject>("GET", `/v1/projects/${encodeURIComponent(id)}`);
    if (signal.aborted) return;
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
