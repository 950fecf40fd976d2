import { html, nothing, type TemplateResult } from "lit";
import { html as staticHtml, unsafeStatic } from "lit/static-html.js";
import { endOfSignInWindow } from "../api/session.ts";
import type { Changes } from "../changes.ts";
import { Studio } from "../studio.ts";
import { type LanguageName, language, languageNames, text } from "../text/text.ts";
import { isSignInWindow, openedProject, takeSignInRefusal } from "./address.ts";
import { openFilm } from "./openFilm.ts";
import { Panel } from "./panel.ts";
import { places } from "./places.ts";
import { theme } from "./theme.ts";

/** The page: the bar, the desk with film and curve, the words, and the panels beside them. */
export class Shell extends Panel {
  static override properties = { ...Panel.properties, place: { state: true }, helpIsOpen: { state: true } };

  declare place: string;
  declare helpIsOpen: boolean;

  constructor() {
    super();
    this.studio = new Studio();
    this.place = "";
    this.helpIsOpen = false;
  }

  protected override watched(): Changes[] {
    const { store, film, notices, session } = this.studio;
    return [store, film, notices, session];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const refusal = takeSignInRefusal();
    if (refusal !== null) this.studio.session.refuse(refusal);
    else if (isSignInWindow()) endOfSignInWindow();
    const opened = openedProject();
    if (opened) void this.studio.openProject(opened);
    addEventListener("dragover", event => event.preventDefault());
    addEventListener("drop", event => this.#drop(event));
  }

  #drop(event: DragEvent): void {
    // A panel that takes files has taken its own.
    if (event.defaultPrevented) return;
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) void openFilm(this.studio, file);
  }

  protected override render(): TemplateResult {
    const { studio } = this;
    const { film } = studio;
    const texts = text();
    if (isSignInWindow() && studio.session.who) return html`<main class="start"><p class="large">${texts.signIn.windowDone}</p></main>`;
    return html`
      ${this.#bar()}
      <div class="notices" role="status" aria-live="polite">
        ${studio.notices.all.map(
          notice => html`<p class="notice ${notice.kind}">
            <span>${notice.text}</span>
            <button class="quiet" @click=${() => studio.notices.dismiss(notice.id)}>${texts.shell.dismiss}</button>
          </p>`,
        )}
      </div>
      ${
        studio.project.document.film === null
          ? html`<main class="start"><rewas-start .studio=${studio}></rewas-start></main>`
          : html`<main class="work">
              <rewas-desk .studio=${studio}></rewas-desk>
              <aside class="side">
                <rewas-words .studio=${studio}></rewas-words>
                ${film.stage === "ready" ? this.#panels() : nothing}
              </aside>
            </main>`
      }
      <rewas-keys .studio=${studio}></rewas-keys>
    `;
  }

  #bar(): TemplateResult {
    const { studio } = this;
    const { project, store } = studio;
    const texts = text().shell;
    const states = { saved: texts.saved, saving: texts.saving, waiting: texts.waiting };
    return html`<header class="bar">
      <h1>${texts.title}</h1>
      <rewas-films .studio=${studio}></rewas-films>
      <span class="group">
        <button ?disabled=${!project.canUndo} @click=${() => project.undo()} title="Ctrl+Z">${texts.undo}</button>
        <button ?disabled=${!project.canRedo} @click=${() => project.redo()} title="Ctrl+Shift+Z">${texts.redo}</button>
      </span>
      ${store.entry ? html`<span class="save ${store.state}" role="status" title=${texts.kept(new Date(store.entry.lease_ends).toLocaleString(language.name, { dateStyle: "medium", timeStyle: "short" }))}>${states[store.state]}</span>` : nothing}
      <rewas-share .studio=${studio}></rewas-share>
      <span class="space"></span>
      ${customElements.get("rewas-sign-in") ? html`<rewas-sign-in .studio=${studio}></rewas-sign-in>` : nothing}
      <button class="quiet" @click=${() => theme.toggle()}>${texts.theme}</button>
      <label class="quiet"
        ><span class="hidden">${texts.language}</span>
        <select .value=${language.name} @change=${(event: Event) => language.choose((event.target as HTMLSelectElement).value as LanguageName)}>
          ${Object.entries(languageNames).map(([name, shown]) => html`<option value=${name} ?selected=${name === language.name}>${shown}</option>`)}
        </select>
      </label>
      <button class="quiet" aria-keyshortcuts="?" @click=${() => (document.querySelector("rewas-keys") as unknown as { show(): void }).show()}>
        ${texts.shortcuts}
      </button>
    </header>`;
  }

  /** The panels that plug in, one at a time. */
  #panels(): TemplateResult {
    const texts = text();
    const there = places.filter(place => customElements.get(place.element));
    const shown = there.find(place => place.element === this.place) ?? there[0];
    if (!shown) return html``;
    const tag = unsafeStatic(shown.element);
    return html`<section class="panels">
      <div class="tabs" role="tablist" aria-label=${texts.shell.panels} @keydown=${this.#moveTab}>
        ${there.map(
          place => html`<button
            role="tab"
            id="tab-${place.element}"
            aria-selected=${place === shown}
            aria-controls="panel"
            tabindex=${place === shown ? 0 : -1}
            @click=${() => {
              this.place = place.element;
            }}
          >
            ${place.name(texts)}
          </button>`,
        )}
      </div>
      <div class="panel" role="tabpanel" id="panel" aria-labelledby="tab-${shown.element}" tabindex="0">
        ${staticHtml`<${tag} .studio=${this.studio}></${tag}>`}
      </div>
    </section>`;
  }

  #moveTab(event: KeyboardEvent): void {
    const tabs = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=tab]")];
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0 || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = tabs[(at + by + tabs.length) % tabs.length];
    next?.focus();
    next?.click();
  }
}

customElements.define("rewas-studio", Shell);
