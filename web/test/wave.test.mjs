import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.mjs";

const { readChannel, readWaveFormat } = await bundled("playback/waveFormat.ts");

/** A WAV file with the chunks that ffmpeg writes. */
function wave({ tag, bits, channels, rate, data, extra = 0 }) {
  const head = 12 + 8 + 16 + (extra ? 8 + extra : 0) + 8;
  const view = new DataView(new ArrayBuffer(head + data.length));
  const write = (at, name) => new Uint8Array(view.buffer).set(new TextEncoder().encode(name), at);
  write(0, "RIFF");
  view.setUint32(4, head + data.length - 8, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, tag, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint16(34, bits, true);
  let at = 36;
  if (extra) {
    write(at, "LIST");
    view.setUint32(at + 4, extra, true);
    at += 8 + extra;
  }
  write(at, "data");
  view.setUint32(at + 4, data.length, true);
  new Uint8Array(view.buffer).set(data, at + 8);
  return view;
}

const samplesOf = (view, channel) => {
  const format = readWaveFormat(view, view.byteLength);
  const samples = new Float32Array(format.frames);
  readChannel(format, new DataView(view.buffer, format.dataStart), channel, samples);
  return { format, samples: [...samples] };
};

test("Samples of 16 bits, 24 bits and float are read", () => {
  const two = samplesOf(wave({ tag: 1, bits: 16, channels: 1, rate: 16000, data: new Uint8Array([0, 0x40, 0, 0xc0]) }), 0);
  assert.deepEqual(two.samples, [0.5, -0.5]);
  const three = samplesOf(
    wave({ tag: 1, bits: 24, channels: 1, rate: 48000, data: new Uint8Array([0, 0, 0x40, 0, 0, 0xc0]), extra: 26 }),
    0,
  );
  assert.deepEqual(three.samples, [0.5, -0.5]);
  const stereo = new Uint8Array(new Float32Array([0.25, -0.75, 1, 0]).buffer);
  const four = samplesOf(wave({ tag: 3, bits: 32, channels: 2, rate: 48000, data: stereo }), 1);
  assert.deepEqual(four.samples, [-0.75, 0]);
});

test("A file that says more than it has ends where it ends", () => {
  const view = wave({ tag: 1, bits: 16, channels: 1, rate: 16000, data: new Uint8Array(8) });
  view.setUint32(40, 0xffffffff, true);
  assert.equal(readWaveFormat(view, view.byteLength).frames, 4);
});

test("What is no WAV file is refused", () => {
  assert.throws(() => readWaveFormat(new DataView(new ArrayBuffer(100)), 100), /no WAV/);
  assert.throws(() => readWaveFormat(wave({ tag: 7, bits: 8, channels: 1, rate: 8000, data: new Uint8Array(8) }), 60), /unknown format/);
});
