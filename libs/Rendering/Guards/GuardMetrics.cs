using System.Diagnostics.Metrics;

namespace Rewas.Rendering.Guards;

/// <summary>Counts what guards hear. The meter has the platform's name, so hosts export it with all others.</summary>
static class GuardMetrics
{
    static readonly Meter Meter = new("Rewas");

    static readonly Counter<long> Heard = Meter.CreateCounter<long>(
        "rewas.guard.heard", unit: null, "Unwanted kinds that were heard in made sounds, by kind");

    static readonly Counter<long> Fresh = Meter.CreateCounter<long>(
        "rewas.guard.fresh_seeds", unit: null, "Further seeds that were tried because something unwanted was heard");

    static readonly Counter<long> Slipped = Meter.CreateCounter<long>(
        "rewas.guard.slipped", unit: null, "Sounds that were given out although something unwanted is heard in them");

    public static void Count(GuardUsed used)
    {
        foreach (var kind in used.Tries
            .SelectMany(one => one.Report.Heard.Select(part => part.Kind).Distinct())
            .Where(used.Unwanted.Contains))
            Heard.Add(1, new KeyValuePair<string, object?>("rewas.heard", kind));
        if (used.Tries.Count > 1)
            Fresh.Add(used.Tries.Count - 1);
        if (used.Slipped)
            Slipped.Add(1);
    }
}
