import { html, nothing, type TemplateResult } from "lit";
import { type MadeBy, type Message, madeBy, madeFiles, say } from "../api/conversation.ts";
import { Problem } from "../api/problem.ts";
import type { Options } from "../api/types.ts";
import type { Changes } from "../changes.ts";
import { problemText } from "../shell/notices.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";

const mostCharacters = 4000;
/**
 * Options of a sidecar that the page keeps elsewhere, or that name the agent's own files. The agent has read the words, so its order takes
 * them literally; what the user writes next is read again.
 */
const notOptions = ["prompt", "words", "reference", "ban", "pin"];

/**
 * The agent in the page. What it makes is done here as by hand: its words, options and edits become those of the project, in a step that can
 * be undone, and the same sound is ordered with them.
 */
class Conversation extends Panel {
  static override properties = {
    ...Panel.properties,
    messages: { state: true },
    answer: { state: true },
    activity: { state: true },
    failure: { state: true },
  };

  declare messages: readonly Message[];
  /** The answer as far as it has come; null while nobody answers. */
  declare answer: string | null;
  declare activity: string;
  declare failure: unknown;

  #end: AbortController | null = null;
  /** What was said last, to say it again. */
  #said = "";

  constructor() {
    super();
    [this.messages, this.answer, this.activity, this.failure] = [[], null, "", null];
  }

  protected override watched(): Changes[] {
    return [this.studio.making];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.messages = this.studio.project.document.said ?? [];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.abort();
  }

  protected override render(): TemplateResult {
    const texts = text().conversation;
    const isBusy = this.answer !== null;
    return html`<div class="stack conversation">
      <ol class="messages" aria-label=${texts.name} aria-live="polite" tabindex="0">
        ${this.messages.length === 0 ? html`<li class="soft">${texts.hello}</li>` : nothing}
        ${this.messages.map(message => this.#message(message.role, message.text))}
        ${isBusy ? this.#message("assistant", this.answer ?? "") : nothing}
      </ol>
      ${isBusy ? html`<p class="soft" role="status">${this.activity || texts.thinking}</p><progress aria-label=${texts.thinking}></progress>` : nothing}
      ${this.failure ? html`<p class="bad" role="alert">${problemText(this.failure)}</p>` : nothing}
      <form
        class="stack"
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          this.#send();
        }}
      >
        <textarea
          rows="2"
          maxlength=${mostCharacters}
          aria-label=${texts.say}
          placeholder=${texts.hint}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            this.#send();
          }}
        ></textarea>
        <div class="row">
          <button class="main" ?disabled=${isBusy}>${texts.send}</button>
          ${isBusy ? html`<button type="button" @click=${() => this.#end?.abort()}>${texts.stop}</button>` : nothing}
          ${
            this.failure && this.#said !== ""
              ? html`<button type="button" @click=${() => this.#answer(this.#said)}>${texts.again}</button>`
              : nothing
          }
          <span class="space"></span>
          ${this.messages.length > 0 ? html`<button type="button" class="quiet" @click=${() => this.#begin()}>${texts.begin}</button>` : nothing}
        </div>
      </form>
    </div>`;
  }

  #message(role: Message["role"], words: string): TemplateResult {
    const texts = text().conversation;
    return html`<li class="message ${role}">
      <span class="who">${role === "user" ? texts.you : texts.agent}</span>
      <p>${shown(words)}</p>
    </li>`;
  }

  #send(): void {
    const field = this.querySelector("textarea");
    const words = field?.value.trim() ?? "";
    if (!field || words === "" || this.answer !== null) return;
    field.value = "";
    this.#say({ role: "user", text: words });
    void this.#answer(words);
  }

  async #answer(words: string): Promise<void> {
    const { project, api } = this.studio;
    const end = new AbortController();
    [this.#end, this.#said, this.answer, this.activity, this.failure] = [end, words, "", "", null];
    try {
      await this.#listen(words, project.document.conversation, end.signal);
      const answer = this.answer ?? "";
      this.#say({ role: "assistant", text: answer });
      const made = madeFiles(answer).at(-1);
      if (made) this.#take(await madeBy(api, made));
    } catch (failure) {
      if (!end.signal.aborted) this.failure = failure;
      else if (this.answer) this.#say({ role: "assistant", text: this.answer });
    } finally {
      [this.answer, this.activity, this.#end] = [null, "", null];
    }
  }

  async #listen(words: string, session: string | null, signal: AbortSignal): Promise<void> {
    const { api, project } = this.studio;
    try {
      for await (const said of say(api, words, session, project.document.film?.file ?? null, signal)) {
        if (said.session !== project.document.conversation) project.note(() => ({ conversation: said.session }));
        this.answer = (this.answer ?? "") + said.words;
        if (said.activity !== undefined) this.activity = text().conversation.doing(said.activity);
      }
    } catch (failure) {
      // The server has forgotten the session: a new one sees the film again.
      if (!(failure instanceof Problem && failure.status === 404 && session !== null)) throw failure;
      project.note(() => ({ conversation: null }));
      await this.#listen(words, null, signal);
    }
  }

  /** Does what the agent has done. */
  #take(made: MadeBy): void {
    const { project, making } = this.studio;
    const kept = Object.fromEntries(Object.entries(made.options ?? {}).filter(([name]) => !notOptions.includes(name)));
    project.endStep();
    project.do({ change: () => ({ prompt: made.prompt, options: kept as Options, curve: null, edits: made.energyEdits ?? [] }) });
    making.start();
    this.studio.notices.tell(text().conversation.taken);
  }

  #say(message: Message): void {
    this.messages = [...this.messages, message];
    // The newest of a long conversation are kept.
    this.studio.project.note(() => ({ said: this.messages.slice(-50) }));
  }

  #begin(): void {
    this.messages = [];
    this.failure = null;
    this.studio.project.note(() => ({ conversation: null, said: [] }));
  }

  protected override updated(): void {
    const list = this.querySelector(".messages");
    if (list && this.answer !== null) list.scrollTop = list.scrollHeight;
  }
}

/** The words of a message without the links to the agent's own files, which the page shows as sounds. */
function shown(words: string): string {
  return words.replaceAll(/\n?\[([^\]]*)\]\(\/v1\/chat\/[^)]+\)\n?/g, "").trim();
}

customElements.define("rewas-conversation", Conversation);
