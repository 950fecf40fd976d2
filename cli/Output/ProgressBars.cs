using Rewas.Client;
using Spectre.Console;

namespace Rewas.Cli.Output;

/// <summary>
/// Shows a request's progress on standard error: bars in a terminal, one line for each window elsewhere, nothing in quiet mode. Standard
/// output stays free for results.
/// </summary>
static class ProgressBars
{
    public static async Task<T> ShowAsync<T>(bool quiet, Func<IProgress<GenerateProgress>, Task<T>> work)
    {
        if (quiet)
            return await work(new Silent());
        if (Console.IsErrorRedirected)
            return await work(new Lines());
        return await ErrorProgress.StartAsync(context => work(new Bars(context)));
    }

    sealed class Silent : IProgress<GenerateProgress>
    {
        public void Report(GenerateProgress value) { }
    }

    sealed class Lines : IProgress<GenerateProgress>
    {
        public void Report(GenerateProgress value)
        {
            var line = value switch
            {
                GenerateProgress.VideoFound found =>
                    $"video: {found.Video.Width}x{found.Video.Height}, {found.Video.Duration.ToTimeSpan().TotalSeconds:F2} s, "
                    + $"{found.Video.Windows} window(s)",
                GenerateProgress.Repeated repeated => $"again: {repeated.Reason}",
                GenerateProgress.Queued { Position: > 0 } queued => $"waiting: {queued.Position} ahead of this one",
                GenerateProgress.Sampled sampled when sampled.Step == sampled.Steps =>
                    $"window {sampled.Window + 1} of {sampled.Windows}: {sampled.Steps} steps done",
                _ => null,
            };
            if (line is not null)
                Console.Error.WriteLine(FormattableString.Invariant($"{line}"));
        }
    }

    sealed class Bars(ProgressContext context) : IProgress<GenerateProgress>
    {
        readonly ProgressTask reading = context.AddTask("reading the video", maxValue: 1);
        readonly ProgressTask watching = context.AddTask("watching it", maxValue: 1);
        readonly ProgressTask sounding = context.AddTask("making sound", maxValue: 1);

        public void Report(GenerateProgress value)
        {
            switch (value)
            {
                case GenerateProgress.Uploaded { Total: > 0 } uploaded:
                    reading.Value = (double)uploaded.Bytes / uploaded.Total.Value;
                    break;
                case GenerateProgress.EnergyPredicted predicted:
                    watching.Value = (predicted.Window + 1.0) / predicted.Windows;
                    break;
                case GenerateProgress.Repeated:
                    sounding.Description = "a stage is away: trying again";
                    break;
                case GenerateProgress.Queued queued:
                    sounding.Description = queued.Position > 0 ? $"waiting behind {queued.Position}" : "making sound";
                    break;
                case GenerateProgress.Sampled sampled:
                    sounding.Description = "making sound";
                    sounding.Value = (sampled.Window + (double)sampled.Step / sampled.Steps) / sampled.Windows;
                    break;
            }
        }
    }
}
