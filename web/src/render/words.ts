import { html, nothing, type TemplateResult } from "lit";
import "./heard.ts";
import "./options.ts";
import type { Check, Finding } from "../api/types.ts";
import type { Changes } from "../changes.ts";
import { lengthText, timeText } from "../desk/timeText.ts";
import { affectedWindows } from "../energy/affected.ts";
import { setOption, setPrompt } from "../project/commands.ts";
import { problemText } from "../shell/notices.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";
import { Making } from "./making.ts";
import { decibelText, readingOf } from "./reading.ts";
import { checkAnswer, estimateAnswer } from "./report.ts";
import { contentOf, take } from "./take.ts";

const longestPrompt = 2000;

/** The words, the report on them before anything runs, the estimate, and the sound that is being made. */
class Words extends Panel {
  #check: ReturnType<typeof checkAnswer> | null = null;
  #estimate: ReturnType<typeof estimateAnswer> | null = null;

  protected override watched(): Changes[] {
    const { film, making, energy, api } = this.studio;
    this.#check ??= checkAnswer(api);
    this.#estimate ??= estimateAnswer(api);
    return [film, making, energy, this.#check, this.#estimate];
  }

  /** Orders the sound. */
  make(): void {
    const { project, making } = this.studio;
    if (project.document.prompt.trim() === "") {
      this.querySelector<HTMLTextAreaElement>("textarea")?.focus();
      this.studio.notices.tell(text().render.needPrompt);
      return;
    }
    if (!making.running && !making.isOrdering) making.start();
  }

  protected override willUpdate(): void {
    const { project, film, making } = this.studio;
    const { film: file, prompt, renders, options } = project.document;
    const asks = file && film.stage === "ready" && prompt.trim() !== "";
    const question = asks ? { file: file.file, prompt: prompt.trim() } : null;
    this.#check?.about(question && options.words ? { ...question, words: options.words } : question);
    // What was made meanwhile changes the estimate.
    this.#estimate?.about(
      asks && !making.running ? { order: Making.orderOf({ ...project.document, prompt: prompt.trim() }), sounds: renders.length } : null,
    );
  }

  protected override render(): TemplateResult {
    const texts = text().render;
    const { prompt, options } = this.studio.project.document;
    return html`<section class="words stack" aria-label=${texts.name}>
      <label for="prompt">${texts.prompt}</label>
      <textarea
        id="prompt"
        rows="2"
        maxlength=${longestPrompt}
        placeholder=${texts.promptHint}
        .value=${prompt}
        aria-describedby="report"
        @input=${(event: Event) => this.studio.project.do(setPrompt((event.target as HTMLTextAreaElement).value))}
        @change=${() => this.studio.project.endStep()}
      ></textarea>
      ${this.#report()}
      <label for="negative">${texts.negative}</label>
      <input
        id="negative"
        type="text"
        maxlength=${longestPrompt}
        .value=${options.negative ?? ""}
        @input=${(event: Event) => this.studio.project.do(setOption("negative", (event.target as HTMLInputElement).value || undefined))}
        @change=${() => this.studio.project.endStep()}
      />
      <rewas-options .studio=${this.studio}></rewas-options>
      ${this.#action()}
      <rewas-heard .studio=${this.studio}></rewas-heard>
      ${this.#sounds()}
    </section>`;
  }

