using Rewas.V1;
using Spectre.Console;

namespace Rewas.Cli.Output;

/// <summary>Shows the progress of a batch.</summary>
interface IBatchProgress
{
    /// <param name="job">Null before it is submitted.</param>
    /// <param name="count">Number of items.</param>
    /// <param name="text">Further text, such as the estimate.</param>
    void Show(Job? job, int count, string text);

    /// <summary>Shows an event as a line.</summary>
    void Say(string line);
}

/// <summary>
/// Shows a batch's progress on standard error: a bar in a terminal, one line for each file elsewhere, nothing in quiet mode.
/// </summary>
static class BatchProgress
{
    public static async Task<T> ShowAsync<T>(bool quiet, Func<IBatchProgress, Task<T>> work)
    {
        if (quiet)
            return await work(new Silent());
        if (Console.IsErrorRedirected)
            return await work(new Lines());
        return await ErrorProgress.StartAsync(context => work(new Bar(context)));
    }

    static int Done(Job? job) => job is null ? 0 : job.Succeeded + job.Failed + job.Cancelled;

    sealed class Silent : IBatchProgress
    {
        public void Show(Job? job, int count, string text) { }

        public void Say(string line) { }
    }

    sealed class Lines : IBatchProgress
    {
        int done;

        public void Show(Job? job, int count, string text)
        {
            if (Done(job) <= done)
                return;
            done = Done(job);
            Console.Error.WriteLine(FormattableString.Invariant($"{done} of {count} done"));
        }

        public void Say(string line) => Console.Error.WriteLine(line);
    }

    sealed class Bar(ProgressContext context) : IBatchProgress
    {
        readonly ProgressTask files = context.AddTask("files", maxValue: 1);

        public void Show(Job? job, int count, string text)
        {
            files.Value = (double)Done(job) / count;
            files.Description = Markup.Escape(
                FormattableString.Invariant($"{Done(job)} of {count} files{(job?.Failed > 0 ? $", {job.Failed} failed" : "")}"));
        }

        public void Say(string line) => files.Description = Terminal.Escape(line);
    }
}
