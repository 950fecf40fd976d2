using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Hosting;
using Rewas.Networks.Onnx;
using Rewas.Video;

namespace Rewas.VideoEncoder;

/// <summary>Features of one segment.</summary>
/// <param name="Window">Index from 0.</param>
/// <param name="Segment">Index in the window, from 0.</param>
/// <param name="Features">[8, C]: one token of C channels per 2 frames.</param>
/// <param name="Cuts">Set with the last segment of a window: frames of the window, from 0, at which a new scene begins.</param>
public sealed record EncodedSegment(int Window, int Segment, HostTensor Features, IReadOnlyList<int> Cuts);

/// <summary>
/// Encodes frames as features, segment by segment, with the video encoder (Motionformer: Patrick et al., 2021, arXiv 2106.05392; as trained
/// by Synchformer, arXiv 2401.16423). Encoding runs while later frames are decoded, and memory does not grow with the video.
/// </summary>
public sealed class FramesToFeatures : ILoadable, IDisposable
{
    const string Network = "video_encoder";

    readonly OnnxNetwork encoder;
    readonly ClipTiming timing;
    readonly int segmentsPerCall, segmentLength;

    public FramesToFeatures(Bundle bundle, IOptions<OnnxOptions> onnx, IOptions<VideoEncoderOptions> options)
    {
        timing = bundle.Manifest.Timing;
        encoder = OnnxNetwork.Deferred(bundle, Network, onnx.Value, options.Value.Precision is { Length: > 0 } given ? given : null);
        segmentsPerCall = options.Value.SegmentsPerCall;
        if (encoder.Precision == PrecisionNames.Int8)
        {
            // A range of integers is then that of the segment, whatever else is encoded, and the runtime has faster operators for it.
            encoder = OnnxNetwork.Deferred(bundle, Network, onnx.Value, encoder.Definition.OfOneRow(), PrecisionNames.Int8);
            segmentsPerCall = 1;
        }
        segmentLength = 3 * ClipTiming.SegmentFrames * timing.FrameSize * timing.FrameSize;
        Channels = (int)encoder.Definition.Outputs[0].Shape[^1];
    }

    /// <summary>Channels per feature token.</summary>
    public int Channels { get; }

    public string Accelerator => encoder.Accelerator;

    /// <summary>Number format of the encoder: one of <see cref="PrecisionNames"/>.</summary>
    public string Precision => encoder.Precision;

