using System.Globalization;
using System.Runtime.InteropServices;
using Rewas.Clip;
using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>Encodes short sounds as Ogg Opus. With the same ffmpeg, the same samples give the same bytes.</summary>
public static class OpusExport
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <param name="samples">Mono, 16 kHz, full scale 1.</param>
    /// <param name="bitsPerSecond">Approximate bit rate.</param>
    /// <returns>The content of the file.</returns>
    /// <exception cref="InputFault">ffmpeg is not installed or has no Opus encoder.</exception>
    public static async Task<byte[]> EncodeAsync(float[] samples, int bitsPerSecond, CancellationToken cancellation = default)
    {
        string[] arguments =
        [
            .. Ffmpeg.Common,
            "-f", "f32le", "-ar", ClipTiming.SampleRate.ToString(CultureInfo.InvariantCulture), "-ac", "1", "-i", "pipe:0",
            "-c:a", "libopus", "-b:a", bitsPerSecond.ToString(CultureInfo.InvariantCulture), "-map_metadata", "-1", "-fflags", "+bitexact",
            "-flags:a", "+bitexact",
            "-f", "opus", "pipe:1",
        ];
        await using var process = MediaProcess.Start(Ffmpeg.Locate().EncoderPath, arguments, Limit, cancellation);
        using var encoded = new MemoryStream();
        try
        {
            var reading = process.Output.CopyToAsync(encoded, cancellation);
            await process.Input.WriteAsync(MemoryMarshal.AsBytes(samples.AsSpan()).ToArray(), cancellation);
            process.Input.Close();
            await reading;
            await process.EndAsync();
        }
        catch (MediaProcessException failure)
        {
            throw InputFault.Precondition("ffmpeg", $"cannot encode Opus: {failure.LastLine}", failure);
        }
        return encoded.ToArray();
    }
}
