using Rewas.Client;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;
using GenerateRequest = Rewas.Client.GenerateRequest;

namespace Rewas.Rendering.Takes;

/// <summary>
/// Makes parts of a sound again. Each take is a sound of its own under its part of the curve, of which the region is laid over the sound.
/// So the sound outside stays as it is, to the sample, and no other window is sampled.
/// </summary>
sealed class TakeMaker(RewasClient client)
{
    const string Field = "take";

    /// <summary>The request for a sound without its takes, and the takes, in the order in which they are laid over it.</summary>
    /// <param name="request">The options hold the texts of the takes. The sinks receive the sound with the takes.</param>
    /// <exception cref="InputFault">A take does not fit the sound.</exception>
    public async Task<GenerateRequest> MakeAsync(
        GenerateRequest request, IReadOnlyList<string> texts, VideoSource video, IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        // :: Step 1: the curve, which the takes follow as the sound does.
        request.ThrowIfInvalid();
        var known = request.Energy ?? await PredictAsync(video, progress, cancellation);
        var curve = known.Curve.Apply(request.Edits, cancellation);

        // :: Step 2: the takes.
        var takes = new List<MadeTake>();
        foreach (var take in texts.Select(text => RegionTake.Parse(text, Field)))
            takes.Add(await MakeAsync(take, request, known, curve, progress, cancellation));

        // :: Step 3: the sound, over which they are laid while it is made.
        WaveSink[] sinks = [request.Sink, .. request.FurtherSinks];
        WaveSink[] laid = [.. sinks.Select((sink, candidate) => LaidOver(sink, takes, candidate))];
        return request with { Energy = known, Sink = laid[0], FurtherSinks = laid[1..] };
    }

    async Task<KnownEnergy> PredictAsync(VideoSource video, IProgress<GenerateProgress>? progress, CancellationToken cancellation)
    {
        var predicted = await client.PredictEnergyAsync(new() { Video = video }, progress, cancellation);
        return new(EnergyCurve.Of([.. predicted.PredictedEnergy]), predicted.Video) { Descriptors = predicted.Descriptors };
    }

    async Task<MadeTake> MakeAsync(
        RegionTake take, GenerateRequest request, KnownEnergy known, EnergyCurve curve, IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        var whole = known.Video.AudioSamples;
        var first = (long)Math.Round(take.From * ClipTiming.SampleRate);
        var end = Math.Min(whole, (long)Math.Round(take.To * ClipTiming.SampleRate));
        if (end - first < ClipTiming.HopSamples)
            throw InputFault.Invalid(Field, FormattableString.Invariant(
                $"must begin within the sound of {(double)whole / ClipTiming.SampleRate:0.00} s, but is {take.From}s..{take.To}s"));
        var section = TakeSection.Of(take, curve.Count);
        var candidates = Enumerable.Range(0, 1 + request.FurtherSinks.Count).Select(_ => new float[end - first]).ToArray();
        await client.GenerateAsync(
            request with
            {
                Options = take.Apply(request.Options),
                Energy = section.Of(known, curve),
                Edits = [],
                Start = section.Of(request.Start),
                Sink = Cut(0),
                FurtherSinks = [.. Enumerable.Range(1, candidates.Length - 1).Select(Cut)],
            },
            progress,
            cancellation);
        return new(first, candidates, FadesIn: first > 0, FadesOut: end < whole);

        // Keeps the region of what comes.
        WaveSink Cut(int candidate)
        {
            var at = section.FirstSample;
            return (samples, _) =>
            {
                var (from, to) = (Math.Max(first, at), Math.Min(end, at + samples.Length));
                if (from < to)
                    samples.Span[(int)(from - at)..(int)(to - at)].CopyTo(candidates[candidate].AsSpan((int)(from - first)));
                at += samples.Length;
                return ValueTask.CompletedTask;
            };
        }
    }

    static WaveSink LaidOver(WaveSink sink, IReadOnlyList<MadeTake> takes, int candidate)
    {
        var at = 0L;
        return (samples, cancellation) =>
        {
            var copy = samples.ToArray();
            foreach (var take in takes)
                take.LayOver(copy, at, candidate);
            at += copy.Length;
            return sink(copy, cancellation);
        };
    }
}
