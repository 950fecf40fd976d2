namespace Rewas.Hosting.Access;

/// <summary>The identity of a caller and its rights.</summary>
/// <param name="Name">Name that services and the audit log show.</param>
/// <param name="Methods">Methods that it may call; see <see cref="MethodPatterns"/>.</param>
/// <param name="Limits">Null if callers are not authenticated.</param>
public sealed record Caller(string Name, IReadOnlyList<string> Methods, CallerLimits? Limits)
{
    /// <summary>The only caller if callers are not authenticated.</summary>
    public static Caller Anybody { get; } = new("", ["*"], null);

    /// <summary>Whether it is a service of the platform that may call for other callers.</summary>
    public bool ActsForCallers { get; init; }

    /// <summary>The service that calls for this caller; empty if the caller calls itself.</summary>
    public string Through { get; init; } = "";

    /// <summary>
    /// Why the caller may not go on with a method that it was allowed to call, for example because its key was revoked. Null: it may.
    /// </summary>
    internal Func<string, string?> Lapsed { get; init; } = _ => null;
}
