import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.mjs";

const { decibelText, readingOf } = await bundled("render/reading.ts");
const { heardIn } = await bundled("render/guard.ts");

const words = { prompt: "rain", negative: "dog", decibels: -6, language: "en", unknown: [], notes: [], summary: "" };

test("The reading says what is to be heard, what is not, and how loud", () => {
  const reading = readingOf({ prompt: "quiet rain, no dog", words });
  assert.deepEqual(reading, { hear: "rain", notHear: "dog", decibels: -6, unknown: [], notes: [], isUnread: false });
  assert.equal(decibelText(reading.decibels), "−6 dB");
  assert.equal(decibelText(2.5), "+2.5 dB");
});

test("A prompt that is taken as it is has no reading", () => {
  assert.equal(readingOf({ prompt: "rain" }), null);
  assert.equal(readingOf({ prompt: "rain", words: null }), null);
});

test("A prompt in a language that is not read is told from one that is", () => {
  const asked = "дождь на крыше";
  assert.equal(readingOf({ prompt: asked, words: { ...words, prompt: asked, negative: "", decibels: 0, language: "" } }).isUnread, true);
  assert.equal(readingOf({ prompt: "雨声", words: { ...words, negative: "", decibels: 0, language: "zh" } }).isUnread, false);
});

const candidate = (rank, heard, faults) => ({ rank, sha256: "", heard, faults });
const part = (kind, from, to) => ({ kind, from, to, score: 0.5 });
const guard = {
  by: "guard",
  heard: [part("speech", 0, 5.12), part("music", 2, 4), part("speech", 8, 9)],
  unwanted: ["speech", "singing"],
  slipped: true,
  faults: ["hum"],
  seeds: [7, 8],
  seed: 8,
  notes: [],
};

test("The best candidate is told with its times, and what nobody asked for is marked", () => {
  const heard = heardIn({ guard, candidates: [candidate(0, ["speech", "music"], ["hum"])] }, 0);
  assert.deepEqual(heard, {
    kinds: [
      {
        kind: "speech",
        times: [
          { from: 0, to: 5.12 },
          { from: 8, to: 9 },
        ],
        isUnwanted: true,
      },
      { kind: "music", times: [{ from: 2, to: 4 }], isUnwanted: false },
    ],
    faults: ["hum"],
    isSlipped: true,
  });
});

test("Other candidates are told by what is heard in them alone", () => {
  const sound = { guard, candidates: [candidate(0, ["speech"], []), candidate(1, ["music"], ["click", "clipping"])] };
  assert.deepEqual(heardIn(sound, 1), {
    kinds: [{ kind: "music", times: [], isUnwanted: false }],
    faults: ["click", "clipping"],
    isSlipped: false,
  });
});

test("Where nobody listened, nothing is told", () => {
  assert.equal(heardIn({ candidates: [candidate(0, [], [])] }, 0), null);
  assert.equal(heardIn({ guard, candidates: [] }, 0), null);
});
