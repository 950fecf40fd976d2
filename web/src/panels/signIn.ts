import { html, nothing, type TemplateResult } from "lit";
import { Problem } from "../api/problem.ts";
import { beginSession, endSession, me, signInOf } from "../api/signIn.ts";
import type { SignIn as Accepted, Me } from "../api/types.ts";
import type { Changes } from "../changes.ts";
import { problemText } from "../shell/notices.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";

/** Who works here. Asks for a key or token where the server checks its callers. */
class SignIn extends Panel {
  static override properties = { ...Panel.properties, who: { state: true }, accepted: { state: true }, failure: { state: true } };

  /** Null until the server has told. */
  declare who: Me | null;
  declare accepted: Accepted | null;
  declare failure: unknown;

  /** Kept in the memory of this page alone: a server that was started anew has forgotten the session. */
  #secret: string | null = null;
  #asking: Promise<void> | null = null;

  constructor() {
    super();
    [this.who, this.accepted, this.failure] = [null, null, null];
  }

  protected override watched(): Changes[] {
    return [this.studio.store];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.studio.api.onUnauthenticated = () => this.#ask();
    void this.#look();
  }

  protected override render(): TemplateResult {
    const texts = text().signIn;
    const accepts = this.accepted?.accepts ?? [];
    return html`${
      this.who?.caller
        ? html`<span class="soft caller" title=${texts.as(this.who.caller)}>${this.who.caller}</span>
              <button class="quiet" @click=${() => this.#leave()}>${texts.leave}</button>`
        : accepts.length > 0
          ? html`<button @click=${() => this.#dialog()?.showModal()}>${texts.name}</button>`
          : nothing
    }
      <dialog aria-labelledby="sign-in-name">
        <h2 id="sign-in-name">${texts.name}</h2>
        <form
          class="stack"
          method="dialog"
          @submit=${(event: SubmitEvent) => {
            event.preventDefault();
            void this.#begin();
          }}
        >
          <label for="sign-in-secret">${accepts.includes("oidc") ? (accepts.includes("key") ? texts.keyOrToken : texts.token) : texts.key}</label>
          <input id="sign-in-secret" type="password" autocomplete="current-password" required aria-describedby="sign-in-help" />
          <p class="soft" id="sign-in-help">${texts.help}</p>
          ${this.#provider()}
          ${this.failure ? html`<p class="bad" role="alert">${this.#why(this.failure)}</p>` : nothing}
          <div class="row">
            <button class="main">${texts.name}</button>
            <button type="button" @click=${() => this.#dialog()?.close()}>${texts.later}</button>
          </div>
        </form>
      </dialog>`;
  }

  #provider(): TemplateResult | typeof nothing {
    const provider = this.accepted?.oidc;
    if (!provider) return nothing;
    const texts = text().signIn;
    return html`<p class="soft">${texts.provider(provider.issuer, provider.client_id ?? "", provider.audience)}</p>`;
  }

  #why(failure: unknown): string {
    return failure instanceof Problem && failure.status === 401 ? text().signIn.refused(failure.message) : problemText(failure);
  }

  async #look(): Promise<void> {
    try {
      this.accepted = await signInOf(this.studio.api);
      this.who = await me(this.studio.api);
    } catch (failure) {
      if (!(failure instanceof Problem && failure.status === 401)) this.studio.notices.report(failure);
    }
  }

  /** The server does not know who asks. A key that this page still has is told once more; otherwise the user is asked. */
  #ask(): void {
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = null;
    });
  }

  async #askOnce(): Promise<void> {
    const secret = this.#secret;
    this.#secret = null;
    if (secret !== null) {
      await this.#enter(secret);
      if (this.who !== null) return;
    }
    this.who = null;
    await this.updateComplete;
    const dialog = this.#dialog();
    if (dialog && !dialog.open) dialog.showModal();
  }

  async #begin(): Promise<void> {
    const field = this.querySelector<HTMLInputElement>("#sign-in-secret");
    if (!field) return;
    await this.#enter(field.value.trim());
    if (this.who === null) return;
    field.value = "";
    this.#dialog()?.close();
    // What failed for want of a caller is tried again.
    const opened = /^#project=(.+)$/.exec(location.hash)?.[1];
    if (opened && this.studio.store.id === null) void this.studio.openProject(decodeURIComponent(opened));
    else void this.studio.store.save();
  }

  async #enter(secret: string): Promise<void> {
    const before = this.studio.api.onUnauthenticated;
    this.studio.api.onUnauthenticated = () => {};
    try {
      this.who = await beginSession(this.studio.api, secret);
      [this.#secret, this.failure] = [secret, null];
    } catch (failure) {
      [this.who, this.failure] = [null, failure];
    } finally {
      this.studio.api.onUnauthenticated = before;
    }
  }

  async #leave(): Promise<void> {
    this.#secret = null;
    try {
      await endSession(this.studio.api);
      this.studio.store.close();
      this.who = null;
    } catch (failure) {
      this.studio.notices.report(failure);
    }
  }

  #dialog(): HTMLDialogElement | null {
    return this.querySelector(":scope > dialog");
  }
}

customElements.define("rewas-sign-in", SignIn);
