using System.Diagnostics;
using System.Globalization;
using Rewas.Networks;

namespace Rewas.Hosting;

/// <summary>What a span says of tensors: how large they are, never what is in them.</summary>
public static class TensorTags
{
    /// <summary>Sets "rewas.tensor.SIDE.shape", "[1, 64, 4]" each, and "rewas.tensor.SIDE.bytes", of all together.</summary>
    /// <param name="activity">The span.</param>
    /// <param name="side">"in" or "out".</param>
    /// <param name="tensors">What goes in or comes out.</param>
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
