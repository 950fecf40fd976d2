namespace Rewas.Agent.Models;

/// <summary>
/// The language model is unreachable, slow, or answers nonsense. The message completes the sentence "The language model ...".
/// </summary>
/// <param name="retry">True if asking again may help and nothing was said yet.</param>
public sealed class ModelFailure(string message, bool retry = false, Exception? inner = null) : Exception(message, inner)
{
    public bool Retry => retry;
}
