import Transform from "wavesurfer.js/dist/fft.js";
import { valuesPerSecond } from "./scale.ts";

const sampleRate = 16_000;
const frameSamples = 1024;
const hop = sampleRate / valuesPerSecond;
const melBins = 64;
/** Samples before the first frame's middle, less half a hop. */
const padding = (frameSamples - hop) / 2;
/** Values of a window of 5.12 s, and of a token of 80 ms. */
const windowValues = 512;
const tokenValues = 8;
/** 35 times the values of a parabola, fitted to five points, at each of them (Savitzky and Golay 1964). */
const parabola = [
  [31, 9, -3, -5, 3],
  [9, 13, 12, 6, -5],
  [-3, 12, 17, 12, -3],
  [-5, 6, 12, 13, 9],
  [3, -5, -3, 9, 31],
];
/** ln(1e-5), and the end of the scale. */
const silence = Math.log(1e-5);
const loudest = 2;

/** The library's types call it a function. */
const FFT = Transform as unknown as new (
  size: number,
  rate: number,
  window: string,
  alpha: number,
) => {
  calculateSpectrum(frame: Float32Array): Float32Array;
};

const toMel = (hertz: number) => (hertz < 1000 ? (3 * hertz) / 200 : 15 + Math.log(hertz / 1000) / (Math.log(6.4) / 27));
const toHertz = (mel: number) => (mel < 15 ? (200 * mel) / 3 : 1000 * Math.exp((Math.log(6.4) / 27) * (mel - 15)));

/** Slaney's triangles from 0 to 8 kHz, each with the area 1: for each band its first bin and its weights. */
function bands(): { first: number; weights: number[] }[] {
  const hertzPerBin = sampleRate / frameSamples;
  const edges = Array.from({ length: melBins + 2 }, (_, i) => toHertz((toMel(sampleRate / 2) * i) / (melBins + 1)));
  return Array.from({ length: melBins }, (_, band) => {
    const [low, middle, high] = [edges[band], edges[band + 1], edges[band + 2]] as [number, number, number];
    const first = Math.ceil(low / hertzPerBin);
    const weights: number[] = [];
    for (let bin = first; bin * hertzPerBin < high; bin++) {
      const hertz = bin * hertzPerBin;
      weights.push((Math.min((hertz - low) / (middle - low), (high - hertz) / (high - middle)) * 2) / (high - low));
    }
    return { first, weights };
  });
}

/**
 * The energy of a recording as the platform measures it and the denoiser was trained with: mean natural-log mel magnitude, pooled to 80 ms
 * and smoothed in windows of 5.12 s; 100 values a second.
 * @param seconds of the film: the curve is as long
 */
export async function recordingCurve(bytes: ArrayBuffer, seconds: number): Promise<number[]> {
  const context = new OfflineAudioContext(1, sampleRate, sampleRate);
  const sound = await context.decodeAudioData(bytes);
  const values = Math.ceil(seconds * valuesPerSecond);
  const lasting = Math.max(1, Math.ceil(sound.length / hop));
  const windows = Math.max(1, Math.ceil(Math.min(values, lasting) / windowValues));
  const frames = energyOf(padded(normalised(sound), windows * windowValues * hop), windows * windowValues);
  const energy = smoothed(held(frames, sound.length)).slice(0, lasting);
  return Array.from({ length: values }, (_, i) => Math.max(silence, Math.min(loudest, energy[i] ?? silence)));
}

/** The last frame within the recording goes on after it, so that what is not there does not pull the end down. */
function held(frames: readonly number[], samples: number): number[] {
  const last = Math.max(0, Math.floor((samples - (frameSamples - padding)) / hop));
  return frames.map((value, frame) => (frame > last ? (frames[last] as number) : value));
}

/** One channel without its mean, with a peak of 0.5. */
function normalised(sound: AudioBuffer): Float32Array {
  const samples = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel++) {
    const own = sound.getChannelData(channel);
    for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] as number) + (own[i] as number) / sound.numberOfChannels;
  }
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / Math.max(1, samples.length);
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample - mean)), 1e-9);
  return samples.map(sample => ((sample - mean) * 0.5) / peak);
}

/** The samples with a mirrored start, and silence or nothing after their end. */
function padded(samples: Float32Array, count: number): Float32Array {
  const all = new Float32Array(padding + count + padding);
  all.set(samples.subarray(0, count + padding), padding);
  for (let i = 1; i <= padding; i++) all[padding - i] = samples[i] ?? 0;
  return all;
}

/** Mean log mel of each frame. */
function energyOf(samples: Float32Array, frames: number): number[] {
  const transform = new FFT(frameSamples, sampleRate, "hann", 0);
  const mel = bands();
  return Array.from({ length: frames }, (_, frame) => {
    // The library divides magnitudes by half the frame.
    const spectrum = transform.calculateSpectrum(samples.slice(frame * hop, frame * hop + frameSamples));
    let sum = 0;
    for (const { first, weights } of mel) {
      let power = 0;
      weights.forEach((weight, i) => {
        power += weight * (spectrum[first + i] ?? 0) * (frameSamples / 2);
      });
      sum += Math.log(Math.max(1e-5, power));
    }
    return sum / melBins;
  });
}

/** Means of 80 ms, smoothed by parabolas through five of them; each stands for its 80 ms. */
function smoothed(energy: readonly number[]): number[] {
  const tokens = Array.from({ length: energy.length / tokenValues }, (_, token) => {
    const own = energy.slice(token * tokenValues, (token + 1) * tokenValues);
    return own.reduce((sum, value) => sum + value, 0) / tokenValues;
  });
  const perWindow = windowValues / tokenValues;
  return energy.map((_, i) => {
    const token = Math.floor(i / tokenValues);
    const first = token - (token % perWindow);
    const start = Math.max(first, Math.min(token - 2, first + perWindow - 5));
    const row = parabola[token - start] as readonly number[];
    return row.reduce((sum, weight, k) => sum + weight * (tokens[start + k] as number), 0) / 35;
  });
}
