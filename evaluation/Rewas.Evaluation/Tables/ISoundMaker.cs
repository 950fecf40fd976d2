namespace Rewas.Evaluation.Tables;

/// <summary>Makes sound for a video: the stages of the platform, or a system to compare with them.</summary>
public interface ISoundMaker
{
    /// <summary>Identity with version, for reports. Results of different identities are never mixed.</summary>
    string Identity { get; }

    /// <summary>Makes sound for a video. The same arguments give the same samples.</summary>
    Task<ClipSound> MakeAsync(string video, string prompt, long seed, CancellationToken cancellation);
}

/// <summary>The sound of one clip of an evaluation.</summary>
/// <param name="Samples">16 kHz, mono.</param>
/// <param name="FollowedPrompt">False if a check replaced the prompt by its suggestion. Null without a check.</param>
public sealed record ClipSound(float[] Samples, bool? FollowedPrompt = null);
