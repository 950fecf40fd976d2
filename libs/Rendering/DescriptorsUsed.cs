using System.Runtime.InteropServices;
using Rewas.Client;
using Rewas.Clip.Faults;

namespace Rewas.Rendering;

/// <summary>Onsets and texture that controlled a sound.</summary>
/// <param name="Onsets">Float32, little-endian, as base64. The texture has the same form.</param>
/// <param name="Texture">Five numbers for each value of the energy.</param>
public sealed record DescriptorsUsed(string Onsets, string Texture)
{
    public static DescriptorsUsed Of(PredictedDescriptors predicted) => new(Text(predicted.Onsets), Text(predicted.Texture));

    /// <exception cref="InputFault">The text was not written by <see cref="Of"/>.</exception>
    public PredictedDescriptors ToPredicted() => new(Values(Onsets), Values(Texture));

    static string Text(IReadOnlyList<float> values) => Convert.ToBase64String(MemoryMarshal.AsBytes(values.ToArray().AsSpan()));

    static float[] Values(string text)
    {
        try
        {
            return MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(text)).ToArray();
        }
        catch (FormatException failure)
        {
            throw InputFault.Invalid("sidecar", "descriptors must be base64", failure);
        }
    }
}
