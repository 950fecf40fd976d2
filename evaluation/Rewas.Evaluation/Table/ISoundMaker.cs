namespace Rewas.Evaluation;

/// <summary>Makes sound for a video: the stages of the platform, or whatever is to be compared with them.</summary>
public interface ISoundMaker
{
    /// <summary>What it is, with a version: reports print it, and results of another are not mixed in.</summary>
    string Identity { get; }

    /// <summary>Sound for a video. The same arguments give the same samples.</summary>
    Task<ClipSound> MakeAsync(string video, string prompt, long seed, CancellationToken cancellation);
}

/// <summary>The sound of one clip of an evaluation.</summary>
/// <param name="Samples">16 kHz, mono.</param>
/// <param name="FollowedPrompt">False where a check replaced the prompt by its suggestion; null where nothing checks it.</param>
public sealed record ClipSound(float[] Samples, bool? FollowedPrompt = null);
