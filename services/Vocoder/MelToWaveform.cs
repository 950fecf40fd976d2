using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;

namespace Rewas.Vocoder;

/// <summary>Turns a log mel into a waveform with the bundle's vocoder (HiFi-GAN or Vocos), chunk by chunk.</summary>
public sealed class MelToWaveform : ILoadable, IDisposable
{
    const string Network = "vocoder", Fourier = "vocos";

    readonly IWaveNetwork vocoder;
    readonly VocoderReach reach;
    readonly WaveCache cache;
    readonly int chunkFrames;

    public MelToWaveform(Bundle bundle, IOptions<OnnxOptions> onnx, IOptions<VocoderOptions> options)
    {
        var network = bundle.Network(Network);
        reach = ReachOf(network);
        vocoder = network.Architecture == Fourier
            ? new FourierWaveNetwork(bundle, Network, onnx.Value, NetworkCatalog.Read<VocosConfiguration>(network.Configuration))
            : new DirectWaveNetwork(OnnxNetwork.Deferred(bundle, Network, onnx.Value));
        cache = new(bundle, options);
        chunkFrames = options.Value.ChunkFrames;
    }

    public string Accelerator => vocoder.Accelerator;

    /// <summary>Starts a waveform whose mel is still arriving.</summary>
    /// <param name="audioSamples">Its length. 0: one hop per frame.</param>
    public Synthesis Begin(long audioSamples, StageClock clock, CancellationToken cancellation) =>
        new(this, audioSamples, clock, cancellation);

    /// <summary>Runs the network once on silence.</summary>
    public void WarmUp(StageClock clock)
    {
        var synthesis = Begin(audioSamples: 0, clock, CancellationToken.None);
        _ = synthesis.Add(HostTensor.Of(new float[chunkFrames * ClipTiming.MelBins], chunkFrames, ClipTiming.MelBins)).Count();
        _ = synthesis.End().Count();
    }

    public void Load() => vocoder.Load();

    public void Dispose() => vocoder.Dispose();

    static VocoderReach ReachOf(BundleNetwork network)
    {
        try
        {
            return VocoderReach.Of(network.Architecture, network.Configuration);
        }
        catch (ArgumentException e)
        {
            throw InputFault.Precondition("bundle", e.Message, e);
        }
    }

    /// <summary>One waveform during synthesis.</summary>
    public sealed class Synthesis
    {
        readonly MelToWaveform owner;
        readonly StageClock clock;
        readonly CancellationToken cancellation;
        readonly MelFrames frames = new();
        readonly ChunkPlan plan;
        readonly long audioSamples;

        internal Synthesis(MelToWaveform owner, long audioSamples, StageClock clock, CancellationToken cancellation)
        {
            (this.owner, this.clock, this.cancellation) = (owner, clock, cancellation);
            this.audioSamples = audioSamples == 0 ? long.MaxValue : audioSamples;
            plan = new ChunkPlan(owner.chunkFrames, owner.reach.ContextFrames, owner.reach.SamplesPerFrame);
        }

        /// <summary>Number of frames received.</summary>
        public long Frames => frames.Count;

        /// <summary>Adds frames, [T, 64], and returns the samples that are final.</summary>
        public IEnumerable<(long FirstSample, Memory<float> Samples)> Add(HostTensor mel)
        {
            frames.Add(mel.Floats.Span);
            return Chunks(ended: false);
        }

        /// <summary>Returns the rest of the waveform.</summary>
        public IEnumerable<(long FirstSample, Memory<float> Samples)> End() => Chunks(ended: true);

        IEnumerable<(long FirstSample, Memory<float> Samples)> Chunks(bool ended)
        {
            while (plan.Next(frames.Count, ended) is { } chunk)
            {
                if (chunk.FirstSample < audioSamples)
                    yield return (chunk.FirstSample, Samples(chunk));
                frames.DropBefore(plan.FirstFrameNeeded);
            }
        }

        Memory<float> Samples(Chunk chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            var mel = frames.BinsFirst(chunk.FirstFrame, chunk.EndFrame);
            var wave = owner.cache.Get(mel, () => clock.Network(Network, [mel], () => owner.vocoder.Run(mel, cancellation)).Floats);
            var skipped = (int)(chunk.FirstSample - chunk.FirstFrame * owner.reach.SamplesPerFrame);
            return wave.Slice(skipped, (int)(Math.Min(chunk.EndSample, audioSamples) - chunk.FirstSample));
        }
    }
}
