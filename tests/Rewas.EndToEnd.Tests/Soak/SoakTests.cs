using System.Diagnostics;
using System.Globalization;

namespace Rewas.EndToEnd.Tests.Soak;

/// <summary>No other test runs beside this one, so that the machine is the fleet's.</summary>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
public sealed class SoakCollection;

/// <summary>
/// Mixed load for two hours, with every service in a process of its own. Nothing that a process holds may grow: memory, open file
/// descriptors, threads, files. Each is judged by its slope after the warm-up (<see cref="Trend"/>).
/// </summary>
[Collection(nameof(SoakTests))]
public sealed class SoakTests(ITestOutputHelper output)
{
    /// <summary>Environment variable with the length of the run in minutes. Unset: two hours.</summary>
    const string MinutesVariable = "REWAS_SOAK_MINUTES";

    const int Workers = 2;

    static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What is measured, and by how much it may grow after the warm-up: a number, or a share of its level if that is more.
    /// </summary>
    static readonly (string Name, Func<Holdings, double> Of, double Most, double Share)[] Judged =
    [
        ("memory, MiB", held => held.Memory, 24, 0.1),
        ("handles", held => held.Handles, 8, 0.05),
        ("threads", held => held.Threads, 8, 0.1),
    ];

    /// <summary>
    /// What is measured at rest, and how much more of it may be there than before the load. While requests run, the number of files follows
    /// their rate: what services keep for a caller, they keep for a minute.
    /// </summary>
    static readonly (string Name, Func<Holdings, double> Of, double Most)[] JudgedAtRest =
        [("files", held => held.Files, 8), ("bytes of files, MiB", held => held.FileBytes, 8)];

    /// <summary>The longest time in which what is kept goes.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);

    [Fact(Explicit = true)]
    public async Task Nothing_that_a_process_holds_grows_under_mixed_load()
    {
        var length = TimeSpan.FromMinutes(FuzzSeed.Number(MinutesVariable, 120));
        using var clips = new ClipFolder();
        using var fleet = await SoakFleet.StartAsync();
        using var load = new SoakLoad(fleet.Gateway, clips);
        using var stop = new CancellationTokenSource();
        var before = fleet.Measure();
        var work = Enumerable.Range(0, Workers).Select(worker => load.RunAsync(worker, Workers, stop.Token)).ToArray();
        var held = new List<Dictionary<string, Holdings>>();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < length; await Task.Delay(Between, TestContext.Current.CancellationToken))
            held.Add(fleet.Measure());
        await stop.CancelAsync();
        await Task.WhenAll(work);

        Say($"{length.TotalMinutes} minutes, {load.Done.Values.Sum()} requests: "
            + string.Join(", ", load.Done.OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} {kind.Value}")));
        var grown = new List<string>();
        foreach (var process in fleet.Processes.Keys)
            foreach (var (name, of, most, share) in Judged)
            {
                var trend = Trend.Of([.. held.Select(all => of(all[process]))]);
                var line = string.Create(
                    CultureInfo.InvariantCulture, $"{process}: {name}: {trend.Level:0.#}, growth {trend.Growth:+0.#;-0.#;0}");
                Say(line);
                if (!trend.IsFlat(most, share))
                    grown.Add(line);
            }
        var after = fleet.Measure();
        for (var watch = Stopwatch.StartNew();
            watch.Elapsed < Rest && MoreThan(before, after).Count > 0;
            await Task.Delay(Between, TestContext.Current.CancellationToken))
            after = fleet.Measure();
        Say($"at rest: {string.Join("; ", after.Select(process => $"{process.Key} {process.Value.Files} files"))}");
        grown.AddRange(MoreThan(before, after));
        if (!load.Wrong.IsEmpty)
            foreach (var (name, process) in fleet.Processes)
                output.WriteLine($"The last lines of {name}:\n{process.Log}");
        Assert.True(load.Wrong.IsEmpty, $"{load.Wrong.Count} requests went wrong: {string.Join('\n', load.Wrong.Take(5))}");
        Assert.True(grown.Count == 0, string.Join('\n', grown));
    }

    /// <summary>What is there at rest beyond what was there before.</summary>
    static List<string> MoreThan(Dictionary<string, Holdings> before, Dictionary<string, Holdings> after) =>
    [
        .. from process in after.Keys
           from judged in JudgedAtRest
           let more = judged.Of(after[process]) - judged.Of(before[process])
           where more > judged.Most
           select string.Create(CultureInfo.InvariantCulture, $"{process}: {judged.Name}: {more:0.#} more at rest than before the load"),
    ];

    void Say(string line)
    {
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }
}
