import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.mjs";

const { serverSent } = await bundled("api/events.ts");

const read = async parts => {
  const bytes = parts.map(part => new TextEncoder().encode(part));
  const stream = new ReadableStream({
    start(controller) {
      for (const part of bytes) controller.enqueue(part);
      controller.close();
    },
  });
  const events = [];
  for await (const event of serverSent(stream)) events.push(event);
  return events;
};

test("Events are read however they are cut", async () => {
  const text = 'event: progress\nid: 12\ndata: {"step":1}\n\nevent: done\r\nid: 13\r\ndata: a\r\ndata: b\r\n\r\n';
  const expected = [
    { type: "progress", id: "12", data: '{"step":1}' },
    { type: "done", id: "13", data: "a\nb" },
  ];
  assert.deepEqual(await read([text]), expected);
  assert.deepEqual(await read(text.split(/(?=a)/)), expected);
});

test("A comment and an event without data are no events", async () => {
  assert.deepEqual(await read([": hello\n\nevent: ping\n\n"]), []);
});