    /// <summary>Encodes all segments of a video, in order of (window, segment).</summary>
    /// <param name="frames">
    /// RGB, 8 bit, [size, size, 3] each, 25 frames per second. A frame's memory may be reused for the next frame.
    /// </param>
    /// <exception cref="InputFault">The video has no frames.</exception>
    public async IAsyncEnumerable<EncodedSegment> Encode(
        IAsyncEnumerable<ReadOnlyMemory<byte>> frames, int windows, StageClock clock,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var batches = Channel.CreateBounded<Batch>(1);
        var cutting = CutAsync(frames, new SegmentPlan(timing, windows), batches.Writer, stop.Token);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellation))
                foreach (var segment in Run(batch, clock, cancellation))
                    yield return segment;
        }
        finally
        {
            await stop.CancelAsync();
            await cutting;                                                   // its failure was already thrown by the channel
        }
    }

    /// <summary>Runs the network once on zeros.</summary>
    public void WarmUp(StageClock clock)
    {
        HostTensor[] call = [HostTensor.Of(new float[segmentLength], 1, 3, ClipTiming.SegmentFrames, timing.FrameSize, timing.FrameSize)];
        clock.Network(Network, call, () => encoder.Run(call)[0]);
    }

    public void Load() => encoder.Load();

    /// <summary>Makes the weights in the encoder's number format now, unless they are there already.</summary>
    public void Prepare() => encoder.Prepare();

    public void Dispose() => encoder.Dispose();

    /// <summary>Cuts arriving frames into segments.</summary>
    async Task CutAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> frames, SegmentPlan plan, ChannelWriter<Batch> batches,
    CancellationToken cancellation)
    {
        try
        {
            var ring = new FrameRing(plan.FramesKept, timing.FrameSize);
            var scenes = new SceneCuts(timing.FrameSize);
            var cutter = new Cutter(this, plan, ring, scenes);
            await foreach (var frame in frames.WithCancellation(cancellation))
            {
                ring.Add(frame.Span);
                scenes.Add(frame.Span);
                while (cutter.Next(ended: false) is { } batch)
                    await batches.WriteAsync(batch, cancellation);
                if (cutter.IsDone)
                    break;
            }
            if (ring.Count == 0)
                throw InputFault.Invalid("video", "has no frame that can be decoded");
            while (cutter.Next(ended: true) is { } batch)
                await batches.WriteAsync(batch, cancellation);
            batches.Complete();
        }
        catch (Exception failure)
        {
            batches.Complete(failure);
        }
    }

    IEnumerable<EncodedSegment> Run(Batch batch, StageClock clock, CancellationToken cancellation)
    {
        HostTensor[] call =
        [
            HostTensor.Of(
                batch.Values.AsMemory(0, batch.Places.Count * segmentLength),
                batch.Places.Count, 3, ClipTiming.SegmentFrames, timing.FrameSize, timing.FrameSize),
        ];
        var features = clock.Network(Network, call, () => encoder.Run(call, cancellation)[0]);               // [S, 8, C]
        ArrayPool<float>.Shared.Return(batch.Values);
        var length = ClipTiming.TokensPerSegment * Channels;
        return batch.Places.Select((place, i) =>
            new EncodedSegment(
                place.Window, place.Segment,
                HostTensor.Of(features.Floats.Slice(i * length, length), ClipTiming.TokensPerSegment, Channels), place.Cuts));
    }

    /// <param name="Values">[S, 3, 16, size, size], rented from the pool.</param>
    /// <param name="Places">Window and segment of each, and the cuts reported with it.</param>
    sealed record Batch(float[] Values, List<(int Window, int Segment, IReadOnlyList<int> Cuts)> Places);

    /// <summary>
    /// Fills batches of segments. A segment is copied from the ring as soon as it is complete, before its frames are overwritten.
    /// </summary>
    sealed class Cutter(FramesToFeatures owner, SegmentPlan plan, FrameRing ring, SceneCuts scenes)
    {
        int next;
        Batch? filling;

        public bool IsDone => next == plan.Segments;

        /// <summary>A full batch, or the last one. Null if more frames are needed or all segments are done.</summary>
        public Batch? Next(bool ended)
        {
            while (!IsDone && (ended || plan.IsReady(next, ring.Count)))
            {
                filling ??= new Batch(ArrayPool<float>.Shared.Rent(owner.segmentsPerCall * owner.segmentLength), []);
                var segment = filling.Values.AsSpan(filling.Places.Count * owner.segmentLength, owner.segmentLength);
                for (var place = 0; place < ClipTiming.SegmentFrames; place++)
                    FrameNormalisation.Write(ring[plan.FrameAt(next, place, ring.Count)], segment, place, ClipTiming.SegmentFrames);
                var (window, number) = plan.PlaceOf(next);
                filling.Places.Add((window, number, plan.EndsWindow(next++) ? CutsIn(window) : []));
                if (filling.Places.Count == owner.segmentsPerCall)
                    break;
            }
            if (filling is null || (filling.Places.Count < owner.segmentsPerCall && !IsDone))
                return null;
            var full = filling;
            filling = null;
            return full;
        }

        int[] CutsIn(int window)
        {
            var first = (long)window * ClipTiming.FramesPerWindow;
            return [.. scenes.TakeBefore(first + ClipTiming.FramesPerWindow).Select(frame => (int)(frame - first))];
        }
    }
}
