using System.Globalization;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Video;

/// <summary>Encodes RGB frames as an H.264 .mp4, for rendered scenes.</summary>
public sealed class VideoWriter : IAsyncDisposable
{
    /// <summary>x264's own default.</summary>
    public const int DefaultConstantRateFactor = 23;

    static readonly TimeSpan FrameLimit = TimeSpan.FromSeconds(60);

    readonly PartialFile output;
    readonly MediaProcess process;
    readonly int frameBytes;
    readonly double frameRate;
    readonly CancellationToken cancellation;
    long frames;

    VideoWriter(PartialFile output, MediaProcess process, int frameBytes, double frameRate, CancellationToken cancellation) =>
        (this.output, this.process, this.frameBytes, this.frameRate, this.cancellation) =
            (output, process, frameBytes, frameRate, cancellation);

    /// <summary>Starts the encoder.</summary>
    /// <param name="outputPath">Ends in .mp4. The file appears only with <see cref="CompleteAsync"/>.</param>
    /// <param name="width">Even.</param>
    /// <param name="height">Even.</param>
    /// <param name="constantRateFactor">Quality, from 0 (lossless) to 51 (worst).</param>
    /// <param name="wavePath">WAV file of the sound, or null for none.</param>
    public static VideoWriter Create(
        string outputPath, int width, int height, double frameRate, int constantRateFactor = DefaultConstantRateFactor,
        string? wavePath = null,
        CancellationToken cancellationToken = default)
    {
        if (width < 2 || height < 2 || width % 2 != 0 || height % 2 != 0)
            throw new ArgumentException($"sides must be even and at least 2, but are {width}x{height}");
        string[] sound = wavePath is null
            ? []
            :
            [
                "-protocol_whitelist", "file,pipe", "-format_whitelist", "wav", "-i", Ffmpeg.Argument(wavePath),
                "-c:a", "aac", "-b:a", "128k", "-ar", "48000",
            ];
        var ffmpeg = Ffmpeg.Locate();
        var output = PartialFile.Create(outputPath, "output");
        string[] arguments =
        [
            .. Ffmpeg.Common, "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", $"{width}x{height}",
            "-framerate", frameRate.ToString(CultureInfo.InvariantCulture), "-i", "pipe:0",
            .. sound, "-c:v", "libx264", "-preset", "veryfast", "-crf", $"{constantRateFactor}", "-pix_fmt", "yuv420p",
            "-threads", Ffmpeg.Threads,
            "-movflags", "+faststart", "-f", "mp4", Ffmpeg.Argument(output.Path),
        ];
        return new(
            output,
            MediaProcess.Start(ffmpeg.EncoderPath, arguments, FrameLimit, cancellationToken, Confinement.OfPictureEncoder),
            width * height * 3, frameRate, cancellationToken);
    }

    /// <summary>Appends a frame: [height, width, 3] bytes.</summary>
    public async Task WriteFrameAsync(ReadOnlyMemory<byte> rgb)
    {
        if (rgb.Length != frameBytes)
            throw new ArgumentException($"a frame has {frameBytes} bytes, but {rgb.Length} were given", nameof(rgb));
        process.LimitFromNow(FrameLimit);
        if (!await process.WriteAsync(rgb))
            await EndAsync();
        frames++;
        process.SuspendLimit();
    }

    /// <summary>Finishes and renames the file.</summary>
    public async Task CompleteAsync()
    {
        process.Input.Close();
        process.LimitFromNow(FrameLimit);
        var said = await EndAsync();
        await WrittenMedia.ThrowUnlessWholeAsync(
            output.Path, said, new(frames, TimeSpan.FromSeconds(frames / frameRate), TimeSpan.Zero), cancellation);
        output.Complete();
    }

    /// <summary>Without an earlier <see cref="CompleteAsync"/>, nothing is left behind.</summary>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        output.Dispose();
    }

    async Task<string> EndAsync()
    {
        try
        {
            return await process.EndAsync();
        }
        catch (MediaProcessException failure)
        {
            throw WrittenMedia.FailedWriting(failure.Said)
                ?? InputFault.Invalid("output", $"cannot be encoded: {failure.LastLine}", failure);
        }
    }
}
