import { html, nothing, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import type { ProjectEntry } from "../project/projectStore.ts";
import { language, text } from "../text/text.ts";
import { Panel } from "./panel.ts";

/** The films that the server keeps, to open or delete them. */
class Kept extends Panel {
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

  protected override willUpdate(): void {
    const key = `${this.studio.session.count}`;
    if (key === this.#listed) return;
    this.#listed = key;
    void this.#list();
  }

  async #list(): Promise<void> {
    try {
      this.entries = await this.studio.store.list();
    } catch {
      // Where the server does not answer, sending a film tells why.
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const texts = text();
    if (this.entries.length === 0) return nothing;
    return html`<h2>${texts.shell.films}</h2>
      <ul class="kept">
        ${this.entries.map(
          entry => html`<li class="row">
            <button class="name" aria-label=${texts.film.open(entry.name)} @click=${() => this.studio.openProject(entry.id)}>${entry.name}</button>
            <span class="soft">${texts.shell.kept(new Date(entry.lease_ends).toLocaleDateString(language.name, { dateStyle: "medium" }))}</span>
            <button class="quiet" aria-label=${`${texts.film.delete}: ${entry.name}`} @click=${() => this.#delete(entry)}>${texts.film.delete}</button>
          </li>`,
        )}
      </ul>`;
  }

  async #delete(entry: ProjectEntry): Promise<void> {
    try {
      await this.studio.store.delete(entry.id);
    } catch (failure) {
      this.studio.notices.report(failure);
    }
    await this.#list();
  }
}

customElements.define("rewas-kept", Kept);
