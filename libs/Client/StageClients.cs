using Grpc.Core;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>The generated client of each stage.</summary>
sealed record StageClients(
    V1.VideoEncoder.VideoEncoderClient VideoEncoder,
    V1.EnergyPredictor.EnergyPredictorClient EnergyPredictor,
    V1.AudioDiffusion.AudioDiffusionClient AudioDiffusion,
    V1.Vocoder.VocoderClient Vocoder)
{
    /// <summary>The Describe call of every stage, in pipeline order.</summary>
    public IReadOnlyList<(string Stage, Func<CallOptions, AsyncUnaryCall<DescribeResponse>> Describe)> Describes { get; } =
    [
        (StageNames.VideoEncoder, options => VideoEncoder.DescribeAsync(new(), options)),
        (StageNames.EnergyPredictor, options => EnergyPredictor.DescribeAsync(new(), options)),
        (StageNames.AudioDiffusion, options => AudioDiffusion.DescribeAsync(new(), options)),
        (StageNames.Vocoder, options => Vocoder.DescribeAsync(new(), options)),
    ];
}
