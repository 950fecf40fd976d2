/** How far the picture is from the sound while both play. A frame is shown from its time until that of the next one. */
export interface Drift {
  /** Frames that were measured. */
  readonly frames: number;
  /** Seconds from the shown frame's time to the sound that is heard, at the last frame. Between 0 and a frame's length is exact. */
  readonly last: number;
  /** Frames that were the right one for the sound. */
  readonly right: number;
  /** Frames that were more than one frame away from the right one. */
  readonly wrong: number;
}

const noDrift: Drift = { frames: 0, last: 0, right: 0, wrong: 0 };

/** Frames after a start or a seek that are not measured: the decoder still fills. */
const settling = 12;
const seekBeyond = 0.25;
const strongestCorrection = 0.15;
/** Change of speed for each second that the picture is late. */
const eagerness = 3;
const smoothing = 0.15;

/** Keeps a film's picture on the clock of the sound. The sound is never changed for it. */
export class VideoFollower {
  #drift: Drift = noDrift;
  #shown = 0;
  #error = 0;
  #isPlaying = false;
  #callback = 0;

  /** @param heard position of the sound that is heard at a moment of the page's clock */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly heard: (milliseconds: number) => number,
    private readonly frameSeconds: () => number,
  ) {}

  get drift(): Drift {
    return this.#drift;
  }

  async play(position: number): Promise<void> {
    this.#isPlaying = true;
    this.#drift = noDrift;
    this.#shown = 0;
    this.#error = 0;
    this.video.playbackRate = 1;
    // The frame of the position is shown already, unless the playhead has moved meanwhile.
    if (Math.abs(this.video.currentTime - position) > this.frameSeconds()) this.video.currentTime = position;
    this.video.cancelVideoFrameCallback(this.#callback);
    this.#watch();
    await this.video.play().catch(() => {
      // The film has no picture that plays here; the sound plays alone.
    });
  }

  pause(position: number): void {
    this.#isPlaying = false;
    this.video.cancelVideoFrameCallback(this.#callback);
    this.video.pause();
    this.show(position);
  }

  /** Shows the frame at a position. A frame is asked for by its middle, which no rounding misses. */
  show(position: number): void {
    const frame = Math.floor(position / this.frameSeconds() + 1e-4);
    this.video.currentTime = Math.max(0, (frame + 0.5) * this.frameSeconds());
  }

  /** Seeks without stopping. */
  jump(position: number): void {
    this.#shown = 0;
    this.#error = 0;
    this.video.currentTime = position;
  }

  #watch(): void {
    this.#callback = this.video.requestVideoFrameCallback((_, frame) => {
      if (!this.#isPlaying) return;
      this.#correct(this.heard(frame.expectedDisplayTime) - frame.mediaTime);
      this.#watch();
    });
  }

  #correct(late: number): void {
    const length = this.frameSeconds();
    if (Math.abs(late) > seekBeyond) {
      // A decoder needs a moment for a seek, so the picture is sent ahead.
      this.jump(this.heard(performance.now()) + 0.06);
      return;
    }
    if (++this.#shown > settling) {
      const { frames, right, wrong } = this.#drift;
      const away = late < 0 ? -late : Math.max(0, late - length);
      this.#drift = { frames: frames + 1, last: late, right: right + (away === 0 ? 1 : 0), wrong: wrong + (away > length ? 1 : 0) };
    }
    // The middle of a frame is aimed at. Single frames are late by chance of the screen's refresh, so their mean counts.
    this.#error += (late - length / 2 - this.#error) * smoothing;
    const correction = Math.max(-strongestCorrection, Math.min(strongestCorrection, this.#error * eagerness));
    this.video.playbackRate = Math.abs(this.#error) < length / 8 ? 1 : 1 + correction;
  }
}
