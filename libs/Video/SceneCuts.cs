using Rewas.Clip;

namespace Rewas.Video;

/// <summary>
/// Finds hard cuts while frames arrive. A cut is one change of the whole picture, far above the changes just before and after it, that
/// lasts. Motion, shake and judder change many frames in a row, and after a flash the picture returns. Frames are compared by the means of
/// grid cells, where small motion has little effect. Dissolves are not found.
/// </summary>
/// <param name="size">Side of the picture, pixels.</param>
public sealed class SceneCuts(int size)
{
    /// <summary>Number of later frames needed to decide whether a scene begins with a frame.</summary>
    public const int Lookahead = 3;

    /// <summary>Frames of the shortest scene. An earlier second cut belongs to the same scene.</summary>
    const int ShortestScene = ClipTiming.ShortestScene / ClipTiming.MelFramesPerFrame;

    const int Grid = 16, Kept = 2 * Lookahead + 2;

    /// <summary>
    /// A cut has a mean cell change above the first value (of 255), and above the largest neighbouring change times the second. Tuned on
    /// film clips: a title on black is a cut, and a knife at 12 frames per second is not.
    /// </summary>
    const double LeastChange = 8, Around = 2;

    /// <summary>Share of the change that must remain after a cut.</summary>
    const double Lasting = 0.5;

    readonly float[][] cells = [.. Enumerable.Range(0, Kept).Select(_ => new float[Grid * Grid * 3])];
    readonly double[] changes = new double[Kept];                            // relative to the previous frame
    readonly Queue<long> found = new();
    long count, last;

    /// <summary>Takes the next frame.</summary>
    /// <param name="rgb">[size, size, 3] bytes.</param>
    public void Add(ReadOnlySpan<byte> rgb)
    {
        var now = cells[count % Kept];
        Average(rgb, now);
        changes[count % Kept] = count == 0 ? 0 : Change(now, At(count - 1));
        count++;
        var frame = count - 1 - Lookahead;
        if (frame - last >= ShortestScene && IsCut(frame))
            found.Enqueue(last = frame);
    }

    /// <summary>The first frames of new scenes before <paramref name="end"/>, ascending. Each is returned once.</summary>
    /// <param name="end">Unless the video has ended, at most <see cref="Lookahead"/> later frames may have arrived.</param>
    public IReadOnlyList<long> TakeBefore(long end)
    {
        var taken = new List<long>();
        while (found.TryPeek(out var frame) && frame < end)
            taken.Add(found.Dequeue());
        return taken;
    }

    bool IsCut(long frame)
    {
        var change = changes[frame % Kept];
        var around = 0.0;
        for (var other = frame - Lookahead; other <= frame + Lookahead; other++)
            if (other != frame)
                around = Math.Max(around, changes[other % Kept]);
        return change - Around * around >= LeastChange && Change(At(frame - 1), At(frame + Lookahead)) >= Lasting * change;
    }

    float[] At(long frame) => cells[frame % Kept];

    void Average(ReadOnlySpan<byte> rgb, float[] means)
    {
        for (var cell = 0; cell < Grid * Grid; cell++)
        {
            var (top, bottom) = (cell / Grid * size / Grid, (cell / Grid + 1) * size / Grid);
            var (left, right) = (cell % Grid * size / Grid, (cell % Grid + 1) * size / Grid);
            var (red, green, blue) = (0, 0, 0);
            for (var y = top; y < bottom; y++)
            {
                for (var x = left; x < right; x++)
                {
                    var pixel = (y * size + x) * 3;
                    red += rgb[pixel];
                    green += rgb[pixel + 1];
                    blue += rgb[pixel + 2];
                }
            }
            var pixels = Math.Max(1, (bottom - top) * (right - left));
            (means[3 * cell], means[3 * cell + 1], means[3 * cell + 2]) =
                ((float)red / pixels, (float)green / pixels, (float)blue / pixels);
        }
    }

    static double Change(float[] a, float[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += Math.Abs(a[i] - b[i]);
        return sum / a.Length;
    }
}
