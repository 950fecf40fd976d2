import { html, nothing, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import { icons } from "../desk/icons.ts";
import { text } from "../text/text.ts";
import { Panel } from "./panel.ts";

/** Lets another caller of the server open the film. A server that does not check callers has no owners, and lets everybody. */
class Share extends Panel {
  protected override watched(): Changes[] {
    return [this.studio.store];
  }

  protected override render(): TemplateResult | typeof nothing {
    const texts = text().share;
    const { entry } = this.studio.store;
    if (!entry?.owner) return nothing;
    if (entry.read_only) return html`<span class="soft">${texts.readOnly(entry.owner)}</span>`;
    return html`<button @click=${() => this.querySelector("dialog")?.showModal()}>${texts.name}</button>
      <dialog aria-labelledby="share-name">
        <h2 id="share-name">${texts.name}</h2>
        <form class="stack" @submit=${this.#share}>
          <label for="share-caller">${texts.caller}</label>
          <input id="share-caller" name="caller" type="text" required maxlength="255" autocomplete="off" />
          <p class="soft">${texts.what}</p>
          <p class="row">
            <code class="link">${location.href}</code>
            <button type="button" @click=${() => this.#copy()}>${texts.copy}</button>
          </p>
          ${entry.shared_with?.length ? this.#callers(entry.shared_with) : nothing}
          <div class="row">
            <button class="main">${texts.name}</button>
            <button type="button" @click=${() => this.querySelector("dialog")?.close()}>${text().shell.close}</button>
          </div>
        </form>
      </dialog>`;
  }

  #callers(callers: readonly string[]): TemplateResult {
    const texts = text().share;
    return html`<h3 id="shared-with">${texts.with}</h3>
      <ul class="shared" aria-labelledby="shared-with">
        ${callers.map(
          caller => html`<li class="row">
            <span class="name">${caller}</span>
            <button
              type="button"
              class="quiet icon"
              title=${texts.end(caller)}
              aria-label=${texts.end(caller)}
              @click=${() => this.#unshare(caller)}
            >
              ${icons.remove}
            </button>
          </li>`,
        )}
      </ul>`;
  }

  async #copy(): Promise<void> {
    const { notices } = this.studio;
    try {
      await navigator.clipboard.writeText(location.href);
      notices.tell(text().share.copied);
    } catch {
      // Without TLS a browser has no clipboard for pages; the link can be selected.
      getSelection()?.selectAllChildren(this.querySelector(".link") as Element);
    }
  }

  async #unshare(caller: string): Promise<void> {
    try {
      await this.studio.store.unshare(caller);
    } catch (failure) {
      this.querySelector("dialog")?.close();
      this.studio.notices.report(failure);
    }
  }

  async #share(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    try {
      await this.studio.store.share(String(new FormData(form).get("caller")));
      form.reset();
    } catch (failure) {
      this.querySelector("dialog")?.close();
      this.studio.notices.report(failure);
    }
  }
}

customElements.define("rewas-share", Share);
