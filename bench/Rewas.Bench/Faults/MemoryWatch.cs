namespace Rewas.Bench.Faults;

/// <summary>Samples the resident memory of each process once a second.</summary>
sealed class MemoryWatch(Fleet fleet)
{
    readonly Dictionary<string, List<long>> samples = fleet.All.ToDictionary(process => process.Name, _ => new List<long>());

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            foreach (var process in fleet.All)
                samples[process.Name].Add(process.ResidentBytes);
            await Task.Delay(1000, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The peak memory of each process in each third of the trial, MiB.</summary>
    public IEnumerable<(string Process, long[] Peaks)> Peaks() => samples.Select(entry =>
        (
            entry.Key,
            Enumerable.Range(0, 3).Select(third =>
                entry.Value.Skip(third * entry.Value.Count / 3).Take(entry.Value.Count / 3 + 1).DefaultIfEmpty().Max() >> 20).ToArray()));
}
