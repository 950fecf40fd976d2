namespace Rewas.Agent.Sessions;

/// <summary>A language model's description of a video.</summary>
/// <param name="Confidence">The model's own estimate, 0 to 1.</param>
/// <param name="By">Name of the model.</param>
public sealed record ModelCaption(string Text, double Confidence, string By);
