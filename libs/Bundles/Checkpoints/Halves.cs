using System.Numerics.Tensors;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Checkpoints;

/// <summary>Rounds weights to float16.</summary>
public static class Halves
{
    /// <param name="weight">Name in messages.</param>
    /// <exception cref="InputFault">A value does not fit float16.</exception>
    public static ReadOnlySpan<Half> Of(string weight, ReadOnlySpan<float> values)
    {
        var halves = new Half[values.Length];
        TensorPrimitives.ConvertToHalf(values, halves);
        for (var i = 0; i < halves.Length; i++)
            if (Half.IsInfinity(halves[i]))
                throw InputFault.Precondition(
                    weight, FormattableString.Invariant($"value {values[i]} does not fit float16, whose limit is 65504"));
        return halves;
    }
}
