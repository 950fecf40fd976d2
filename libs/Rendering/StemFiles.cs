using Rewas.Rendering.Delivery;
using Rewas.Rendering.Finishing;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>A layer as it is written: with the mix's gain and without its limiter.</summary>
/// <param name="Sha256">Hash of the layer's samples before the mix.</param>
sealed record Stem(string Name, RawSound Sound, string Sha256)
{
    /// <summary>The name of each channel, as an editor shows it.</summary>
    public IEnumerable<string> Channels => SoundNotes.ChannelsOf(Name, Sound.Channels);
}

/// <summary>Writes the layers of a sound in the form that is asked for.</summary>
static class StemFiles
{
    /// <param name="stems">Of one rate and one length.</param>
    /// <param name="notes">What a broadcast file of the mix says.</param>
    /// <param name="folder">For temporary files; the caller deletes it.</param>
    /// <param name="deliver">Writes one file.</param>
    public static async Task WriteAsync(
        IReadOnlyList<Stem> stems, SoundFiles files, SoundNotes notes, string folder, Func<RawSound, SoundNotes, string, Task> deliver,
        CancellationToken cancellation)
    {
        switch (files.StemsAs)
        {
            case StemForm.Layers:
                foreach (var stem in stems)
                    await deliver(stem.Sound, NotesOf(stem), files.Stem(stem.Name));
                break;
            case StemForm.Mono:
                foreach (var stem in stems)
                    await ChannelsAsync(stem);
                break;
            default:
                var said = NotesOf(stems[0]) with
                {
                    Channels = [.. stems.SelectMany(stem => stem.Channels)],
                    HasSeveralTracks = stems.Count > 1,
                };
                await deliver(await PickAsync([.. stems.SelectMany(Picked)]), said, files.Stem(SoundFiles.AllStems));
                break;
        }

        async Task ChannelsAsync(Stem stem)
        {
            foreach (var (picked, name) in Picked(stem).Zip(stem.Channels))
                await deliver(
                    await PickAsync([picked]), NotesOf(stem) with { Track = name },
                    files.Stem(name.Replace(' ', '.')));
        }

        SoundNotes NotesOf(Stem stem) => notes with { Track = stem.Name, Levels = null, Sha256 = stem.Sha256 };

        Task<RawSound> PickAsync(IReadOnlyList<(RawSound, int)> channels) =>
            PickedChannels.WriteAsync(channels, Path.Combine(folder, "channels.f32"), cancellation);
    }

    static IEnumerable<(RawSound Sound, int Channel)> Picked(Stem stem) =>
        Enumerable.Range(0, stem.Sound.Channels).Select(channel => (stem.Sound, channel));
}
