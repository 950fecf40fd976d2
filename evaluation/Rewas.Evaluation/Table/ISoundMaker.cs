namespace Rewas.Evaluation;

/// <summary>Makes sound for a video: the stages of the platform, or whatever is to be compared with them.</summary>
public interface ISoundMaker : IAsyncDisposable
{
    /// <summary>What it is, with a version: reports print it, and results of another are not mixed in.</summary>
    string Identity { get; }

    /// <summary>Sound for a video, 16 kHz, mono. The same arguments give the same samples.</summary>
    Task<float[]> MakeAsync(string video, string prompt, long seed, CancellationToken cancellation);
}
