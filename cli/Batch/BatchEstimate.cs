using System.Diagnostics;
using Rewas.Cli.Arguments;
using Rewas.Clip.Faults;
using Rewas.V1;
using Rewas.Video;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Cli.Batch;

/// <summary>
/// How long a batch will take: by a real-time factor that the user states, before it starts; else measured from its first item.
/// </summary>
sealed class BatchEstimate
{
    const int VideosLookedAt = 20;

    readonly double? stated;
    readonly double meanSeconds;
    readonly int count;
    long started = Stopwatch.GetTimestamp();

    BatchEstimate(double? stated, double meanSeconds, int count)
    {
        (this.stated, this.meanSeconds, this.count) = (stated, meanSeconds, count);
        Text = stated is { } factor
            ? FormattableString.Invariant(
                $"{count} files, about {Span(count * meanSeconds * factor)} at the stated real-time factor {factor}")
            : FormattableString.Invariant(
                $"{count} files, about {Span(count * meanSeconds)} of sound; how long they take is told after the first");
    }

    public string Text { get; private set; }

    /// <param name="manifest">Some of its videos, evenly over the lines, are looked at for their length.</param>
    /// <param name="stated">Seconds of work for a second of sound, or null.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<BatchEstimate> OfAsync(BatchManifest manifest, double? stated, CancellationToken cancel)
    {
        var (sum, known) = (0.0, 0);
        var step = Math.Max(1, manifest.Items.Count / VideosLookedAt);
        for (var i = 0; i < manifest.Items.Count; i += step)
        {
            try
            {
                sum += (await VideoProbe.ReadAsync(manifest.Items[i].Video.FullName, SharedOptions.NoLimits, cancel)).Duration.TotalSeconds;
                known++;
            }
            catch (InputFault)
            {
                // Its item will tell.
            }
        }
        return new(stated, known > 0 ? sum / known : 0, manifest.Items.Count);
    }

    /// <summary>The work begins.</summary>
    public void Start() => started = Stopwatch.GetTimestamp();

    /// <summary>The first item that was made; true if there is something new to tell.</summary>
    /// <param name="item">The item.</param>
    /// <param name="left">Items after it.</param>
    public bool Measure(JobItemStatus item, int left)
    {
        if (stated is not null || count < 2)
            return false;
        var (elapsed, seconds) = (Stopwatch.GetElapsedTime(started).TotalSeconds, (double)item.Result.Samples / ClipTiming.SampleRate);
        Text = FormattableString.Invariant(
            $"about {Span(left * meanSeconds * elapsed / seconds)} for {left} more files, measured from the first: {elapsed:F1} "
            + $"s for {seconds:F2} s of sound");
        return true;
    }

    static string Span(double seconds) =>
        seconds < 120
            ? FormattableString.Invariant($"{seconds:F0} s")
            : seconds < 7200
            ? FormattableString.Invariant($"{seconds / 60:F0} min")
            : FormattableString.Invariant($"{seconds / 3600:F1} h");
}
