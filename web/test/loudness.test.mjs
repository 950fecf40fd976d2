import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.mjs";

const { BlockMeter, BlockReader } = await bundled("playback/loudness.ts");
const sampleRate = 48000;
const quantum = 128;

/** The last reading of tones that follow each other, in as many channels as each has, cut as a worklet is given them. */
function measured(tones) {
  let reading = null;
  const reader = new BlockReader();
  const meter = new BlockMeter(sampleRate, block => {
    reading = reader.add(block);
  });
  for (const { seconds, decibels, channels = 2, frequency = 1000, phase = 0 } of tones)
    for (let start = 0; start < seconds * sampleRate; start += quantum) {
      const samples = Float32Array.from(
        { length: quantum },
        (_, i) => 10 ** (decibels / 20) * Math.sin((2 * Math.PI * frequency * (start + i)) / sampleRate + phase),
      );
      meter.add(Array(channels).fill(samples), quantum);
    }
  return reading;
}

const near = (actual, expected, tolerance) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);

// The cases of EBU Tech 3341, table 1, for two channels.
test("A tone has the loudness that EBU Tech 3341 asks for", () => {
  for (const decibels of [-23, -33]) {
    const { momentary, shortTerm, integrated } = measured([{ seconds: 20, decibels }]);
    for (const value of [momentary, shortTerm, integrated]) near(value, decibels, 0.1);
  }
});

test("What is far quieter than the rest does not count", () => {
  const tone = (seconds, decibels) => ({ seconds, decibels });
  near(measured([tone(10, -36), tone(60, -23), tone(10, -36)]).integrated, -23, 0.1);
  near(measured([tone(10, -72), tone(10, -36), tone(60, -23), tone(10, -36), tone(10, -72)]).integrated, -23, 0.1);
  near(measured([tone(20, -26), tone(20.1, -20), tone(20, -26)]).integrated, -23, 0.1);
});

test("A peak between two samples is found", () => {
  const quarter = sampleRate / 4;
  near(measured([{ seconds: 1, decibels: -6.02, frequency: quarter, phase: 0 }]).truePeak, -6, 0.4);
  near(measured([{ seconds: 1, decibels: -6.02, frequency: quarter, phase: Math.PI / 4 }]).truePeak, -6, 0.4);
});

test("One channel counts once, and silence has no loudness", () => {
  near(measured([{ seconds: 5, decibels: -23, channels: 1 }]).integrated, -26, 0.1);
  const silence = measured([{ seconds: 5, decibels: -23, channels: 0 }]);
  assert.deepEqual([silence.momentary, silence.integrated, silence.truePeak], [-Infinity, -Infinity, -Infinity]);
});

test("What follows a sound changes its momentary loudness alone", () => {
  const { momentary, integrated } = measured([
    { seconds: 5, decibels: -23 },
    { seconds: 5, decibels: -23, channels: 0 },
  ]);
  assert.ok(momentary < -70, `${momentary} LUFS after five seconds of silence`);
  near(integrated, -23, 0.3);
});
