using Rewas.Video;

namespace Rewas.Evaluation.Scenes.DataSets;

/// <summary>Makes a clip of a video file.</summary>
static class RecordedVideo
{
    /// <summary>Longest true sound; the rest is cut.</summary>
    static readonly TimeSpan LongestSound = TimeSpan.FromMinutes(10);

    /// <param name="sound">File with the true sound, or null if there is none.</param>
    public static EvaluationClip Clip(string name, string prompt, string video, string? sound) => new(
        EvaluationSet.FileName(name),
        prompt,
        (_, _) => Task.FromResult(video),
        async cancel => sound is null ? null : await SoundReader.ReadFloatsAsync(sound, LongestSound, cancel));
}
