import { html, type TemplateResult } from "lit";
import { event, removeEvent } from "../energy/editText.ts";
import { text } from "../text/text.ts";
import { Panel } from "./panel.ts";

/** Level of an event that a key adds, relative to the loudest value, dB. */
const eventLevel = -6;

/** Shortcuts of the whole page, and their list. Fields and controls keep the keys that they need. */
class Keys extends Panel {
  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#press);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#press);
  }

  show(): void {
    this.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult {
    const texts = text();
    const keys: [string[], string][] = [
      [["Space"], texts.keys.space],
      [["←", "→"], texts.keys.frames],
      [["Shift+←", "Shift+→"], texts.keys.tenFrames],
      [["J", "K", "L"], texts.keys.jkl],
      [["Home", "End"], texts.keys.ends],
      [["I", "O"], texts.keys.inOut],
      [["R"], texts.keys.loop],
      [["+", "−", "0"], texts.keys.zoom],
      [["E", "Delete"], texts.keys.event],
      [["T"], texts.keys.take],
      [["Ctrl+Z", "Ctrl+Shift+Z"], texts.keys.undo],
      [["Ctrl+Enter"], texts.keys.render],
      [["?"], texts.keys.help],
    ];
    return html`<dialog aria-labelledby="keys-name">
      <h2 id="keys-name">${texts.shell.shortcuts}</h2>
      <dl class="keys">
        ${keys.map(([names, does]) => html`<dt>${names.map(name => html`<kbd>${name}</kbd> `)}</dt><dd>${does}</dd>`)}
      </dl>
      <form method="dialog"><button>${texts.shell.close}</button></form>
    </dialog>`;
  }

  readonly #press = (pressed: KeyboardEvent): void => {
    if (pressed.defaultPrevented || document.querySelector("dialog[open]")) return;
    const { playback, view, project, energy } = this.studio;
    const command = pressed.ctrlKey || pressed.metaKey;
    const target = pressed.target instanceof Element ? pressed.target : document.body;
    const writes = target.matches("input:not([type=range]):not([type=checkbox]), textarea, [contenteditable]");
    const actions: Record<string, (() => void) | undefined> = command
      ? {
          z: writes ? undefined : () => (pressed.shiftKey ? project.redo() : project.undo()),
          y: writes ? undefined : () => project.redo(),
          enter: () => (document.querySelector("rewas-words") as unknown as { make(): void } | null)?.make(),
        }
      : writes || target.matches("select")
        ? {}
        : {
            " ": target.matches("button, a, summary, [role=tab], input") ? undefined : () => playback.toggle(),
            arrowleft: target.matches("[role=tab], input") ? undefined : () => this.#step(pressed.shiftKey ? -10 : -1),
            arrowright: target.matches("[role=tab], input") ? undefined : () => this.#step(pressed.shiftKey ? 10 : 1),
            j: () => playback.shuttle(-1),
            k: () => playback.pause(),
            l: () => playback.shuttle(1),
            home: () => this.#seek(0),
            end: () => this.#seek(playback.duration),
            i: () => view.select({ from: playback.position, to: view.selection?.to ?? playback.duration }),
            o: () => view.select({ from: view.selection?.from ?? 0, to: playback.position }),
            r: () => playback.setLoop(playback.loop || !view.selection ? null : view.selection),
            "+": () => view.zoom(1, playback.position),
            "=": () => view.zoom(1, playback.position),
            "-": () => view.zoom(-1, playback.position),
            "0": () => view.fit(),
            escape: () => view.select(null),
            e: () => void energy.add(event(playback.position, eventLevel)),
            delete: () => void energy.add(removeEvent(playback.position)),
            t: () => (document.querySelector("rewas-takes") as unknown as { make(): void } | null)?.make(),
            "?": () => this.show(),
          };
    const action = pressed.altKey ? undefined : actions[pressed.key.toLowerCase()];
    if (!action || project.document.film === null) return;
    pressed.preventDefault();
    action();
  };

  #step(frames: number): void {
    this.studio.playback.step(frames);
    this.studio.view.reveal(this.studio.playback.position);
  }

  #seek(position: number): void {
    this.studio.playback.seek(position);
    this.studio.view.reveal(position);
  }
}

customElements.define("rewas-keys", Keys);
