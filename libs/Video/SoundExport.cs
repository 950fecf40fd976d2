using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Video;

/// <summary>Writes sound files: .wav (float32, or 24 bits for 24-bit sound; unchanged) or .flac (24 bits).</summary>
public static class SoundExport
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Whether a name has the ending of a sound file.</summary>
    public static bool IsName(string path) => Path.GetExtension(path).ToLowerInvariant() is ".wav" or ".flac";

    /// <param name="outputPath">Appears only when complete and replaces an existing file.</param>
    /// <param name="cancellation">Kills ffmpeg and leaves nothing behind.</param>
    /// <exception cref="InputFault">The file cannot be written.</exception>
    public static async Task WriteAsync(RawSound sound, string outputPath, CancellationToken cancellation = default)
    {
        string[] form = Path.GetExtension(outputPath).Equals(".flac", StringComparison.OrdinalIgnoreCase)
            ? ["-c:a", "flac", "-sample_fmt", "s32", "-bits_per_raw_sample", "24", "-f", "flac"]
            : ["-c:a", sound.Is24Bit ? "pcm_s24le" : "pcm_f32le", "-f", "wav", "-rf64", "auto"];
        using var output = PartialFile.Create(outputPath, "output");
        string[] arguments = [.. Ffmpeg.Common, "-y", .. sound.Input, .. form, Ffmpeg.Argument(output.Path)];
        await using (var process = MediaProcess.Start(Ffmpeg.Locate().EncoderPath, arguments, Limit, cancellation))
        {
            process.Input.Close();
            try
            {
                var said = await process.EndAsync();
                await WrittenMedia.ThrowUnlessWholeAsync(output.Path, said, new(Pictures: 0, TimeSpan.Zero, sound.Duration), cancellation);
            }
            catch (MediaProcessException failure)
            {
                throw WrittenMedia.FailedWriting(failure.Said)
                    ?? InputFault.Invalid("output", $"'{outputPath}' cannot be written: {failure.LastLine}", failure);
            }
        }
        output.Complete();
    }
}
