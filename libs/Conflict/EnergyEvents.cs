namespace Rewas.Conflict;

/// <summary>A peak of an energy curve that stands out from the valleys beside it.</summary>
/// <param name="Seconds">When.</param>
/// <param name="Level">Energy there: mean natural-log mel.</param>
public readonly record struct EnergyEvent(double Seconds, float Level);

/// <summary>Finds the events of an energy curve, by hysteresis: up by a prominence, then down by it.</summary>
public static class EnergyEvents
{
    /// <summary>Nepers of mean log mel. The mean over all bins moves less than a peak's own level: 0.6 is about 5 dB over the whole spectrum.</summary>
    public const float Prominence = 0.6f;

    /// <summary>In order of time.</summary>
    /// <param name="energy">[T], 100 values a second.</param>
    public static IReadOnlyList<EnergyEvent> Find(ReadOnlySpan<float> energy)
    {
        var events = new List<EnergyEvent>();
        if (energy.IsEmpty)
            return events;
        var (lowest, peak, rising) = (energy[0], 0, false);
        for (var i = 1; i < energy.Length; i++)
        {
            if (rising)
            {
                if (energy[i] > energy[peak])
                    peak = i;
                else if (energy[i] < energy[peak] - Prominence)
                {
                    events.Add(new((double)peak / Curves.EnergyCurve.ValuesPerSecond, energy[peak]));
                    (rising, lowest) = (false, energy[i]);
                }
            }
            else if (energy[i] < lowest)
                lowest = energy[i];
            else if (energy[i] > lowest + Prominence)
                (rising, peak) = (true, i);
        }
        if (rising)                                                          // it has not died away when the clip ends
            events.Add(new((double)peak / Curves.EnergyCurve.ValuesPerSecond, energy[peak]));
        return events;
    }
}
