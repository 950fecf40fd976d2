using Rewas.Client;
using Rewas.Rendering.References;

namespace Rewas.Rendering;

/// <summary>A caller's own recordings under the curve of a clip.</summary>
/// <param name="References">Disposed with this.</param>
/// <param name="Energy">The curve, with the edits of the order.</param>
/// <param name="Predicted">How the curve was predicted; null if it was known.</param>
/// <param name="Strength">0 if the recordings are the sound, otherwise the noise level from which sampling starts.</param>
sealed record PlacedClip(PlacedReferences References, KnownEnergy Energy, GenerateResult? Predicted, double Strength) : IDisposable
{
    /// <summary>True if the placed recordings are the sound, and nothing is sampled.</summary>
    public bool IsAlone => Strength == 0;

    /// <summary>The result of a sound that is placed alone.</summary>
    /// <param name="elapsed">Time from the start to the end.</param>
    /// <param name="firstSound">Time from the start to the first sound.</param>
    public GenerateResult Result(TimeSpan elapsed, TimeSpan firstSound) => new()
    {
        Video = Energy.Video,
        Energy = Energy.Curve.Values.ToArray(),
        PredictedEnergy = Predicted?.PredictedEnergy ?? Energy.Curve.Values.ToArray(),
        Descriptors = Energy.Descriptors,
        Stages = Predicted?.Stages ?? [],
        Summaries = Predicted?.Summaries ?? [],
        Samples = Energy.Video.AudioSamples,
        Sampler = null,
        Elapsed = elapsed,
        FirstSoundAfter = firstSound,
    };

    public void Dispose() => References.Dispose();
}
