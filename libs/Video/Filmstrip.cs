using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>Pictures of a video in one row.</summary>
public static class Filmstrip
{
    static readonly TimeSpan ReadLimit = TimeSpan.FromMinutes(2);

    /// <summary>A PNG of equally spaced pictures of the video, scaled and cropped to one size.</summary>
    /// <param name="path">The file that the facts describe.</param>
    /// <param name="facts">From <see cref="VideoProbe"/>.</param>
    /// <param name="pictures">1 to 100.</param>
    /// <param name="width">Width of each picture, pixels.</param>
    /// <param name="height">Height of each picture, pixels.</param>
    /// <exception cref="InputFault">Invalid: the video cannot be decoded. Precondition: ffmpeg is not installed.</exception>
    public static async Task<byte[]> ReadAsync(
        string path, VideoFacts facts, int pictures, int width, int height, CancellationToken cancellation = default)
    {
        using var place = await DecoderPlaces.EnterAsync(cancellation);
        await using var process = MediaProcess.Start(
            Ffmpeg.Locate().EncoderPath, Arguments(path, facts, pictures, width, height), ReadLimit, cancellation);
        process.Input.Close();
        using var png = new MemoryStream();
        try
        {
            await process.Output.CopyToAsync(png, cancellation);
            await process.EndAsync();
        }
        catch (MediaProcessException failure)
        {
            throw InputFault.Invalid("video", $"cannot be decoded: {failure.LastLine}", failure);
        }
        return png.Length > 0 ? png.ToArray() : throw InputFault.Invalid("video", "no picture of it could be decoded");
    }

    static IEnumerable<string> Arguments(string path, VideoFacts facts, int pictures, int width, int height)
    {
        var (start, rate) = (facts.Start.TotalSeconds, pictures / facts.Duration.TotalSeconds);
        var (scaledWidth, scaledHeight) = PictureFilter.SizeThatCovers(facts, width, height);
        var filter = FormattableString.Invariant($"setpts=PTS-({start:F7})/TB,fps={rate:F9}:round=near,")
            + $"scale={scaledWidth}:{scaledHeight},crop={width}:{height},setsar=1,tile={pictures}x1";
        return
        [
            .. Ffmpeg.Common, "-copyts", "-threads", Ffmpeg.Threads, .. PictureFilter.ForChangingSizes(facts),
            .. Ffmpeg.UntrustedVideo(facts), "-i", Ffmpeg.Argument(path),
            "-map", $"0:{facts.StreamIndex}", "-an", "-sn", "-dn", "-vf", filter, "-frames:v", "1",
            "-c:v", "png", "-f", "image2pipe", "pipe:1",
        ];
    }
}
