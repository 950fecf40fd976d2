namespace Rewas.Agent.Models;

/// <summary>The language model is down, slow, or talks nonsense. The message goes on "The language model ...".</summary>
/// <param name="message">What it did.</param>
/// <param name="retry">True if asking again may help and nothing was said yet.</param>
/// <param name="inner">Why.</param>
public sealed class ModelFailure(string message, bool retry = false, Exception? inner = null) : Exception(message, inner)
{
    public bool Retry => retry;
}
