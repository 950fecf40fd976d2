using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.Sound.Levels;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Rendering.Finishing;

/// <summary>
/// :: Step 1: mix the layers and the video's own sound at the final rate, as long as the picture, with fades, into a file. :: Step 2: with
/// a target, find the gain at which the limited sound has that loudness. :: Step 3: apply gain and limiter. Everything is processed in
/// parts, so memory does not grow with the length.
/// </summary>
public static class SoundFinisher
{
    /// <summary>AAC and Opus move the peaks of noise by up to about a decibel.</summary>
    public const double LossyCodecHeadroom = 1;

    /// <summary>Largest gain, dB. It prevents the amplification of near silence.</summary>
    const double LargestGain = 60;
    const double Tolerance = 0.05;                                           // LU
    const int Attempts = 12;
    const double LeastSlope = 0.1;

    /// <param name="layers">Mono sounds at any rate, each with its gain in dB.</param>
    /// <param name="video">The file that the facts describe.</param>
    /// <param name="facts">From <see cref="VideoProbe"/>.</param>
    /// <param name="finish">What to do; the table's defaults are filled in.</param>
    /// <param name="folder">For the files made here; the caller deletes it.</param>
    /// <param name="codecHeadroom">
    /// How far below the ceiling the samples stay, dB. <see cref="LossyCodecHeadroom"/> if a lossy codec follows.
    /// </param>
    /// <exception cref="InputFault">
    /// An option is out of range, the video's sound cannot be decoded, or the target cannot be reached below the ceiling.
    /// </exception>
    public static async Task<FinishedSound> FinishAsync(
        IReadOnlyList<(RawSound Sound, double Decibels)> layers, string video, VideoFacts facts, StudioFinish finish, string folder,
        double codecHeadroom = 0, CancellationToken cancellation = default)
    {
        OrderCheck.ThrowIfWrong(finish);
        var options = OrderDefaults.Filled(finish);

        // :: Step 1
        var mix = new SampleFile(Path.Combine(folder, "mix.f32"), options.SampleRate, options.Channels);
        var frames = SoundMix.FramesFor(facts.Duration, options.SampleRate);
        var fades = new EndFades(frames, options.FadeSeconds * options.SampleRate, options.Channels);
        await using (var writer = mix.Create())
            await foreach (var part in SoundMix.ReadAsync([.. layers.Select(layer => Louder(layer, options))], video, facts,
                options.Original, options.SampleRate, options.Channels, cancellation))
                await writer.WriteAsync(fades.Apply(part), cancellation);
        var before = await mix.MeasureAsync(cancellation);

        // :: Step 2
        var ceiling = Amplitude(options.TruePeak - codecHeadroom);
        var gain = options.HasLoudness && double.IsFinite(before.Loudness)
            ? await GainAsync(mix, before, options.Loudness, ceiling, cancellation)
            : 0;

        // :: Step 3
        var limited = before.TruePeak * Amplitude(gain) > ceiling;
        var result = new SampleFile(Path.Combine(folder, "finished.f32"), options.SampleRate, options.Channels);
        await using (var writer = result.Create())
            await foreach (var part in mix.LimitedAsync(gain, limited ? ceiling : null, cancellation))
                await writer.WriteAsync(part, cancellation);
        var after = await result.MeasureAsync(cancellation);
        File.Delete(mix.Path);
        return new(new(result.Path, options.SampleRate, options.Channels), frames, new(
            OrNull(before.Loudness), gain, OrNull(after.Loudness), OrNull(20 * Math.Log10(after.TruePeak)), limited)
        {
            LoudnessRange = double.IsFinite(after.Loudness) ? after.Range : null,
            MostMomentary = OrNull(after.MostMomentary),
            MostShortTerm = OrNull(after.MostShortTerm),
        });
    }

    /// <summary>
    /// One layer at the final rate, with the mix's gain and without its limiter. All stems and the video's own sound add up to the input of
    /// the limiter.
    /// </summary>
    /// <returns>A file in the folder, named for that of the layer.</returns>
    public static async Task<RawSound> StemAsync(
        (RawSound Sound, double Decibels) layer, VideoFacts facts, StudioFinish finish, string folder,
        CancellationToken cancellation = default)
    {
        var options = OrderDefaults.Filled(finish);
        var name = $"{Path.GetFileNameWithoutExtension(layer.Sound.Path)}-stem.f32";
        var stem = new SampleFile(Path.Combine(folder, name), options.SampleRate, options.Channels);
        var frames = SoundMix.FramesFor(facts.Duration, options.SampleRate);
        var fades = new EndFades(frames, options.FadeSeconds * options.SampleRate, options.Channels);
        await using (var writer = stem.Create())
            await foreach (var part in SoundMix.ReadAsync([Louder(layer, options)], "", facts, OriginalSoundChoice.Replace,
                options.SampleRate, options.Channels, cancellation))
                await writer.WriteAsync(fades.Apply(part), cancellation);
        return new(stem.Path, options.SampleRate, options.Channels);
    }

    static (RawSound Sound, double Decibels) Louder((RawSound Sound, double Decibels) layer, StudioFinish options) =>
        (layer.Sound, layer.Decibels + options.Volume);

    /// <summary>Finds the gain by the secant method, because the limiter reduces the loudness of loud sound.</summary>
    static async Task<double> GainAsync(SampleFile mix, SoundLevels before, double target, double ceiling, CancellationToken cancellation)
    {
        var gain = Math.Min(LargestGain, target - before.Loudness);
        if (before.TruePeak * Amplitude(gain) <= ceiling)
            return gain;
        var step = 0.0;
        var (reached, slope) = (double.NaN, 1.0);                            // LU gained per dB; the limiter reduces it
        for (var attempt = 0; attempt < Attempts && gain < LargestGain; attempt++)
        {
            var now = await LoudnessAsync(mix.LimitedAsync(gain, ceiling, cancellation), mix);
            if (Math.Abs(target - now) <= Tolerance)
                return gain;
            if (attempt > 0)
                slope = Math.Clamp((now - reached) / step, LeastSlope, 1);
            reached = now;
            step = (target - now) / slope;
            gain += step;
        }
        var peak = 20 * Math.Log10(ceiling);
        throw InputFault.Invalid("loudness", FormattableString.Invariant(
            $"{target} LUFS cannot be reached with a true peak of at most {peak:0.#} dBTP: ")
            + FormattableString.Invariant($"the limiter reaches {reached:0.#} LUFS; choose a lower target"));
    }

    static async Task<double> LoudnessAsync(IAsyncEnumerable<ReadOnlyMemory<float>> parts, SampleFile file)
    {
        var meter = new LoudnessMeter(file.SampleRate, file.Channels);
        await foreach (var part in parts)
            meter.Add(part.Span);
        return meter.Integrated();
    }

    static double Amplitude(double decibels) => Math.Pow(10, decibels / 20);

    static double? OrNull(double level) => double.IsFinite(level) ? level : null;
}
