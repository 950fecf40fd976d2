using Rewas.Cli.Output;
using Rewas.Clip.Output;
using Rewas.Library.Indexing;
using Spectre.Console;

namespace Rewas.Cli.Library;

/// <summary>
/// Shows an index run on standard error: a bar in a terminal, occasional lines elsewhere, and a line for each refused file. In quiet mode
/// it shows nothing.
/// </summary>
static class IndexProgressLines
{
    public static async Task<T> ShowAsync<T>(bool quiet, Func<IProgress<IndexProgress>?, Task<T>> work)
    {
        if (quiet)
            return await work(null);
        if (Console.IsErrorRedirected)
            return await work(new Lines());
        return await ErrorProgress.StartAsync(async context =>
        {
            var bar = new Bar(context);
            var result = await work(bar);
            bar.End();
            return result;
        });
    }

    static string LineOf(Rewas.Library.Scanning.RefusedFile refused) => $"{PlainText.Of(refused.Path)}: {PlainText.Of(refused.Reason)}";

    sealed class Lines : IProgress<IndexProgress>
    {
        const int FilesOfLine = 500;

        readonly Lock gate = new();
        int told;

        public void Report(IndexProgress value)
        {
            lock (gate)
            {
                if (value.Refused is { } refused)
                    Console.Error.WriteLine(LineOf(refused));
                else if (value.Done - told >= FilesOfLine || (value.Done == value.Total && value.Done > told))
                    Console.Error.WriteLine(FormattableString.Invariant($"{told = value.Done} of {value.Total} files"));
            }
        }
    }

    /// <summary>Lines would break the bar. They are kept and written after it.</summary>
    sealed class Bar(ProgressContext context) : IProgress<IndexProgress>
    {
        readonly ProgressTask files = context.AddTask("files", maxValue: 1);
        readonly List<string> lines = [];

        public void Report(IndexProgress value)
        {
            lock (lines)
            {
                if (value.Refused is { } refused)
                    lines.Add(LineOf(refused));
                files.Value = value.Total == 0 ? 1 : (double)value.Done / value.Total;
                files.Description = Markup.Escape(FormattableString.Invariant($"{value.Done} of {value.Total} files"));
            }
        }

        public void End()
        {
            context.Refresh();
            lines.ForEach(Console.Error.WriteLine);
        }
    }
}
