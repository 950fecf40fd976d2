namespace Rewas.PromptCheck;

/// <summary>A peak of an energy curve that rises clearly above the valleys beside it.</summary>
/// <param name="Level">Energy at the peak: mean natural-log mel.</param>
public readonly record struct EnergyEvent(double Seconds, float Level);

/// <summary>Finds the events of an energy curve by hysteresis: a rise by a prominence, then a fall by it.</summary>
public static class EnergyEvents
{
    /// <summary>
    /// Nepers of mean log mel. The mean over all bins moves less than the level of a peak does: 0.6 is about 5 dB over the whole spectrum.
    /// </summary>
    public const float Prominence = 0.6f;

    /// <summary>Finds events in time order.</summary>
    /// <param name="energy">[T], 100 values per second.</param>
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
                    events.Add(new((double)peak / Rewas.Sound.Curves.EnergyCurve.ValuesPerSecond, energy[peak]));
                    (rising, lowest) = (false, energy[i]);
                }
            }
            else if (energy[i] < lowest)
                lowest = energy[i];
            else if (energy[i] > lowest + Prominence)
                (rising, peak) = (true, i);
        }
        if (rising)                                                          // the last event has not decayed at the end of the clip
            events.Add(new((double)peak / Rewas.Sound.Curves.EnergyCurve.ValuesPerSecond, energy[peak]));
        return events;
    }
}
