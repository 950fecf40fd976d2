using Rewas.Bundles.Import;
using Spectre.Console;

namespace Rewas.Cli.Output;

/// <summary>Shows one activity after another on standard error: one bar each in a terminal, one line each elsewhere.</summary>
static class ActivityBars
{
    public static async Task<T> ShowAsync<T>(bool quiet, Func<IProgress<ImportProgress>, Task<T>> work)
    {
        if (quiet)
            return await work(new Told(null));
        if (Console.IsErrorRedirected)
            return await work(new Told(activity => Console.Error.WriteLine(activity)));
        return await ErrorProgress.StartAsync(context => work(new Bars(context)));
    }

    sealed class Told(Action<string>? tell) : IProgress<ImportProgress>
    {
        string last = "";

        public void Report(ImportProgress value)
        {
            if (value.Activity != last)
                tell?.Invoke(last = value.Activity);
        }
    }

    sealed class Bars(ProgressContext context) : IProgress<ImportProgress>
    {
        readonly Dictionary<string, ProgressTask> bars = [];

        public void Report(ImportProgress value)
        {
            if (!bars.TryGetValue(value.Activity, out var bar))
                bars[value.Activity] = bar = context.AddTask(Terminal.Escape(value.Activity), maxValue: 1);
            bar.Value = value.Total > 0 ? (double)value.Done / value.Total : 0;
        }
    }
}
