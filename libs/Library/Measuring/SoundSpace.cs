namespace Rewas.Library.Measuring;

/// <summary>The space of a bundle in which a text and the sounds that it fits lie close together.</summary>
/// <param name="Name">Whose it is: vectors of different spaces are not compared.</param>
/// <param name="OfText">A text's vector, of unit length.</param>
/// <param name="OfSound">The vector of a sound, mono at 16 kHz and not empty; of unit length. Called by several threads at once.</param>
public sealed record SoundSpace(
    string Name, Func<string, CancellationToken, float[]> OfText, Func<ReadOnlyMemory<float>, CancellationToken, float[]> OfSound);
