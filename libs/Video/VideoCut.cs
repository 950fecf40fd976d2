using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Video;

/// <summary>
/// A part of a video as a small video of its own, to make sound for: exactly the chosen frames, without sound. It is encoded again, because
/// a copy can begin at key frames only.
/// </summary>
public static class VideoCut
{
    /// <summary>Longest shorter side, in pixels. The networks see less.</summary>
    const int Side = 360;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <param name="facts">Of the video.</param>
    /// <param name="first">First frame, from 0.</param>
    /// <param name="frames">Number of frames; at least 2.</param>
    /// <param name="outputPath">An .mp4 file. Appears only when complete.</param>
    /// <exception cref="InputFault">The video has no such frames, or cannot be decoded.</exception>
    public static async Task WriteAsync(
        string path, VideoFacts facts, long first, long frames, string outputPath, CancellationToken cancellation = default)
    {
        if (first < 0 || frames < 2 || first + frames > facts.Frames)
            throw InputFault.Invalid(
                "video",
                $"has frames 0 to {facts.Frames - 1}; at least 2 of them must be chosen, but frames {first} to {first + frames - 1} are");
        using var output = PartialFile.Create(outputPath, "cut");
        // Half a frame early: rounding must not lose the first frame.
        var from = facts.StartOffset + facts.Rate.TimeAt(first) - facts.Rate.TimeAt(1) / 2;
        string[] arguments =
        [
            .. Ffmpeg.Common, "-y",
            .. from > TimeSpan.Zero ? ["-ss", FormattableString.Invariant($"{from.TotalSeconds:F6}")] : Array.Empty<string>(),
            .. Ffmpeg.UntrustedVideo(facts), "-i", Ffmpeg.Argument(path), "-map", $"0:{facts.StreamIndex}",
            "-vf", $"scale='if(gt(iw,ih),-2,min({Side},iw))':'if(gt(iw,ih),min({Side},ih),-2)',setsar=1,setpts=N/({facts.Rate})/TB",
            "-frames:v", FormattableString.Invariant($"{frames}"), "-fps_mode", "passthrough", "-enc_time_base",
            $"{facts.Rate.Denominator}/{facts.Rate.Numerator}", "-map_metadata", "-1", "-c:v", "mpeg4", "-q:v", "3", "-pix_fmt", "yuv420p",
            "-video_track_timescale", $"{facts.Rate.Numerator}", "-f", "mp4", Ffmpeg.Argument(output.Path),
        ];
        await using (var process = MediaProcess.Start(
            Ffmpeg.Locate().EncoderPath, arguments, Limit, cancellation, Confinement.OfPictureEncoder))
        {
            process.Input.Close();
            try
            {
                var said = await process.EndAsync();
                await WrittenMedia.ThrowUnlessWholeAsync(
                    output.Path, said, new(frames, facts.Rate.TimeAt(frames), TimeSpan.Zero), cancellation);
            }
            catch (MediaProcessException failure)
            {
                throw WrittenMedia.FailedWriting(failure.Said)
                    ?? InputFault.Invalid("video", $"frames {first} to {first + frames - 1} cannot be cut: {failure.LastLine}", failure);
            }
        }
        output.Complete();
    }
}
