using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Sound;
using Rewas.Sound.Wav;
using Rewas.Video;

namespace Rewas.Evaluation.Scenes;

/// <summary>Writes scenes as video files, to look at and to try the platform with.</summary>
public static class SceneFiles
{
    /// <summary>Writes a scene as an H.264 .mp4.</summary>
    /// <param name="kind">One of <see cref="SceneCatalog.Kinds"/>.</param>
    /// <param name="path">File name ending in .mp4.</param>
    /// <param name="width">Pixels, even.</param>
    /// <param name="height">Pixels, even.</param>
    /// <param name="seconds">Length.</param>
    /// <param name="withSound">Whether the file has the scene's true sound or is silent.</param>
    /// <param name="frameRate">Frames per second.</param>
    /// <param name="constantRateFactor">Quality, from 0 (lossless) to 51 (worst).</param>
    /// <param name="cancellationToken">Stops the encoder. Nothing is left at <paramref name="path"/>.</param>
    public static async Task WriteAsync(
        string kind, ulong seed, string path, int width, int height, double seconds, bool withSound,
        double frameRate = ClipTiming.FrameRate, int constantRateFactor = VideoWriter.DefaultConstantRateFactor,
        CancellationToken cancellationToken = default)
    {
        var (scene, frames) = SceneCatalog.RenderLong(kind, seed, width, height, seconds, frameRate);
        using var temporary = withSound ? PrivateFolder.Create() : null;
        var wavePath = temporary?.File("sound.wav");
        if (wavePath is not null)
            await WavFile.WriteAsync(
                wavePath, new Waveform(scene.RenderWave(), ClipTiming.SampleRate), cancellationToken: cancellationToken);
        await using var writer = VideoWriter.Create(path, width, height, frameRate, constantRateFactor, wavePath, cancellationToken);
        foreach (var frame in frames)
            await writer.WriteFrameAsync(frame);
        await writer.CompleteAsync();
    }
}
