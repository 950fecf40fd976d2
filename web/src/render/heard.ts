import { html, nothing, type TemplateResult } from "lit";
import type { Sound } from "../api/types.ts";
import type { Changes } from "../changes.ts";
import { timeText } from "../desk/timeText.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";
import { type Heard, type HeardKind, heardIn } from "./guard.ts";

/** What is heard in a candidate, in one line. */
export function heardLine(heard: Heard): TemplateResult {
  const texts = text().guard;
  if (heard.kinds.length + heard.faults.length === 0) return html`${texts.clean}`;
  return html`${texts.heard}
  ${heard.kinds.map(({ kind, isUnwanted }, i) => html`${i > 0 ? ", " : ""}<span class=${isUnwanted ? "bad" : ""}>${nameOf(kind, isUnwanted)}</span>`)}${
    heard.kinds.length > 0 && heard.faults.length > 0 ? ", " : ""
  }<span class="doubt">${heard.faults.map(faultName).join(", ")}</span>`;
}

/** What the guard heard in the chosen sound, which seeds were tried, and what slipped through. */
class HeardPanel extends Panel {
  protected override watched(): Changes[] {
    return [this.studio.making];
  }

  protected override render(): TemplateResult | typeof nothing {
    const texts = text().guard;
    const { project, making } = this.studio;
    const { chosen } = project.document;
    const sound = making.sound(chosen?.sound);
    if (!chosen || sound?.status !== "succeeded") return nothing;
    const heard = heardIn(sound, chosen.candidate);
    return html`<section class="heard-in stack" aria-label=${texts.name}>
      ${
        heard === null
          ? html`<p class="soft">${texts.nobody}</p>`
          : heard.kinds.length + heard.faults.length === 0
            ? html`<p class="soft">${texts.clean}</p>`
            : html`<ul>
                ${heard.kinds.map(kind => this.#kind(kind))}
                ${heard.faults.map(fault => html`<li class="doubt">${faultName(fault)}</li>`)}
              </ul>`
      }
      ${heard ? this.#seeds(sound, heard.isSlipped) : nothing}
    </section>`;
  }

  #kind({ kind, times, isUnwanted }: HeardKind): TemplateResult {
    return html`<li>
      <span class=${isUnwanted ? "bad" : ""}>${nameOf(kind, isUnwanted)}</span>
      ${times.map(
        ({ from, to }) =>
          html` <button class="quiet time" @click=${() => this.studio.playback.seek(from)}>${timeText(from)}–${timeText(to)}</button>`,
      )}
    </li>`;
  }

  #seeds(sound: Sound, isSlipped: boolean): TemplateResult | typeof nothing {
    const texts = text().guard;
    const { seeds, seed } = sound.guard as NonNullable<Sound["guard"]>;
    const isFresh = seed !== seeds[0];
    if (seeds.length < 2 && !isSlipped) return nothing;
    return html`<p class="soft">${texts.tried(seeds.join(", "))} ${isFresh ? texts.used(String(seed)) : nothing}</p>
      ${
        isSlipped
          ? html`<div class="row" role="status">
              <p class="bad">${texts.slipped(seeds.length)}</p>
              <button ?disabled=${this.studio.making.running !== null || this.studio.making.isOrdering} @click=${() => this.studio.making.startAnother()}>
                ${texts.again}
              </button>
            </div>`
          : nothing
      }`;
  }
}

function nameOf(kind: string, isUnwanted: boolean): string {
  const texts = text().guard;
  const names: Record<string, string> = { speech: texts.speech, singing: texts.singing, music: texts.music };
  return (isUnwanted ? texts.unwanted : texts.asked)(names[kind] ?? kind);
}

function faultName(fault: string): string {
  const texts = text().guard;
  const names: Record<string, string> = { silence: texts.silence, clipping: texts.clipping, click: texts.click, hum: texts.hum };
  return names[fault] ?? fault;
}

customElements.define("rewas-heard", HeardPanel);
