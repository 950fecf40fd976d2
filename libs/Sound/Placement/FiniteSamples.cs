namespace Rewas.Sound.Placement;

/// <summary>Detects non-finite values in untrusted samples.</summary>
static class FiniteSamples
{
    /// <summary>Whether any value is infinite or NaN.</summary>
    public static bool HasOthers(ReadOnlySpan<float> samples)
    {
        foreach (var sample in samples)
            if (!float.IsFinite(sample))
                return true;
        return false;
    }
}
