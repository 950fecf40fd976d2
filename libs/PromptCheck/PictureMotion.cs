using Rewas.Clip;
using Rewas.Video;

namespace Rewas.PromptCheck;

/// <summary>
/// Finds motion, stillness and cuts from differences of small frames. No network is needed, so the result holds for any picture.
/// </summary>
/// <param name="Seconds">Duration of the picture.</param>
/// <param name="StillPart">Share of the time without motion, 0 to 1.</param>
/// <param name="Cuts">Times of cuts, seconds.</param>
/// <param name="Moments">Times of the strongest motion, strongest first, at least half a second apart, without cuts.</param>
public sealed record PictureMotion(double Seconds, double StillPart, IReadOnlyList<double> Cuts, IReadOnlyList<double> Moments)
{
    /// <summary>Mean |difference| of neighbouring frames on a scale of 255. A smaller difference is camera noise.</summary>
    const double StillDifference = 0.6;

    const int NeighbourFrames = 6, MostMoments = 5;

    /// <exception cref="Rewas.Clip.Faults.InputFault">The video cannot be decoded.</exception>
    public static async Task<PictureMotion> ReadAsync(string path, VideoFacts facts, CancellationToken cancellation)
    {
        var small = new ClipTiming { FrameSize = 32, ResizeShorterSide = 36 };
        byte[]? before = null;
        var differences = new List<double>();
        var scenes = new SceneCuts(small.FrameSize);
        using var place = await DecoderPlaces.EnterAsync(cancellation);
        await foreach (var frame in FrameReader.ReadAsync(path, facts, small, cancellation))
        {
            var now = frame.ToArray();
            differences.Add(before is null ? 0 : Difference(before, now));
            before = now;
            scenes.Add(now);
        }
        return Of(differences, scenes.TakeBefore(differences.Count));
    }

    /// <param name="differences">Difference of each frame from the previous one, 25 per second. The first is 0.</param>
    /// <param name="cuts">First frames of new scenes. Their change is not motion.</param>
    public static PictureMotion Of(IReadOnlyList<double> differences, IReadOnlyList<long> cuts)
    {
        var moving = differences.ToArray();
        foreach (var cut in cuts.Select(cut => (int)cut))
        {
            var round = Enumerable.Range(cut - NeighbourFrames, 2 * NeighbourFrames + 1)
                .Where(k => k > 0 && k < differences.Count && k != cut).Select(k => differences[k]).Order().ToArray();
            moving[cut] = round.Length == 0 ? 0 : round[round.Length / 2];
        }
        var moments = new List<double>();
        foreach (var i in Enumerable.Range(0, moving.Length).Where(i => moving[i] >= StillDifference).OrderByDescending(i => moving[i]))
        {
            if (moments.Count < MostMoments && moments.TrueForAll(time => Math.Abs(time - Time(i)) >= 0.5))
                moments.Add(Time(i));
        }
        var still = (double)moving.Skip(1).Count(m => m < StillDifference) / Math.Max(1, moving.Length - 1);
        return new(Time(differences.Count), still, [.. cuts.Select(cut => Time((int)cut))], moments);
    }

    static double Time(int frame) => (double)frame / ClipTiming.FrameRate;

    static double Difference(byte[] a, byte[] b)
    {
        var sum = 0L;
        for (var i = 0; i < a.Length; i++)
            sum += Math.Abs(a[i] - b[i]);
        return (double)sum / a.Length;
    }
}
