using System.Globalization;
using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>
/// Decodes the beginning of recordings to WAV files of 32-bit floats, with their own channels. One ffmpeg decodes several: starting it
/// costs more than decoding a short recording.
/// </summary>
public static class RecordingDecoder
{
    const string Field = "recording";

    /// <summary>Longest wait for one recording.</summary>
    static readonly TimeSpan LimitOfEach = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes of a second: 8 channels of floats at 192 kHz.</summary>
    const long BytesPerSecond = 8 * sizeof(float) * 192_000;

    static readonly TimeSpan ProcessorTime = TimeSpan.FromMinutes(10);

    /// <summary>Writes NUMBER.wav for each recording, numbered from 0.</summary>
    /// <param name="recordings">Existing files, and the sample rate that each gets.</param>
    /// <param name="folder">Where the WAV files go.</param>
    /// <param name="longest">What lies beyond is not decoded.</param>
    /// <param name="cancellation">Kills ffmpeg.</param>
    /// <returns>For each recording why it could not be decoded, or null.</returns>
    /// <exception cref="InputFault">Precondition: ffmpeg is not installed.</exception>
    public static async Task<IReadOnlyList<InputFault?>> DecodeAsync(
        IReadOnlyList<(string Path, int SampleRate)> recordings, string folder, TimeSpan longest, CancellationToken cancellation = default)
    {
        var all = Enumerable.Range(0, recordings.Count).ToList();
        if (all.Count == 0)
            return [];
        if (await TryAsync(all) is null)
            return new InputFault?[all.Count];
        // ffmpeg stops at the first that it cannot read, and does not say which it is.
        var faults = new InputFault?[all.Count];
        foreach (var number in all)
            faults[number] = await TryAsync([number]);
        return faults;

        async Task<InputFault?> TryAsync(IReadOnlyList<int> numbers)
        {
            await using var process = MediaProcess.Start(
                Ffmpeg.Locate().EncoderPath, Arguments(recordings, numbers, folder, longest), LimitOfEach * numbers.Count, cancellation,
                new()
                {
                    MemoryBytes = 1L << 30,
                    OutputBytes = ((long)longest.TotalSeconds + 1) * BytesPerSecond,
                    ProcessorTime = ProcessorTime,
                });
            process.Input.Close();
            try
            {
                await process.EndAsync();
                return null;
            }
            catch (MediaProcessException failure) when (failure.Mentions("No space left"))
            {
                return InputFault.Full(Field, $"cannot be decoded: no space is left for it in '{folder}'", failure);
            }
            catch (MediaProcessException failure)
            {
                return InputFault.Invalid(Field, $"cannot be decoded: {failure.LastLine}", failure);
            }
            catch (InputFault fault) when (fault.Kind == FaultKind.Exhausted && !process.TimedOut)
            {
                return InputFault.Exhausted(Field, fault.Message[(fault.Field.Length + 2)..], fault);
            }
            catch (InputFault fault) when (process.TimedOut)
            {
                return InputFault.Environment(Field, $"was not decoded within {LimitOfEach.TotalSeconds} s", fault);
            }
        }
    }

    static IEnumerable<string> Arguments(IReadOnlyList<(string Path, int SampleRate)> recordings, IReadOnlyList<int> numbers, string folder,
        TimeSpan longest)
    {
        string[] inputs =
        [
            .. numbers.SelectMany(number => (string[])
            [
                "-protocol_whitelist", "file,pipe", "-format_whitelist", SoundReader.Containers, .. PixelLimit.Usual, "-threads", "1",
                "-t", longest.TotalSeconds.ToString(CultureInfo.InvariantCulture), "-i", Ffmpeg.Argument(recordings[number].Path),
            ]),
        ];
        string[] outputs =
        [
            .. numbers.SelectMany((number, input) => (string[])
            [
                "-map", string.Create(CultureInfo.InvariantCulture, $"{input}:a:0"), "-map_metadata", "-1",
                "-ar", recordings[number].SampleRate.ToString(CultureInfo.InvariantCulture), "-c:a", "pcm_f32le", "-f", "wav", "-y",
                Ffmpeg.Argument(PathOf(folder, number)),
            ]),
        ];
        return [.. Ffmpeg.Common, .. inputs, .. outputs];
    }

    /// <summary>Where a recording's WAV file lies.</summary>
    public static string PathOf(string folder, int number) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number}.wav"));
}
