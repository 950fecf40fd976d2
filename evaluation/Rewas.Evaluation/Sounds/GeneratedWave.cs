using Google.Protobuf.WellKnownTypes;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Sound.Curves;

namespace Rewas.Evaluation.Sounds;

/// <summary>A short sound, kept in memory to be measured.</summary>
sealed class GeneratedWave
{
    readonly List<float> samples = [];

    /// <summary>Makes the sound of a curve alone: there is no video.</summary>
    /// <returns>16 kHz, mono.</returns>
    public static async Task<float[]> UnderAsync(
        RewasClient client, EnergyCurve curve, V1.GenerateOptions options, CancellationToken cancel)
    {
        var samples = (long)curve.Count * ClipTiming.HopSamples;
        var duration = Duration.FromTimeSpan(TimeSpan.FromSeconds(curve.DurationSeconds));
        var wave = new GeneratedWave();
        await client.GenerateAsync(
            new GenerateRequest
            {
                Video = new("", null, _ => throw new InvalidOperationException("the energy is known: no video is read")),
                Energy = new(curve, new() { AudioSamples = samples, Windows = ClipTiming.WindowsFor(samples), Duration = duration }),
                Options = options,
                Sink = wave.AddAsync,
            },
            cancellation: cancel);
        return wave.ToArray();
    }

    /// <summary>16 kHz, mono.</summary>
    public float[] ToArray() => [.. samples];

    /// <summary>For <see cref="GenerateRequest.Sink"/>.</summary>
    public ValueTask AddAsync(ReadOnlyMemory<float> part, CancellationToken cancellation)
    {
        samples.AddRange(part.Span);
        return ValueTask.CompletedTask;
    }
}
