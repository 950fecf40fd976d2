using System.Diagnostics;

namespace Rewas.Tests;

/// <summary>Waits for what a test waits for. How long that takes on a busy machine is no part of any test.</summary>
static class Wait
{
    /// <summary>After this a test gives up. Nothing takes nearly as long, beside other work on a slow machine either.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    /// <param name="condition">Becomes true in the end.</param>
    /// <param name="what">What is then the case; for the message of a test that fails.</param>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !await condition(); await Task.Delay(Between, TestContext.Current.CancellationToken))
            Assert.True(watch.Elapsed < Patience, $"{Patience.TotalMinutes:0} minutes have passed, and still not: {what}");
    }
}
