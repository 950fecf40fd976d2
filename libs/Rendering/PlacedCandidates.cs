using System.Diagnostics;
using Rewas.Client;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Rendering;

/// <summary>Makes the candidates of a sound from placed recordings alone, without any network.</summary>
static class PlacedCandidates
{
    /// <summary>
    /// :: Step 1: render in mono at 16 kHz, if somebody listens or several candidates are ranked. :: Step 2: render each candidate at the
    /// recordings' own rate and channels. :: Step 3: rank several candidates by their fit to the curve.
    /// </summary>
    public static async Task<MadeSound> MakeAsync(
        PlacedClip placed, SoundOrder order, VideoClip clip, SoundLayers layers, IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        var (started, firstSound) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
        var (references, duration) = (placed.References, clip.Facts.Duration);
        var count = Math.Max(1, order.Options.Candidates);
        var previews = new SoundLayer?[count];
        for (var candidate = 0; candidate < count; candidate++)
        {
            // :: Step 1
            if (count == 1 && !layers.AreHeard)
                break;
            previews[candidate] = layers.Create($"preview-{candidate}", decibels: 0);
            await references.WritePreviewAsync(candidate, duration, previews[candidate]!.WriteAsync, cancellation);
            await previews[candidate]!.CompleteAsync();
        }

        // :: Step 2
        var sounds = new List<SoundLayer>();
        for (var candidate = 0; candidate < count; candidate++)
        {
            sounds.Add(layers.Create(
                $"candidate-{candidate}", decibels: 0, references.SampleRate, references.Channels, is24Bit: true));
            sounds[^1].Clipped = await references.WriteAsync(candidate, duration, WriteAsync, cancellation);
            await sounds[^1].CompleteAsync();
        }

        // :: Step 3
        using var judge = new CandidateJudge(new ClipTiming());
        var curve = placed.Energy.Curve;
        IReadOnlyList<RankedCandidate> ranked = count == 1
            ? [new(0, null, sounds[0])]
            : RankedCandidate.BestFirst(sounds.Select((sound, candidate) =>
                new RankedCandidate(candidate, judge.Score(previews[candidate]!.Sound, curve, "", cancellation), sound)));
        var samples = placed.Energy.Video.AudioSamples;
        progress?.Report(new GenerateProgress.SoundWritten(samples, samples));
        return new(placed.Result(Stopwatch.GetElapsedTime(started), firstSound), ranked, null)
        {
            References = references.Used,
            Preview = previews[0],
        };

        ValueTask WriteAsync(ReadOnlyMemory<float> part, CancellationToken stop)
        {
            if (firstSound == TimeSpan.Zero)
                firstSound = Stopwatch.GetElapsedTime(started);
            return sounds[^1].WriteAsync(part, stop);
        }
    }
}
