namespace Rewas.Evaluation.Guards;

/// <summary>A recording with neither voice nor music.</summary>
/// <param name="Label">What is heard, such as "dog".</param>
/// <param name="Samples">16-bit, 16 kHz.</param>
public sealed record GuardRecording(string Label, short[] Samples);
