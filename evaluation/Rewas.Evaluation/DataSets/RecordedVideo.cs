using Rewas.Video;

namespace Rewas.Evaluation;

/// <summary>A video file as a clip.</summary>
static class RecordedVideo
{
    /// <summary>What lies beyond is left out of the true sound.</summary>
    static readonly TimeSpan LongestSound = TimeSpan.FromMinutes(10);

    /// <param name="name">Of the clip.</param>
    /// <param name="prompt">What to hear.</param>
    /// <param name="video">The file.</param>
    /// <param name="sound">File with the true sound, or null where there is none.</param>
    public static EvaluationClip Clip(string name, string prompt, string video, string? sound) => new(
        EvaluationSet.FileName(name),
        prompt,
        (_, _) => Task.FromResult(video),
        async cancel => sound is null ? null : await SoundReader.ReadFloatsAsync(sound, LongestSound, cancel));
}
