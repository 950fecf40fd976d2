import { Changes } from "../changes.ts";
import { type Block, BlockReader, type Reading } from "./loudness.ts";

/** A block, and the number of the run that it belongs to. */
export interface MeasuredBlock extends Block {
  readonly run: number;
}

/**
 * Measures what an audio node plays since the last start. The samples are measured where they are rendered, so a busy page misses none.
 * Where a browser has no worklets, nothing is measured.
 */
export class Meter extends Changes {
  #node: AudioWorkletNode | null = null;
  #reader = new BlockReader();
  #run = 0;
  #reading: Reading | null = null;

  /** Null until something was measured. */
  get reading(): Reading | null {
    return this.#reading;
  }

  /** Measures the node from now on. */
  async listen(source: AudioNode): Promise<void> {
    const { context } = source;
    await context.audioWorklet.addModule(new URL("meter.js", import.meta.url));
    const node = new AudioWorkletNode(context, "rewas-meter", {
      // Discrete: a mono sound is one channel, and its power counts once.
      channelCount: 2,
      channelCountMode: "explicit",
      channelInterpretation: "discrete",
      processorOptions: { run: this.#run },
    });
    node.port.onmessage = ({ data }: MessageEvent<MeasuredBlock>) => this.#add(data);
    this.#node = node;
    // Its output is silent. A node that leads nowhere is not rendered by every browser.
    source.connect(node).connect(context.destination);
  }

  /** Starts a new run. */
  start(): void {
    this.#reader = new BlockReader();
    this.#node?.port.postMessage(++this.#run);
  }

  #add(block: MeasuredBlock): void {
    if (block.run !== this.#run) return;
    this.#reading = this.#reader.add(block);
    this.changed();
  }
}
