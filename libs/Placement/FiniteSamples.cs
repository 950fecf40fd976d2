namespace Rewas.Placement;

/// <summary>Numbers from outside that may not be numbers.</summary>
static class FiniteSamples
{
    /// <summary>Whether any is infinite or no number.</summary>
    public static bool HasOthers(ReadOnlySpan<float> samples)
    {
        foreach (var sample in samples)
            if (!float.IsFinite(sample))
                return true;
        return false;
    }
}
