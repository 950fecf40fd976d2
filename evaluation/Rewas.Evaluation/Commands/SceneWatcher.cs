using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.EnergyPredictor;
using Rewas.Evaluation.PromptChecks;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Hosting;
using Rewas.Networks.Onnx;
using Rewas.PromptCheck;
using Rewas.Sound.Curves;
using Rewas.VideoEncoder;

namespace Rewas.Evaluation.Commands;

/// <summary>
/// Shows procedural scenes to a bundle's networks, without a file between: hundreds of scenes in minutes. The picture is rendered at the
/// size that a file is scaled to and cropped as one is; what a codec does to it is missing.
/// </summary>
sealed class SceneWatcher : IDisposable
{
    readonly Bundle bundle;
    readonly ClipTiming timing;
    readonly FramesToFeatures encoder;
    readonly FeaturesToEnergy predictor;

    /// <param name="precision">Number format of the encoder: one of <see cref="PrecisionNames"/>. Empty: the bundle's.</param>
    public SceneWatcher(Bundle bundle, string precision = "")
    {
        this.bundle = bundle;
        timing = bundle.Manifest.Timing;
        var onnx = Options.Create(new OnnxOptions { Threads = 1 });
        encoder = new(bundle, onnx, Options.Create(new VideoEncoderOptions { Precision = precision }));
        predictor = new(bundle, onnx);
    }

    public async Task<WatchedScene> WatchAsync(string kind, ulong seed, CancellationToken cancel)
    {
        var scene = SceneCatalog.Create(kind, seed);
        var (clock, tokens, pool) = (new StageClock("video_encoder", bundle), new WindowTokens(timing, encoder.Channels), new TokenPool());
        WindowControl? control = null;
        await foreach (var segment in encoder.Encode(Frames(scene), windows: 1, clock, cancel))
        {
            pool.Add(segment.Features.Floats.Span, encoder.Channels);
            if (tokens.Add(segment.Window, segment.Segment, segment.Features.Floats.Span) is { } gathered)
                control = predictor.Predict(gathered, clock, cancel);
        }
        var truth = RecordingEnergy.Of(scene.RenderWave(), timing);
        return new(kind, seed, scene.Captions, new(EnergyCurve.Of(control!.Energy), pool.Pooled(), bundle.Sha256), truth.Values.ToArray());
    }

    public void Dispose()
    {
        encoder.Dispose();
        predictor.Dispose();
    }

    async IAsyncEnumerable<ReadOnlyMemory<byte>> Frames(Scene scene)
    {
        await Task.Yield();                                                  // rendering goes on while the network runs
        var (size, cut) = (timing.ResizeShorterSide, (timing.ResizeShorterSide - timing.FrameSize) / 2);
        var film = scene.OpenFilm(size, size);
        var (whole, frame) = (new byte[film.FrameBytes], new byte[3 * timing.FrameSize * timing.FrameSize]);
        for (var i = 0; i < ClipTiming.FramesPerWindow; i++)
        {
            film.Render((double)i / ClipTiming.FrameRate, whole);
            for (var y = 0; y < timing.FrameSize; y++)
                whole.AsSpan(3 * ((y + cut) * size + cut), 3 * timing.FrameSize).CopyTo(frame.AsSpan(3 * y * timing.FrameSize));
            yield return frame;
        }
    }
}
