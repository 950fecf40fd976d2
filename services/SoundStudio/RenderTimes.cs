namespace Rewas.SoundStudio;

/// <summary>
/// Learns from finished renders how long the next one takes. The time is a fixed part plus a part for each step of each window. The time of
/// a first look at a video is learnt apart. Recent renders count more.
/// </summary>
public sealed class RenderTimes
{
    readonly Lock gate = new();
    readonly LinearTime sampling = new(), looking = new();

    /// <param name="work">Steps of single windows.</param>
    /// <param name="windows">Windows of the video.</param>
    /// <param name="looked">Time until the first step, if the video was looked at; null if its energy was known.</param>
    /// <param name="sampled">Time from then on.</param>
    public void Learn(double work, int windows, TimeSpan? looked, TimeSpan sampled)
    {
        lock (gate)
        {
            sampling.Learn(work, sampled.TotalSeconds);
            if (looked is { } look)
                looking.Learn(windows, look.TotalSeconds);
        }
    }

    /// <summary>Expected time; null before the first render.</summary>
    /// <param name="looks">The video must be looked at first.</param>
    public TimeSpan? Expect(double work, int windows, bool looks)
    {
        lock (gate)
            return sampling.At(work) is not { } sample ? null
                : TimeSpan.FromSeconds(sample + (looks ? looking.At(windows) ?? 0 : 0));
    }
}
