/** The time of a sound that is heard now, on the clock of its audio context. */
export class Clock {
  constructor(private readonly context: AudioContext) {}

  /**
   * The time of the context that reaches the ear at a moment of the page's clock. What is scheduled for context.currentTime is heard later,
   * by the latency of the output.
   */
  heardAt(milliseconds: number): number {
    const { contextTime, performanceTime } = this.context.getOutputTimestamp();
    if (contextTime && performanceTime) return contextTime + (milliseconds - performanceTime) / 1000;
    return this.context.currentTime - (this.context.outputLatency || 0) + (milliseconds - performance.now()) / 1000;
  }
}
