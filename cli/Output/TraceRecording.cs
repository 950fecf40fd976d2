using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Rewas.Hosting.InProcess;

namespace Rewas.Cli.Output;

/// <summary>Records the spans of one command, with those of stages in this process, and draws them over time as SVG.</summary>
sealed class TraceRecording : IDisposable
{
    const int RowHeight = 18, LabelWidth = 300, PlotWidth = 900, Margin = 10, HeadHeight = 40;

    static readonly string[] Sources = ["Rewas", "Rewas.Client", "Rewas.Video", InProcessInvoker.SourceName, "Microsoft.AspNetCore"];

    readonly ConcurrentBag<Activity> spans = [];
    readonly ActivityListener listener;
    readonly Activity root = new("rewas generate");

    public TraceRecording()
    {
        listener = new()
        {
            ShouldListenTo = source => Sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == root.TraceId)
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        root.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        root.Start();
    }

    /// <summary>Ends the recording and draws it.</summary>
    public string ToSvg()
    {
        root.Stop();
        var all = spans.Where(span => span.OperationName != "rewas.clip" && Name(span) != "Describe")
            .OrderBy(span => span.StartTimeUtc)
            .ThenByDescending(span => span.Duration)
            .ToList();
        var (svg, height) = (new StringBuilder(), HeadHeight + RowHeight * (all.Count + 1) + Margin);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{LabelWidth + PlotWidth + 2 * Margin}\" height=\"{height}\" "
            + $"font-family=\"sans-serif\" font-size=\"11\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{Margin}\" y=\"18\" font-size=\"13\">{root.Duration.TotalSeconds:F2} s in all; {OutsideShare(all):P1} of it "
            + $"outside networks and ffmpeg. Blue: a stage's call; green: networks; orange: ffmpeg.</text>\n");
        for (var second = 0; second <= root.Duration.TotalSeconds; second++)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line x1=\"{X(TimeSpan.FromSeconds(second)):F1}\" y1=\"{HeadHeight - 6}\" x2=\"{X(TimeSpan.FromSeconds(second)):F1}\" "
                + $"y2=\"{height - Margin}\" stroke=\"#ddd\"/><text x=\"{X(TimeSpan.FromSeconds(second)):F1}\" y=\"{HeadHeight - 8}\" "
                + $"fill=\"#777\">{second} s</text>\n");
        for (var row = 0; row < all.Count; row++)
        {
            var (span, y) = (all[row], HeadHeight + row * RowHeight);
            var start = X(span.StartTimeUtc - root.StartTimeUtc);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{Margin + 12 * Depth(span, all)}\" y=\"{y + 12}\">{WebUtility.HtmlEncode(Label(span))}</text>");
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{start:F1}\" y=\"{y + 3}\" "
                + $"width=\"{Math.Max(1, X(span.StartTimeUtc - root.StartTimeUtc + span.Duration) - start):F1}\" "
                + $"height=\"{RowHeight - 6}\" fill=\"{Colour(span)}\"><title>{span.Duration.TotalMilliseconds:F1} ms</title></rect>\n");
        }
        return svg.Append("</svg>\n").ToString();

        double X(TimeSpan at) => Margin + LabelWidth + PlotWidth * Math.Clamp(at / root.Duration, 0, 1);
    }

    /// <summary>
    /// The share of the time in which neither a network nor a stage's ffmpeg runs. The muxer waits for the sound, so its time does not
    /// count as work.
    /// </summary>
    double OutsideShare(IReadOnlyList<Activity> all)
    {
        var (inside, until) = (TimeSpan.Zero, DateTime.MinValue);
        foreach (var span in all.Where(span => IsNetwork(span) || (IsMedia(span) && all.Any(other => other.SpanId == span.ParentSpanId))))
        {
            var (from, to) = (span.StartTimeUtc > until ? span.StartTimeUtc : until, span.StartTimeUtc + span.Duration);
            if (to > from)
                (inside, until) = (inside + (to - from), to);
        }
        return 1 - inside / root.Duration;
    }

    static string Label(Activity span)
    {
        var (from, to) = (span.GetTagItem("rewas.tensor.in.shape") as string, span.GetTagItem("rewas.tensor.out.shape") as string);
        return Name(span) + (from is null && to is null ? "" : from is null ? $": {to}" : $": {from} → {to}");
    }

    /// <summary>The display name of a span: the stage for a call of a stage, its own name otherwise.</summary>
    static string Name(Activity span)
    {
        var path = span.GetTagItem("grpc.method") as string ?? span.GetTagItem("url.path") as string ?? "";
        return path.Length == 0
            ? span.DisplayName
            : path.EndsWith("/Describe", StringComparison.Ordinal)
            ? "Describe"
            : path[(path.LastIndexOf('.') + 1)..];
    }

    static int Depth(Activity span, List<Activity> all) =>
        all.Find(other => other.SpanId == span.ParentSpanId) is { } parent ? 1 + Depth(parent, all) : 0;

    static bool IsNetwork(Activity span) => span.Source.Name == "Rewas";

    static bool IsMedia(Activity span) => span.Source.Name == "Rewas.Video";

    static string Colour(Activity span) => IsNetwork(span) ? "#3a9d5d" : IsMedia(span) ? "#e08a2e" : "#5b87c7";

    public void Dispose()
    {
        root.Dispose();
        listener.Dispose();
    }
}
