namespace Rewas.Video;

/// <summary>Converts bytes to the video encoder's input: (v / 255 - 0.5) / 0.5, one plane per colour.</summary>
public static class FrameNormalisation
{
    static readonly float[] Values = [.. Enumerable.Range(0, 256).Select(v => (v / 255f - 0.5f) / 0.5f)];

    /// <summary>Writes one frame into a clip.</summary>
    /// <param name="rgb">[H, W, 3] bytes.</param>
    /// <param name="clip">[3, frames, H, W] f32 in [-1, 1].</param>
    public static void Write(ReadOnlySpan<byte> rgb, Span<float> clip, int frame, int frames)
    {
        var pixels = rgb.Length / 3;
        if (rgb.Length != pixels * 3 || clip.Length != rgb.Length * frames)
            throw new ArgumentException(
                $"a clip of {frames} frames of {rgb.Length} bytes has {(long)rgb.Length * frames} values, but room is for {clip.Length}",
                nameof(clip));
        var red = clip.Slice(frame * pixels, pixels);
        var green = clip.Slice((frames + frame) * pixels, pixels);
        var blue = clip.Slice((2 * frames + frame) * pixels, pixels);
        for (var i = 0; i < pixels; i++)
        {
            red[i] = Values[rgb[3 * i]];
            green[i] = Values[rgb[3 * i + 1]];
            blue[i] = Values[rgb[3 * i + 2]];
        }
    }
}
