using System.Runtime.InteropServices;
using Rewas.Faults;

namespace Rewas.Video;

/// <summary>Gives a video its sound. The picture's packets are copied bit for bit; only the sound is encoded.</summary>
public static class Muxer
{
    /// <summary>Longest wait for ffmpeg to take samples, or to finish after the last.</summary>
    static readonly TimeSpan PartLimit = TimeSpan.FromMinutes(2);

    const long OutputRoomBytes = 4L << 30;

    /// <summary>Finds out what is wrong with an output before anything is made for it.</summary>
    /// <exception cref="InputFault">Not a container that can be written, the video itself, or a place that cannot be written.</exception>
    public static void ThrowUnlessWritable(string outputPath, string videoPath)
    {
        OutputContainer.Of(outputPath);
        new FileRoles().Reads(videoPath, "video").Writes(outputPath, "output");
        PartialFile.Create(outputPath, "output").Dispose();
        OutputPlace.ThrowUnlessRoom(outputPath, "output", new FileInfo(videoPath).Length);
    }

    /// <summary>Muxes sound that is still being made.</summary>
    /// <param name="videoPath">The file that the facts are of.</param>
    /// <param name="facts">From <see cref="VideoProbe"/>.</param>
    /// <param name="samples">Mono f32, full scale 1, in order; nothing is cut or added, so they should last as long as the picture.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="outputPath">.mp4, .m4v, .mov or .mkv (AAC, 192 kbit/s), or .webm (Opus). Appears only when complete; replaces what is there.</param>
    /// <param name="cancellationToken">Kills ffmpeg; nothing is left.</param>
    /// <exception cref="InputFault">Invalid: the output's name, a container that cannot hold the picture's codec, or it cannot be written.</exception>
    public static async Task MuxAsync(
        string videoPath, VideoFacts facts, IAsyncEnumerable<ReadOnlyMemory<float>> samples, int sampleRate, string outputPath, CancellationToken cancellationToken = default)
    {
        string[] sound = ["-f", "f32le", "-ar", $"{sampleRate}", "-ac", "1", "-i", "pipe:0"];
        await MuxAsync(videoPath, facts, sound, FeedAsync, outputPath, cancellationToken);

        async Task<TimeSpan> FeedAsync(MediaProcess process)
        {
            process.SuspendLimit();                                          // the sound may take its time
            long fed = 0;
            await foreach (var part in samples.WithCancellation(cancellationToken))
            {
                fed += part.Length;
                process.LimitFromNow(PartLimit);
                if (!await process.WriteAsync(MemoryMarshal.AsBytes(part.Span).ToArray()))
                    break;
                process.SuspendLimit();
            }
            return TimeSpan.FromSeconds((double)fed / sampleRate);
        }
    }

    /// <summary>Muxes the sound of a WAV file. Parameters and faults as the other overload.</summary>
    public static Task MuxAsync(string videoPath, VideoFacts facts, string wavePath, string outputPath, CancellationToken cancellationToken = default)
    {
        string[] sound = ["-protocol_whitelist", "file,pipe", "-format_whitelist", "wav", "-i", Ffmpeg.Argument(wavePath)];
        return MuxAsync(videoPath, facts, sound, _ => Task.FromResult(TimeSpan.Zero), outputPath, cancellationToken);
    }

    /// <summary>Muxes finished sound, at its own rate where the codec knows it. Parameters and faults as the first overload.</summary>
    public static Task MuxAsync(string videoPath, VideoFacts facts, RawSound sound, string outputPath, CancellationToken cancellationToken = default) =>
        MuxAsync(videoPath, facts, sound.Input, _ => Task.FromResult(sound.Duration), outputPath, cancellationToken, sound);

    static async Task MuxAsync(
        string videoPath, VideoFacts facts, string[] sound, Func<MediaProcess, Task<TimeSpan>> feed, string outputPath, CancellationToken cancellationToken, RawSound? finished = null)
    {
        var container = OutputContainer.Of(outputPath, finished?.SampleRate ?? OutputContainer.UsualRate, finished?.Channels ?? 1);
        new FileRoles().Reads(videoPath, "video").Writes(outputPath, "output");
        using var output = PartialFile.Create(outputPath, "output");
        string[] arguments =
        [
            .. Ffmpeg.Common, "-y", "-itsoffset", FormattableString.Invariant($"{-facts.StartOffset.TotalSeconds:F7}"), .. Ffmpeg.Untrusted, "-i", Ffmpeg.Argument(videoPath),
            .. sound, "-map", $"0:{facts.StreamIndex}", "-map", "1:a:0", "-map_metadata", "0", "-map_chapters", "0", "-c:v", "copy",
            .. container.AudioArguments, "-f", container.Format, Ffmpeg.Argument(output.Path),
        ];
        // The picture is copied, and sound is small beside it.
        var confinement = new Confinement { OutputBytes = OutputRoomBytes + 2 * new FileInfo(videoPath).Length };
        await using (var process = MediaProcess.Start(Ffmpeg.Locate().EncoderPath, arguments, PartLimit, cancellationToken, confinement))
        {
            var soundLasts = await feed(process);                            // where it throws, ffmpeg is killed before its input is closed
            process.Input.Close();
            process.LimitFromNow(PartLimit + facts.Duration);
            try
            {
                var said = await process.EndAsync();
                await WrittenMedia.ThrowUnlessWholeAsync(output.Path, said, new(facts.Frames, facts.Duration, soundLasts), cancellationToken);
            }
            catch (MediaProcessException failure)
            {
                throw CannotBeMuxed(failure, facts, container);
            }
        }
        output.Complete();
    }

    static InputFault CannotBeMuxed(MediaProcessException failure, VideoFacts facts, OutputContainer container)
    {
        string[] signs = ["could not find tag for codec", "could not write header", "are supported for webm", "incorrect codec parameters"];
        return signs.Any(failure.Mentions)
            ? InputFault.Invalid("output", $"a {container.Format} file cannot hold {facts.Codec} pictures without encoding them anew: let its name end in .mkv", failure)
            : WrittenMedia.FailedWriting(failure.Said) is { } full ? full
            : InputFault.Invalid("video", $"cannot be given sound: {failure.LastLine}", failure);
    }
}
