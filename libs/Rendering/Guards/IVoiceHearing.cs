namespace Rewas.Rendering.Guards;

/// <summary>A network that hears voices and music in windows of 5.12 s.</summary>
interface IVoiceHearing : IDisposable
{
    /// <summary>The network and the origin of its weights.</summary>
    string Name { get; }

    /// <summary>Scores of <see cref="HeardKinds.All"/>: 0 is the threshold, 1 is certain, and -1 is certainly not heard.</summary>
    /// <param name="window">[T], 16 kHz, at most 81920, not silent.</param>
    double[] Scores(ReadOnlySpan<float> window, CancellationToken cancellation);
}
