using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Sound.Placement;
using Rewas.Video;

namespace Rewas.Rendering.References;

/// <summary>Recordings that one ffmpeg has decoded. Their room is reserved until this is disposed; the files stay.</summary>
sealed class DecodedPart : IDisposable
{
    /// <summary>Seconds by which a codec may round to its frames.</summary>
    const double Slack = 0.1;

    readonly string folder;
    readonly IDisposable? room;
    readonly double longest;

    DecodedPart(IReadOnlyList<FoundRecording> recordings, string folder, IDisposable? room, double longest) =>
        (Recordings, this.folder, this.room, this.longest) = (recordings, folder, room, longest);

    public IReadOnlyList<FoundRecording> Recordings { get; }

    /// <summary>Why a recording could not be decoded; null if it was.</summary>
    public IReadOnlyList<InputFault?> Faults { get; private set; } = [];

    /// <param name="folder">Gets a folder for the decoded files.</param>
    /// <param name="files">Reserves their room.</param>
    /// <param name="longest">Seconds of each to decode at most.</param>
    /// <exception cref="InputFault">There is no room, or no ffmpeg.</exception>
    public static async Task<DecodedPart> DecodeAsync(
        IReadOnlyList<FoundRecording> recordings, PrivateFolder folder, ReferenceFiles files, double longest,
        CancellationToken cancellation)
    {
        var room = files.Room?.Invoke(recordings.Sum(file => file.DecodedBytes(longest)));
        try
        {
            var place = Directory.CreateDirectory(folder.File($"decoded-{Guid.NewGuid():n}")).FullName;
            return new(recordings, place, room, longest)
            {
                Faults = await RecordingDecoder.DecodeAsync(
                    [.. recordings.Select(file => (file.Path, file.SampleRate))], place, TimeSpan.FromSeconds(longest), cancellation),
            };
        }
        catch
        {
            room?.Dispose();
            throw;
        }
    }

    public string PathOf(int number) => RecordingDecoder.PathOf(folder, number);

    /// <summary>Whether a recording was cut off where decoding had to end, although its header promised an earlier end.</summary>
    public bool WasCut(RecordedSamples samples) =>
        Recordings.Any(file => file.Header.Seconds is not null) && samples.Length >= (longest - Slack) * samples.SampleRate;

    public void Dispose() => room?.Dispose();
}
