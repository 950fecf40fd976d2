import type { Api } from "../api/api.ts";
import { Changes } from "../changes.ts";
import { Clock } from "./clock.ts";
import { Meter } from "./meter.ts";
import { Player } from "./player.ts";
import { type Drift, VideoFollower } from "./videoFollower.ts";
import { WaveFile } from "./waveFile.ts";

/** A file that is heard with the picture. */
export interface Source {
  /** Path of a WAV file of the server. */
  readonly path: string;
  /** Linear. A source with gain 0 plays silently, so that it can be switched to without a gap. */
  readonly gain: number;
}

export interface Loop {
  readonly from: number;
  readonly to: number;
}

/** Seconds of new sound for which a waiting playhead goes on. */
const heldFor = 0.8;
const fastest = 8;
/** Milliseconds that a start waits for its first sound. */
const startPatience = 400;

/** The one playhead. The clock of the sound leads, and the picture follows it. */
export class Playback extends Changes {
  /** Tells each drawn frame while the playhead moves, and each seek. */
  readonly ticks = new Ticks();
  /** Measures the sum of all sources, from each start of the playhead on. */
  readonly meter = new Meter();

  #context: AudioContext | null = null;
  #clock: Clock | null = null;
  #output: GainNode | null = null;
  #metering: Promise<void> | null = null;
  #video: HTMLVideoElement | null = null;
  #follower: VideoFollower | null = null;
  readonly #players = new Map<string, Player>();
  #sources: readonly Source[] = [];
  #position = 0;
  #rate = 0;
  /** The position at a time of the clock that leads: the sound's at speed 1, else the page's. */
  #anchor = { position: 0, time: 0 };
  #loop: Loop | null = null;
  /** Seconds that can be heard already. */
  #available = Number.POSITIVE_INFINITY;
  #isHeld = false;
  #original = 0;
  #duration = 0;
  #frameRate = 25;

  constructor(private readonly api: Api) {
    super();
  }

  get duration(): number {
    return this.#duration;
  }

  get frameRate(): number {
    return this.#frameRate;
  }

  get isPlaying(): boolean {
    return this.#rate !== 0 || this.#isHeld;
  }

  /** Whether the playhead waits for sound that is being made. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Speed: 0 while it stands, negative backwards. Sound is heard at 1. */
  get rate(): number {
    return this.#rate;
  }

  get loop(): Loop | null {
    return this.#loop;
  }

  /** Seconds from the start of the film that are heard and seen now. */
  get position(): number {
    return this.#rate === 0 ? this.#position : this.#clamp(this.#at(performance.now()));
  }

