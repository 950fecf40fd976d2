namespace Rewas.Agent.Models;

/// <summary>
/// The language model is unreachable, slow, or answers nonsense. The message completes the sentence "The language model ...".
/// </summary>
/// <param name="retry">True if asking again may help and nothing was said yet.</param>
/// <param name="ofTransport">
/// True if the endpoint is at fault: it is unreachable, silent or broken. Only that says something about the requests of others. A long or
/// malformed answer may be what one caller's words provoked.
/// </param>
public sealed class ModelFailure(string message, bool retry = false, Exception? inner = null, bool ofTransport = false)
    : Exception(message, inner)
{
    public bool Retry => retry;

    public bool OfTransport => ofTransport;
}
