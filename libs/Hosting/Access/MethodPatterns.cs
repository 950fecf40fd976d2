namespace Rewas.Hosting.Access;

/// <summary>
/// Patterns of callable methods: "*" for all, "rewas.v1.SoundStudio/*" for a service, "rewas.v1.AudioDiffusion/Describe" for one method.
/// </summary>
public static class MethodPatterns
{
    const string Everything = "*", EveryMethod = "/*";

    /// <summary>Lists invalid patterns.</summary>
    public static IEnumerable<string> Faults(string where, IEnumerable<string> patterns) =>
        patterns.Where(pattern => pattern != Everything && !IsServiceAndMethod(pattern))
            .Select(pattern => $"{where}: '{pattern}' is not *, SERVICE/* or SERVICE/METHOD");

    /// <param name="method">SERVICE/METHOD, without a leading slash.</param>
    public static bool Allow(IEnumerable<string> patterns, ReadOnlySpan<char> method)
    {
        foreach (var pattern in patterns)
            if (pattern == Everything || method.SequenceEqual(pattern)
                || (pattern.EndsWith(EveryMethod, StringComparison.Ordinal)
                    && method.StartsWith(pattern.AsSpan(..^1), StringComparison.Ordinal)))
                return true;
        return false;
    }

    static bool IsServiceAndMethod(string pattern) =>
        pattern.Split('/') is [{ Length: > 0 } service, { Length: > 0 } method]
        && !service.Contains('*', StringComparison.Ordinal)
        && (method == Everything || !method.Contains('*', StringComparison.Ordinal));
}