  /** Number of the frame that is shown, from 0. */
  get frame(): number {
    return Math.floor(this.position * this.#frameRate + 1e-4);
  }

  get drift(): Drift | null {
    return this.#follower?.drift ?? null;
  }

  /** A new film: its length and its frames per second. */
  reset(duration: number, frameRate: number): void {
    this.pause();
    this.#duration = duration;
    this.#frameRate = frameRate > 0 ? frameRate : 25;
    this.#loop = null;
    this.seek(0);
  }

  attach(video: HTMLVideoElement | null): void {
    if (video === this.#video) return;
    this.#video = video;
    this.#follower = video
      ? new VideoFollower(
          video,
          time => this.#at(time),
          () => 1 / this.#frameRate,
        )
      : null;
    this.#follower?.show(this.#position);
    this.#applyOriginal();
  }

  /** How loud the film's own sound is heard, 0 to 1; 0 unless a panel says otherwise. */
  setOriginal(gain: number): void {
    this.#original = gain;
    this.#applyOriginal();
  }

  #applyOriginal(): void {
    if (!this.#video) return;
    this.#video.muted = this.#original === 0;
    this.#video.volume = Math.min(1, this.#original);
  }

  /** What is heard. Sources that stay go on without a gap. */
  setSources(sources: readonly Source[]): void {
    this.#sources = sources;
    if (this.#context) this.#updatePlayers();
  }

  /** How much can be heard. At its end the playhead waits, and goes on when there is more. */
  setAvailable(seconds: number): void {
    this.#available = seconds;
    if (this.#isHeld && seconds >= Math.min(this.#duration, this.#position + heldFor)) void this.play();
  }

  async play(): Promise<void> {
    if (this.#rate === 1) return;
    this.#isHeld = false;
    const context = this.#open();
    await context.resume().catch(() => {});
    if (this.#position >= this.#duration - 0.5 / this.#frameRate) this.#position = this.#loop?.from ?? 0;
    const first = Promise.all([
      this.#metering,
      ...[...this.#players.values()].map(player => player.prepare(this.#position).catch(() => {})),
    ]);
    await Promise.race([first, new Promise(done => setTimeout(done, startPatience))]);
    this.meter.start();
    this.#run(1);
  }

  pause(): void {
    if (!this.isPlaying) return;
    this.#isHeld = false;
    if (this.#rate === 0) {
      this.changed();
      return;
    }
    this.#position = this.position;
    this.#rate = 0;
    for (const player of this.#players.values()) player.stop();
    this.#follower?.pause(this.#position);
    this.changed();
    this.ticks.tell();
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else void this.play();
  }

  seek(position: number): void {
    const rate = this.#rate;
    this.#position = this.#clamp(position);
    if (rate !== 0) this.#run(rate);
    else {
      this.#follower?.show(this.#position);
      for (const player of this.#players.values()) void player.prepare(this.#position).catch(() => {});
    }
    this.ticks.tell();
  }

  /** Moves by whole frames. */
  step(frames: number): void {
    this.pause();
    const last = Math.max(0, Math.ceil(this.#duration * this.#frameRate - 1e-4) - 1);
    this.seek(Math.max(0, Math.min(last, this.frame + frames)) / this.#frameRate);
  }

  /** J and L: each press in the same direction doubles the speed. */
  shuttle(direction: 1 | -1): void {
    const rate = Math.sign(this.#rate) === direction ? Math.max(-fastest, Math.min(fastest, this.#rate * 2)) : direction;
    if (rate === 1) {
      void this.play();
      return;
    }
    this.#position = this.position;
    for (const player of this.#players.values()) player.stop();
    this.#video?.pause();
    this.#run(rate);
  }

  setLoop(loop: Loop | null): void {
    this.#loop = loop;
    this.changed();
  }

  #open(): AudioContext {
    if (this.#context === null) {
      this.#context = new AudioContext({ latencyHint: "interactive" });
      this.#clock = new Clock(this.#context);
      this.#output = new GainNode(this.#context);
      this.#output.connect(this.#context.destination);
      this.#metering = this.meter.listen(this.#output).catch(failure => console.warn("Levels are not measured.", failure));
      this.#updatePlayers();
    }
    return this.#context;
  }

  #updatePlayers(): void {
    const [context, output] = [this.#context as AudioContext, this.#output as GainNode];
    const wanted = new Map(this.#sources.map(source => [source.path, source]));
    for (const [path, player] of this.#players)
      if (!wanted.has(path)) {
        player.close();
        this.#players.delete(path);
      }
    for (const [path, source] of wanted) {
      const player = this.#players.get(path);
      if (player) player.gain = source.gain;
      else {
        const added = new Player(context, new WaveFile(this.api, path), output, source.gain);
        this.#players.set(path, added);
        if (this.#rate === 1) added.start(this.#anchor.position, this.#anchor.time);
      }
    }
  }

  /** Starts the clock that leads at the position. */
  #run(rate: number): void {
    this.#rate = rate;
    if (rate === 1) {
      const context = this.#open();
      const at = context.currentTime + 0.02;
      this.#anchor = { position: this.#position, time: at };
      for (const player of this.#players.values()) player.start(this.#position, at);
      void this.#follower?.play(this.#position);
    } else this.#anchor = { position: this.#position, time: performance.now() / 1000 };
    this.changed();
    requestAnimationFrame(() => this.#tick());
  }

  /** The position at a moment of the page's clock. */
  #at(milliseconds: number): number {
    const leads = this.#rate === 1 && this.#clock && this.#context?.state === "running";
    const time = leads ? (this.#clock as Clock).heardAt(milliseconds) : milliseconds / 1000;
    return this.#anchor.position + Math.max(0, time - this.#anchor.time) * (this.#rate || 1);
  }

  #tick(): void {
    if (this.#rate === 0) return;
    const position = this.#at(performance.now());
    if (this.#loop && this.#rate === 1 && position >= this.#loop.to) this.seek(this.#loop.from);
    else if (this.#rate === 1 && position > this.#available && this.#available < this.#duration) {
      this.pause();
      this.#isHeld = true;
      this.changed();
    } else if (position >= this.#duration || position < 0) {
      this.pause();
      this.seek(position < 0 ? 0 : this.#duration);
    } else {
      if (this.#rate !== 1) this.#follower?.show(position);
      this.ticks.tell();
    }
    if (this.#rate !== 0) requestAnimationFrame(() => this.#tick());
  }

  #clamp(position: number): number {
    return Math.max(0, Math.min(this.#duration, position));
  }
}

/** Tells of each drawn frame. */
class Ticks extends Changes {
  tell(): void {
    this.changed();
  }
}
