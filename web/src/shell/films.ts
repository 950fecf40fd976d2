import { html, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import type { ProjectEntry } from "../project/projectStore.ts";
import { text } from "../text/text.ts";
import { Panel } from "./panel.ts";

const none = "";

/** Names the film that is open, and opens others that the server keeps. */
class Films extends Panel {
  static override properties = { ...Panel.properties, entries: { state: true } };

  declare entries: readonly ProjectEntry[];
  #listed = "";

  constructor() {
    super();
    this.entries = [];
  }

  protected override watched(): Changes[] {
    return [this.studio.store, this.studio.session];
  }

  /** The list may be another one once another film is open, or somebody has signed in. */
  protected override willUpdate(): void {
    const { store, session } = this.studio;
    const key = `${store.id} ${session.count}`;
    if (key === this.#listed) return;
    this.#listed = key;
    void this.#list();
  }

  async #list(): Promise<void> {
    try {
      this.entries = await this.studio.store.list();
    } catch {
      // The list stays as it was. What fails while the user works is told there.
    }
  }

  protected override render(): TemplateResult {
    const texts = text();
    const { store, project } = this.studio;
    return html`<label
        ><span class="hidden">${texts.shell.films}</span>
        <select class="films" @change=${this.#choose} @focus=${() => this.#list()}>
          <option value=${none} ?selected=${store.id === null}>${project.document.film?.name ?? texts.film.noFilm}</option>
          ${this.#shown().map(entry => html`<option value=${entry.id} ?selected=${entry.id === store.id}>${entry.name}</option>`)}
        </select> </label
      ><button @click=${() => this.studio.close()}>${texts.shell.newFilm}</button>`;
  }

  #shown(): readonly ProjectEntry[] {
    const { entry } = this.studio.store;
    return entry && !this.entries.some(other => other.id === entry.id) ? [entry, ...this.entries] : this.entries;
  }

  #choose(event: Event): void {
    const id = (event.target as HTMLSelectElement).value;
    if (id === none) this.studio.close();
    else void this.studio.openProject(id);
  }
}

customElements.define("rewas-films", Films);
