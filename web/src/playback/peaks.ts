import type { Api } from "../api/api.ts";
import { patiently } from "../api/patience.ts";
import { Changes } from "../changes.ts";
import { readChannel, readWaveFormat, type WaveFormat } from "./waveFormat.ts";

/** Values of a second. */
export const peaksPerSecond = 200;
const headBytes = 4096;
/** Seconds that one request asks for. A sound that is being made is read as it comes. */
const partSeconds = 60;
const mostUpdatesPerSecond = 4;

/** The outline of a sound: the largest deviation of each 5 ms. It grows while the sound is made. */
export class Peaks extends Changes {
  #values = new Float32Array(0);
  #known = 0;
  readonly #end = new AbortController();
  #lastTold = 0;

  constructor(
    private readonly api: Api,
    readonly path: string,
  ) {
    super();
  }

  /** One value per 5 ms; those that are not known yet are 0. */
  get values(): Float32Array {
    return this.#values;
  }

  /** Values that are known. */
  get known(): number {
    return this.#known;
  }

  /** Reads the whole file. Ends when it is read, or when it is closed. */
  async read(): Promise<void> {
    const format = await patiently(() => this.#format(), this.#end.signal);
    const step = format.sampleRate / peaksPerSecond;
    this.#values = new Float32Array(Math.ceil(format.frames / step));
    for (let frame = 0; frame < format.frames; )
      frame = await patiently(() => this.#readPart(format, this.#known * step), this.#end.signal);
    this.changed();
  }

  close(): void {
    this.#end.abort();
  }

  async #format(): Promise<WaveFormat> {
    const answer = await this.#range(0, headBytes - 1);
    const total = Number(answer.headers.get("Content-Range")?.split("/")[1] ?? answer.headers.get("Content-Length"));
    return readWaveFormat(new DataView(await answer.arrayBuffer()), total);
  }

  /** Reads on from a sample frame. Returns the next one. */
  async #readPart(format: WaveFormat, from: number): Promise<number> {
    const frameBytes = format.channels * format.bytesPerSample;
    const step = format.sampleRate / peaksPerSecond;
    const to = Math.min(format.frames, Math.ceil(from) + partSeconds * format.sampleRate);
    const answer = await this.#range(format.dataStart + Math.ceil(from) * frameBytes, format.dataStart + to * frameBytes - 1);
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    let rest = new Uint8Array(0);
    const block = Math.round(step) * frameBytes;
    const samples = new Float32Array(Math.round(step));
    for (;;) {
      const { done, value } = await reader.read();
      const bytes = done ? rest : joined(rest, value);
      let at = 0;
      for (; at + block <= bytes.length || (done && to === format.frames && at < bytes.length); at += block) {
        samples.fill(0);
        readChannel(format, new DataView(bytes.buffer, bytes.byteOffset + at, Math.min(block, bytes.length - at)), 0, samples);
        let largest = 0;
        for (const sample of samples) largest = Math.max(largest, Math.abs(sample));
        if (this.#known < this.#values.length) this.#values[this.#known++] = largest;
      }
      rest = bytes.subarray(at);
      if (done) return this.#known >= this.#values.length ? format.frames : this.#known * step;
      this.#tell();
    }
  }

  #tell(): void {
    const now = performance.now();
    if (now - this.#lastTold < 1000 / mostUpdatesPerSecond) return;
    this.#lastTold = now;
    this.changed();
  }

  #range(from: number, to: number): Promise<Response> {
    return this.api.request("GET", this.path, { headers: { Range: `bytes=${from}-${to}` }, signal: this.#end.signal });
  }
}

function joined(first: Uint8Array<ArrayBuffer>, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
