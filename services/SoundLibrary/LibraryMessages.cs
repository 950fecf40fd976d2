using Google.Protobuf.WellKnownTypes;
using Rewas.Library.Indexing;
using Rewas.Library.Scanning;
using Rewas.V1;
using FoundSound = Rewas.Library.Searching.FoundSound;

namespace Rewas.SoundLibrary;

/// <summary>Converts recordings and reports to messages.</summary>
static class LibraryMessages
{
    public static LibrarySound ToMessage(this IndexedSound sound)
    {
        var message = new LibrarySound
        {
            Path = sound.Path,
            Sha256 = sound.Sha256,
            Seconds = sound.Seconds,
            SampleRate = sound.SampleRate,
            Channels = sound.Channels,
            Onsets = sound.OnsetsPerSecond,
            Words = sound.Words,
            Tags = sound.Tags,
            Missing = sound.IsMissing,
        };
        if (sound.Loudness is { } loudness)
            message.Loudness = loudness;
        return message;
    }

    public static V1.FoundSound ToMessage(this FoundSound found)
    {
        var message = new V1.FoundSound { Sound = found.Sound.ToMessage(), Score = found.Score, Words = { found.Why.Words } };
        if (found.Why.Meaning is { } meaning)
            message.Meaning = meaning;
        if (found.Why.Sound is { } heard)
            message.Heard = heard;
        if (found.Why.Fit is { } fit)
            message.Fit = new() { Total = fit.Total, Beats = fit.Beats, WantedBeats = fit.WantedBeats, Course = fit.Course };
        return message;
    }

    public static IndexSoundsEvent ToMessage(this IndexProgress progress) => progress.Refused is { } refused
        ? new() { Refused = new() { Path = refused.Path, Reason = refused.Reason } }
        : new() { Progress = new() { Done = progress.Done, Total = progress.Total } };

    public static IndexSoundsReport ToMessage(this IndexReport report) => new()
    {
        Recordings = report.Recordings,
        Indexed = report.Indexed,
        Moved = report.Moved,
        Unchanged = report.Unchanged,
        Missing = report.Missing,
        RefusedBefore = report.RefusedBefore,
        Elapsed = Duration.FromTimeSpan(report.Elapsed),
    };
}
