using System.Diagnostics;

namespace Rewas.TestKit;

/// <summary>Waits for a condition. No test depends on how long that takes on a busy machine.</summary>
public static class Wait
{
    /// <summary>A test gives up after this time. Nothing takes nearly as long, even beside other work on a slow machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    /// <param name="condition">Becomes true in the end.</param>
    /// <param name="what">Describes the condition, for the message of a failing test.</param>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !await condition(); await Task.Delay(Between, TestContext.Current.CancellationToken))
            Assert.True(watch.Elapsed < Patience, $"{Patience.TotalMinutes:0} minutes have passed, and still not: {what}");
    }
}
