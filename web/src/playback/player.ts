import type { WaveFile } from "./waveFile.ts";

/** Seconds of sound that are scheduled ahead. */
const ahead = 2;
/** Seconds between scheduling and hearing, so that no start is late. */
const lead = 0.01;
/** Time constant of a change of gain: short, and without a click. */
const smooth = 0.005;

/** Plays one file on the clock of an audio context. */
export class Player {
  readonly #gain: GainNode;
  #nodes: AudioBufferSourceNode[] = [];
  #run = 0;

  constructor(
    private readonly context: AudioContext,
    private readonly file: WaveFile,
    output: AudioNode,
    gain: number,
  ) {
    this.#gain = new GainNode(context, { gain });
    this.#gain.connect(output);
  }

  set gain(value: number) {
    this.#gain.gain.setTargetAtTime(value, this.context.currentTime, smooth);
  }

  /** Loads what is heard first from a position. */
  async prepare(position: number): Promise<void> {
    await this.file.chunk(Math.floor(position / this.file.chunkSeconds));
  }

  /** Plays so that a position of the file is heard at a time of the context. */
  start(position: number, at: number): void {
    this.stop();
    const run = ++this.#run;
    void this.#schedule(run, position, at).catch(() => {
      // The sound was replaced, or its file has gone: the render's own state tells why.
    });
  }

  stop(): void {
    this.#run++;
    for (const node of this.#nodes) node.stop();
    this.#nodes = [];
  }

  close(): void {
    this.stop();
    this.file.close();
    this.#gain.disconnect();
  }

  async #schedule(run: number, position: number, at: number): Promise<void> {
    for (let index = Math.floor(position / this.file.chunkSeconds); ; index++) {
      const chunk = await this.file.chunk(index);
      if (chunk === null || run !== this.#run) return;
      // Where the chunk came late, what should have been heard already is left out.
      const chunkAt = at + index * this.file.chunkSeconds - position;
      const offset = Math.max(0, this.context.currentTime + lead - chunkAt, position - index * this.file.chunkSeconds);
      if (offset < chunk.duration) {
        const node = new AudioBufferSourceNode(this.context, { buffer: chunk });
        node.connect(this.#gain);
        node.start(chunkAt + offset, offset);
        node.onended = () => {
          this.#nodes = this.#nodes.filter(other => other !== node);
        };
        this.#nodes.push(node);
      }
      const wait = chunkAt + chunk.duration - ahead - this.context.currentTime;
      if (wait > 0) await new Promise(done => setTimeout(done, wait * 1000));
      if (run !== this.#run) return;
    }
  }
}
