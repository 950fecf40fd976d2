import { BlockMeter } from "./loudness.ts";
import type { MeasuredBlock } from "./meter.ts";

// What a worklet sees; TypeScript's library has no types for it.
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, type: new (options: AudioWorkletNodeOptions) => AudioWorkletProcessor): void;

/** Samples of each channel that a worklet renders at once. */
const quantum = 128;

/** Measures blocks of what it is given, and tells the page each. A message to it is the number of the run that begins. */
class MeterProcessor extends AudioWorkletProcessor {
  #run: number;
  #meter = this.#newMeter();

  constructor(options: AudioWorkletNodeOptions) {
    super();
    this.#run = options.processorOptions.run;
    this.port.onmessage = ({ data }: MessageEvent<number>) => {
      this.#run = data;
      this.#meter = this.#newMeter();
    };
  }

  process([channels]: Float32Array[][]): boolean {
    this.#meter.add(channels ?? [], channels?.[0]?.length ?? quantum);
    return true;
  }

  #newMeter(): BlockMeter {
    return new BlockMeter(sampleRate, block => this.port.postMessage({ ...block, run: this.#run } satisfies MeasuredBlock));
  }
}

registerProcessor("rewas-meter", MeterProcessor);
