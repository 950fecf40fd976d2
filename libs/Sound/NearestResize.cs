namespace Rewas.Sound;

/// <summary>
/// Stretches a curve by repeating or dropping values. The index rule is that of PyTorch's <c>interpolate(mode='nearest')</c>.
/// </summary>
public static class NearestResize
{
    /// <summary>
    /// Resizes [curve.Length] to [length]. Value i comes from floor(i * curve.Length / length), computed in float32 as PyTorch does.
    /// </summary>
    public static float[] To(int length, ReadOnlySpan<float> curve)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (curve.IsEmpty)
            throw new ArgumentException("an empty curve cannot be resized", nameof(curve));
        var scale = (float)curve.Length / length;
        var resized = new float[length];
        for (var i = 0; i < length; i++)
            resized[i] = curve[Math.Min((int)MathF.Floor(i * scale), curve.Length - 1)];
        return resized;
    }
}
