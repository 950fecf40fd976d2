/** Length of a block, s. Momentary loudness is that of four blocks, short-term loudness that of thirty (EBU Tech 3341). */
const blockSeconds = 0.1;
const momentaryBlocks = 4;
const shortBlocks = 30;
/** Power below which a block does not count (ITU-R BS.1770-4), and how far below the mean a quiet one may be. */
const silenceLoudness = -70;
const relativeGate = -10;

/** The two filters of K-weighting (ITU-R BS.1770-4): a shelf for the head, and a high pass. */
function kWeighting(sampleRate: number): { feedforward: number[]; feedback: number[] }[] {
  return [
    { frequency: 1681.9744509555319, decibels: 3.99984385397, quality: 0.7071752369554193 },
    { frequency: 38.13547087613982, decibels: null, quality: 0.5003270373253953 },
  ].map(({ frequency, decibels, quality }) => {
    const k = Math.tan((Math.PI * frequency) / sampleRate);
    const a0 = 1 + k / quality + k * k;
    const feedback = [1, (2 * (k * k - 1)) / a0, (1 - k / quality + k * k) / a0];
    if (decibels === null) return { feedforward: [1, -2, 1], feedback };
    const high = 10 ** (decibels / 20);
    const band = high ** 0.499666774155;
    return {
      feedforward: [(high + (band * k) / quality + k * k) / a0, (2 * (k * k - high)) / a0, (high - (band * k) / quality + k * k) / a0],
      feedback,
    };
  });
}

const phases = 4;
const reach = 6;

/** Weights of a sample's neighbours for the points between samples: a windowed sinc. */
const weights = Array.from({ length: phases }, (_, phase) =>
  Array.from({ length: 2 * reach }, (_, tap) => {
    const x = tap - (reach - 1) - phase / phases;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    return sinc * Math.cos((Math.PI * x) / (2 * (reach + 1))) ** 2;
  }),
);

/** The largest magnitude of one channel, between its samples too. */
class TruePeak {
  readonly #history = new Float64Array(2 * reach);

  /** Around this sample, after the ones before. */
  of(sample: number): number {
    const history = this.#history;
    history.copyWithin(0, 1);
    history[history.length - 1] = sample;
    let peak = 0;
    for (const filter of weights) {
      let value = 0;
      for (let tap = 0; tap < filter.length; tap++) value += (filter[tap] as number) * (history[tap] as number);
      peak = Math.max(peak, Math.abs(value));
    }
    return peak;
  }
}

/** A filter of second order, in the transposed direct form II. */
class Biquad {
  #first = 0;
  #second = 0;

  constructor(
    private readonly feedforward: readonly number[],
    private readonly feedback: readonly number[],
  ) {}

  of(sample: number): number {
    const [b0, b1, b2] = this.feedforward as [number, number, number];
    const [, a1, a2] = this.feedback as [number, number, number];
    const output = b0 * sample + this.#first;
    this.#first = b1 * sample - a1 * output + this.#second;
    this.#second = b2 * sample - a2 * output;
    return output;
  }
}

/** What a block of sound measures: its K-weighted power, summed over the channels, and its true peak. Both are linear. */
export interface Block {
  readonly power: number;
  readonly peak: number;
}

interface Channel {
  readonly weighting: readonly Biquad[];
  readonly peak: TruePeak;
}

/** Cuts the samples of two channels into blocks of 100 ms, and measures each. A channel that is absent is silent. */
export class BlockMeter {
  readonly #length: number;
  readonly #channels: readonly Channel[];
  #sum = 0;
  #peak = 0;
  #count = 0;

  constructor(
    sampleRate: number,
    private readonly tell: (block: Block) => void,
  ) {
    this.#length = Math.round(blockSeconds * sampleRate);
    this.#channels = [0, 1].map(() => ({
      weighting: kWeighting(sampleRate).map(({ feedforward, feedback }) => new Biquad(feedforward, feedback)),
      peak: new TruePeak(),
    }));
  }

  /** @param count Samples of each channel. */
  add(channels: readonly Float32Array[], count: number): void {
    for (let i = 0; i < count; i++) {
      for (let channel = 0; channel < 2; channel++) {
        const sample = channels[channel]?.[i] ?? 0;
        const { weighting, peak } = this.#channels[channel] as Channel;
        let weighted = sample;
        for (const filter of weighting) weighted = filter.of(weighted);
        this.#sum += weighted * weighted;
        this.#peak = Math.max(this.#peak, peak.of(sample));
      }
      if (++this.#count < this.#length) continue;
      this.tell({ power: this.#sum / this.#length, peak: this.#peak });
      [this.#sum, this.#peak, this.#count] = [0, 0, 0];
    }
  }
}

export interface Reading {
  /** LUFS; -Infinity for silence. */
  readonly momentary: number;
  readonly shortTerm: number;
  /** Of all blocks. */
  readonly integrated: number;
  /** dBTP, of all blocks. */
  readonly truePeak: number;
}

/** Reads blocks that follow each other as loudness (EBU Tech 3341). */
export class BlockReader {
  #blocks: number[] = [];
  #momentary: number[] = [];
  #peak = 0;

  add({ power, peak }: Block): Reading {
    this.#blocks = [...this.#blocks, power].slice(-shortBlocks);
    const recent = this.#blocks.slice(-momentaryBlocks);
    if (recent.length === momentaryBlocks) this.#momentary.push(mean(recent));
    this.#peak = Math.max(this.#peak, peak);
    return {
      momentary: loudnessOf(mean(recent)),
      shortTerm: loudnessOf(mean(this.#blocks)),
      integrated: integratedOf(this.#momentary),
      truePeak: 20 * Math.log10(this.#peak),
    };
  }
}

const loudnessOf = (power: number): number => -0.691 + 10 * Math.log10(power);
const mean = (powers: readonly number[]): number => powers.reduce((sum, power) => sum + power, 0) / powers.length;

/** Gated loudness of blocks of 400 ms, LUFS. */
function integratedOf(powers: readonly number[]): number {
  const audible = powers.filter(power => loudnessOf(power) > silenceLoudness);
  if (audible.length === 0) return Number.NEGATIVE_INFINITY;
  const gate = loudnessOf(mean(audible)) + relativeGate;
  return loudnessOf(mean(audible.filter(power => loudnessOf(power) > gate)));
}
