using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Evaluation.Scenes;
using Rewas.Video;

namespace Rewas.Trainer.Data;

/// <summary>
/// Renders a scene as the platform sees its video: rendered larger, compressed, decoded, scaled down and cropped. Compression removes small
/// motion, so its statistics of motion differ from those of a scene rendered at the network's size.
/// </summary>
static class SeenScene
{
    const int PictureSide = 256;

    /// <summary>The picture of one window: [128, N, N, 3] RGB u8.</summary>
    /// <param name="kind">One of <see cref="SceneCatalog.Kinds"/>.</param>
    /// <param name="constantRateFactor">Compression, from 0 (lossless) to 51 (worst).</param>
    public static async Task<byte[]> RenderAsync(string kind, ulong seed, int constantRateFactor, ClipTiming timing)
    {
        using var folder = PrivateFolder.Create("rewas-scene-");
        var path = folder.File("scene.mp4");
        await SceneFiles.WriteAsync(
            kind,
            seed,
            path,
            PictureSide,
            PictureSide,
            SceneCatalog.SecondsPerClip,
            withSound: false,
            constantRateFactor: constantRateFactor);
        var length = timing.FrameSize * timing.FrameSize * 3;
        var (frames, kept) = (new byte[ClipTiming.FramesPerWindow * length], 0);
        await foreach (var frame in FrameReader.ReadAsync(path, await VideoProbe.ReadAsync(path, new VideoLimits()), timing))
        {
            frame.Span.CopyTo(frames.AsSpan(kept++ * length));
            if (kept == ClipTiming.FramesPerWindow)
                break;
        }
        for (; kept < ClipTiming.FramesPerWindow; kept++)                // a codec may hold back the last frames
            frames.AsSpan((kept - 1) * length, length).CopyTo(frames.AsSpan(kept * length));
        return frames;
    }
}
