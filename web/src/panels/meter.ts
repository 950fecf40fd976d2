import { kWeighting, TruePeak } from "./loudness.ts";

/** Length of a block, s. Momentary loudness is that of four blocks, short-term loudness that of thirty (EBU Tech 3341). */
const blockSeconds = 0.1;
const momentaryBlocks = 4;
const shortBlocks = 30;
/** Power below which a block does not count (ITU-R BS.1770-4), and how far below the mean a quiet one may be. */
const silenceLoudness = -70;
const relativeGate = -10;

export interface Reading {
  /** LUFS; -Infinity for silence. */
  readonly momentary: number;
  readonly shortTerm: number;
  /** Since the meter was reset. */
  readonly integrated: number;
  /** dBTP since the meter was reset. */
  readonly truePeak: number;
}

const loudnessOf = (power: number): number => -0.691 + 10 * Math.log10(power);
const mean = (powers: readonly number[]): number => powers.reduce((sum, power) => sum + power, 0) / powers.length;

/** Gated loudness of blocks of 400 ms, LUFS. */
export function integratedOf(powers: readonly number[]): number {
  const audible = powers.filter(power => loudnessOf(power) > silenceLoudness);
  if (audible.length === 0) return Number.NEGATIVE_INFINITY;
  const gate = loudnessOf(mean(audible)) + relativeGate;
  return loudnessOf(mean(audible.filter(power => loudnessOf(power) > gate)));
}

/** Measures what an audio node plays: its weighted power in blocks, and its true peak. */
export class Meter {
  readonly #nodes: AudioNode[] = [];
  readonly #weighted: AnalyserNode[] = [];
  readonly #plain: AnalyserNode[] = [];
  readonly #samples: Float32Array<ArrayBuffer>;
  readonly #timer: ReturnType<typeof setInterval>;
  #blocks: number[] = [];
  #momentary: number[] = [];
  #peaks = [new TruePeak(), new TruePeak()];
  #peak = 0;

  constructor(
    private readonly source: AudioNode,
    tell: (reading: Reading) => void,
  ) {
    const { context } = source;
    const length = Math.round(blockSeconds * context.sampleRate);
    this.#samples = new Float32Array(length);
    const fftSize = 2 ** Math.ceil(Math.log2(length));
    // Discrete: a mono sound is one channel, and its power counts once.
    const stereo = new GainNode(context, { channelCount: 2, channelCountMode: "explicit", channelInterpretation: "discrete" });
    const splitter = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    const [shelf, highPass] = kWeighting(context.sampleRate).map(filter => new IIRFilterNode(context, filter)) as [
      IIRFilterNode,
      IIRFilterNode,
    ];
    const weightedSplitter = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    source.connect(stereo).connect(splitter);
    stereo.connect(shelf).connect(highPass).connect(weightedSplitter);
    for (const channel of [0, 1]) {
      const [plain, weighted] = [new AnalyserNode(context, { fftSize }), new AnalyserNode(context, { fftSize })];
      splitter.connect(plain, channel);
      weightedSplitter.connect(weighted, channel);
      this.#plain.push(plain);
      this.#weighted.push(weighted);
    }
    this.#nodes.push(stereo, splitter, shelf, highPass, weightedSplitter, ...this.#plain, ...this.#weighted);
    this.#timer = setInterval(() => tell(this.#read()), blockSeconds * 1000);
  }

  reset(): void {
    [this.#blocks, this.#momentary, this.#peak] = [[], [], 0];
    this.#peaks = [new TruePeak(), new TruePeak()];
  }

  close(): void {
    clearInterval(this.#timer);
    this.source.disconnect(this.#nodes[0] as AudioNode);
    for (const node of this.#nodes) node.disconnect();
  }

  #read(): Reading {
    let power = 0;
    for (const channel of [0, 1]) {
      power += this.#powerOf(this.#weighted[channel] as AnalyserNode);
      this.#last(this.#plain[channel] as AnalyserNode);
      this.#peak = Math.max(this.#peak, (this.#peaks[channel] as TruePeak).of(this.#samples));
    }
    this.#blocks = [...this.#blocks, power].slice(-shortBlocks);
    const recent = this.#blocks.slice(-momentaryBlocks);
    if (recent.length === momentaryBlocks) this.#momentary.push(mean(recent));
    return {
      momentary: loudnessOf(mean(recent)),
      shortTerm: loudnessOf(mean(this.#blocks)),
      integrated: integratedOf(this.#momentary),
      truePeak: 20 * Math.log10(this.#peak),
    };
  }

  #powerOf(analyser: AnalyserNode): number {
    this.#last(analyser);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    return sum / this.#samples.length;
  }

  /** The samples of the last block. */
  #last(analyser: AnalyserNode): void {
    const all = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(all);
    this.#samples.set(all.subarray(all.length - this.#samples.length));
  }
}
