using Rewas.Client;
using Rewas.V1;
using Rewas.Video;
using EnergyCurve = Rewas.Curves.EnergyCurve;

namespace Rewas.Conflict;

/// <summary>What the platform's own networks make of a video.</summary>
/// <param name="Energy">Predicted from the picture, as long as the video.</param>
/// <param name="Features">Pooled tokens of the video encoder, see <see cref="TokenPool"/>; empty where they are not known.</param>
/// <param name="BundleSha256">What looked at it.</param>
public sealed record SeenVideo(EnergyCurve Energy, float[] Features, string BundleSha256)
{
    /// <summary>Stretches of the picture, where the file itself was looked at.</summary>
    public PictureMotion? Motion { get; init; }

    /// <summary>What CLIP makes of the key frames, where there is one.</summary>
    public ClipView? Clip { get; init; }

    /// <summary>For <see cref="Client.GenerateRequest.Energy"/>: the same energy is then rendered without another look.</summary>
    public KnownEnergy? Known { get; init; }

    /// <summary>Has a video looked at by the first two stages, and its file's own motion at the same time.</summary>
    /// <param name="client">The stages.</param>
    /// <param name="path">Of the video.</param>
    /// <param name="facts">Of the video.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="timeout">Longest time of the stages' calls; theirs if null.</param>
    /// <exception cref="StageFailure">A stage refused or broke.</exception>
    /// <exception cref="Faults.InputFault">The file cannot be decoded.</exception>
    public static async Task<SeenVideo> LookAsync(
        RewasClient client, string path, VideoFacts facts, IProgress<GenerateProgress>? progress, CancellationToken cancellation, TimeSpan? timeout = null)
    {
        var pool = new TokenPool();
        var request = new EnergyRequest { Video = VideoSource.FromFile(path), Features = pool.Add };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var moving = PictureMotion.ReadAsync(path, facts, stop.Token);
        try
        {
            var result = await client.PredictEnergyAsync(timeout is { } limit ? request with { Timeout = limit } : request, progress, cancellation);
            var curve = EnergyCurve.Of([.. result.PredictedEnergy]);
            return new(curve, pool.Pooled(), result.BundleSha256) { Known = new(curve, result.Video) { Descriptors = result.Descriptors }, Motion = await moving };
        }
        finally
        {
            await stop.CancelAsync();                                        // nobody reads the file when this has ended
            await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>Mean and standard deviation of each channel over all tokens of a video: [2 C], whatever its length.</summary>
public sealed class TokenPool
{
    double[] sum = [], squares = [];
    long count;

    /// <summary>Adds the tokens of a segment.</summary>
    public void Add(SegmentFeatures segment) => Add(Protocol.TensorMessages.ToFloatTensor(segment.Features, "features", -1, -1).Floats.Span, (int)segment.Features.Shape[1]);

    /// <param name="tokens">[N, C].</param>
    /// <param name="channels">C.</param>
    public void Add(ReadOnlySpan<float> tokens, int channels)
    {
        if (sum.Length == 0)
            (sum, squares) = (new double[channels], new double[channels]);
        for (var i = 0; i < tokens.Length; i++)
        {
            sum[i % channels] += tokens[i];
            squares[i % channels] += (double)tokens[i] * tokens[i];
        }
        count += tokens.Length / channels;
    }

    public float[] Pooled() => count == 0 ? []
        : [.. sum.Select(s => (float)(s / count)), .. sum.Zip(squares, (s, q) => (float)Math.Sqrt(Math.Max(0, q / count - s / count * (s / count))))];
}
