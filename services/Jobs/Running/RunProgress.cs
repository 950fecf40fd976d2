using System.Collections.Concurrent;
using Rewas.Client;
using Rewas.Jobs.Data;

namespace Rewas.Jobs.Running;

/// <summary>Collects the progress of a run's items until it is stored.</summary>
sealed class RunProgress
{
    readonly ConcurrentDictionary<long, ItemRow> changed = new();

    public IProgress<GenerateProgress> Of(ItemRow item) => new Watcher(this, item);

    /// <summary>The changes since the last call.</summary>
    public IReadOnlyCollection<ItemRow> Take() =>
        [.. changed.Keys.Select(item => changed.TryRemove(item, out var row) ? row : null).OfType<ItemRow>()];

    sealed class Watcher(RunProgress owner, ItemRow item) : IProgress<GenerateProgress>
    {
        public void Report(GenerateProgress value)
        {
            if (value is GenerateProgress.Sampled sampled)
                owner.changed[item.Item] = item with
                {
                    WindowsDone = sampled.Step == sampled.Steps ? sampled.Window + 1 : sampled.Window,
                    Windows = sampled.Windows,
                    Step = sampled.Step,
                    Steps = sampled.Steps,
                };
        }
    }
}
