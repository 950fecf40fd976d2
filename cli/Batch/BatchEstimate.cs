using System.Globalization;
using System.Diagnostics;
using Rewas.Cli.Arguments;
using Rewas.Clip.Faults;
using Rewas.V1;
using Rewas.Video;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Cli.Batch;

/// <summary>Estimates how long a batch takes: from a real-time factor that the user states, or else from the first finished item.</summary>
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
                $"{count} files, about {Span(count * meanSeconds)} of sound; an estimate follows after the first");
    }

    public string Text { get; private set; }

    /// <param name="manifest">A sample of its videos, spread evenly over the lines, is probed for length.</param>
    /// <param name="stated">The stated factor: seconds of work for one second of sound. Null for none.</param>
    public static async Task<BatchEstimate> OfAsync(BatchManifest manifest, double? stated, CancellationToken cancel)
    {
        var (sum, known) = (0.0, 0);
        var step = Math.Max(1, manifest.Items.Count / VideosLookedAt);
        for (var i = 0; i < manifest.Items.Count; i += step)
        {
            var item = manifest.Items[i];
            try
            {
                sum += item.Video is { } video
                    ? (await VideoProbe.ReadAsync(video.FullName, SharedOptions.NoLimits, cancel)).Duration.TotalSeconds
                    : item.Wanted.BlankSeconds;
                known++;
            }
            catch (InputFault)
            {
                // The item itself reports this failure.
            }
        }
        return new(stated, known > 0 ? sum / known : 0, manifest.Items.Count);
    }

    /// <summary>Starts the clock.</summary>
    public void Start() => started = Stopwatch.GetTimestamp();

    /// <summary>Measures the first finished item. True if there is a new estimate.</summary>
    /// <param name="left">Number of items after it.</param>
    public bool Measure(JobItemStatus item, int left)
    {
        if (stated is not null || count < 2)
            return false;
        var (elapsed, seconds) = (Stopwatch.GetElapsedTime(started).TotalSeconds, (double)item.Result.Samples / ClipTiming.SampleRate);
        Text = string.Create(
            CultureInfo.InvariantCulture,
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
