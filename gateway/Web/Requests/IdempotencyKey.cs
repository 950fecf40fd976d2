namespace Rewas.Gateway.Web.Requests;

/// <summary>
/// The header that makes a request safe to repeat. The same key and request have the same effect once. Without it, each request is a new
/// one.
/// </summary>
static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    public static string Of(string? given) => given is { Length: > 0 } ? given : Guid.NewGuid().ToString("n");
}
