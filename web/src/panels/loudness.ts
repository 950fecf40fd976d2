/** The two filters of K-weighting (ITU-R BS.1770-4): a shelf for the head, and a high pass. */
export function kWeighting(sampleRate: number): { feedforward: number[]; feedback: number[] }[] {
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
export class TruePeak {
  readonly #history = new Float64Array(2 * reach);

  /** Of these samples, after the ones before. */
  of(samples: ArrayLike<number>): number {
    const history = this.#history;
    let peak = 0;
    for (let i = 0; i < samples.length; i++) {
      history.copyWithin(0, 1);
      history[history.length - 1] = samples[i] as number;
      for (const filter of weights) {
        let value = 0;
        for (let tap = 0; tap < filter.length; tap++) value += (filter[tap] as number) * (history[tap] as number);
        peak = Math.max(peak, Math.abs(value));
      }
    }
    return peak;
  }
}
