import { text } from "../text/text.ts";
import { Lane } from "./lane.ts";

const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300];
const widthOfLabel = 70;

/** Times along the top. */
class Ruler extends Lane {
  protected override readonly laneHeight = 18;

  protected override laneName(): string {
    return text().desk.position;
  }

  protected override draw(context: CanvasRenderingContext2D, width: number, height: number): void {
    const { view } = this.studio;
    const step = steps.find(one => one * view.pixelsPerSecond >= widthOfLabel) ?? 600;
    context.font = `10px ${this.colour("mono")}`;
    context.textBaseline = "middle";
    context.fillStyle = this.colour("ink-soft");
    context.strokeStyle = this.colour("line");
    context.beginPath();
    for (let tick = Math.floor(view.start / step) * 5; ; tick++) {
      const x = Math.round(view.xOf((tick * step) / 5)) + 0.5;
      if (x > width) break;
      const isLabelled = tick % 5 === 0;
      context.moveTo(x, isLabelled ? 4 : height - 4);
      context.lineTo(x, height);
      if (isLabelled) context.fillText(label((tick / 5) * step, step), x + 4, height / 2);
    }
    context.stroke();
  }
}

function label(seconds: number, step: number): string {
  const minutes = Math.floor(seconds / 60 + 1e-9);
  const rest = Math.abs(seconds - minutes * 60);
  const digits = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  return `${minutes}:${rest.toFixed(digits).padStart(digits ? 3 + digits : 2, "0")}`;
}

customElements.define("rewas-ruler", Ruler);
