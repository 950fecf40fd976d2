using System.Globalization;
using System.Runtime.InteropServices;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Video;

/// <summary>Decodes the sound of a recording or video to 16 kHz mono.</summary>
public static class SoundReader
{
    /// <summary>Containers of recordings that are opened. Playlists, which name other files, are not among them.</summary>
    internal const string Containers = "wav,flac,mp3,ogg,aiff,w64,aac,mov,matroska,avi,mpeg,mpegts,asf";

    /// <summary>Longest wait for the next bytes.</summary>
    static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(60);

    /// <summary>16-bit samples at 16 kHz, with all channels mixed to one.</summary>
    /// <param name="maxDuration">Sound beyond it is not read.</param>
    /// <exception cref="InputFault">
    /// NotFound: the file does not exist. Invalid: it has no sound or cannot be decoded. Precondition: ffmpeg is not installed.
    /// </exception>
    public static async Task<short[]> ReadAsync(string path, TimeSpan maxDuration, CancellationToken cancellation = default)
    {
        InputFile.Find(path, "recording");
        await using var process = MediaProcess.Start(Ffmpeg.Locate().EncoderPath, Arguments(path, maxDuration), ReadLimit, cancellation);
        process.Input.Close();
        using var bytes = new MemoryStream();
        try
        {
            await process.Output.CopyToAsync(bytes, cancellation);
            await process.EndAsync();
        }
        catch (MediaProcessException failure)
        {
            throw InputFault.Invalid("recording", $"'{path}' cannot be decoded: {failure.LastLine}", failure);
        }
        return bytes.Length > 0
            ? MemoryMarshal.Cast<byte, short>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)).ToArray()
            : throw InputFault.Invalid("recording", $"'{path}' has no sound");
    }

    /// <summary>The same as 32-bit samples, full scale 1.</summary>
    /// <exception cref="InputFault">As <see cref="ReadAsync"/>.</exception>
    public static async Task<float[]> ReadFloatsAsync(string path, TimeSpan maxDuration, CancellationToken cancellation = default) =>
        Array.ConvertAll(await ReadAsync(path, maxDuration, cancellation), sample => sample / 32_768f);

    static IEnumerable<string> Arguments(string path, TimeSpan maxDuration) =>
    [
        .. Ffmpeg.Common,
        "-protocol_whitelist", "file,pipe", "-format_whitelist", Containers, .. PixelLimit.Usual,
        "-t", maxDuration.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        "-i", Ffmpeg.Argument(path),
        "-map", "0:a:0", "-ac", "1", "-ar", ClipTiming.SampleRate.ToString(CultureInfo.InvariantCulture),
        "-f", "s16le", "pipe:1",
    ];
}
