using Spectre.Console;

namespace Rewas.Cli.Output;

/// <summary>Progress bars on standard error, so that standard output stays free for results.</summary>
static class ErrorProgress
{
    public static Task<T> StartAsync<T>(Func<ProgressContext, Task<T>> work) =>
        Terminal.Progress.Progress().HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(work);
}
