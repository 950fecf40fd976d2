import Transform from "wavesurfer.js/dist/fft.js";
import { valuesPerSecond } from "./scale.ts";

const sampleRate = 16_000;
const frameSamples = 1024;
const hop = sampleRate / valuesPerSecond;
const melBins = 64;
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

/** The energy of a recording as the platform measures it: mean natural-log mel magnitude, 100 values a second. */
export async function recordingCurve(bytes: ArrayBuffer, seconds: number): Promise<number[]> {
  const context = new OfflineAudioContext(1, sampleRate, sampleRate);
  const sound = await context.decodeAudioData(bytes);
  const samples = new Float32Array(Math.ceil(seconds * sampleRate) + frameSamples);
  for (let channel = 0; channel < sound.numberOfChannels; channel++)
    sound
      .getChannelData(channel)
      .subarray(0, samples.length - frameSamples)
      .forEach((sample, i) => {
        samples[i + frameSamples / 2] = (samples[i + frameSamples / 2] as number) + sample / sound.numberOfChannels;
      });
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-9);
  for (let i = 0; i < samples.length; i++) samples[i] = ((samples[i] as number) * 0.5) / peak;

  const transform = new FFT(frameSamples, sampleRate, "hann", 0);
  const mel = bands();
  return Array.from({ length: Math.ceil(seconds * valuesPerSecond) }, (_, frame) => {
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
    return Math.max(silence, Math.min(loudest, sum / melBins));
  });
}
