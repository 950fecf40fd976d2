import type { Api } from "../api/api.ts";
import { patiently } from "../api/patience.ts";
import { readChannel, readWaveFormat, type WaveFormat } from "./waveFormat.ts";

const headBytes = 4096;
/** Length of a part, s. A sound that is being made comes in short parts, so that it is heard soon. */
const usualSeconds = 4;
const liveSeconds = 1;
/** Chunks that are kept, so that memory does not grow with the film. */
const mostChunks = 8;

/** A WAV file of the server, read in parts. A part of a sound that is not made yet comes when it is made. */
export class WaveFile {
  #format: Promise<WaveFormat> | null = null;
  readonly #chunks = new Map<number, Promise<AudioBuffer>>();
  readonly #end = new AbortController();

  constructor(
    private readonly api: Api,
    readonly path: string,
  ) {}

  get chunkSeconds(): number {
    return this.path.includes("stem=live") ? liveSeconds : usualSeconds;
  }

  format(): Promise<WaveFormat> {
    this.#format ??= this.#readFormat().catch(failure => {
      this.#format = null;
      throw failure;
    });
    return this.#format;
  }

  /** The sound from index * chunkSeconds on; null after its end. */
  async chunk(index: number): Promise<AudioBuffer | null> {
    const { chunkSeconds } = this;
    const format = await this.format();
    const first = index * chunkSeconds * format.sampleRate;
    if (index < 0 || first >= format.frames) return null;
    let chunk = this.#chunks.get(index);
    if (chunk) this.#chunks.delete(index);
    chunk ??= this.#read(format, first, Math.min(chunkSeconds * format.sampleRate, format.frames - first));
    this.#chunks.set(index, chunk);
    for (const oldest of this.#chunks.keys()) {
      if (this.#chunks.size <= mostChunks) break;
      this.#chunks.delete(oldest);
    }
    return chunk.catch(failure => {
      this.#chunks.delete(index);
      throw failure;
    });
  }

  close(): void {
    this.#end.abort();
    this.#chunks.clear();
  }

  async #readFormat(): Promise<WaveFormat> {
    const answer = await patiently(() => this.#range(0, headBytes - 1), this.#end.signal);
    const total = Number(answer.headers.get("Content-Range")?.split("/")[1] ?? answer.headers.get("Content-Length"));
    return readWaveFormat(new DataView(await answer.arrayBuffer()), total);
  }

  async #read(format: WaveFormat, first: number, count: number): Promise<AudioBuffer> {
    const frameBytes = format.channels * format.bytesPerSample;
    const from = format.dataStart + first * frameBytes;
    const bytes = await patiently(async () => (await this.#range(from, from + count * frameBytes - 1)).arrayBuffer(), this.#end.signal);
    const buffer = new AudioBuffer({ length: count, numberOfChannels: format.channels, sampleRate: format.sampleRate });
    for (let channel = 0; channel < format.channels; channel++)
      readChannel(format, new DataView(bytes), channel, buffer.getChannelData(channel));
    return buffer;
  }

  #range(from: number, to: number): Promise<Response> {
    return this.api.request("GET", this.path, { headers: { Range: `bytes=${from}-${to}` }, signal: this.#end.signal });
  }
}
