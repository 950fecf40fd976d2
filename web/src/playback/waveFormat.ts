/** What the head of a WAV file says. */
export interface WaveFormat {
  readonly channels: number;
  readonly sampleRate: number;
  readonly bytesPerSample: 2 | 3 | 4;
  readonly isFloat: boolean;
  /** First byte of the samples. */
  readonly dataStart: number;
  /** Samples of each channel. */
  readonly frames: number;
}

const pcm = 1;
const float = 3;
const extensible = 0xfffe;
/** A length that RF64 and streams write where 32 bits do not hold it. */
const unknownLength = 0xffffffff;

/**
 * Reads the head of a WAV or RF64 file of 16 or 24 bits or of float32.
 * @param head the first bytes, up to the samples
 * @param fileBytes length of the whole file
 */
export function readWaveFormat(head: DataView, fileBytes: number): WaveFormat {
  const name = (at: number) => String.fromCharCode(...[0, 1, 2, 3].map(i => head.getUint8(at + i)));
  if (head.byteLength < 44 || !["RIFF", "RF64"].includes(name(0)) || name(8) !== "WAVE") throw new Error("The sound is no WAV file.");
  let format: { channels: number; sampleRate: number; bytesPerSample: number; isFloat: boolean } | null = null;
  for (let at = 12; at + 8 <= head.byteLength; ) {
    const [kind, length, body] = [name(at), head.getUint32(at + 4, true), at + 8];
    if (kind === "fmt ") {
      const tag = head.getUint16(body, true);
      const code = tag === extensible ? head.getUint16(body + 24, true) : tag;
      format = {
        channels: head.getUint16(body + 2, true),
        sampleRate: head.getUint32(body + 4, true),
        bytesPerSample: head.getUint16(body + 14, true) / 8,
        isFloat: code === float,
      };
      const isKnown = code === float ? format.bytesPerSample === 4 : code === pcm && [2, 3].includes(format.bytesPerSample);
      if (!isKnown) throw new Error(`The sound has an unknown format: ${code}, ${format.bytesPerSample * 8} bits.`);
    }
    if (kind === "data") {
      if (format === null) break;
      const bytes = length === unknownLength || body + length > fileBytes ? fileBytes - body : length;
      const frames = Math.floor(bytes / (format.channels * format.bytesPerSample));
      return { ...format, bytesPerSample: format.bytesPerSample as 2 | 3 | 4, dataStart: body, frames };
    }
    at = body + length + (length % 2);
  }
  throw new Error("The sound has no samples.");
}

/** Reads samples of one channel as numbers from -1 to 1. */
export function readChannel(format: WaveFormat, bytes: DataView, channel: number, into: Float32Array): void {
  const { channels, bytesPerSample, isFloat } = format;
  const stride = channels * bytesPerSample;
  const count = Math.min(into.length, Math.floor(bytes.byteLength / stride));
  for (let i = 0, at = channel * bytesPerSample; i < count; i++, at += stride)
    into[i] = isFloat
      ? bytes.getFloat32(at, true)
      : bytesPerSample === 2
        ? bytes.getInt16(at, true) / 0x8000
        : ((bytes.getUint16(at, true) << 8) | (bytes.getInt8(at + 2) << 24)) / 0x80000000;
}
