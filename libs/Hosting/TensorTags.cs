using System.Diagnostics;
using System.Globalization;
using Rewas.Clip;

namespace Rewas.Hosting;

/// <summary>Describes tensors in a span by their size, never by their content.</summary>
public static class TensorTags
{
    /// <summary>
    /// Sets "rewas.tensor.SIDE.shape" (such as "[1, 64, 4]" for each tensor) and "rewas.tensor.SIDE.bytes" (all together).
    /// </summary>
    /// <param name="side">"in" or "out".</param>
    public static void SetTensors(this Activity activity, string side, params ReadOnlySpan<HostTensor> tensors)
    {
        var (shapes, bytes) = (new List<string>(tensors.Length), 0L);
        foreach (var tensor in tensors)
        {
            shapes.Add($"[{string.Join(", ", tensor.Shape.Select(axis => axis.ToString(CultureInfo.InvariantCulture)))}]");
            bytes += (long)tensor.Floats.Length * sizeof(float) + (long)tensor.Integers.Length * sizeof(long);
        }
        activity.SetTag($"rewas.tensor.{side}.shape", string.Join(' ', shapes));
        activity.SetTag($"rewas.tensor.{side}.bytes", bytes);
    }
}
