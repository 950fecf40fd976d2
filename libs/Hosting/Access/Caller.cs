namespace Rewas.Hosting.Access;

/// <summary>The identity of a caller and its rights.</summary>
/// <param name="Name">Name that services and the audit log show.</param>
/// <param name="Methods">Methods that it may call; see <see cref="MethodPatterns"/>.</param>
/// <param name="Limits">Null if callers are not authenticated.</param>
public sealed record Caller(string Name, IReadOnlyList<string> Methods, CallerLimits? Limits)
{
    /// <summary>The only caller if callers are not authenticated.</summary>
    public static Caller Anybody { get; } = new("", ["*"], null);
}
