namespace Rewas.Library.Measuring;

/// <summary>A bundle's embedding space. A text and sounds that fit it are close together there.</summary>
/// <param name="Name">Name of the space. Vectors of different spaces are not compared.</param>
/// <param name="OfText">A text's vector, of unit length.</param>
/// <param name="OfSound">The unit vector of a sound, mono at 16 kHz and not empty. Several threads call it at once.</param>
public sealed record SoundSpace(
    string Name, Func<string, CancellationToken, float[]> OfText, Func<ReadOnlyMemory<float>, CancellationToken, float[]> OfSound);