  #report(): TemplateResult {
    const texts = text().render;
    const { analysis } = this.studio.film;
    const check = this.#check;
    return html`<section id="report" class="report" aria-live="polite" aria-label=${texts.report}>
      ${this.studio.film.stage === "looking" ? html`<p class="soft">${text().film.looking}</p>` : nothing}
      ${this.#reading(check?.result ?? null)}
      ${analysis ? html`<p class="soft">${texts.seen} ${analysis.caption}</p>` : nothing}
      ${check?.isAsking ? html`<p class="soft">${texts.checking}</p>` : nothing}
      ${check?.failure ? html`<p class="bad">${problemText(check.failure)}</p>` : nothing}
      ${check?.result ? this.#verdict(check.result) : nothing}
    </section>`;
  }

  /** What the words are read as, if that is not what is written. */
  #reading(check: Check | null): TemplateResult | typeof nothing {
    const texts = text().reading;
    const { project } = this.studio;
    if (project.document.prompt.trim() === "") return nothing;
    const take = (words: "literal" | undefined) => {
      project.do(setOption("words", words));
      project.endStep();
    };
    if (project.document.options.words === "literal")
      return html`<div class="reading row" role="group" aria-label=${texts.name}>
        <p class="soft">${texts.literal}</p>
        <button @click=${() => take(undefined)}>${texts.read}</button>
      </div>`;
    const reading = check ? readingOf(check) : null;
    if (!reading) return nothing;
    const { hear, notHear, decibels, unknown, notes, isUnread } = reading;
    const pair = (name: string, what: string) => (what === "" ? nothing : html`<div><dt>${name}</dt> <dd>${what}</dd></div>`);
    return html`<div class="reading" role="group" aria-label=${texts.name}>
      ${isUnread ? html`<p class="doubt">${texts.unread}</p>` : nothing}
      <dl>
        ${isUnread ? nothing : pair(texts.hear, hear || texts.nothing)} ${pair(texts.notHear, notHear)}
        ${decibels === 0 ? nothing : pair(texts.level, decibelText(decibels))} ${pair(texts.unknown, unknown.join(", "))}
      </dl>
      ${notes.map(note => html`<p class="doubt">${note}</p>`)}
      ${isUnread ? nothing : html`<button @click=${() => take("literal")}>${texts.takeLiterally}</button>`}
    </div>`;
  }

  #verdict(check: Check): TemplateResult {
    const texts = text().render;
    const words: Record<string, string> = { consistent: texts.consistent, uncertain: texts.uncertain, conflict: texts.conflict };
    return html`<p class="verdict ${words[check.verdict] ? check.verdict : ""}">
        ${check.abstained ? texts.abstained(check.abstained) : (words[check.verdict] ?? check.verdict)}
      </p>
      <ul class="findings">
        ${check.findings.map(finding => this.#finding(check, finding))}
      </ul>
      ${
        check.suggestions.length > 0
          ? html`<p class="soft">${texts.suggestions}</p>
              <ul class="row suggestions">
                ${check.suggestions.map(
                  suggestion => html`<li><button @click=${() => this.#suggest(suggestion)}>${suggestion}</button></li>`,
                )}
              </ul>`
          : nothing
      }`;
  }

  #suggest(prompt: string): void {
    this.studio.project.endStep();
    this.studio.project.do(setPrompt(prompt));
    this.studio.project.endStep();
  }

  #finding(check: Check, finding: Finding): TemplateResult {
    const texts = text().render;
    const about = check.prompt.slice(finding.start, finding.start + finding.length);
    return html`<li>
      ${about ? html`<mark>${about}</mark> ` : nothing}${finding.evidence}
      <span class="soft">· ${texts.sure(Math.round(finding.severity * finding.confidence * 100))}</span>
      ${finding.times
        .slice(0, 4)
        .map(time => html` <button class="quiet time" @click=${() => this.studio.playback.seek(time)}>${timeText(time)}</button>`)}
    </li>`;
  }

  #action(): TemplateResult {
    const texts = text().render;
    const { making, project } = this.studio;
    const { running } = making;
    if (running || making.isOrdering) return this.#progress();
    const { changed } = affectedWindows(this.studio);
    const again = changed.size > 0;
    const contradicts = this.#check?.result?.verdict === "conflict";
    return html`<div class="stack action">
      ${this.#estimateLine()}
      <button class="main" aria-keyshortcuts="Control+Enter" @click=${() => this.make()} ?disabled=${this.studio.film.stage !== "ready"}>
        ${contradicts ? texts.anyway : again ? texts.again : texts.make}
      </button>
      ${again ? html`<p class="soft">${texts.againHint}</p>` : nothing}
      ${making.failure ? html`<p class="bad" role="alert">${texts.failed(problemText(making.failure))}</p>` : nothing}
      ${this.#lastEnd(project.document.renders[0]?.sound)}
    </div>`;
  }

  #estimateLine(): TemplateResult {
    const texts = text().render;
    const estimate = this.#estimate;
    if (estimate?.failure) return html`<p class="bad">${problemText(estimate.failure)}</p>`;
    if (!estimate?.result) return html`<p class="soft estimate">&nbsp;</p>`;
    const { seconds, windows, steps } = estimate.result;
    const line = typeof seconds === "number" ? texts.estimate(lengthText(seconds), windows, steps) : texts.estimateUnknown(windows, steps);
    return html`<p class="soft estimate">${line}</p>`;
  }

  #lastEnd(id: string | undefined): TemplateResult | typeof nothing {
    const texts = text().render;
    const sound = this.studio.making.sound(id);
    if (sound?.status === "failed") return html`<p class="bad" role="alert">${texts.failed(sound.error?.message ?? "")}</p>`;
    if (sound?.status === "cancelled") return html`<p class="soft" role="status">${texts.cancelled}</p>`;
    const { chosen } = this.studio.project.document;
    if (sound?.status !== "succeeded" || !chosen) return nothing;
    return html`<p class="good" role="status">${texts.done}</p>
    <div class="row">
      <button @click=${() => this.#play()}>${texts.play}</button>
      <button title=${texts.anotherHint} @click=${() => this.studio.making.startAnother()}>${texts.another}</button>
      <button @click=${() => take(this.studio, contentOf(chosen, { format: "mp4" }), ".mp4")}>${texts.download}</button>
    </div>`;
  }

  #play(): void {
    const { playback } = this.studio;
    playback.seek(0);
    void playback.play();
  }

  #progress(): TemplateResult {
    const texts = text().render;
    const { making } = this.studio;
    const { running } = making;
    const progress = running?.progress;
    const part =
      progress && progress.windows > 0 ? (progress.windows_done + progress.step / Math.max(1, progress.steps)) / progress.windows : null;
    const line = !progress
      ? texts.starting
      : progress.queue_position > 0
        ? texts.queued(progress.queue_position)
        : progress.windows === 0
          ? texts.starting
          : progress.windows_done >= progress.windows
            ? texts.finishing
            : texts.running(progress.windows_done + 1, progress.windows, progress.step, progress.steps);
    return html`<div class="stack action" role="status">
      <p>${line}</p>
      <progress max="1" value=${part ?? nothing} aria-label=${line}></progress>
      ${progress && progress.seconds_ready > 0 ? html`<p class="soft">${texts.ready(lengthText(progress.seconds_ready))}</p>` : nothing}
      ${making.isCutOff ? html`<p class="doubt">${texts.reconnecting}</p>` : nothing}
      ${running ? html`<button @click=${() => making.cancel(running.id).catch(failure => this.studio.notices.report(failure))}>${texts.cancel}</button>` : nothing}
    </div>`;
  }

  /** The sounds that were made, to hear one of them again. */
  #sounds(): TemplateResult | typeof nothing {
    const texts = text().render;
    const { project, making } = this.studio;
    const { renders, chosen } = project.document;
    if (renders.length < 2) return nothing;
    return html`<h2>${texts.sounds}</h2>
      <ul class="sounds">
        ${renders.map((render, index) => {
          const sound = making.sound(render.sound);
          const isHeard = chosen?.sound === render.sound;
          return html`<li>
            <button
              aria-pressed=${isHeard}
              title=${isHeard ? texts.chosen : texts.choose}
              ?disabled=${sound === null || sound.status === "failed" || sound.status === "cancelled"}
              @click=${() => project.note(() => ({ chosen: { sound: render.sound, candidate: 0 } }))}
            >
              <span class="number" title=${new Date(render.at).toLocaleString()}>${texts.take(renders.length - index)}</span>
              <span class="prompt">${render.prompt}</span>
              ${render.edits.length > 0 ? html`<span class="soft">+${render.edits.length}</span>` : nothing}
            </button>
          </li>`;
        })}
      </ul>`;
  }
}

customElements.define("rewas-words", Words);
