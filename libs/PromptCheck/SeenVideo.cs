using Rewas.Client;
using Rewas.V1;
using Rewas.Video;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.PromptCheck;

/// <summary>What the platform's own networks see in a video.</summary>
/// <param name="Energy">Predicted from the picture, as long as the video.</param>
/// <param name="Features">Pooled tokens of the video encoder, see <see cref="TokenPool"/>. Empty if unknown.</param>
/// <param name="BundleSha256">The bundle whose networks were used.</param>
public sealed record SeenVideo(EnergyCurve Energy, float[] Features, string BundleSha256)
{
    /// <summary>Motion of the picture, if the file was analysed.</summary>
    public PictureMotion? Motion { get; init; }

    /// <summary>CLIP's classification of the key frames, if there is a CLIP.</summary>
    public ClipView? Clip { get; init; }

    /// <summary>What a user's own detector has seen, if they brought its output.</summary>
    public SeenObjects? Objects { get; init; }

    /// <summary>
    /// For <see cref="Client.GenerateRequest.Energy"/>. It lets the same energy be rendered without analysing the video again.
    /// </summary>
    public KnownEnergy? Known { get; init; }

    /// <summary>Analyses a video with the first two stages, and the motion of its file at the same time.</summary>
    /// <param name="timeout">Longest time of the calls to the stages. Null: their own limits.</param>
    /// <exception cref="StageFailure">A stage refused the call or failed.</exception>
    /// <exception cref="Rewas.Clip.Faults.InputFault">The file cannot be decoded.</exception>
    public static async Task<SeenVideo> LookAsync(
        RewasClient client, VideoSource video, string path, VideoFacts facts, IProgress<GenerateProgress>? progress,
        CancellationToken cancellation, TimeSpan? timeout = null)
    {
        var pool = new TokenPool();
        var request = new EnergyRequest { Video = video, Features = pool.Add };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var moving = PictureMotion.ReadAsync(path, facts, stop.Token);
        try
        {
            var result = await client.PredictEnergyAsync(
                timeout is { } limit ? request with { Timeout = limit } : request, progress, cancellation);
            var curve = EnergyCurve.Of([.. result.PredictedEnergy]);
            return new(curve, pool.Pooled(), result.BundleSha256)
            {
                Known = new(curve, result.Video) { Descriptors = result.Descriptors },
                Motion = await moving,
            };
        }
        finally
        {
            await stop.CancelAsync();                                        // the file is no longer read after this method ends
            await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>Mean and standard deviation of each channel over all tokens of a video of any length: [2 C].</summary>
public sealed class TokenPool
{
    double[] sum = [], squares = [];
    long count;

    /// <summary>Adds the tokens of a segment.</summary>
    public void Add(SegmentFeatures segment) => Add(
        Protocol.TensorMessages.ToFloatTensor(segment.Features, "features", -1, -1).Floats.Span, (int)segment.Features.Shape[1]);

    /// <param name="tokens">[N, C].</param>
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
        :
        [
            .. sum.Select(s => (float)(s / count)),
            .. sum.Zip(squares, (s, q) => (float)Math.Sqrt(Math.Max(0, q / count - s / count * (s / count)))),
        ];
}
