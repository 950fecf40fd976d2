import { html, nothing, type TemplateResult } from "lit";
import type { Me } from "../api/types.ts";
import type { Changes } from "../changes.ts";
import { problemText } from "../shell/notices.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";

/** Lets other callers open the project, and gives the link to it. */
class Sharing extends Panel {
  static override properties = {
    ...Panel.properties,
    who: { attribute: false },
    failure: { state: true },
    copied: { state: true },
  };

  declare who: Me;
  declare failure: unknown;
  declare copied: boolean;

  constructor() {
    super();
    [this.failure, this.copied] = [null, false];
  }

  protected override watched(): Changes[] {
    return [this.studio.store];
  }

  protected override render(): TemplateResult {
    const texts = text().sharing;
    const { store } = this.studio;
    const { entry } = store;
    if (!entry) return html``;
    if (store.isReadOnly) return html`<span class="soft" role="status">${texts.of(entry.owner ?? "")}</span>`;
    return html`<button @click=${() => this.#dialog()?.showModal()}>${texts.name}</button>
      <dialog aria-labelledby="sharing-name">
        <h2 id="sharing-name">${texts.name}</h2>
        <div class="stack">
          <p class="soft">${texts.help}</p>
          <form
            class="row"
            @submit=${(event: SubmitEvent) => {
              event.preventDefault();
              void this.#share(event.currentTarget as HTMLFormElement);
            }}
          >
            <input name="caller" type="text" required maxlength="205" aria-label=${texts.caller} placeholder=${texts.caller} />
            <button class="main">${texts.add}</button>
          </form>
          ${this.failure ? html`<p class="bad" role="alert">${problemText(this.failure)}</p>` : nothing}
          <ul class="list">
            ${(entry.shared_with ?? []).map(
              caller => html`<li class="row">
                <span class="name">${caller}</span>
                <button aria-label="${texts.end}: ${caller}" @click=${() => this.#end(caller)}>${texts.end}</button>
              </li>`,
            )}
          </ul>
          <div class="row">
            <input type="text" readonly aria-label=${texts.link} .value=${this.#link(entry.id)} />
            <button @click=${() => this.#copy(entry.id)}>${this.copied ? texts.copied : texts.copy}</button>
          </div>
          <form method="dialog"><button>${text().shell.close}</button></form>
        </div>
      </dialog>`;
  }

  async #share(form: HTMLFormElement): Promise<void> {
    const caller = String(new FormData(form).get("caller")).trim();
    await this.#try(() => this.studio.store.share(caller));
    if (this.failure === null) form.reset();
  }

  #end(caller: string): Promise<void> {
    return this.#try(() => this.studio.store.unshare(caller));
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.failure = null;
    } catch (failure) {
      this.failure = failure;
    }
  }

  #link(project: string): string {
    return `${location.origin}${location.pathname}#project=${encodeURIComponent(project)}`;
  }

  async #copy(project: string): Promise<void> {
    await this.#try(() => navigator.clipboard.writeText(this.#link(project)));
    this.copied = this.failure === null;
  }

  #dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }
}

customElements.define("rewas-sharing", Sharing);
