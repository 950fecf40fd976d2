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

  constructor() {
    super();
    this.entries = [];
  }

  protected override watched(): Changes[] {
    return [this.studio.store];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list();
    let before = this.studio.store.id;
    this.studio.store.subscribe(() => {
      if (this.studio.store.id === before) return;
      before = this.studio.store.id;
      void this.#list();
    });
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
    const { store } = this.studio;
    return html`<label
        ><span class="hidden">${texts.shell.films}</span>
        <select class="films" @change=${this.#choose} @focus=${() => this.#list()}>
          <option value=${none} ?selected=${store.id === null}>${texts.film.noFilm}</option>
          ${this.#shown().map(entry => html`<option value=${entry.id} ?selected=${entry.id === store.id}>${entry.name}</option>`)}
        </select> </label
      ><button @click=${() => store.close()}>${texts.shell.newFilm}</button>`;
  }

  #shown(): readonly ProjectEntry[] {
    const { entry } = this.studio.store;
    return entry && !this.entries.some(other => other.id === entry.id) ? [entry, ...this.entries] : this.entries;
  }

  #choose(event: Event): void {
    const id = (event.target as HTMLSelectElement).value;
    if (id === none) this.studio.store.close();
    else void this.studio.openProject(id);
  }
}

customElements.define("rewas-films", Films);
