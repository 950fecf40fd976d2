using System.Runtime.InteropServices;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Video;

/// <summary>Knows the names of sound files, encodes FLAC, and reads written sound files back.</summary>
public static class SoundExport
{
    const string Flac = ".flac";
    const long OtherBytes = 1 << 20;

    static readonly TimeSpan PartLimit = TimeSpan.FromMinutes(2), Limit = TimeSpan.FromMinutes(10);

    /// <summary>Whether a name has the ending of a sound file.</summary>
    public static bool IsName(string path) => Path.GetExtension(path).ToLowerInvariant() is ".wav" or Flac;

    /// <summary>Whether a name has the ending of a FLAC file.</summary>
    public static bool IsFlac(string path) => Path.GetExtension(path).Equals(Flac, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes a FLAC file.</summary>
    /// <param name="parts">Interleaved samples that are whole steps of the bits.</param>
    /// <param name="form">The sound that the samples are of.</param>
    /// <param name="bits">16 or 24.</param>
    /// <param name="tags">Names and texts.</param>
    /// <param name="outputPath">Appears only when complete and replaces an existing file.</param>
    /// <param name="cancellation">Kills ffmpeg and leaves nothing behind.</param>
    /// <exception cref="InputFault">The file cannot be written.</exception>
    public static async Task WriteFlacAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> parts, RawSound form, int bits, IReadOnlyList<(string Name, string Text)> tags,
        string outputPath, CancellationToken cancellation = default)
    {
        using var output = PartialFile.Create(outputPath, "output");
        string[] arguments =
        [
            .. Ffmpeg.Common, "-y", "-f", "f32le", "-ar", $"{form.SampleRate}", "-ac", $"{form.Channels}", "-i", "pipe:0",
            "-map_metadata", "-1", .. tags.SelectMany(tag => (string[])["-metadata", $"{tag.Name}={tag.Text}"]),
            "-c:a", "flac", "-sample_fmt", bits == 16 ? "s16" : "s32", "-bits_per_raw_sample", $"{bits}", "-f", "flac",
            Ffmpeg.Argument(output.Path),
        ];
        var room = new Confinement { OutputBytes = OtherBytes + 2 * new FileInfo(form.Path).Length };
        await using (var process = MediaProcess.Start(Ffmpeg.Locate().EncoderPath, arguments, PartLimit, cancellation, room))
        {
            try
            {
                await foreach (var part in parts.WithCancellation(cancellation))
                {
                    process.LimitFromNow(PartLimit);
                    if (!await process.WriteAsync(MemoryMarshal.AsBytes(part.Span).ToArray()))
                        break;
                }
                process.Input.Close();
                process.LimitFromNow(Limit);
                var said = await process.EndAsync();
                await WrittenMedia.ThrowUnlessWholeAsync(output.Path, said, Whole(form.Duration), cancellation);
            }
            catch (MediaProcessException failure)
            {
                throw WrittenMedia.FailedWriting(failure.Said)
                    ?? InputFault.Invalid("output", $"'{outputPath}' cannot be written: {failure.LastLine}", failure);
            }
        }
        output.Complete();
    }

    /// <summary>Reads a written sound file back.</summary>
    /// <param name="path">The file, under its temporary name.</param>
    /// <exception cref="InputFault">Environment: it is incomplete.</exception>
    public static Task ThrowUnlessWholeAsync(string path, TimeSpan duration, CancellationToken cancellation) =>
        WrittenMedia.ThrowUnlessWholeAsync(path, said: "", Whole(duration), cancellation);

    static WrittenMedia.Expected Whole(TimeSpan duration) => new(Pictures: 0, TimeSpan.Zero, duration);
}
