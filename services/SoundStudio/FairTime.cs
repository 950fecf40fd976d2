namespace Rewas.SoundStudio;

/// <summary>
/// Measures how long renders take and how many were made at the same time, and learns how much two renders hold each other up: not at all
/// on a large fleet, by the whole time of the other where one thing is done after another.
/// </summary>
public sealed class FairTime(TimeProvider time)
{
    /// <summary>Weight of the latest render in what is learnt.</summary>
    const double Newest = 0.3;

    const int Halvings = 20;

    readonly Lock gate = new();
    readonly Dictionary<string, Dictionary<int, TimeSpan>> running = new(StringComparer.Ordinal);
    long counted;
    double hindrance = 0.5;

    /// <summary>Time that a render loses for each second that another one is made beside it, 0 to 1 s.</summary>
    public double Hindrance
    {
        get
        {
            lock (gate)
                return hindrance;
        }
    }

    /// <summary>Begins to count for a render, from 0.</summary>
    public void Begin(string render)
    {
        lock (gate)
        {
            Count();
            running[render] = [];
        }
    }

    /// <summary>The time that a render would have taken so far alone; 0 if it is not counted.</summary>
    public TimeSpan Of(string render)
    {
        lock (gate)
        {
            Count();
            return Alone(running.GetValueOrDefault(render) ?? [], hindrance);
        }
    }

    /// <summary>Learns from a render that ends.</summary>
    /// <param name="expected">The time that it was expected to take alone.</param>
    public void Learn(string render, TimeSpan expected)
    {
        lock (gate)
        {
            Count();
            if (!running.TryGetValue(render, out var times) || times.Keys.All(together => together == 1))
                return;
            // The time alone falls as the hindrance grows.
            var (least, most) = (0.0, 1.0);
            for (var i = 0; i < Halvings; i++)
            {
                var middle = (least + most) / 2;
                (least, most) = Alone(times, middle) > expected ? (middle, most) : (least, middle);
            }
            hindrance += Newest * (least - hindrance);
        }
    }

    public void End(string render)
    {
        lock (gate)
        {
            Count();
            running.Remove(render);
        }
    }

    /// <param name="times">Time by the number of renders that were made together.</param>
    static TimeSpan Alone(Dictionary<int, TimeSpan> times, double hindrance) =>
        times.Aggregate(TimeSpan.Zero, (sum, part) => sum + part.Value / (1 + hindrance * (part.Key - 1)));

    void Count()
    {
        var now = time.GetTimestamp();
        foreach (var times in running.Values)
            times[running.Count] = times.GetValueOrDefault(running.Count) + time.GetElapsedTime(counted, now);
        counted = now;
    }
}
