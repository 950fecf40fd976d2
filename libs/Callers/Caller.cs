namespace Rewas.Callers;

/// <summary>Who calls.</summary>
/// <param name="Name">As services and the audit log see it.</param>
/// <param name="Methods">What it may call; see <see cref="MethodPatterns"/>.</param>
/// <param name="Limits">Null where callers are not told apart.</param>
public sealed record Caller(string Name, IReadOnlyList<string> Methods, CallerLimits? Limits)
{
    /// <summary>Everybody, where callers are not told apart.</summary>
    public static Caller Anybody { get; } = new("", ["*"], null);
}
