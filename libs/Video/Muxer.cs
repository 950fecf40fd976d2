using System.Runtime.InteropServices;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Video;

/// <summary>Adds sound to a video. The picture's packets are copied bit for bit; only the sound is encoded.</summary>
public static class Muxer
{
    /// <summary>Longest wait for ffmpeg to read samples, or to finish after the last one.</summary>
    static readonly TimeSpan PartLimit = TimeSpan.FromMinutes(2);

    const long OutputRoomBytes = 4L << 30;

    /// <summary>Checks an output before anything is made for it.</summary>
    /// <exception cref="InputFault">The container is not supported, the output is the video itself, or the place cannot be
    /// written.</exception>
    public static void ThrowUnlessWritable(string outputPath, string videoPath)
    {
        OutputContainer.Of(outputPath);
        new FileRoles().Reads(videoPath, "video").Writes(outputPath, "output");
        PartialFile.Create(outputPath, "output").Dispose();
        OutputPlace.ThrowUnlessRoom(outputPath, "output", new FileInfo(videoPath).Length);
    }

    /// <summary>Muxes sound while it is being generated.</summary>
    /// <param name="videoPath">The file that the facts describe.</param>
    /// <param name="facts">From <see cref="VideoProbe"/>.</param>
    /// <param name="samples">Mono f32, full scale 1, in order, neither cut nor padded. They should last as long as the picture.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="outputPath">
    /// .mp4, .m4v, .mov or .mkv (AAC, 192 kbit/s), or .webm (Opus). The file appears only when complete and replaces an existing one.
    /// </param>
    /// <param name="cancellationToken">Kills ffmpeg and leaves nothing behind.</param>
    /// <exception cref="InputFault">
    /// Invalid: the output's name is unsuitable, its container cannot hold the picture, or it cannot be written.
    /// </exception>
    public static async Task MuxAsync(
        string videoPath, VideoFacts facts, IAsyncEnumerable<ReadOnlyMemory<float>> samples, int sampleRate, string outputPath,
        CancellationToken cancellationToken = default)
    {
        string[] sound = ["-f", "f32le", "-ar", $"{sampleRate}", "-ac", "1", "-i", "pipe:0"];
        await MuxAsync(videoPath, facts, sound, FeedAsync, outputPath, cancellationToken);

        async Task<TimeSpan> FeedAsync(MediaProcess process)
        {
            process.SuspendLimit();                                          // time for generating the sound does not count
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

    /// <summary>Muxes the sound of a WAV file. Parameters and errors are those of the first overload.</summary>
    public static Task MuxAsync(
        string videoPath, VideoFacts facts, string wavePath, string outputPath, CancellationToken cancellationToken = default)
    {
        string[] sound = ["-protocol_whitelist", "file,pipe", "-format_whitelist", "wav", "-i", Ffmpeg.Argument(wavePath)];
        return MuxAsync(videoPath, facts, sound, _ => Task.FromResult(TimeSpan.Zero), outputPath, cancellationToken);
    }

    /// <summary>
    /// Muxes finished sound, at its own rate if the codec supports it. Parameters and errors are those of the first overload.
    /// </summary>
    public static Task MuxAsync(
        string videoPath, VideoFacts facts, RawSound sound, string outputPath, CancellationToken cancellationToken = default) =>
        MuxAsync(videoPath, facts, sound.Input, _ => Task.FromResult(sound.Duration), outputPath, cancellationToken, sound);

    /// <summary>Checks whether an output can hold a video's picture, before anything is made for it.</summary>
    /// <param name="outputPath">Its ending selects the container.</param>
    /// <exception cref="InputFault">Invalid: it cannot. The message names the endings of outputs that can.</exception>
    public static void ThrowUnlessHeld(VideoFacts facts, string outputPath) =>
        PictureFit.ThrowUnlessHeld(facts, OutputContainer.Of(outputPath));

    /// <summary>
    /// Describes in one line the parts of a video, besides its sound, that an output cannot hold: subtitles, fonts, a cover and the like.
    /// Null if it holds everything.
    /// </summary>
    /// <exception cref="InputFault">Invalid: the container is not supported.</exception>
    public static string? LeftOut(VideoFacts facts, string outputPath) => new SideStreams(facts, OutputContainer.Of(outputPath)).LeftOut();

    /// <summary>Endings of outputs that can hold a video's picture, the most compatible first.</summary>
    public static IReadOnlyList<string> EndingsFor(VideoFacts facts) =>
        [.. OutputContainer.All.Where(container => PictureFit.Reason(facts, container) is null).Select(container => container.Ending)];

    /// <summary>
    /// :: Step 1: check. :: Step 2: run ffmpeg on the file's own clock from the first frame on, so that nothing is cut. :: Step 3: rename.
    /// </summary>
    static async Task MuxAsync(
        string videoPath, VideoFacts facts, string[] sound, Func<MediaProcess, Task<TimeSpan>> feed, string outputPath,
        CancellationToken cancellationToken, RawSound? finished = null)
    {
        // :: Step 1
        var container = OutputContainer.Of(outputPath, finished?.SampleRate ?? OutputContainer.UsualRate, finished?.Channels ?? 1);
        new FileRoles().Reads(videoPath, "video").Writes(outputPath, "output");
        PictureFit.ThrowUnlessHeld(facts, container);
        using var output = PartialFile.Create(outputPath, "output");
        var others = new SideStreams(facts, container);
        using var covers = await CoverFiles.WriteAsync(videoPath, others.Attached, cancellationToken);

        // :: Step 2
        string[] arguments =
        [
            .. Ffmpeg.Common, "-y", "-copyts", "-itsoffset", FromFirstFrame(facts), .. Ffmpeg.UntrustedVideo(facts), "-i",
            Ffmpeg.Argument(videoPath), .. sound, "-map", $"0:{facts.StreamIndex}", "-map", "1:a:0", "-map_metadata", "0",
            "-map_chapters", "0", "-c:v", "copy", .. others.IsoTag(facts.Codec, 0), .. InStoredOrder(facts), .. container.AudioArguments,
            .. others.Arguments(covers.Paths), "-f", container.Format, Ffmpeg.Argument(output.Path),
        ];
        // The picture is copied, and the sound is small compared with it.
        var confinement = new Confinement { OutputBytes = OutputRoomBytes + 2 * new FileInfo(videoPath).Length };
        await using (var process = MediaProcess.Start(Ffmpeg.Locate().EncoderPath, arguments, PartLimit, cancellationToken, confinement))
        {
            var soundLasts = await feed(process);                            // if it throws, ffmpeg is killed before its input is closed
            process.Input.Close();
            process.LimitFromNow(PartLimit + facts.Duration);
            try
            {
                var said = await process.EndAsync();
                await WrittenMedia.ThrowUnlessWholeAsync(
                    output.Path, said, new(facts.Frames, facts.Duration, soundLasts), cancellationToken);
            }
            catch (MediaProcessException failure)
            {
                throw CannotBeMuxed(failure);
            }
        }

        // :: Step 3
        output.Complete();
    }

    /// <summary>
    /// Seconds to add to the file's own clock so that the first frame is at 0. ffmpeg counts microseconds, so the frame may be one late but
    /// never early.
    /// </summary>
    static string FromFirstFrame(VideoFacts facts)
    {
        var microseconds = -(Int128)Math.Floor((decimal)facts.Start.Ticks / TimeSpan.TicksPerMicrosecond);
        var sign = microseconds < 0 ? "-" : "";
        var (seconds, rest) = Int128.DivRem(Int128.Abs(microseconds), 1_000_000);
        return FormattableString.Invariant($"{sign}{seconds}.{(int)rest:000000}");
    }

    /// <summary>Frames without display times are shown at their decoding times.</summary>
    static string[] InStoredOrder(VideoFacts facts) =>
        facts.Order == FrameOrder.AsStored ? ["-bsf:v:0", "setts=pts=if(eq(PTS\\,NOPTS)\\,DTS\\,PTS)"] : [];

    static InputFault CannotBeMuxed(MediaProcessException failure) =>
        WrittenMedia.FailedWriting(failure.Said) is { } full ? full
        : InputFault.Invalid("video", $"cannot be given sound: {failure.LastLine}", failure);
}
