namespace Rewas.Agent.Sessions;

/// <summary>What a language model sees in a video.</summary>
/// <param name="Text">What it says that it sees.</param>
/// <param name="Confidence">By its own account, 0 to 1.</param>
/// <param name="By">The model's name.</param>
public sealed record ModelCaption(string Text, double Confidence, string By);
