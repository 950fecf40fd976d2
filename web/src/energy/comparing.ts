import type { Studio } from "../studio.ts";
import { recordingCurve } from "./recordingCurve.ts";

/** Shows the curve of a recording beside the film's. The recording stays in the browser. */
export async function compareWith(studio: Studio, file: File): Promise<void> {
  try {
    studio.energy.compare({ name: file.name, values: await recordingCurve(await file.arrayBuffer(), studio.view.duration) });
  } catch {
    studio.notices.tell(`${file.name}: the browser cannot read its sound`, "problem");
  }
}
